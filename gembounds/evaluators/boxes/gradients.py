"""Finite sums for grad_i L = E[psi_i psi~] on the line, and their derivatives along means.

With z_k = x - mu_k, A_k = 1 + z_k (mu_k - psi~), rates r_k, R_u and B_u as in
:mod:`gembounds.evaluators.boxes.sums`, and e_ik = [i = k] - psi_k:

    d psi_i / d mu_k = psi_i e_ik z_k          d psi~ / d mu_k = psi_k A_k
    d psi_i / du = u_i r_i - psi_i R_u         d psi~ / du = B_u
    d2 psi_i / d mu_j d mu_k = psi_i (z_j z_k (e_ij e_ik - psi_k e_kj) - [j = k] e_ik)
    d2 psi_i / d mu_k du = (d psi_i / du) e_ik z_k - psi_i z_k d psi_k / du

and the product rule. First derivatives along the means, second ones along two means or a mean and
a free weight: no others are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from gembounds.evaluators.boxes.cells import Cells
from gembounds.evaluators.boxes.nodes import Nodes
from gembounds.evaluators.boxes.quantities import by_rule, put
from gembounds.evaluators.boxes.sums import Ends, Sums, one_minus, one_minus_twice


class Gradients(NamedTuple):
    """For each of the points E[psi_i psi~], an entry a component; for each of the regions ranges
    of the derivatives along mu_k, by (i, k), and of those along a variable q too, by (i, k, q)
    with k <= q; and how far a derivative may be from that of the expectation, (B,)."""

    values: list[list[Ends]]
    slopes: list[dict[tuple[int, int], Ends]]
    bends: list[dict[tuple[int, int, int], Ends]]
    missed: Any


def gradients(points: Sequence[Cells], regions: Sequence[Cells]) -> Gradients:
    """By one rule for all on each cell. All means move, along the line, in their order."""
    count, n, last = regions[0].size, len(regions[0].mean_lo), regions[0].variables

    def ends() -> Ends:
        return np.full(count, -np.inf), np.full(count, np.inf)

    found = Gradients(
        [[ends() for _ in range(n)] for _ in points],
        [{(i, k): ends() for i in range(n) for k in range(n)} for _ in regions],
        [
            {(i, k, q): ends() for i in range(n) for k in range(n) for q in range(k, last)}
            for _ in regions
        ],
        np.full(count, np.inf),
    )
    for chunk in by_rule([*points, *regions]):
        for cells, values in zip(chunk.cells, found.values, strict=False):
            sums = GradientSums(cells, chunk.rule)
            for i, target in enumerate(values):
                put(target, chunk.part, sums.value(i))
        both = zip(chunk.cells[len(points) :], found.slopes, found.bends, strict=True)
        for cells, slopes, bends in both:
            sums = GradientSums(cells, chunk.rule)
            for (i, k), target in slopes.items():
                put(target, chunk.part, sums.slope(i, k))
            for (i, k, q), target in bends.items():
                put(target, chunk.part, sums.bend(i, k, q))
        found.missed[chunk.part] = chunk.missed.slope(chunk.largest)
    return found


class GradientSums(Sums):
    """All sums over one batch of cells on the line."""

    def value(self, i: int) -> Ends:
        return self.sum(self.at.psi[i].times(self._mixed[0]))

    def slope(self, i: int, k: int) -> Ends:
        """psi_i (e_ik z_k psi~ + psi_k A_k)."""
        psi, turned = self.at.psi, self._weighted_turns[k][0]
        inner = turned + self._steps[i, k] * self._mixed[0]
        return self.sum(psi[i].times(inner))

    def bend(self, i: int, k: int, q: int) -> Ends:
        psi, mixed, first = self.at.psi[i], self._mixed[0], self._steps[i, k]
        inner = first * self._slopes[q][0] + self._bend(k, q)[0]
        if q < self.movers:
            inner = inner + self._steps[i, q] * self._slopes[k][0] + self._twice(i, k, q) * mixed
            return self.sum(psi.times(inner))
        u = q - self.movers
        own, other = self._lifts[u][i], self._lifts[u][k]
        rest = own * (first * mixed + self._slopes[k][0])
        return self.sum(psi.times(inner - self._away[k, 0] * other * mixed) + rest)

    @cached_property
    def _steps(self) -> dict[tuple[int, int], Nodes]:
        """e_ik z_k."""
        psi, n = self.at.psi, range(self.at.n)
        return {
            (i, k): (one_minus(psi[k]) if i == k else -psi[k]) * self._away[k, 0]
            for i in n
            for k in n
        }

    @cached_property
    def _lifts(self) -> list[list[Nodes]]:
        """d psi_i / du of each direction."""
        out = []
        for u, direction in enumerate(self.cells.directions):
            row = []
            for step, psi, rate in zip(direction, self.at.psi, self.at.rates, strict=True):
                lift = -psi.times(self._tilts[u])
                row.append(lift + float(step) * rate if step else lift)
            out.append(row)
        return out

    def _twice(self, i: int, j: int, k: int) -> Nodes:
        """z_j z_k (e_ij e_ik - psi_k e_kj) - [j = k] e_ik."""
        psi = self.at.psi
        if j != k:
            z = self._away[j, 0] * self._away[k, 0]
            if i not in (j, k):
                return 2.0 * psi[j].times(psi[k]).times(z)
            other = k if i == j else j
            return -(psi[other].times(one_minus_twice(psi[i]) * z))
        inner = self._away[j, 0].square() * one_minus_twice(psi[j])
        if i == j:
            return one_minus(psi[j]).times(inner - 1.0)
        return psi[j].times(1.0 - inner)
