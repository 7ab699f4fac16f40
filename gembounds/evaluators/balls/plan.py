"""How fine and how far a grid must be for a number of relative bits, within a budget."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from gembounds.evaluators.balls.hermite import HermiteAxis, points_for
from gembounds.values.rule import Axis, axis_rule

LEAST_BITS = 20
"""Bits given up last where the budget is short (a choice): first the bits down to these, then
the smallest overlaps, then the rest."""

FEW = 5
"""Points of a Gauss-Hermite rule that no other rule is compared with (a choice)."""

LEAST_SPREAD = 2.0**-40
"""Coordinate ranges below this are treated as this wide: an upper bound of D is a bound."""


class BallPlan(NamedTuple):
    """One axis a coordinate; ``cut``: the budget did not allow the bits asked for."""

    axes: tuple[Axis | HermiteAxis, ...]
    cut: bool


def plan_axes(
    spreads: Sequence[float],
    bits: int,
    depth: float,
    max_nodes: int,
    tiny: float = math.inf,
) -> BallPlan | None:
    """Axes whose rule and tail errors are about ``2^-bits exp(-depth)`` at most, or as near as
    ``max_nodes`` allows; None if nothing useful fits. ``spreads`` are upper bounds of D_j.

    Coordinates of a range below ``tiny`` get a Gauss-Hermite rule where few points suffice.
    """
    if not all(map(math.isfinite, spreads)):
        return None

    def axes(level: float, deep: float) -> tuple[Axis | HermiteAxis, ...]:
        error = max(2.0**-1000, 2.0**-level / max(1, len(spreads)))
        radius = max(1.5, math.sqrt(2.0 * (level * math.log(2.0) + deep)))
        out: list[Axis | HermiteAxis] = []
        for d in spreads:
            points = points_for(d, error) if d < tiny else None
            if points is not None and points <= FEW:
                out.append(HermiteAxis(points))
                continue
            axis = axis_rule(max(d, LEAST_SPREAD), error, radius)
            better = points is not None and points < _nodes(axis)
            out.append(HermiteAxis(points) if points is not None and better else axis)
        return tuple(out)

    def fits(level: float, deep: float) -> bool:
        return math.prod(_nodes(a) for a in axes(level, deep)) <= max_nodes

    full, least = float(bits), float(min(LEAST_BITS, bits))
    for start, stop in (
        ((full, depth), (least, depth)),
        ((least, depth), (least, 0.0)),
        ((least, 0.0), (2.0, 0.0)),
    ):
        if fits(*start):
            return BallPlan(axes(*start), start != (full, depth))
        if fits(*stop):
            low, high = 0.0, 1.0  # fits at high
            for _ in range(20):
                middle = 0.5 * (low + high)
                point = [a + middle * (b - a) for a, b in zip(start, stop, strict=True)]
                low, high = (low, middle) if fits(*point) else (middle, high)
            level, deep = (a + high * (b - a) for a, b in zip(start, stop, strict=True))
            return BallPlan(axes(level, deep), True)
    return None


def _nodes(axis: Axis | HermiteAxis) -> float:
    return axis.points if isinstance(axis, HermiteAxis) else 2.0 * axis.count + 1.0
