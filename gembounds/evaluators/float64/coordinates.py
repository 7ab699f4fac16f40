"""Reduced coordinates in float64, with bounds on everything that rounding and rotation do.

With anchor mu_0 and b_i = mu_i - mu_0, the logits are, up to a term common to all i,

    l_i(x) = <x, b_i> + c_i,    c_i = -<b_i, mu_i + mu_0> / 2 + log pi_i.

Let Qh be the computed axes (d, r) and tau >= ||Qh^T Qh - I||. Its polar factor Q is exactly
orthonormal with ||Qh - Q|| <= tau. Write b_i = Q v_i + e_i with e_i orthogonal to Q; x along Q
is a standard normal y in R^r. What is computed is vh_i = fl(Qh^T bh_i), and

    |vh_i - v_i| <= (q + tau) (1 + tau) |b_i| + (1 + tau) |bh_i - b_i|,
    |e_i|        <= |bh_i - Qh vh_i| + |bh_i - b_i|,

q = sqrt(r) gamma_d, or what :class:`gembounds.evaluators.float64.principal.Axes` says.

The part <x, e_i> that the coordinates ignore is normal, independent of y, in a span of s <= n-1
dimensions: with eps = max |e_i| it changes E[psi_i psi_k] by a factor between
exp(-4 eps sqrt(s)) and exp(4 eps sqrt(s) + 8 eps^2) (each psi by exp(+-2 max |<x, e_i>|); Jensen
below, Gaussian concentration of the norm above), and L by at most 2 eps sqrt(s).
"""

from __future__ import annotations

import math
from operator import add, sub
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.principal import ROUND as ROUND
from gembounds.evaluators.float64.principal import Columns, Rows, inner_products, rotated
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import LIBM, U, gamma

FloatArray = npt.NDArray[np.float64]

FLOOR = 1e-150
"""Absolute error allowed for each entry: covers all underflow of products and squares."""

MAX_EXACT = 16
"""Most dimensions of the exact reduction, whose numbers grow with every one (a choice)."""

LARGEST = 1e15
"""Sizes from which means are not reduced exactly: nothing is left of c in float64 (a choice)."""

FEW = 40
"""Entries up to which lists are quicker than arrays (empirical)."""

MAX_COLUMNS = 4096
"""Coordinates beyond this are grouped by equal columns first (gamma_d would grow)."""


class Coordinates(NamedTuple):
    """v (n, r), widest axis first, the middle of each range at 0; c (n,) without the weights;
    log_weights (n,).

    ``error_v`` bounds every |vh_i - v_i|, ``error_c`` every error of c_i, ``error_w`` that of
    log_weights; ``beyond`` bounds eps sqrt(s), and eps with it. ``spreads[j]`` >= D_j.
    """

    v: FloatArray
    c: FloatArray
    log_weights: FloatArray
    error_v: float
    error_c: float
    error_w: float
    beyond: float
    spreads: list[float]

    @property
    def rank(self) -> int:
        return int(self.v.shape[1])


def without_tiny(
    co: Coordinates, relative: float, absolute: float
) -> tuple[Coordinates, float, float]:
    """Without the coordinates that one node, y = 0, integrates well enough, and the error.

    By :mod:`gembounds.evaluators.balls.hermite` with one point, a coordinate of range D <= 1/8
    costs E[psi_i psi_k] at most the factor 1 +- 200 D^2 (9.6 (8 exp(2 D^2) + exp(4 D)) exp(2 D)
    D^2) and L at most 4.4 D^2. Those are left out whose costs stay within ``relative`` and
    ``absolute``."""
    least = min(co.spreads, default=math.inf)
    if not (200 * least * least <= relative and 4.4 * least * least <= absolute):
        return co, 0.0, 0.0
    kept, share, cost = [], 0.0, 0.0
    for j in sorted(range(len(co.spreads)), key=lambda j: co.spreads[j]):
        square = co.spreads[j] ** 2 * ROUND + FLOOR
        if 200 * square + share <= relative and 4.4 * square + cost <= absolute:
            share += 200 * square
            cost += 4.4 * square
        else:
            kept.append(j)
    kept.sort()
    fewer = co._replace(v=co.v[:, kept], spreads=[co.spreads[j] for j in kept])
    return fewer, share * ROUND, cost * ROUND


def coordinates(mix: Mixture, rtol: float) -> Coordinates:
    """The float64 coordinates of ``mix``; from the exact reduction where float64's own would
    lose more than a tenth of ``rtol`` and the mixture is small enough. Called with NumPy's
    floating-point errors ignored."""
    found = floating(mix, rtol)
    cost = 4 * (found.error_v * 9 + found.error_c + found.beyond)
    if (
        not cost < 0.1 * rtol
        and mix.d <= MAX_COLUMNS
        and min(mix.n - 1, mix.d) <= MAX_EXACT
        and np.abs(mix.means).max() < LARGEST
    ):
        return _from_exact(mix)
    return found


def floating(mix: Mixture, rtol: float) -> Coordinates:
    """Float64's own coordinates, whatever they lose."""
    means, entry_error = _compressed(mix)
    n, d = means.shape
    b: Rows
    s: Rows
    if means.size <= FEW:
        rows = means.tolist()
        b = [list(map(sub, row, rows[0])) for row in rows]
        s = [list(map(add, row, rows[0])) for row in rows]
    else:
        b, s = means - means[0], means + means[0]
    floor = FLOOR * math.sqrt(d)
    squares = inner_products(b, b)
    g = gamma(d + 4)
    grown = (1 + g) * ROUND
    largest = math.sqrt(max(squares)) * grown + floor
    anchor = 0.5 * math.sqrt(inner_products(s[:1], s[:1])[0]) * grown + floor
    size, total = anchor + largest, 2 * anchor + largest
    error_b = U * largest + 2 * entry_error * size + floor
    c = np.array([-0.5 * x for x in inner_products(b, s)])
    error_c = 0.5 * (g * largest * total + error_b * total
                     + largest * (U * total + 2 * entry_error * size)) + floor  # fmt: skip
    columns: Columns = []
    tau = out = inner = 0.0
    if n > 2:
        columns, tau, out, inner = rotated(b, squares, rtol / (1e3 * (1.0 + size)), largest,
                                            1e-3 * rtol / max(largest, 1.0))  # fmt: skip
    elif squares[-1] > 0:
        columns, inner = [[0.0, math.sqrt(squares[1])]], g
    elif n == 2:
        out = error_b
    error_v = ((inner + tau) * (1 + tau) * largest + (1 + tau) * error_b) * ROUND
    beyond = math.sqrt(n - 1) * (out + error_b if out or n > 2 else 0.0) * ROUND
    v, spreads = _centred(columns, n, error_v)
    return Coordinates(
        v, c, mix.log_weights, error_v, error_c * ROUND, _weight_error(mix), beyond, spreads
    )


def _centred(columns: Columns, n: int, error_v: float) -> tuple[FloatArray, list[float]]:
    """The coordinates (n, r) with the middle of each range taken off, which changes no posterior
    (its rounding is counted with that of the products y v), and the ranges, rounded up."""
    spreads, rows = [], []
    for x in columns:
        most, least = max(x), min(x)
        middle = 0.5 * (most + least)
        spreads.append((most - least + 2 * error_v) * ROUND)
        rows.append([y - middle for y in x])
    return np.array(rows).reshape(len(rows), n).T, spreads


def _weight_error(mix: Mixture) -> float:
    if mix.equal_weights:
        return 4 * U + 2 * LIBM * math.log(mix.n)
    return float(np.maximum.reduce(mix.log_weights_error))


def _compressed(mix: Mixture) -> tuple[FloatArray, float]:
    """The means, and the relative error of their entries; equal columns of long means merged.

    m equal columns are one column times sqrt(m): all inner products stay the same.
    """
    if mix.d <= MAX_COLUMNS:
        return mix.means, mix.means_error
    columns = mix.kept("merged columns", lambda: _merged(mix.means))
    if columns.shape[1] == mix.d:
        return mix.means, mix.means_error
    return columns, mix.means_error * (1 + 4 * U) + 3 * U


def _merged(means: FloatArray) -> FloatArray:
    """Equal neighbouring columns merged, and if still too many, equal columns anywhere."""
    new = np.any(means[:, 1:] != means[:, :-1], axis=0)
    starts = np.concatenate(([0], np.flatnonzero(new) + 1))
    counts = np.diff(np.append(starts, means.shape[1]))
    columns = means[:, starts]
    if len(starts) > MAX_COLUMNS:
        columns, place = np.unique(columns, axis=1, return_inverse=True)
        counts = np.bincount(place.ravel(), weights=counts)
        if columns.shape[1] > MAX_COLUMNS:
            return means
    return np.ascontiguousarray(columns * np.sqrt(counts))


def _from_exact(mix: Mixture) -> Coordinates:
    """Coordinates rounded once from the exact reduction."""
    from flint import arb

    from gembounds.evaluators.reduction.exact import reduce_exactly
    from gembounds.values.precision import working_precision

    reduction = reduce_exactly(mix)
    first = reduction.group[0]
    with working_precision(96):
        roots = [arb(s).sqrt() for s in reduction.squares]
        v = np.array(
            [
                [
                    float((arb(row[m] - row[first]) / root).mid())
                    for row, root in zip(reduction.numerators, roots, strict=True)
                ]
                for m in reduction.group
            ]
        ).reshape(mix.n, reduction.rank)
        gram = reduction.gram
        c = np.array([float(arb((gram[0, 0] - gram[i, i]) / 2).mid()) for i in range(mix.n)])
    r = reduction.rank
    order = np.argsort(-np.ptp(v, axis=0), kind="stable")
    v = np.ascontiguousarray(v[:, order])
    error_v = 2 * U * float(np.abs(v).max(initial=0.0)) * math.sqrt(max(r, 1)) + FLOOR
    error_c = 2 * U * float(np.abs(c).max()) + FLOOR
    v, spreads = _centred(v.T.tolist(), mix.n, error_v)
    return Coordinates(v, c, mix.log_weights, error_v, error_c, _weight_error(mix), 0.0, spreads)
