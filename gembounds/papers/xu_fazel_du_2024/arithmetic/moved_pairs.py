"""Bounds of E|g_ik|, g_ik = psi_i psi_k(x|mu+delta) - psi_i psi_k(x|mu), that do not grow with d.

Along mu + s delta, with l_j = <x - mu_j - s delta_j, delta_j> and m = sum_j psi_j l_j, the rate of
psi_i psi_k is psi_i psi_k (l_i + l_k - 2m). The l_j are jointly normal with means linear in s; for
a combination of them E|.| and the root of E(.)^2 are convex functions of its mean, so their
integrals over s in [0, 1] are at most the averages of both ends. A_ij is that of E|l_i - l_j|,
B_ij that of the root for l_i - l_j, and R_ik that for l_ik = l_i + l_k - 2 sum_j pi_j l_j.

Anywhere, from above: the rate is psi_i psi_k sum_j psi_j ((l_i - l_j) + (l_k - l_j)), where j = i
and j = k make psi_i psi_k (psi_k - psi_i)(l_i - l_k). As psi_i psi_j psi_k <= 1/27,
psi_i^2 psi_j <= 4/27, and ab|a - b| <= 1/(6 sqrt 3) for a, b >= 0, a + b <= 1, E|g_ik| is at most

    i != k:  A_ik/(6 sqrt 3) + (1/27) sum over j != i, k of (A_ij + A_kj),
    i = k:   (8/27) sum over j != i of A_ij.

Where the means are close, from both sides: with D the largest distance and M the largest norm of
means at both ends (hence at every s, by convexity) |log(psi_j/pi_j)| <= max |t_j - t_k| <= u =
D (|y| + M), y the projection of x on the span of the differences, of dimension at most
min(d, n - 1). So |psi_j - pi_j| <= pi_j u exp(u) and |psi_i psi_k - pi_i pi_k| <=
pi_i pi_k 2u exp(2u); as l_i + l_k - 2m = l_ik - 2 sum_j (psi_j - pi_j)(l_j - l_i), the rate
differs from pi_i pi_k l_ik by at most
pi_i pi_k (2u exp(2u) |l_ik| + 2u exp(3u) sum_j pi_j |l_j - l_i|), and by Cauchy and Schwarz
E|g_ik| from pi_i pi_k E|l_ik at s = 1/2| by at most

    pi_i pi_k (2 (E u^2 exp(4u))^(1/2) R_ik + 2 (E u^2 exp(6u))^(1/2) sum_j pi_j B_ij).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flint import arb

from gembounds.evaluators.balls.radial import ball, exp_norm
from gembounds.values.mixture import Mixture

Vector = Sequence[Fraction]
Table = list[list[Any]]

Ends = tuple[Any, Any]

WIDEST = Fraction(1, 4)
"""D up to which the second bounds are tried: their factors grow like exp(9 D^2) (a choice)."""


def pair_bounds(mix: Mixture, delta: Sequence[Vector]) -> list[list[Ends]]:
    """Lower and upper ends of E|g_ik| (balls, none negative), (n, n), at the current precision."""
    bounds = _anywhere(mix, delta)
    distance, norm = _extent(mix, delta)
    if distance > WIDEST**2:
        return [[(arb(0), x.upper()) for x in row] for row in bounds]
    close = _close(mix, delta, ball(distance).sqrt(), ball(norm).sqrt())
    return [
        [(low, x.upper().min(high)) for x, (low, high) in zip(*rows, strict=True)]
        for rows in zip(bounds, close, strict=True)
    ]


def mean_size(mean: Fraction, variance: Fraction) -> Any:
    """E|m + s z|, z standard normal: s sqrt(2/pi) exp(-m^2/(2 s^2)) + |m| erf(|m|/(s sqrt 2))."""
    size = ball(abs(mean))
    if variance == 0:
        return size
    spread, ratio = ball(variance).sqrt(), ball(mean * mean / (2 * variance))
    return spread * (2 / arb.pi()).sqrt() * (-ratio).exp() + size * ratio.sqrt().erf()


def root_mean_square(mean: Fraction, variance: Fraction) -> Any:
    """(m^2 + s^2)^(1/2)."""
    return ball(mean * mean + variance).sqrt()


def _anywhere(mix: Mixture, delta: Sequence[Vector]) -> Table:
    n = range(mix.n)
    size = [[_along(mix, delta, _difference(mix.n, i, j), mean_size) for j in n] for i in n]
    pair = 1 / (6 * arb(3).sqrt())
    out = []
    for i in n:
        row = []
        for k in n:
            others = [j for j in n if j not in (i, k)]
            if i == k:
                row.append(sum((size[i][j] for j in others), arb(0)) * 8 / 27)
            else:
                rest = sum((size[i][j] + size[k][j] for j in others), arb(0))
                row.append(size[i][k] * pair + rest / 27)
        out.append(row)
    return out


def _close(mix: Mixture, delta: Sequence[Vector], distance: Any, norm: Any) -> list[list[Ends]]:
    n, pi, rank = range(mix.n), mix.exact_weights, max(1, min(mix.d, mix.n - 1))

    def root_of_square(rate: int) -> Any:
        """(E u^2 exp(rate u))^(1/2)."""
        once, twice = (exp_norm(rate * distance, rank, power) for power in (1, 2))
        total = twice + 2 * norm * once + norm * norm * exp_norm(rate * distance, rank)
        return distance * ((rate * distance * norm).exp() * total).sqrt()

    near, far = root_of_square(4), root_of_square(6)
    out = []
    for i in n:
        spread = arb(0)
        for j in n:
            root = _along(mix, delta, _difference(mix.n, i, j), root_mean_square)
            spread += ball(pi[j]) * root
        row = []
        for k in n:
            factors = [int(j == i) + int(j == k) - 2 * pi[j] for j in n]
            start, stop, variance = _law(mix, delta, factors)
            middle = mean_size((start + stop) / 2, variance)
            off = near * _along(mix, delta, factors, root_mean_square) + far * spread
            low, high = middle - 2 * off, middle + 2 * off
            scale = ball(pi[i] * pi[k])
            row.append(((scale * low).nonnegative_part().lower(), (scale * high).upper()))
        out.append(row)
    return out


def _difference(n: int, i: int, j: int) -> list[Fraction]:
    return [Fraction(int(k == i) - int(k == j)) for k in range(n)]


def _along(mix: Mixture, delta: Sequence[Vector], factors: Sequence[Fraction], size: Any) -> Any:
    """The average over s = 0 and s = 1 of the size of sum_j factors_j l_j."""
    start, stop, variance = _law(mix, delta, factors)
    return (size(start, variance) + size(stop, variance)) / 2


def _law(
    mix: Mixture, delta: Sequence[Vector], factors: Sequence[Fraction]
) -> tuple[Fraction, Fraction, Fraction]:
    """-E sum_j factors_j l_j at s = 0 and at s = 1, and its variance."""
    start, stop, total = Fraction(0), Fraction(0), [Fraction(0)] * mix.d
    for f, mean, v in zip(factors, mix.exact_means, delta, strict=True):
        if f:
            start += f * _dot(mean, v)
            stop += f * _dot(v, v)
            total = [a + f * b for a, b in zip(total, v, strict=True)]
    return start, start + stop, _dot(total, total)


def _extent(mix: Mixture, delta: Sequence[Vector]) -> tuple[Fraction, Fraction]:
    """D^2 and M^2."""
    moved = [
        [a + b for a, b in zip(row, v, strict=True)]
        for row, v in zip(mix.exact_means, delta, strict=True)
    ]
    distance = norm = Fraction(0)
    for rows in (mix.exact_means, moved):
        for i, row in enumerate(rows):
            norm = max(norm, _dot(row, row))
            for other in rows[:i]:
                gap = [a - b for a, b in zip(row, other, strict=True)]
                distance = max(distance, _dot(gap, gap))
    return distance, norm


def _dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True) if x and y), Fraction(0))
