"""How fine and how far a grid must be for a number of relative bits, within a budget."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from gembounds.rule import Axis, axis_rule

LEAST_BITS = 20
"""Bits given up last where the budget is short (a choice): first the bits down to these, then
the smallest overlaps, then the rest."""

LEAST_SPREAD = 2.0**-40
"""Coordinate ranges below this are treated as this wide: an upper bound of D is a bound."""


ENOUGH = 0.75
"""Part of the best level that a cheaper grid may have (a choice)."""


class BallPlan(NamedTuple):
    """One axis a coordinate, None for one node; ``level`` bits reached, ``cut`` if fewer than
    asked for."""

    axes: tuple[Axis | None, ...]
    level: float
    cut: bool

    @property
    def nodes(self) -> float:
        return math.prod(2.0 * a.count + 1.0 for a in self.axes if a is not None)


def plan_axes(
    spreads: Sequence[float], bits: int, depth: float, max_nodes: int
) -> BallPlan | None:
    """Axes whose rule and tail errors are about ``2^-bits exp(-depth)`` at most, or as near as
    ``max_nodes`` allows; None if nothing useful fits. ``spreads`` are upper bounds of D_j.

    Coordinates of tiny range are given one node, y = 0, whose error is bounded apart, where
    that costs no bits, or where the budget would cost about as many.
    """
    if not all(map(math.isfinite, spreads)):
        return None
    order = sorted(range(len(spreads)), key=lambda j: spreads[j])
    plans = []
    for k in range(len(order) + 1):
        single = set(order[:k])
        limit = _bits_of_single([spreads[j] for j in single])
        if limit < min(bits, LEAST_BITS):
            break
        kept = [max(d, LEAST_SPREAD) for j, d in enumerate(spreads) if j not in single]
        found = _within_budget(kept, min(float(bits), limit), depth, max_nodes)
        if found is not None:
            rest = iter(found[1])
            axes = tuple(None if j in single else next(rest) for j in range(len(spreads)))
            plans.append(BallPlan(axes, found[0], found[0] < bits))
    if not plans:
        return None
    top = max(p.level for p in plans)
    least = bits if top >= bits else ENOUGH * top if top > 0 else top
    return min((p for p in plans if p.level >= least), key=lambda p: p.nodes)


def _bits_of_single(spreads: Sequence[float]) -> float:
    """Bits left by one node for these coordinates: -log2(4 eps sqrt(s)), eps^2 = sum D^2."""
    size = math.sqrt(len(spreads) * sum(d * d for d in spreads))
    return -math.log2(4 * size) if size > 1e-300 else math.inf


def _within_budget(
    spreads: Sequence[float], bits: float, depth: float, max_nodes: int
) -> tuple[float, tuple[Axis, ...]] | None:
    """The level reached (bits, less than 0 where small overlaps were given up) and its axes."""
    if not spreads:
        return bits, ()

    def axes(level: float, deep: float) -> tuple[Axis, ...]:
        error = max(2.0**-1000, 2.0**-level / len(spreads))
        radius = max(1.5, math.sqrt(2.0 * (level * math.log(2.0) + deep)))
        return tuple(axis_rule(d, error, radius) for d in spreads)

    def fits(level: float, deep: float) -> bool:
        return math.prod(2.0 * a.count + 1.0 for a in axes(level, deep)) <= max_nodes

    least = min(float(LEAST_BITS), bits)
    for start, stop in (
        ((bits, depth), (least, depth)),
        ((least, depth), (least, 0.0)),
        ((least, 0.0), (2.0, 0.0)),
    ):
        if fits(*start):
            return start[0] - (depth - start[1]), axes(*start)
        if fits(*stop):
            low, high = 0.0, 1.0  # fits at high
            for _ in range(20):
                middle = 0.5 * (low + high)
                point = [a + middle * (b - a) for a, b in zip(start, stop, strict=True)]
                low, high = (low, middle) if fits(*point) else (middle, high)
            level, deep = (a + high * (b - a) for a, b in zip(start, stop, strict=True))
            return level - (depth - deep), axes(level, deep)
    return None
