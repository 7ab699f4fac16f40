"""Value, gradient and second derivatives of the finite sums that stand for expectations.

With r_k = psi_k / pi_k, z_i = x - mu_i, c_i = mu_i - psi~, free weights u and v along which the
weights change by u_k and v_k, R_u = sum_k u_k r_k and B_u = sum_k u_k r_k c_k (vectors of R^s):

    d psi~ / d mu_ia  = psi_i A_ia,   A_iab = delta_ab + z_ia c_ib        d psi~ / du = B_u
    d2 psi~ / du dv   = -(R_u B_v + R_v B_u)
    d2 psi~ / d mu_ia du = u_i r_i A_ia - psi_i (R_u A_ia + z_ia B_u)
    d2 psi~ / d mu_ia d mu_jg = -psi_i psi_j (z_jg A_ia + z_ia A_jg)      i != j
    d2 psi~ / d mu_ia d mu_ig = psi_i [(1 - psi_i) z_ig A_ia - delta_ag c_i + z_ia (e_g - psi_i
    A_ig)]

E|psi~|^2 has 2 E <psi~, psi~_a> and 2 E [<psi~_a, psi~_b> + <psi~, psi~_ab>]; log S, with S the
sum of the terms, has psi_i z_ia and R_u, and second derivatives -psi_i psi_j z_ia z_jg (i != j),
psi_i (1 - psi_i) z_ia z_ig - delta_ag psi_i, (u_i r_i - psi_i R_u) z_ia and -R_u R_v. These are
derivatives of the sums themselves, for whatever nodes: no property of the Gaussian is used."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from gembounds.evaluators.boxes.cells import Cells, Posteriors
from gembounds.evaluators.boxes.nodes import Nodes, Rule
from gembounds.values.rounding import LIBM, U

Ends = tuple[Any, Any]


class Sums:
    """All sums over one batch of cells, at their centres (points) or over them (intervals)."""

    def __init__(self, cells: Cells, rule: Rule) -> None:
        self.cells, self.rule = cells, rule
        self.at = Posteriors(cells, rule.nodes, bool(cells.directions))
        self.axes = self.at.axes
        self.movers = len(cells.moving)

    def sum(self, x: Nodes) -> Ends:
        return self.rule.sum(x, self.cells.size)

    # -- parts ---------------------------------------------------------------------------------
    @cached_property
    def _away(self) -> dict[tuple[int, int], Nodes]:
        n = self.at.n
        return {(i, a): self.at.away(i, a) for i in range(n) for a in range(self.axes)}

    @cached_property
    def _from(self) -> dict[tuple[int, int], Nodes]:
        n = self.at.n
        return {(i, a): self.at.from_mean(i, a) for i in range(n) for a in range(self.axes)}

    @cached_property
    def _mixed(self) -> list[Nodes]:
        return [self.at.mixed(a) for a in range(self.axes)]

    @cached_property
    def _tilts(self) -> list[Nodes]:
        """R_v of each direction."""
        return [
            _sum([v * r if v != 1 else r for v, r in zip(d, self.at.rates, strict=True) if v])
            for d in self.cells.directions
        ]

    @cached_property
    def _drifts(self) -> list[list[Nodes]]:
        """B_v of each direction, an entry an axis."""
        return [
            [
                _sum([
                    v * self.at.rates[k].times(self._from[k, a]) for k, v in enumerate(d) if v
                ])
                for a in range(self.axes)
            ]
            for d in self.cells.directions
        ]  # fmt: skip

    @cached_property
    def _turns(self) -> list[list[Nodes]]:
        """A_ia of each moving coordinate, an entry an axis."""
        out = []
        for i, a in self.cells.moving:
            row = []
            for b in range(self.axes):
                found = self._away[i, a] * self._from[i, b]
                row.append(1.0 + found if a == b else found)
            out.append(row)
        return out

    @cached_property
    def _weighted_turns(self) -> list[list[Nodes]]:
        return [
            [self.at.psi[i].times(t) for t in turns]
            for (i, _), turns in zip(self.cells.moving, self._turns, strict=True)
        ]

    @cached_property
    def _slopes(self) -> list[list[Nodes]]:
        """The derivatives of psi~ along each variable."""
        return [*self._weighted_turns, *self._drifts]

    @cached_property
    def _rests(self) -> dict[int, Nodes]:
        """1 - psi_i, as the sum of the others."""
        psi = self.at.psi
        if len(psi) == 1:
            return {0: Nodes(np.zeros((1, 1)), np.zeros((1, 1)), 0.0)}
        return {i: one_minus(psi[i]) for i in {i for i, _ in self.cells.moving}}

    def _bend(self, p: int, q: int) -> list[Nodes]:
        """d2 psi~ along variables p <= q, an entry an axis."""
        m, axes = self.movers, range(self.axes)
        if p >= m:
            u, v = p - m, q - m
            tilts, drifts = self._tilts, self._drifts
            if u == v:
                return [-2.0 * (tilts[u] * drifts[u][b]) for b in axes]
            return [-(tilts[u] * drifts[v][b] + tilts[v] * drifts[u][b]) for b in axes]
        i, a = self.cells.moving[p]
        psi, z, turns = self.at.psi[i], self._away[i, a], self._turns
        if q >= m:
            u = q - m
            step = self.cells.directions[u][i]
            out = []
            for b in axes:
                part = psi.times(self._tilts[u] * turns[p][b] + z * self._drifts[u][b])
                own = step * self.at.rates[i].times(turns[p][b]) if step else None
                out.append(-part if own is None else own - part)
            return out
        j, g = self.cells.moving[q]
        if i != j:
            both = psi.times(self.at.psi[j])
            w = self._away[j, g]
            return [-both.times(w * turns[p][b] + z * turns[q][b]) for b in axes]
        out = []
        for b in axes:
            # (1 - psi) z_g A_ab - psi z_a A_gb; for a = g one factor: (1 - 2 psi) z A
            if p == q:
                first = (z * turns[p][b]) * one_minus_twice(psi)
            else:
                first = self._rests[i].times(self._away[i, g] * turns[p][b]) - psi.times(
                    z * turns[q][b]
                )
            if a == g:
                first = first - self._from[i, b]
            if g == b:
                first = first + z
            out.append(psi.times(first))
        return out

    # -- E|psi~|^2 -----------------------------------------------------------------------------
    def square(self) -> Ends:
        return self.sum(_sum([x.square() for x in self._mixed]))

    def square_slopes(self) -> list[Ends]:
        return [
            self.sum(2.0 * _sum([x * y for x, y in zip(self._mixed, s, strict=True)]))
            for s in self._slopes
        ]

    def square_bends(self) -> dict[tuple[int, int], Ends]:
        found = {}
        for p, q in pairs(self.cells.variables):
            first = _sum([
                x.square() if p == q else x * y
                for x, y in zip(self._slopes[p], self._slopes[q], strict=True)
            ])  # fmt: skip
            second = _sum([x * y for x, y in zip(self._mixed, self._bend(p, q), strict=True)])
            found[p, q] = self.sum(2.0 * (first + second))
        return found

    # -- E log S -------------------------------------------------------------------------------
    def logarithm(self) -> Ends:
        """E log S, at points."""
        at = self.at
        squares, logs = np.sum(at.x * at.x, axis=1)[:, None], np.log(at.total)
        value = squares / 2 - at.log_scale + logs
        size = squares + 2 * at.reach + np.max(np.abs(logs), axis=1, keepdims=True) + 1.0
        err = at.relative + (6 * U + LIBM) * size
        return self.sum(Nodes(value, value, size, err))

    def logarithm_slopes(self) -> list[Ends]:
        psi = self.at.psi
        out = [self.sum(psi[i].times(self._away[i, a])) for i, a in self.cells.moving]
        return out + [self.sum(t) for t in self._tilts]

    def logarithm_bends(self) -> dict[tuple[int, int], Ends]:
        found, m, psi = {}, self.movers, self.at.psi
        for p, q in pairs(self.cells.variables):
            if p >= m:
                u, v = self._tilts[p - m], self._tilts[q - m]
                found[p, q] = self.sum(-(u.square() if p == q else u * v))
                continue
            i, a = self.cells.moving[p]
            z = self._away[i, a]
            if q >= m:
                step = self.cells.directions[q - m][i]
                inner = -psi[i].times(self._tilts[q - m])
                if step:
                    inner = inner + step * self.at.rates[i]
                found[p, q] = self.sum(inner * z)
                continue
            j, g = self.cells.moving[q]
            w = self._away[j, g]
            if i != j:
                found[p, q] = self.sum(-psi[i].times(psi[j]).times(z * w))
                continue
            inner = self._rests[i].times(z.square() if p == q else z * w)
            if a == g:
                inner = inner - 1.0
            found[p, q] = self.sum(psi[i].times(inner))
        return found


def pairs(count: int) -> list[tuple[int, int]]:
    """(p, q), p <= q, of the second derivatives."""
    return [(p, q) for p in range(count) for q in range(p, count)]


def one_minus(x: Nodes) -> Nodes:
    """1 - psi >= 0."""
    if x.point:
        value = 1.0 - x.lo
        return Nodes(value, value, 1.0, x.err + U)
    return Nodes(1.0 - x.hi, 1.0 - x.lo, 1.0, x.err + U)


def one_minus_twice(x: Nodes) -> Nodes:
    """1 - 2 psi, in [-1, 1]."""
    if x.point:
        value = 1.0 - 2.0 * x.lo
        return Nodes(value, value, 1.0, 2 * x.err + U)
    return Nodes(1.0 - 2.0 * x.hi, 1.0 - 2.0 * x.lo, 1.0, 2 * x.err + U)


def _sum(terms: list[Nodes]) -> Nodes:
    total = terms[0]
    for x in terms[1:]:
        total = total + x
    return total
