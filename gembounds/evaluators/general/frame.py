"""One component of the data seen in the coordinates that the posteriors depend on.

With x = a + z, z ~ N(0, I), and the model's means seen from a, the exact reduction gives
z = sum_j y_j q_j + zeta: y are r independent N(0, 1), zeta is orthogonal to the q_j and
independent of y. With the means mu_i = c + sum_j u_ij q_j, components that coincide merged to g,

    psi_i = s_i Psi_g,    Psi_g = W_g exp(<y, u_g> - |u_g|^2/2) / S(y),
    log p(x) = log S(y) - |y|^2/2 - |zeta|^2/2 + <zeta, c> - |c|^2/2 - (d/2) log(2 pi),
    x_k = a_k + sum_j y_j q_jk + zeta_k,

and <zeta, c> and the zeta_k are jointly Gaussian, with rational covariances.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from gembounds.evaluators.reduction.exact import ExactReduction, integer_columns, reduce_exactly
from gembounds.values.mixture import Mixture

Balls = list[Any]

ALONG = -1
"""In place of a coordinate k: <zeta, c>."""


@dataclass(frozen=True)
class Frame:
    """Exact: ``mix`` the model seen from ``centre``, whose coordinates ``used`` are asked for.

    ``axis[j][k]`` and ``offset[k]`` are q_jk times the root of ``reduction.squares[j]``, and c_k.
    """

    mix: Mixture
    reduction: ExactReduction
    centre: dict[int, fmpq]
    axis: list[dict[int, fmpq]]
    offset: dict[int, fmpq]

    @property
    def rank(self) -> int:
        return self.reduction.rank

    def share(self, i: int) -> fmpq:
        """s_i."""
        return rational(self.mix.exact_weights[i]) / self.weight(self.group(i))

    def group(self, i: int) -> int:
        return self.reduction.group[i]

    def weight(self, g: int) -> fmpq:
        """W_g."""
        return self.reduction.weights[g]

    def covariance(self, j: int, k: int) -> fmpq:
        """Of zeta_j and zeta_k; of <zeta, c> for ``ALONG``."""
        if j == k == ALONG:
            return self.reduction.offset2
        if ALONG in (j, k):
            return self.offset[max(j, k)]
        pairs = zip(self.axis, self.reduction.squares, strict=True)
        return fmpq(int(j == k)) - sum((q[j] * q[k] / s for q, s in pairs), fmpq(0))

    def axes(self) -> list[dict[int, Any]]:
        """q_jk as balls at the current precision, where they are not 0."""
        pairs = zip(self.axis, self.reduction.squares, strict=True)
        return [{k: arb(x) / arb(s).sqrt() for k, x in q.items() if x != 0} for q, s in pairs]


def frame(mix: Mixture, centre: Mapping[int, Fraction]) -> Frame:
    """Of the model seen from ``centre``, given by the coordinates that are used."""
    reduction = reduce_exactly(mix)
    columns = integer_columns(mix)
    at = {k: columns.distinct[columns.place[k]] for k in centre}
    reps, first = reduction.representatives, reduction.representatives[0]
    axis: list[dict[int, fmpq]] = []
    for direction in reduction.directions:
        pairs = list(zip(direction, reps, strict=True))
        axis.append({
            k: sum((e * (x[m] - x[first]) for e, m in pairs), fmpq(0)) / columns.denominator
            for k, x in at.items()
        })  # fmt: skip
    offset = {k: fmpq(x[first], columns.denominator) for k, x in at.items()}
    for q, u, s in zip(axis, reduction.numerators, reduction.squares, strict=True):
        for k in centre:
            offset[k] -= u[0] * q[k] / s
    return Frame(mix, reduction, {k: rational(centre[k]) for k in centre}, axis, offset)


def rational(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)
