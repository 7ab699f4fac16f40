"""Sums for grad_i L = E[psi_i psi~] on the line, and ranges of their derivatives along means.

With z_k = x - mu_k, e_ik = [i = k] - psi_k, psi_i has the derivatives psi_i e_ik z_k and, along a
direction v of the weights, v_i r_i - psi_i R_v; psi~ has psi_k (1 + z_k (mu_k - psi~)) and sum_k
v_k r_k (mu_k - psi~). Second ones by the product rule; d2 psi_i / d mu_j d mu_k is psi_i (z_j z_k
(e_ij e_ik - psi_k e_kj) - [j = k] e_ik)."""

from __future__ import annotations

from functools import cached_property

from gembounds.referee.verify.boxes.jets import total
from gembounds.referee.verify.boxes.numbers import TWO, UNIT, Interval
from gembounds.referee.verify.boxes.sums import Directions, Node, mixture, signed


class Terms:
    """What is summed at a node."""

    def __init__(self, node: Node, means: list[Interval], along: Directions) -> None:
        self.node, self.means, self.along = node, means, along
        self.n = range(len(means))
        self.psi, self.z = node.psi, node.away
        self.mixed = mixture(node.psi, means)

    @cached_property
    def away(self) -> list[Interval]:
        """mu_i - psi~."""
        psi, m = self.psi, self.means
        return [total([psi[j] * (m[i] - m[j]) for j in self.n if j != i]) for i in self.n]

    @cached_property
    def turns(self) -> list[Interval]:
        """1 + z_k (mu_k - psi~)."""
        return [UNIT + z * c for z, c in zip(self.z, self.away, strict=True)]

    @cached_property
    def steps(self) -> dict[tuple[int, int], Interval]:
        """e_ik z_k."""
        psi, z, n = self.psi, self.z, self.n
        return {(i, k): (UNIT - psi[k] if i == k else -psi[k]) * z[k] for i in n for k in n}

    @cached_property
    def mixes(self) -> list[Interval]:
        """The derivatives of psi~: along the means, then directions."""
        rate = self.node.rate
        means = [p * t for p, t in zip(self.psi, self.turns, strict=True)]
        return means + [
            total([signed(s, rate[k] * self.away[k]) for k, s in enumerate(d) if s])
            for d in self.along
        ]

    def lift(self, i: int, u: int) -> Interval:
        """The derivative of psi_i along a direction."""
        return signed(self.along[u][i], self.node.rate[i]) - self.psi[i] * self.node.tilt[u]

    def value(self, i: int) -> Interval:
        return self.psi[i] * self.mixed

    def slope(self, i: int, k: int) -> Interval:
        return self.psi[i] * (self.mixes[k] + self.steps[i, k] * self.mixed)

    def bend(self, i: int, k: int, q: int) -> Interval:
        """Along mu_k, and mu_q or the direction q - n; k <= q."""
        psi, z, first = self.psi, self.z, self.steps[i, k]
        if q >= len(self.n):
            u = q - len(self.n)
            tilt, drift, rate = self.node.tilt[u], self.mixes[q], self.node.rate[k]
            own = signed(self.along[u][k], rate * self.turns[k])
            inner = own - psi[k] * (tilt * self.turns[k] + z[k] * drift) + first * drift
            inner = inner - z[k] * self.lift(k, u) * self.mixed
            return psi[i] * inner + self.lift(i, u) * (first * self.mixed + self.mixes[k])
        if k == q:
            mixed = psi[k] * (z[k] * self.turns[k] * (UNIT - TWO * psi[k]) - self.away[k] + z[k])
            twice = z[k].square() * (UNIT - TWO * psi[k]) - UNIT
            twice = (UNIT - psi[k]) * twice if i == k else -(psi[k] * twice)
        else:
            mixed = -(psi[k] * psi[q] * (z[q] * self.turns[k] + z[k] * self.turns[q]))
            twice = z[k] * z[q]
            if i in (k, q):
                other = psi[q if i == k else k]
                twice = -(other * ((UNIT - TWO * psi[i]) * twice))
            else:
                twice = TWO * psi[k] * psi[q] * twice
        inner = mixed + first * self.mixes[q] + self.steps[i, q] * self.mixes[k]
        return psi[i] * (inner + twice * self.mixed)
