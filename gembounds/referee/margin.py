"""How far an inequality is from being violated, as one float: what an optimiser can push.

With L the upper end of the side claimed larger and S the lower end of the side claimed smaller the
margin is log(L/S) where both are positive, log(S/L) where both are negative, and +-``SPLIT`` where
their signs tell. It is at least the exact margin: wide enclosures look far from violation, so a
search is not drawn to where little is known, and a negative margin is certain.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from gembounds.evaluators.balls.precision import working_precision
from gembounds.evaluators.balls.radial import ball

SPLIT = 1e4
"""Margin of sides of different signs (a choice: beyond most logarithms)."""

WORST = 1e9
"""Margin where there is nothing to compare: outside the domain, sides exactly equal, both 0."""

BITS = 64


def margin(pairs: Iterable[tuple[Any, Any]], relation: str) -> float:
    """The smallest margin of the entries not exactly equal or 0; ``WORST`` if none is left.

    Negative only where some entry is violated. ``WORST`` for equalities.
    """
    if relation == "==":
        return WORST
    found = WORST
    with working_precision(BITS):
        for left, right in pairs:
            small, large = (left, right) if relation in ("<", "<=") else (right, left)
            found = min(found, _entry(small, large))
    return found


def _entry(small: Any, large: Any) -> float:
    if isinstance(small, (int, Fraction)) and small == large:
        return WORST
    a, b = ball(small).lower(), ball(large).upper()
    if not (a.is_finite() and b.is_finite()):
        return WORST
    if a > 0 and b > 0:
        return _float(b.log() - a.log())
    if a < 0 and b < 0:
        return _float((-a).log() - (-b).log())
    if a == 0 and b == 0:
        return WORST
    return SPLIT if b > a else -SPLIT


def _float(x: Any) -> float:
    value = float(x.mid())
    return value if math.isfinite(value) else WORST
