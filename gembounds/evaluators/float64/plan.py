"""Axes for an error of the rule and a tail, within a budget of nodes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from gembounds.values.rule import Axis, axis_rule, tail_radius

RULE_SHARE = 0.78
"""Part of rtol for the rule; the rest is for the tail and rounding (a choice: the nodes needed
for both together are fewest near here)."""

TAIL_SHARE = 0.12
"""Part of rtol for the tail, for an overlap as small as was reached out for."""

RETRY = 3.0
"""A tail this many times its share costs a second grid that reaches further."""

FIRST_GUESS = 4e-3
"""The smallest overlap that the first grid reaches out for (empirical: few unit-scale mixtures of
three or four components have one below a third of it)."""

LEAST = 1e-280
"""Overlaps below this are not resolved in float64."""

LEAST_SPREAD = 2.0**-40
"""Coordinate ranges below this are treated as this wide: an upper bound of D is a bound."""

MAX_RADIUS = 37.0
"""Beyond it exp(-R^2/2) is near the end of float64's range."""


MOST_NODES, MOST_WORK = 2**28, 2**35
"""Nodes, and nodes times pairs of components, of a grid by default: ten seconds or so (a
choice)."""


def default_nodes(n: int) -> int:
    """The default ``max_nodes`` for n components."""
    return max(1, min(MOST_NODES, 2 * MOST_WORK // (n * (n + 1))))


def plan_axes(
    spreads: Sequence[float], error: float, tail: float, max_nodes: int
) -> tuple[Axis, ...] | None:
    """One axis a spread with rule error ``error`` and two-sided tail near ``tail`` in all; both
    raised as far as ``max_nodes`` needs; None if even rough ones do not fit."""
    if not all(map(math.isfinite, spreads)):
        return None
    found = _axes(spreads, error, tail)
    return found if nodes_of(found) <= max_nodes else _within(max_nodes, spreads, error, tail)


def _axes(spreads: Sequence[float], error: float, tail: float) -> tuple[Axis, ...]:
    tail /= 2 * len(spreads)
    return tuple([tabulated_axis(d, error, tail) for d in spreads])


def _within(
    max_nodes: int, spreads: Sequence[float], error: float, tail: float
) -> tuple[Axis, ...] | None:
    def axes(level: float) -> tuple[Axis, ...]:
        """level 0: as asked; 1: errors of 0.4 in all."""
        most = 0.4 / len(spreads), 0.4
        return _axes(spreads, _between(error, most[0], level), _between(tail, most[1], level))

    if nodes_of(axes(1.0)) > max_nodes:
        return None
    low, high = 0.0, 1.0
    for _ in range(24):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if nodes_of(axes(middle)) <= max_nodes else (middle, high)
    return axes(high)


def nodes_of(axes: Sequence[Axis]) -> float:
    return math.prod([2.0 * count + 1.0 for _, _, count, _ in axes])


def _between(start: float, stop: float, level: float) -> float:
    start = max(start, 1e-300)
    return math.exp((1 - level) * math.log(start) + level * math.log(stop))


def tabulated_axis(spread: float, error: float, tail: float) -> Axis:
    """An axis for a rule error of ``error`` or less and a one-sided tail near ``tail``, from a
    table over ranges rounded up to 6 bits: like mixtures seldom compute one. ``spread`` is
    finite."""
    mantissa, exponent = math.frexp(spread if spread > LEAST_SPREAD else LEAST_SPREAD)
    return _axis(math.ldexp(math.ceil(mantissa * 64), exponent - 6), error, tail)


@lru_cache(maxsize=4096)
def _axis(spread: float, error: float, tail: float) -> Axis:
    radius = min(max(1.0, tail_radius(tail)), MAX_RADIUS)
    return axis_rule(spread, max(error, 1e-300), radius)


def power_below(x: float) -> float:
    """A power of two of at most ``x``, or the least accuracy that makes sense: frexp(0) is 0. For
    errors that differ from mixture to mixture, so that the table is met."""
    return math.ldexp(0.5, math.frexp(max(x, 1e-300))[1])
