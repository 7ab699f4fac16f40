"""Cells: boxes of means and weights, B at a time, and the posteriors' exact ranges on them.

A posterior psi_i rises with its own term pi_i exp(-|x - mu_i|^2/2) and falls with the others, so
its range over a cell at a node comes from the terms' ends; and so does that of r_i = psi_i / pi_i,
whose weight may be 0. psi~ = sum_k psi_k mu_k and mu_i - psi~ = sum_j psi_j (mu_i - mu_j) are
bounded through differences, which is exact for two components."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from gembounds.evaluators.boxes.nodes import Nodes
from gembounds.values.rounding import LIBM, U

INPUT = 4 * U
"""Relative error of a mean or a weight that is given as the nearest float64: a unit, and what
1 - sum of weights loses is beside it (:attr:`Cells.weight_error`)."""


LEAST_EXPONENT, LEAST_WEIGHT = -460.0, 1e-60
"""Terms of the mixture below exp of the one, weights below the other, are taken as 0 where they
are a lower end, and as that where they are an upper one: their products stay normal numbers."""

WORST = 2.0**-10
"""The relative error of a posterior from which on nothing is concluded: below it, it is as good as
its first order."""


class Cells(NamedTuple):
    """Ends of means, (n, s, B), and weights, (n, B); equal ends at the centre of a Taylor form.

    ``weight_error`` is the relative error of the weights' ends. ``directions[v]`` is the change of
    the weights, (n,), along a free weight; ``moving`` the (component, axis) of means that vary.
    """

    mean_lo: Any
    mean_hi: Any
    weight_lo: Any
    weight_hi: Any
    weight_error: float
    moving: tuple[tuple[int, int], ...]
    directions: tuple[tuple[int, ...], ...]

    @property
    def size(self) -> int:
        return int(self.mean_lo.shape[2])

    @property
    def variables(self) -> int:
        """Means first, then free weights."""
        return len(self.moving) + len(self.directions)


class Posteriors:
    """What depends on cells at nodes, (N, B) each; ``with_rates``: r_i too."""

    def __init__(self, cells: Cells, nodes: Any, rates: bool) -> None:
        self.cells, self.x = cells, nodes
        self.n, self.axes = cells.mean_lo.shape[:2]
        self.point = cells.mean_lo is cells.mean_hi
        self.psi: list[Nodes] = []
        self.rates: list[Nodes] = []
        self._posteriors(rates)

    def _posteriors(self, rates: bool) -> None:
        c, n = self.cells, self.n
        squares = [self._half_square(i) for i in range(n)]
        low = squares[0][0]
        for q, _ in squares[1:]:
            low = np.minimum(low, q)
        reach = np.max(np.maximum.reduce([q for _, q in squares]), axis=1, keepdims=True)
        # an exponent: s + 3 roundings of its parts; psi is a quotient of n + 1 terms
        relative = 2 * (
            (2 * self.axes + 8) * U * (reach + 1) * 2 + LIBM + (n + 8) * U + INPUT + c.weight_error
        ) + 2 * INPUT * self._input(reach)
        relative = np.where(relative < WORST, relative, np.inf)
        self.log_scale, self.reach = low, reach
        tops = [np.exp(np.maximum(low - q, LEAST_EXPONENT)) for q, _ in squares]
        bottoms = tops
        weight_hi = np.maximum(c.weight_hi, LEAST_WEIGHT)
        weight_lo = weight_hi
        if not self.point:
            bottoms = [_lower(low - q) for _, q in squares]
            weight_lo = np.where(c.weight_lo < LEAST_WEIGHT, 0.0, c.weight_lo)
        most = [w * e for w, e in zip(weight_hi, tops, strict=True)]
        least = most if self.point else [w * e for w, e in zip(weight_lo, bottoms, strict=True)]
        self.total = sum(most)
        self.relative = relative
        if self.point:
            for i in range(n):
                value = most[i] / self.total
                self.psi.append(Nodes(value, value, 1.0, relative))
                if rates:
                    value = tops[i] / self.total
                    size = np.max(value, axis=1, keepdims=True) * (1 + 2 * relative)
                    self.rates.append(Nodes(value, value, size, relative * size))
            return
        for i in range(n):
            others_least = sum(least[k] for k in range(n) if k != i)
            others_most = sum(most[k] for k in range(n) if k != i)
            upper = most[i] / (most[i] + others_least)
            lower = least[i] / (least[i] + others_most)
            self.psi.append(Nodes(lower, upper, 1.0, relative))
            if rates:
                upper = tops[i] / (weight_lo[i] * tops[i] + others_least)
                lower = bottoms[i] / (weight_hi[i] * bottoms[i] + others_most)
                size = np.max(upper, axis=1, keepdims=True) * (1 + 2 * relative)
                self.rates.append(Nodes(lower, upper, size, relative * size))

    def _input(self, reach: Any) -> Any:
        """How much a relative error of the means changes |x - mu|^2/2, over that error."""
        largest = self.largest
        return (np.sqrt(2 * reach) + 1) * largest * self.axes

    @cached_property
    def largest(self) -> float:
        """The largest |coordinate| of a mean."""
        return float(max(np.max(np.abs(self.cells.mean_lo)), np.max(np.abs(self.cells.mean_hi))))

    def _half_square(self, i: int) -> tuple[Any, Any]:
        """Ends of |x - mu_i|^2/2."""
        low: Any = 0.0
        high: Any = 0.0
        for a in range(self.axes):
            x = self.x[:, a, None]
            p = x - self.cells.mean_hi[i, a]
            if self.point:
                low = low + 0.5 * p * p
                continue
            q = x - self.cells.mean_lo[i, a]
            low = low + 0.5 * (np.maximum(p, 0.0) ** 2 + np.minimum(q, 0.0) ** 2)
            high = high + 0.5 * np.maximum(p * p, q * q)
        return (low, low) if self.point else (low, high)

    # -- means ---------------------------------------------------------------------------------
    def mean(self, i: int, a: int) -> Nodes:
        c = self.cells
        lo = c.mean_lo[i, a][None]
        hi = lo if self.point else c.mean_hi[i, a][None]
        return Nodes(lo, hi, self.largest, INPUT * self.largest)

    def difference(self, i: int, k: int, a: int) -> Nodes:
        return self.mean(i, a) - self.mean(k, a)

    def away(self, i: int, a: int) -> Nodes:
        """x - mu_i along an axis."""
        x = self.x[:, a, None]
        return Nodes(x, x, np.abs(x)) - self.mean(i, a)

    def from_mean(self, i: int, a: int) -> Nodes:
        """mu_i - psi~ along an axis: sum_j psi_j (mu_i - mu_j)."""
        found: Any = None
        for j in range(self.n):
            if j != i:
                term = self.psi[j].times(self.difference(i, j, a))
                found = term if found is None else found + term
        return Nodes(*self._zero(), 0.0) if found is None else found

    def _zero(self) -> tuple[Any, Any]:
        zero = np.zeros((1, 1))
        return zero, zero

    def mixed(self, a: int) -> Nodes:
        """psi~ along an axis, relative to the mean that bounds it best."""
        best = self._mixed_from(0, a)
        for ref in range(1, 1 if self.point else self.n):
            found = self._mixed_from(ref, a)
            lo, hi = np.maximum(best.lo, found.lo), np.minimum(best.hi, found.hi)
            best = Nodes(lo, hi, best.size, np.maximum(best.err, found.err))
        return best

    def _mixed_from(self, ref: int, a: int) -> Nodes:
        """mu_ref + sum_k psi_k (mu_k - mu_ref), the means' lower ends below, upper ends above."""
        c = self.cells
        ends = []
        for sign, means in ((1, c.mean_lo), (-1, c.mean_hi)):
            total = means[ref, a][None]
            for k in range(self.n):
                if k != ref:
                    d = (means[k, a] - means[ref, a])[None]
                    p, q = self.psi[k].lo * d, self.psi[k].hi * d
                    total = total + (np.minimum(p, q) if sign > 0 else np.maximum(p, q))
            ends.append(total)
            if self.point:
                ends.append(total)
                break
        size = self.largest
        n = self.n
        err = size * (2 * (n - 1) * self.relative + (2 * n * n + 6 * n) * U + 4 * n * INPUT)
        return Nodes(ends[0], ends[1], size * (1 + 2.0**-20), err)


def _lower(exponent: Any) -> Any:
    """exp of an exponent, 0 for those below the least."""
    return np.where(exponent < LEAST_EXPONENT, 0.0, np.exp(exponent))
