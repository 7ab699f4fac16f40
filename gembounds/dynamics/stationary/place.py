"""Where a stationary point is looked for: exact means and weights, and what is unknown of them.

With the weights free, the unknowns are (mu, lambda), lambda_i = log pi_i with no condition on
their sum, and what is stationary is

    Phi(mu, lambda) = -E log sum_i exp(lambda_i + l_i(x)) + sum_i exp(lambda_i),

l_i the logits without weights: d Phi / d lambda_i = exp(lambda_i) - E psi_i. The E psi_i sum to 1,
so the weights of a stationary point do, and it is one of KL over the simplex: EM's fixed points.
Phi = KL + (s - 1 - log s) + constants, s = sum exp(lambda_i): at a stationary point the Hessian of
Phi is that of KL, which does not see the scale (0, 1), plus (grad log s)(grad log s)^T. It has one
positive eigenvalue more than that of KL on the simplex, and as many negative ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from flint import arb, fmpq

from gembounds.dynamics.stationary.spectrum import norm
from gembounds.evaluators.data.components import Components, translations
from gembounds.evaluators.reduction.exact import exact_rank
from gembounds.values.balls import float_ends
from gembounds.values.mixture import Mixture
from gembounds.values.precision import working_precision

Rows = tuple[tuple[Fraction, ...], ...]


class Place:
    """A mixture over data, with the weights fixed or ``free``."""

    def __init__(self, mix: Mixture, data: Components, free: bool) -> None:
        self.mix, self.data, self.free = mix, data, free
        self.n, self.d = mix.n, mix.d

    @property
    def size(self) -> int:
        """The number of unknowns: the means row by row, then the logarithms of the weights."""
        return self.n * (self.d + self.free)

    @cached_property
    def parts(self) -> list[tuple[fmpq, Mixture]]:
        """The mixture seen from each component of the data, with that one's weight."""
        weights = [rational(w) for w in self.data.mix.exact_weights]
        return list(zip(weights, translations(self.mix, self.data.mix), strict=True))

    @cached_property
    def reach(self) -> float:
        """max |mu_i - a_j|, rounded up."""
        squares = [
            sum((x * x for x in row), Fraction(0)) for _, p in self.parts for row in p.exact_means
        ]
        largest = max(squares)
        with working_precision(64):
            return float_ends(arb(rational(largest)).sqrt())[1]

    @cached_property
    def flat(self) -> bool:
        """Whether the means span at most a plane: balls are quick there."""
        return min(self.n - 1, self.d) <= 2 or exact_rank(self.mix) <= 2

    @property
    def heaviest(self) -> float:
        """The largest weight, rounded up."""
        return float(max(self.mix.exact_weights)) * (1 + 2.0**-50)

    def rounded(self) -> Place:
        """With float64 means."""
        if not self.mix.means_error:
            return self
        return Place(Mixture(self.mix.means, self.mix.exact_weights), self.data, self.free)

    def moved(self, step: Any, places: int) -> Place:
        """The place at the unknowns minus ``step``, rounded to multiples of 2^-``places``; free
        weights are divided by their sum (the same psi, another scale)."""
        rows = self.mix.exact_means
        n, d = self.n, self.d
        means = [
            [_rounded(x - _middle(step[i * d + k]), places) for k, x in enumerate(row)]
            for i, row in enumerate(rows)
        ]
        weights = self.mix.exact_weights
        if self.free:
            weights = _shares(weights, step[n * d :], places)
        return Place(Mixture(means, weights), self.data, self.free)

    def distance(self, other: Place) -> float:
        """Between the unknowns, rounded up."""
        rows = zip(self.mix.exact_means, other.mix.exact_means, strict=True)
        squares = sum(
            ((x - y) ** 2 for a, b in rows for x, y in zip(a, b, strict=True)), Fraction(0)
        )
        with working_precision(64):
            away = [arb(rational(squares)).sqrt()]
            if self.free:
                pairs = zip(self.mix.exact_weights, other.mix.exact_weights, strict=True)
                away += [arb(rational(v / w)).log() for v, w in pairs]
            return float_ends(norm(away))[1]


def rational(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)


def _shares(weights: Sequence[Fraction], step: Any, places: int) -> Any:
    grown = [arb(rational(w)) * (-s.mid()).exp()
             for w, s in zip(weights, step, strict=True)]  # fmt: skip
    total = sum(grown, arb(0))
    least = Fraction(1, 1 << 2 * places)
    shares = [max(_rounded(_middle(x / total), 2 * places), least) for x in grown]
    heavy = max(range(len(shares)), key=shares.__getitem__)
    shares[heavy] += 1 - sum(shares)
    return tuple(shares)


def _middle(ball: Any) -> Fraction:
    mantissa, exponent = ball.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _rounded(x: Fraction, places: int) -> Fraction:
    return Fraction(round(x * (1 << places)), 1 << places)
