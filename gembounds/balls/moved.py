"""E|g_ik|, g_ik(x) = psi_i psi_k(x|mu+delta) - psi_i psi_k(x|mu), x ~ N(0, I_d), in balls.

Below: |P'_ik - P_ik| with the overlaps of both mixtures. Above: P'_ik + P_ik; for i = k also
2 E(1-psi_i) for both, by |a^2 - b^2| <= 2 |a - b|; and a bound by the path mu + s delta. There
psi_i psi_k changes at the rate psi_i psi_k (l_i + l_k - 2 m), l_j = <x - mu_j - s delta_j,
delta_j> and m = sum_j psi_j l_j. With |l_j| <= B for all j the factor is at most B times
|1-2 psi_i| + |1-2 psi_k| + 2 (1-psi_i-psi_k) for i != k, which makes psi_i psi_k times it at most
B/(3 sqrt 3) (the case psi_i > 1/2; else at most 4B/27); for i = k, 2 psi_i^2 |l_i - m| <=
4 B psi_i^2 (1-psi_i) <= 16B/27. On average over s, B = max_j |delta_j| |x| + max_j |delta_j|
(|mu_j| + |delta_j|/2), and E|x| is exact.

Where all means and displacements are on a line, cells give both ends more sharply: over a cell
of y and a piece of [0, 1] for s the rate is evaluated in ball arithmetic, and g is its integral.
Beyond |y| = T, |g| is at most 4B, and E[|x|; |y| > T] <= sqrt(d Pr[|y| > T]).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flint import arb

from gembounds.balls.radial import ball, norm_moment
from gembounds.mixture import Mixture
from gembounds.reduction.exact import reduce_exactly

Vector = tuple[Fraction, ...]
Matrix = list[list[Any]]
Ends = tuple[Any, Any]

REACH = 9
"""T: leaves sqrt(Pr) near 1e-9 outside (a choice)."""

PIECES = 4
"""Pieces of [0, 1] for s (a choice)."""


def expected_changes(
    mix: Mixture, delta: tuple[Vector, ...], before: Matrix, after: Matrix, cells: int
) -> list[list[Ends]]:
    """Lower and upper ends (balls, none negative), (n, n). ``before`` and ``after`` are the
    overlaps of mu and of mu + delta; ``cells`` on the line, none for 0."""
    far, near = _paces(mix, delta)
    pace = far * norm_moment(1, mix.d) + near
    rates = (pace / (3 * arb(3).sqrt()), pace * 16 / 27)
    missing = [_complement(before, i) + _complement(after, i) for i in range(mix.n)]
    sharp = _on_line(mix, delta, far, near, cells) if cells else None
    out = []
    for i, (old, new) in enumerate(zip(before, after, strict=True)):
        row = []
        for k, (p, q) in enumerate(zip(old, new, strict=True)):
            low, high = abs(q - p).lower(), (p + q).upper().min(rates[i == k].upper())
            if i == k:
                high = high.min((2 * missing[i]).upper())
            if sharp is not None:
                low, high = low.max(sharp[i][k][0].lower()), high.min(sharp[i][k][1].upper())
            row.append((low if low > 0 else arb(0), high))
        out.append(row)
    return out


def _complement(overlaps: Matrix, i: int) -> Any:
    """E(1 - psi_i) = sum of the other rows."""
    return sum((x for k, row in enumerate(overlaps) if k != i for x in row), arb(0))


def _paces(mix: Mixture, delta: tuple[Vector, ...]) -> Ends:
    """The two terms of B: what multiplies |x|, and the rest."""
    far, near = arb(0), arb(0)
    for v, mean in zip(delta, mix.exact_means, strict=True):
        s = _norm(v)
        far, near = far.max(s), near.max(s * (_norm(mean) + s / 2))
    return far, near


def _norm(v: Vector) -> Any:
    return ball(sum((x * x for x in v), Fraction(0))).sqrt()


def _on_line(
    mix: Mixture, delta: tuple[Vector, ...], far: Any, near: Any, cells: int
) -> list[list[Ends]] | None:
    moved = [
        [a + b for a, b in zip(mean, v, strict=True)]
        for mean, v in zip(mix.exact_means, delta, strict=True)
    ]
    both = reduce_exactly(Mixture([*mix.exact_means, *moved]))
    if both.rank != 1:
        return None
    u = [p[0] for p in both.coordinates()]
    starts = [u[m] for m in both.group[: mix.n]]
    ends = [u[m] for m in both.group[mix.n :]]
    steps = [b - a for a, b in zip(starts, ends, strict=True)]
    logs = [ball(w).log() for w in mix.exact_weights]
    n = range(mix.n)
    low, high = ([[arb(0)] * mix.n for _ in n] for _ in range(2))
    root = arb(2).sqrt()
    ticks = [arb(REACH) * (2 * k - cells) / cells for k in range(cells + 1)]
    laws = [(y / root).erf() / 2 for y in ticks]
    for c in range(cells):
        y, mass = ticks[c].union(ticks[c + 1]), laws[c + 1] - laws[c]
        change = [[arb(0)] * mix.n for _ in n]
        for piece in range(PIECES):
            s = arb(piece).union(arb(piece + 1)) / PIECES
            rates = _rates(starts, steps, logs, s, y)
            change = [[a + b / PIECES for a, b in zip(*rows, strict=True)]
                      for rows in zip(change, rates, strict=True)]  # fmt: skip
        for i in n:
            for k in n:
                low[i][k] += mass * abs(change[i][k]).lower()
                high[i][k] += mass * abs(change[i][k]).upper()
    outside = 1 - 2 * laws[-1]
    tail = 4 * (far * (mix.d * outside).sqrt() + near * outside)
    return [[(low[i][k], high[i][k] + tail) for k in n] for i in n]


def _rates(
    starts: Sequence[Any], steps: Sequence[Any], logs: Sequence[Any], s: Any, y: Any
) -> Matrix:
    """psi_i psi_k (l_i + l_k - 2 m) over a piece and a cell, with m = sum_j psi_j l_j."""
    n = range(len(starts))
    u = [a + s * e for a, e in zip(starts, steps, strict=True)]
    pulls = [e * (y - x) for e, x in zip(steps, u, strict=True)]
    psi = []
    for i in n:
        rest = arb(1)
        for j in n:
            if j != i:  # log(psi_j/psi_i) = log(pi_j/pi_i) + (u_j - u_i)(y - (u_j + u_i)/2)
                rest += (logs[j] - logs[i] + (u[j] - u[i]) * (y - (u[j] + u[i]) / 2)).exp()
        psi.append(1 / rest)
    mean = sum((p * v for p, v in zip(psi, pulls, strict=True)), arb(0))
    return [[psi[i] * psi[k] * (pulls[i] + pulls[k] - 2 * mean) for k in n] for i in n]
