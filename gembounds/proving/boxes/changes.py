"""The change of the gradient with the means, over the scale of the displacement, as jets.

With T_i the finite sum for grad_i L = E[psi_i psi~], D its derivatives along means and weights,

    R_i = (T_i(mu + s v) - T_i(mu)) / s = int_0^1 sum_k v_k D_k T_i(mu + t s v) dt

is smooth in means, weights, s and v, from s = 0 on, and

    dR/dmu_q = int sum_k v_k D_kq,     dR/dv_k = D_k T_i(mu + s v),
    dR/ds = int t sum_kq v_k v_q D_kq,    dR/dweights likewise,

so that ranges of D along the way from mu to mu + s v, cut into pieces of equal length, bound the
gradient over a cell: a mean value form. Its value at the centre is the quotient of differences.
Where mu + s v is rounded, T_i moves by at most its derivatives times the rounding. What R_i stands
for is away by an average of sum_k v_k (the error of D_k T_i): at most the sum of these."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np

from gembounds.evaluators.boxes.cells import Cells
from gembounds.evaluators.boxes.gradients import Gradients, gradients
from gembounds.proving.boxes.chart import CellBatch
from gembounds.proving.boxes.jets import Jet, Part
from gembounds.proving.boxes.ranges import Range
from gembounds.values.rounding import TINY, U, down, up

PIECES = 1
"""Of the way from mu to mu + s v (a choice)."""


def changes(batch: CellBatch) -> list[Jet]:
    """R_i for each component: ``batch`` has a displacement that is not 0 all over."""
    return Changes(batch).jets()


class Changes:
    """See the module."""

    def __init__(self, batch: CellBatch) -> None:
        self.batch, self.chart = batch, batch.chart
        self.n = self.chart.box.n
        k = self.chart.index("scale")
        self.scale = Range(batch.lo[k], batch.hi[k])
        self.scale_at = Range(batch.at[k], batch.at[k])
        self.v = batch.velocities(over=True)
        self.v_at = batch.velocities(over=False)
        centre, cells = (
            c._replace(moving=tuple((i, 0) for i in range(self.n))) for c in batch.sums()
        )
        moved, self.rounding = self._moved(centre)
        ways = [self._way(cells, j) for j in range(PIECES)]
        with np.errstate(all="ignore"):
            self.found: Gradients = gradients([centre, moved], ways)

    def _moved(self, centre: Cells) -> tuple[Cells, Any]:
        """The centres' means moved by s v, and how far rounding may have brought each, (n, B)."""
        means, rounding = centre.mean_lo.copy(), np.zeros_like(centre.mean_lo)
        for k, v in self.v_at.items():
            shift = self.scale_at.lo * v.lo
            means[k, 0] = centre.mean_lo[k, 0] + shift
            sizes = np.abs(centre.mean_lo[k, 0]) + np.abs(shift) + np.abs(means[k, 0])
            rounding[k, 0] = 2 * U * sizes + TINY
        return centre._replace(mean_lo=means, mean_hi=means), rounding

    def _way(self, cells: Cells, j: int) -> Cells:
        """What means pass through while t is in [j, j + 1] / PIECES."""
        low, high = cells.mean_lo.copy(), cells.mean_hi.copy()
        t = Range(Range.of(Fraction(j, PIECES)).lo, Range.of(Fraction(j + 1, PIECES)).hi)
        for k, v in self.v.items():
            shift = t * self.scale * v
            low[k, 0] = down(down(low[k, 0] + shift.lo) - self.rounding[k, 0])
            high[k, 0] = up(up(high[k, 0] + shift.hi) + self.rounding[k, 0])
        return cells._replace(mean_lo=low, mean_hi=high)

    # -- sums of derivatives ----------------------------------------------------------------------
    def _mean(self, key: Any, of: Any) -> Range:
        """Over the way."""
        found = [Range(*x[key]) for x in of]
        return reduce(Range.__add__, found) * Fraction(1, PIECES)

    def _along(self, i: int, q: int) -> Range:
        """sum_k v_k D_kq."""
        return reduce(
            Range.__add__,
            [v * self._mean((i, min(k, q), max(k, q)), self.found.bends)
             for k, v in self.v.items()],
        )  # fmt: skip

    def _with_scale(self, i: int) -> Range:
        """sum_kq v_k v_q D_kq, t in front."""
        total = Range.of(0)
        for j, bends in enumerate(self.found.bends):
            inner = Range.of(0)
            for k, v in self.v.items():
                for q, w in self.v.items():
                    if k <= q:
                        product = v.square() if k == q else 2 * (v * w)
                        inner = inner + product * Range(*bends[i, k, q])
            total = total + inner * Fraction(2 * j + 1, 2 * PIECES**2)
        return total

    # -- jets -------------------------------------------------------------------------------------
    def jets(self) -> list[Jet]:
        return [self._jet(i) for i in range(self.n)]

    def _jet(self, i: int) -> Jet:
        batch, chart, found = self.batch, self.chart, self.found
        moved, end = chart.displaced, found.slopes[-1]
        assert moved is not None
        rounded: Any = 0.0
        for k in self.v:
            size = Range(*end[i, k]).size()
            rounded = up(rounded + up(size * self.rounding[k, 0]))
        before, after = (Range(*x[i]) for x in found.values)
        at = self._sure((after - before).widened(rounded) * self.scale_at.inverse())
        slopes: list[Part] = [None] * chart.count
        for k in range(self.n):
            self._put(slopes, chart.index("mean", (k, 0)), self._along(i, k))
        weights = [v.key for v in chart.variables if v.kind == "weight"]
        for u, key in enumerate(weights):
            self._put(slopes, chart.index("weight", key), self._along(i, self.n + u))
        self._put(slopes, chart.index("scale"), self._with_scale(i))
        for k, m in moved.directions(batch.face).items():
            self._put(slopes, chart.index("direction", m), Range(*end[i, k]))
        over = at
        direct: Any = Range.of(0)
        for k, v in self.v.items():
            direct = direct + v * self._mean((i, k), found.slopes)
        for k, x in enumerate(slopes):
            if x is not None:
                over = over + x * Range(-batch.half[k], batch.half[k])
        err = up(found.missed * len(self.v))
        return Jet(at, over.meet(direct), slopes, slopes, None, err)

    def _put(self, slopes: list[Part], place: int | None, x: Range) -> None:
        if place is not None:
            slopes[place] = self._sure(x)

    def _sure(self, x: Range) -> Range:
        """Nothing where the centre's weights are in doubt."""
        doubtful = self.batch.doubtful
        return Range(np.where(doubtful, -np.inf, x.lo), np.where(doubtful, np.inf, x.hi))
