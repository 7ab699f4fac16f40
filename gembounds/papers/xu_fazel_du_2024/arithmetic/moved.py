"""E|g_ik|, g_ik(x) = psi_i psi_k(x|mu+delta) - psi_i psi_k(x|mu), x ~ N(0, I_d), in balls.

Below: |P'_ik - P_ik| with the overlaps of both mixtures. Above: P'_ik + P_ik; for i = k also
2 E(1-psi_i) for both, by |a^2 - b^2| <= 2 |a - b|; and a bound by the path mu + s delta. There
psi_i psi_k changes at the rate psi_i psi_k (l_i + l_k - 2 m), l_j = <x - mu_j - s delta_j,
delta_j> and m = sum_j psi_j l_j. With |l_j| <= B for all j the factor is at most B times
|1-2 psi_i| + |1-2 psi_k| + 2 (1-psi_i-psi_k) for i != k, which makes psi_i psi_k times it at most
B/(3 sqrt 3) (the case psi_i > 1/2; else at most 4B/27). For i = k, with |l_j| <= B_j,
2 psi_i^2 |l_i - m| <= 2 psi_i^2 (1-psi_i) (B_i + max_{j != i} B_j) <= (8/27) (the same). The
largest B_j is at most max_j |delta_j| |x| + max_j |delta_j| (|mu_j| + |delta_j|) (s = 1), and
E|x| is exact. :mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.moved_pairs` uses differences of
the l_j, which is sharper in many dimensions, and from both sides where the means are close.

Where all means and displacements span a line or a plane, cells give both ends more sharply, by
E|g| = |E g| + 2 min(E g_+, E g_-): over a cell of y and a piece of [0, 1] for s the rate is
evaluated in ball arithmetic, and g is its integral. Where some |y_j| > T, |g| is at most
4 max_j B_j, and E[|x|; that] <= sqrt(d Pr[that]). On a line, runs of cells in which g certainly
keeps its sign are integrated as one, by Arb's integration of analytic functions (g has no
branches, and balls over its poles are not finite, which makes it subdivide).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby, product
from typing import Any

from flint import acb, arb

from gembounds.evaluators.balls.radial import ball, norm_moment
from gembounds.evaluators.reduction.exact import reduce_exactly
from gembounds.papers.xu_fazel_du_2024.arithmetic.moved_pairs import pair_bounds
from gembounds.values.mixture import Mixture

Vector = tuple[Fraction, ...]
Matrix = list[list[Any]]
Ends = tuple[Any, Any]

REACH = 6
"""T: leaves sqrt(Pr) below 1e-4 outside (a choice)."""

MAX_RANK = 2


def expected_changes(
    mix: Mixture,
    delta: tuple[Vector, ...],
    before: Matrix,
    after: Matrix,
    cells: int,
    pieces: int = 4,
) -> list[list[Ends]]:
    """Lower and upper ends (balls, none negative), (n, n). ``before`` and ``after`` are the
    overlaps of mu and of mu + delta; about ``cells`` cells in all, none for 0, with ``pieces``
    of [0, 1] each. n >= 2."""
    sizes = _sizes(mix, delta)
    mean_norm = norm_moment(1, mix.d)
    widest = _pace(sizes, mean_norm)
    missing = [_complement(before, i) + _complement(after, i) for i in range(mix.n)]
    pairs = pair_bounds(mix, delta)
    sharp = _by_cells(mix, delta, cells, pieces) if cells else None
    out = []
    for i, (old, new) in enumerate(zip(before, after, strict=True)):
        row = []
        for k, (p, q) in enumerate(zip(old, new, strict=True)):
            least = abs(q - p)
            low, high = least.lower().max(pairs[i][k][0]), (p + q).upper().min(pairs[i][k][1])
            if i == k:
                rest = [x for j, x in enumerate(sizes) if j != i]
                pace = _pace(sizes[i : i + 1], mean_norm) + _pace(rest, mean_norm)
                high = high.min((2 * missing[i]).upper()).min((pace * 8 / 27).upper())
            else:
                high = high.min((widest / (3 * arb(3).sqrt())).upper())
            if sharp is not None:
                less, more = sharp[i][k]
                low = low.max((least + 2 * less).lower())
                high = high.min((least + 2 * more).upper())
            row.append((low if low > 0 else arb(0), high))
        out.append(row)
    return out


def _complement(overlaps: Matrix, i: int) -> Any:
    """E(1 - psi_i) = sum of the other rows."""
    return sum((x for k, row in enumerate(overlaps) if k != i for x in row), arb(0))


def _sizes(mix: Mixture, delta: tuple[Vector, ...]) -> list[Ends]:
    """The terms of each B_j at s = 1: what multiplies |x|, and the rest."""
    norms = [(_norm(v), _norm(mean)) for v, mean in zip(delta, mix.exact_means, strict=True)]
    return [(s, s * (m + s)) for s, m in norms]


def _pace(sizes: list[Ends], mean_norm: Any) -> Any:
    """At least E max_j B_j over these j."""
    return _largest([a for a, _ in sizes]) * mean_norm + _largest([b for _, b in sizes])


def _largest(values: Sequence[Any]) -> Any:
    out = values[0]
    for x in values[1:]:
        out = out.max(x)
    return out


def _norm(v: Vector) -> Any:
    return ball(sum((x * x for x in v), Fraction(0))).sqrt()


def _by_cells(
    mix: Mixture, delta: tuple[Vector, ...], cells: int, pieces: int
) -> list[list[Ends]] | None:
    """Ends of min(E g_+, E g_-), (n, n); None where the span is too large."""
    moved = [
        [a + b for a, b in zip(mean, v, strict=True)]
        for mean, v in zip(mix.exact_means, delta, strict=True)
    ]
    both = reduce_exactly(Mixture([*mix.exact_means, *moved]))
    if not 1 <= both.rank <= MAX_RANK:
        return None
    u = both.coordinates()
    starts = [u[m] for m in both.group[: mix.n]]
    stops = [u[m] for m in both.group[mix.n :]]
    steps = [_minus(b, a) for a, b in zip(starts, stops, strict=True)]
    logs = [ball(w).log() for w in mix.exact_weights]
    n = range(mix.n)
    rows: list[list[list[tuple[Any, Any]]]] = [[[] for _ in n] for _ in n]
    each = max(1, round(cells ** (1 / both.rank)))
    root = arb(2).sqrt()
    ticks = [arb(REACH) * (2 * k - each) / each for k in range(each + 1)]
    laws = [(y / root).erf() / 2 for y in ticks]
    sides = [
        (a.union(b), q - p)
        for a, b, p, q in zip(ticks[:-1], ticks[1:], laws[:-1], laws[1:], strict=True)
    ]
    times = [arb(k).union(arb(k + 1)) / pieces for k in range(pieces)]
    for chosen in product(sides, repeat=both.rank):
        y = [side for side, _ in chosen]
        mass = chosen[0][1] if both.rank == 1 else chosen[0][1] * chosen[1][1]
        change = [[arb(0)] * mix.n for _ in n]
        for s in times:
            rates = _rates(starts, steps, logs, s, y)
            change = [[a + b / pieces for a, b in zip(*rows, strict=True)]
                      for rows in zip(change, rates, strict=True)]  # fmt: skip
        for i in n:
            for k in range(i, mix.n):
                rows[i][k].append((mass, change[i][k]))
    outside = both.rank * (1 - 2 * laws[-1])
    sizes = _sizes(mix, delta)
    far, near = _largest([a for a, _ in sizes]), _largest([b for _, b in sizes])
    tail = 4 * (far * (mix.d * outside).sqrt() + near * outside)
    out = [[(arb(0), tail)] * mix.n for _ in n]
    for i in n:
        for k in range(i, mix.n):
            if both.rank == 1:
                smaller = _smaller_part(ticks, rows[i][k], starts, stops, logs, (i, k))
            else:
                a, b, c, d = (sum((m * x for m, x in part), arb(0)) for part in _parts(rows[i][k]))
                smaller = a.min(c), b.min(d)
            out[i][k] = out[k][i] = smaller[0], smaller[1] + tail
    return out


def _parts(row: list[tuple[Any, Any]]) -> list[list[tuple[Any, Any]]]:
    """Masses and ends of g_+, then of g_-, over the cells."""
    ends = [(m, (g.lower(), g.upper(), -g.upper(), -g.lower())) for m, g in row]
    return [[(m, end[k]) for m, end in ends if end[k] > 0] for k in range(4)]


def _smaller_part(
    ticks: Sequence[Any],
    row: list[tuple[Any, Any]],
    starts: Matrix,
    stops: Matrix,
    logs: Sequence[Any],
    pair: tuple[int, int],
) -> Ends:
    """Ends of min(E g_+, E g_-) within |y| <= T on a line."""

    def integrand(z: Any, analytic: bool) -> Any:
        old, new = (_posteriors_at(z, [u[0] for u in us], logs) for us in (starts, stops))
        i, k = pair
        return (new[i] * new[k] - old[i] * old[k]) * (-z * z / 2).exp()

    scale = (2 * arb.pi()).sqrt()
    least, most = [arb(0), arb(0)], [arb(0), arb(0)]
    for sign, run in groupby(range(len(row)), key=lambda c: _sign(row[c][1])):
        cells = list(run)
        if sign:
            a, b = ticks[cells[0]], ticks[cells[-1] + 1]
            whole = abs(acb.integral(integrand, acb(a), acb(b)).real) / scale
            if whole.is_finite():
                least[sign > 0] += whole.lower()
                most[sign > 0] += whole.upper()
                continue
        for c in cells:
            mass, g = row[c]
            for positive, end in ((1, g.upper()), (0, -g.lower())):
                if end > 0:
                    most[positive] += mass * end
    return least[0].min(least[1]), most[0].min(most[1])


def _sign(g: Any) -> int:
    return int(bool(g > 0)) - int(bool(g < 0))


def _posteriors_at(z: Any, u: Sequence[Any], logs: Sequence[Any]) -> list[Any]:
    n = range(len(u))
    return [
        1 / sum(((u[j] - u[i]) * (z - (u[j] + u[i]) / 2) + logs[j] - logs[i]).exp() for j in n)
        for i in n
    ]


def _rates(starts: Matrix, steps: Matrix, logs: Sequence[Any], s: Any, y: Sequence[Any]) -> Matrix:
    """psi_i psi_k (l_i + l_k - 2 m) over a piece and a cell, with m = sum_j psi_j l_j: each l_j
    stands once, times (j = i) + (j = k) - 2 psi_j, which may be small where the terms are not."""
    n = range(len(starts))
    u = [
        [a + s * e for a, e in zip(start, step, strict=True)]
        for start, step in zip(starts, steps, strict=True)
    ]
    pulls = [_dot(e, _minus(y, x)) for e, x in zip(steps, u, strict=True)]
    psi = []
    for i in n:
        rest = arb(1)
        for j in n:
            if j != i:  # log(psi_j/psi_i) = log(pi_j/pi_i) + <u_j - u_i, y - (u_j + u_i)/2>
                gap = _minus(u[j], u[i])
                middle = [t - (a + b) / 2 for a, b, t in zip(u[i], u[j], y, strict=True)]
                rest += (logs[j] - logs[i] + _dot(gap, middle)).exp()
        psi.append(1 / rest)
    factors = [[[int(j == i) + int(j == k) - 2 * psi[j] for j in n] for k in n] for i in n]
    return [[psi[i] * psi[k] * _dot(factors[i][k], pulls) for k in n] for i in n]


def _minus(a: Sequence[Any], b: Sequence[Any]) -> list[Any]:
    return [x - y for x, y in zip(a, b, strict=True)]


def _dot(a: Sequence[Any], b: Sequence[Any]) -> Any:
    return sum((x * y for x, y in zip(a, b, strict=True)), arb(0))
