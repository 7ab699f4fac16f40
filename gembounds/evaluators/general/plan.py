"""Steps, ranges and strips for wanted errors: estimates, whose bounds are computed afterwards."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from gembounds.evaluators.general.growth import Growth, Table
from gembounds.evaluators.general.sums import Grid
from gembounds.values.expressions import Monomial
from gembounds.values.rule import MAX_COUNT, Axis, short_step

STRIPS = 24
"""Strips tried for an axis (a choice: neighbours' steps differ by less than 5 %)."""

NARROWEST, WIDEST = 0.02, 3.1
"""Of a D: the range of what is tried (a choice)."""

MOST_WIDTH = 16.0
"""Of a strip (a choice: wider ones do not help below 4096 bits where exp(a^2/2) counts)."""

NEVER = -1e9
"""In place of the logarithm of 0."""


class Planner:
    """What is known of one frame, in float64: chosen steps are near the longest."""

    def __init__(self, growth: Growth) -> None:
        self.wanted, self.rank = growth.wanted, growth.rank
        self.real = _logs(growth.real)
        self.strips = [self._strips(growth, j) for j in range(growth.rank)]

    def _strips(
        self, growth: Growth, j: int
    ) -> list[tuple[float, list[dict[Monomial, float]], float]]:
        spread = float(growth.spreads[j].mid())
        top = min(WIDEST / spread, MOST_WIDTH)
        out = []
        for k in range(STRIPS):
            a = top * (NARROWEST / WIDEST) ** (k / (STRIPS - 1))
            found = growth.on_strip(j, a)
            if found is not None:
                out.append((a, _logs(found[0]), float(found[1].mid())))
        return out

    def grid(self, targets: Sequence[float], mass: dict[Monomial, float]) -> Grid | None:
        """For errors of exp(``targets``), one each expression, where the sums of the products'
        majorants are near exp(``mass``); None beyond what can be numbered."""
        if not (self.wanted.half and self.rank):
            return Grid((), 0.0)
        share = math.log(2.0 * self.rank)
        level = share + self._most(self.real, targets, dict.fromkeys(self.wanted.half, 0.0))
        reach = reach_for(level, max(self.wanted.half.values()), self.rank)
        axes = []
        for strips in self.strips:
            found: Axis | None = None
            for a, table, s in strips:
                own = max(
                    s * _powers(m) + k * math.log1p(a * a) for m, k in self.wanted.half.items()
                )
                level = max(self._most(table, targets, mass) + share, own + 2.0)
                axis = strip_axis(a, level, reach)
                if axis is not None and (found is None or axis.step > found.step):
                    found = axis
            if found is None:
                return None
            axes.append(found)
        return Grid(tuple(axes), reach)

    def sizes(self, mass: dict[Monomial, float]) -> list[float]:
        """About log of what bounds each expectation."""
        return _sums(self.real, mass)

    def _most(
        self,
        table: list[dict[Monomial, float]],
        targets: Sequence[float],
        mass: dict[Monomial, float],
    ) -> float:
        return max(x - t for x, t in zip(_sums(table, mass), targets, strict=True))


def reach_for(level: float, k: int, r: int) -> float:
    """R at which :func:`gembounds.evaluators.general.growth.left_out`, with t = 1 - r/R^2, is
    about exp(-``level``)."""
    square = least = 4.0 * k + 4.0 * r
    for _ in range(20):
        need = level + k * math.log1p(square) + 0.5 * r * (math.log(square / r) + 1.0)
        square = max(2.0 * need, least)
    return math.sqrt(square)


def strip_axis(halfwidth: float, level: float, reach: float) -> Axis | None:
    """The axis whose :func:`one_strip_error` is about exp(-``level``) and which covers [-R, R]."""
    need = level + 0.5 * halfwidth * halfwidth + math.log(2.0)
    step = short_step(2.0 * math.pi * halfwidth / float(np.logaddexp(0.0, need)))
    if not step > 0.0 or not reach / step < MAX_COUNT:
        return None
    return Axis(halfwidth, step, max(1, math.ceil(reach / step)), 0.0)


def log_of(ball: Any) -> float:
    """About log of a ball that is not negative; ``NEVER`` for 0."""
    if not ball.is_finite():
        return math.inf
    upper = ball.upper()
    return float(upper.log().mid()) if upper > 0 else NEVER


def _sums(table: list[dict[Monomial, float]], mass: dict[Monomial, float]) -> list[float]:
    """About log sum_m B_m J_m, one each expression."""
    return [
        float(np.logaddexp.reduce([NEVER, *(size + mass[m] for m, size in row.items())]))
        for row in table
    ]


def _logs(table: Table) -> list[dict[Monomial, float]]:
    return [{m: log_of(x) for m, x in row.items()} for row in table]


def _powers(m: Monomial) -> int:
    return sum(p for _, p in m)
