"""Posteriors bounded by one ratio, with no grid: any dimension, any distance, in balls.

psi_k <= min(1, psi_k/psi_j), and log(psi_k/psi_j) is normal with mean -A and variance D^2,
A = (|mu_k|^2 - |mu_j|^2)/2 - log(pi_k/pi_j), D = |mu_k - mu_j|. Hence, for every j,

    E psi_k <= E min(1, exp(Z)) = Pr[Z > 0] + exp(D^2/2 - A) Pr[Z < -D^2],   Z ~ N(-A, D^2),

(the second by exponential tilting), and with the least of these over j called u_k,

    1 - sum_{j != k} u_j <= E psi_k <= u_k,   E psi_i psi_k <= min(u_i, u_k),
    E psi_k^2 >= 1 - 2 sum_{j != k} u_j.

On a ball |x| <= R the ratio lies within exp(-A +- R D), which bounds psi itself.
All arguments are exact; the functions work at the current precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from flint import arb

from gembounds.evaluators.balls.radial import ball

Matrix = Sequence[Sequence[Fraction]]


class Ranges(NamedTuple):
    """Positive balls: ``psi`` is between any number of ``least`` and of ``most``, and 1 - psi
    between those of ``other_least`` and ``other_most``. Not one ball each, as a ball near 0
    rounds its small end to less than 0."""

    least: Any
    most: Any
    other_least: Any
    other_most: Any


def posterior_ceilings(weights: Sequence[Fraction], gram: Matrix) -> list[Any]:
    """u_k >= E psi_k, (n,); ``gram`` holds <mu_i, mu_k>."""
    n = range(len(weights))
    out = []
    for k in n:
        best = arb(1)
        for j in n:
            if j != k:
                # ends, as the minimum of 1 and a huge ball would be as inexact as that ball
                top = _least_of_one_and_ratio(*_ratio(weights, gram, k, j)).upper()
                best = top if top < best else best
        out.append(best)
    return out


def overlap_ranges(ceilings: Sequence[Any]) -> list[list[Any]]:
    """Balls that contain E psi_i psi_k, (n, n), from :func:`posterior_ceilings`."""
    n = range(len(ceilings))
    total = sum(ceilings, arb(0))
    out = []
    for i in n:
        row = []
        for k in n:
            floor = arb(0)
            if i == k:
                floor = floor.max(1 - 2 * (total - ceilings[k]))
            row.append(arb(floor.lower()).union(ceilings[i].min(ceilings[k])))
        out.append(row)
    return out


def posteriors_within(weights: Sequence[Fraction], gram: Matrix, radius: Any) -> list[Ranges]:
    """Ends of psi_k and of 1 - psi_k, (n,), for all x with |x| <= ``radius``.

    1 - psi_k = rest/(1 + rest) with rest = sum of the ratios to psi_k, so all four numbers keep
    their relative accuracy, however small.
    """
    n = range(len(weights))
    out = []
    for k in n:
        low, high = arb(0), arb(0)
        for j in n:
            if j != k:
                a, square = _ratio(weights, gram, j, k)
                reach = radius * square.sqrt()
                low += (-a - reach).exp()
                high += (-a + reach).exp()
        out.append(Ranges(1 / (1 + high), 1 / (1 + low), 1 / (1 + 1 / low), 1 / (1 + 1 / high)))
    return out


def _ratio(weights: Sequence[Fraction], gram: Matrix, k: int, j: int) -> tuple[Any, Any]:
    """A and D^2 of log(psi_k/psi_j)."""
    a = ball((gram[k][k] - gram[j][j]) / 2) - ball(weights[k] / weights[j]).log()
    return a, ball(gram[k][k] - 2 * gram[k][j] + gram[j][j])


def _least_of_one_and_ratio(a: Any, square: Any) -> Any:
    if square == 0:
        return arb(1).min((-a).exp())
    d = square.sqrt()
    root = arb(2).sqrt()
    above = (a / (d * root)).erfc() / 2
    below = ((square - a) / (d * root)).erfc() / 2
    return above + (square / 2 - a).exp() * below
