"""The components of a mixture relative to the one that is heaviest at 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import arb, fmpq

from gembounds.evaluators.reduction.exact import ExactReduction
from gembounds.values.precision import working_precision

Balls = list[Any]


@dataclass(frozen=True)
class Odd:
    """``weights`` w_i = (pi_i/pi_*) exp(-(|mu_i|^2 - |mu_*|^2)/2) of the components but *,
    ``offsets`` v_i in coordinates, ``inner`` <v_i, v_k>, ``spreads`` the range of the v_i and 0
    along each axis."""

    weights: Balls
    offsets: list[Balls]
    inner: list[Balls]
    spreads: Balls

    @property
    def rank(self) -> int:
        return len(self.spreads)

    def longest(self) -> Any:
        """V = max |v_i|."""
        out = arb(0)
        for i, row in enumerate(self.inner):
            out = out.max(row[i])
        return out.sqrt()


def rare_square(logarithm: Any, square: Any) -> Any:
    """w^L exp(L^2 |v|^2/2) >= E min(1, w exp<y, v>)^2 with L near its best, -log w/|v|^2."""
    power = arb(min(2.0, max(0.0, -float((logarithm / square).mid()))))
    return (power * logarithm + power**2 * square / 2).exp()


def odd_data(reduction: ExactReduction) -> Odd:
    """The components relative to the one that is heaviest at 0."""
    star = heaviest(reduction)
    others = [i for i in range(len(reduction.weights)) if i != star]
    u = reduction.coordinates()
    g = merged_gram(reduction)
    weights = [
        arb(reduction.weights[i] / reduction.weights[star])
        * (arb(g[star][star] - g[i][i]) / 2).exp()
        for i in others
    ]
    offsets = [[a - b for a, b in zip(u[i], u[star], strict=True)] for i in others]
    inner = [
        [arb(g[i][k] - g[i][star] - g[star][k] + g[star][star]) for k in others] for i in others
    ]
    return Odd(weights, offsets, inner, reduction.spreads())


def heaviest(reduction: ExactReduction) -> int:
    """The component with the largest psi_i(0), or nearly: any choice is right."""
    g = merged_gram(reduction)
    with working_precision(64):
        logs = [arb(w).log() - arb(g[i][i]) / 2 for i, w in enumerate(reduction.weights)]
        return max(range(len(logs)), key=lambda i: float(logs[i].mid()))


def merged_gram(reduction: ExactReduction) -> list[list[fmpq]]:
    reps = reduction.representatives
    return [[reduction.gram[i, k] for k in reps] for i in reps]
