"""How fine and how far a grid must be for a number of relative bits, within a budget."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gembounds.rule import Axis, axis_rule

LEAST_BITS = 20
"""Bits given up last where the budget is short (a choice): first the bits down to these, then
the smallest overlaps, then the rest."""

LEAST_SPREAD = 2.0**-40
"""Coordinate ranges below this are treated as this wide: an upper bound of D is a bound."""


def plan_axes(
    spreads: Sequence[float], bits: int, depth: float, max_nodes: int
) -> tuple[Axis, ...] | None:
    """Axes whose rule and tail errors are about ``2^-bits exp(-depth)`` at most, or as near as
    ``max_nodes`` allows; None if nothing useful fits. ``spreads`` are upper bounds of D_j."""
    widened = [max(d, LEAST_SPREAD) for d in spreads]
    if not all(math.isfinite(d) for d in widened):
        return None

    def axes(level: float, deep: float) -> tuple[Axis, ...]:
        error = max(2.0**-1000, 2.0**-level / len(widened))
        radius = max(1.5, math.sqrt(2.0 * (level * math.log(2.0) + deep)))
        return tuple(axis_rule(d, error, radius) for d in widened)

    def fits(level: float, deep: float) -> bool:
        return math.prod(2.0 * a.count + 1.0 for a in axes(level, deep)) <= max_nodes

    least = min(LEAST_BITS, bits)
    for start, stop in (
        ((float(bits), depth), (float(least), depth)),
        ((float(least), depth), (float(least), 0.0)),
        ((float(least), 0.0), (2.0, 0.0)),
    ):
        if fits(*start):
            return axes(*start)
        if fits(*stop):
            low, high = 0.0, 1.0  # fits at high
            for _ in range(20):
                middle = 0.5 * (low + high)
                point = [a + middle * (b - a) for a, b in zip(start, stop, strict=True)]
                low, high = (low, middle) if fits(*point) else (middle, high)
            return axes(*(a + high * (b - a) for a, b in zip(start, stop, strict=True)))
    return None
