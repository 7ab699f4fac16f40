"""How far an inequality is from being violated, as one float: what an optimiser can push.

For sides L (claimed larger) and S (claimed smaller) the margin is log(L/S) where both are
positive, -log(L/S) where both are negative, and +-``SPLIT`` (plus or minus nothing more) where
their signs tell. Middles of enclosures are compared: a margin is a hint, never a verdict.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from gembounds.balls.precision import working_precision
from gembounds.balls.radial import ball

SPLIT = 1e4
"""Margin of sides of different signs (a choice: beyond most logarithms)."""

WORST = 1e9
"""Margin where there is nothing to compare: outside the domain, or sides exactly equal."""

BITS = 64


def margin(pairs: Iterable[tuple[Any, Any]], relation: str) -> float:
    """The smallest margin of all entries that are not exactly equal; ``WORST`` if none is left.

    Negative where some entry seems violated. ``WORST`` for equalities.
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
    a, b = ball(small).mid(), ball(large).mid()
    if not (a.is_finite() and b.is_finite()):
        return WORST
    if a > 0 and b > 0:
        return _float(b.log() - a.log())
    if a < 0 and b < 0:
        return _float((-a).log() - (-b).log())
    if a == b:
        return 0.0
    return SPLIT if b > a else -SPLIT


def _float(x: Any) -> float:
    value = float(x.mid())
    return value if math.isfinite(value) else WORST
