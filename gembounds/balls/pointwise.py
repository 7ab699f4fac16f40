"""Posteriors at a point, and the scalars U, mu_max and pi_min, as balls from exact rationals."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from gembounds.mixture import Mixture
from gembounds.reduction.exact import gram_matrix

Balls = list[Any]


def posterior(mix: Mixture, x: Sequence[Fraction]) -> Balls:
    """psi_i(x), (n,), at the current precision: the logits' differences from the largest are
    exact, so nothing cancels and nothing overflows."""
    gram = gram_matrix(mix)
    logits = [
        _rational(sum((a * b for a, b in zip(row, x, strict=True)), Fraction(0))) - gram[i, i] / 2
        for i, row in enumerate(mix.exact_means)
    ]
    top = max(logits)
    terms = [
        arb(_rational(w)) * arb(t - top).exp()
        for t, w in zip(logits, mix.exact_weights, strict=True)
    ]
    total = sum(terms, arb(0))
    return [x / total for x in terms]


def sum_of_squares(mix: Mixture) -> Any:
    """U = sum_i |mu_i|^2."""
    gram = gram_matrix(mix)
    return arb(sum((gram[i, i] for i in range(mix.n)), fmpq(0)))


def largest_norm(mix: Mixture) -> Any:
    """mu_max = max_i |mu_i|."""
    gram = gram_matrix(mix)
    return arb(max(gram[i, i] for i in range(mix.n))).sqrt()


def smallest_weight(mix: Mixture) -> Any:
    """pi_min = min_i pi_i."""
    return arb(_rational(min(mix.exact_weights)))


def _rational(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)
