"""How far an inequality is from being violated, as one float: what a search can push.

With L the upper end of the side claimed larger and S the lower end of the side claimed smaller the
gap of an entry is log(L/S) where both are positive, log(S/L) where both are negative, and
+-``SPLIT`` where their signs tell. It is at least the exact gap: wide enclosures look far from
violation, so a search is not drawn to where little is known, and a negative gap is certain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gembounds.evaluators.balls.radial import ball
from gembounds.statements.many import SPLIT, apart
from gembounds.values.balls import float_ends
from gembounds.values.exact import EXACT
from gembounds.values.precision import working_precision

WORST = 1e9
"""Where there is nothing to compare: outside the domain, sides exactly equal, infinite ends."""

BITS = 96


def margin(pairs: Iterable[tuple[Any, Any]], relation: str, graded: bool = False) -> float:
    """The smallest gap of the entries not exactly equal or 0; ``WORST`` if none is left.

    Negative only where some entry is violated. ``WORST`` for equalities.
    """
    if relation == "==":
        return WORST
    return min((g for g in gaps(pairs, relation, graded) if g != 0.0), default=WORST)


def gaps(pairs: Iterable[tuple[Any, Any]], relation: str, graded: bool = False) -> list[float]:
    """The gap of every entry; exactly 0 only where both sides are exactly equal, or both ends
    are 0."""
    with working_precision(BITS):
        ordered = (p if relation in ("<", "<=") else (p[1], p[0]) for p in pairs)
        return [_gap(small, large, graded) for small, large in ordered]


def _gap(small: Any, large: Any, graded: bool) -> float:
    if isinstance(small, EXACT) and small == large:
        return 0.0
    low, high = ball(small).lower(), ball(large).upper()
    if not (low.is_finite() and high.is_finite()):
        return WORST
    if low > 0 and high > 0:
        return _clipped((high / low).log())
    if low < 0 and high < 0:
        return _clipped((low / high).log())
    if low == high:
        return 0.0
    if graded and high > low:
        return float(apart(float_ends((high - low).log() / ball(10).log())[1]))
    return SPLIT if high > low else -SPLIT


def _clipped(x: Any) -> float:
    found = min(max(float_ends(x)[1], -SPLIT), SPLIT)
    return found if found != 0.0 else 5e-324  # narrower than a float tells: not exactly equal
