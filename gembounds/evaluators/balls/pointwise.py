"""Posteriors at a point, and the scalars U, mu_max and pi_min, as balls from exact rationals."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from flint import arb, fmpq

from gembounds.evaluators.reduction.exact import gram_matrix, integer_columns
from gembounds.values.mixture import Mixture

Balls = list[Any]


def posterior(mix: Mixture, x: Sequence[Fraction]) -> Balls:
    """psi_i(x), (n,), at the current precision: the logits' differences from the largest are
    exact, so nothing cancels and nothing overflows."""
    gram = gram_matrix(mix)
    logits = [product - gram[i, i] / 2 for i, product in enumerate(_products(mix, x))]
    top = max(logits)
    terms = [
        arb(_rational(w)) * arb(t - top).exp()
        for t, w in zip(logits, mix.exact_weights, strict=True)
    ]
    total = sum(terms, arb(0))
    return [x / total for x in terms]


def _products(mix: Mixture, x: Sequence[Fraction]) -> list[fmpq]:
    """<x, mu_i>, exactly: whole numbers over one denominator, equal columns taken together."""
    columns = integer_columns(mix)
    denominator = lcm(*{v.denominator for v in x})
    sums = [0] * len(columns.distinct)
    for k, v in zip(columns.place, x, strict=True):
        sums[k] += v.numerator * (denominator // v.denominator)
    scale = columns.denominator * denominator
    return [
        fmpq(sum(c[i] * y for c, y in zip(columns.distinct, sums, strict=True)), scale)
        for i in range(mix.n)
    ]


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
