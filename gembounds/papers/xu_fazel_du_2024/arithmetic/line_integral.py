"""Integrals over the line t x, -1 <= t <= 1, of posteriors and of psi~'s derivative, in balls.

On the line psi_i(tx) = f_i(t)/S(t), f_i(t) = pi_i exp(a_i t - |mu_i|^2/2), a_i = <x, mu_i>,
S = sum_k f_k: only the numbers a_i, |mu_i|^2 and pi_i enter. The integrands are quotients of
entire functions, so Arb's adaptive Gauss-Legendre integration (F. Johansson, "Numerical
integration in arbitrary-precision ball arithmetic", 2018) encloses them: where S may vanish on
a complex box the quotient is not finite and the box is divided. Tolerances decide the width of
the result, never its truth; they are relative to the integrand, whose logarithm is concave for
psi_i psi_j, so that tiny integrals keep relative accuracy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from flint import acb, arb, ctx

from gembounds.evaluators.balls.radial import ball
from gembounds.tools.errors import InputError
from gembounds.values.precision import working_precision

GUARD = 24
"""Bits beyond those asked for, besides those that large slopes lose (a choice)."""

EVALUATIONS = 200_000
"""Most evaluations of an integrand: more, and the result is wide (a choice)."""

PLACES = tuple(Fraction(k, 8) for k in range(-8, 9))
"""Where the integrand is looked at to scale the tolerance (it decides no truth)."""


SEARCHES = 80
"""Steps of a ternary search for the peak: to 2^-46 (a choice)."""


@dataclass(frozen=True)
class Line:
    """``slopes`` a_i = <x, mu_i>, ``squares`` |mu_i|^2 and ``weights`` pi_i, all exact."""

    slopes: Sequence[Fraction]
    squares: Sequence[Fraction]
    weights: Sequence[Fraction]

    def overlap(self, i: int, j: int, bits: int) -> Any:
        """integral_{-1}^{1} psi_i(tx) psi_j(tx) dt, i and j from 0, to about ``bits`` bits.

        Exactly 2 pi_i pi_j (a ``Fraction``) where all means have the same a and |mu|^2.
        Raises :class:`InputError` for an index out of range.
        """
        n = len(self.weights)
        for name, index in (("i", i), ("j", j)):
            if not 0 <= index < n:
                raise InputError(f"{name} is {index}: a component's index is from 0 to {n - 1}")
        if self._constant():
            return 2 * self.weights[i] * self.weights[j]

        def integrand(t: Any, analytic: bool) -> Any:
            terms, total = self._scaled(t)
            return terms[i] * terms[j] / (total * total)

        return self._integrated(integrand, bits, self._peak(i, j))

    def _peak(self, i: int, j: int) -> Fraction:
        """About where psi_i psi_j is largest: its logarithm is concave."""

        def height(t: float) -> float:
            sizes = [self._size(k, t) for k in range(len(self.weights))]
            top = max(sizes)
            return (
                sizes[i] + sizes[j] - 2 * top - 2 * math.log(sum(math.exp(s - top) for s in sizes))
            )

        low, high = -1.0, 1.0
        for _ in range(SEARCHES):
            left, right = low + (high - low) / 3, high - (high - low) / 3
            if height(left) < height(right):
                low = left
            else:
                high = right
        return Fraction((low + high) / 2)

    def derivative(self, bits: int) -> Any:
        """integral_{-1}^{1} x^T grad psi~(tx) x dt = sum_{k<l} (a_k - a_l)^2 int psi_k psi_l dt,
        by equation (5): the variance of a under psi(tx). Exactly 0 where all a are equal."""
        if len(set(self.slopes)) == 1:
            return Fraction(0)
        gaps = [
            (k, j, ball((a - b) ** 2))
            for k, a in enumerate(self.slopes)
            for j, b in enumerate(self.slopes[:k])
            if a != b
        ]

        def integrand(t: Any, analytic: bool) -> Any:
            terms, total = self._scaled(t)
            pairs = sum((terms[k] * terms[j] * gap for k, j, gap in gaps), acb(0))
            return pairs / (total * total)

        return self._integrated(integrand, bits)

    def _scaled(self, t: Any) -> tuple[list[Any], Any]:
        """f_k(t) over the term that dominates in the middle of the box t, and their sum: on a
        wide box terms of size at most about 1, so that the sum stays away from 0."""
        middle = float(t.real.mid())
        top = max(range(len(self.weights)), key=lambda k: self._size(k, middle))
        key = top, ctx.prec
        if key not in self._over:
            self._over[key] = [
                (ball(a - self.slopes[top]), ball((self.squares[top] - s) / 2),
                 ball(w / self.weights[top]))
                for a, s, w in zip(self.slopes, self.squares, self.weights, strict=True)
            ]  # fmt: skip
        terms = [(t * a + s).exp() * w for a, s, w in self._over[key]]
        return terms, sum(terms, acb(0))

    def _size(self, k: int, t: float) -> float:
        slope, constant = self._floats[k]
        return slope * t + constant

    @cached_property
    def _floats(self) -> list[tuple[float, float]]:
        """Slopes and constants of log f_k, roughly."""
        return [
            (float(a), math.log(w.numerator) - math.log(w.denominator) - float(s) / 2)
            for a, s, w in zip(self.slopes, self.squares, self.weights, strict=True)
        ]

    @cached_property
    def _over(self) -> dict[tuple[int, int], list[tuple[Any, Any, Any]]]:
        """Per term on top and precision: slopes, constants, weights beside its own, in balls."""
        return {}

    def _constant(self) -> bool:
        return len(set(self.slopes)) == 1 and len(set(self.squares)) == 1

    def _integrated(
        self, integrand: Callable[[Any, bool], Any], bits: int, *places: Fraction
    ) -> Any:
        steepest = max(abs(a - b) for a in self.slopes for b in self.slopes)
        lost = max(0, steepest.numerator.bit_length() - steepest.denominator.bit_length() + 1)
        with working_precision(bits + lost + GUARD):
            top = arb(0)
            for t in (*PLACES, *places):
                top = top.max(abs(integrand(acb(ball(t)), False)).upper())
            goal = arb(2) ** -bits
            least = top / ball(max(Fraction(1), 2 * steepest))  # of the integral, for overlaps
            found = acb.integral(
                integrand, -1, 1, rel_tol=goal, abs_tol=goal * least, eval_limit=EVALUATIONS
            )
            value = found.real
        return +value if value.is_finite() else arb(0, "inf")
