"""The exact reduction: rank, principal axes and coordinates over the rationals.

psi depends on x only through its projection on V = span{mu_i - mu_k}. With orthonormal axes
q_1..q_r of V, mu_i = c + sum_j u_ij q_j where c is orthogonal to V and common to all i, so

    P(mu) = P(u),    L(mu) = |c|^2 / 2 + L(u).

The Gram matrix of the differences is rational, hence so is each step of a Gram-Schmidt process
on directions w_j = sum_k e_jk (mu_k - mu_0): u_ij = numerator_ij / sqrt(square_j) with rational
numerators and squares, and the process ends at the exact rank, when the residual is zero.
Directions come from a floating-point eigenvector of the residual Gram matrix (widest first);
they only decide how short the grid is, never whether the result is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from flint import arb, fmpq, fmpq_mat, fmpz_mat

from gembounds.values.columns import runs
from gembounds.values.mixture import Mixture

DIRECTION_BITS = 24
"""Bits of the direction coefficients (a choice: they need no accuracy, short ones are cheap)."""


@dataclass(frozen=True)
class ExactReduction:
    """Coordinates of the merged means, exactly.

    ``group[i]`` is the merged component of component i. For merged component m and axis j the
    coordinate is ``numerators[j][m] / sqrt(squares[j])``; ``offset2`` is |c|^2. Axis j is
    ``sum_m directions[j][m] (mu_m - mu_0) / sqrt(squares[j])`` over the merged means.
    """

    group: tuple[int, ...]
    representatives: tuple[int, ...]
    weights: tuple[fmpq, ...]
    numerators: tuple[tuple[fmpq, ...], ...]
    squares: tuple[fmpq, ...]
    directions: tuple[tuple[fmpq, ...], ...]
    offset2: fmpq
    gram: fmpq_mat

    @property
    def rank(self) -> int:
        return len(self.squares)

    def coordinates(self) -> list[list[Any]]:
        """``u[m][j]`` as balls at the current precision."""
        roots = [arb(s).sqrt() for s in self.squares]
        return [
            [arb(row[m]) / root for row, root in zip(self.numerators, roots, strict=True)]
            for m in range(len(self.weights))
        ]

    def spreads(self) -> list[Any]:
        """``D_j = max_m u_mj - min_m u_mj`` as balls at the current precision."""
        return [
            arb(max(row) - min(row)) / arb(s).sqrt()
            for row, s in zip(self.numerators, self.squares, strict=True)
        ]


def reduce_exactly(mix: Mixture) -> ExactReduction:
    """The exact reduction of ``mix``: any n and d, any rational parameters. Kept with ``mix``."""
    return mix.kept("exact reduction", lambda: _reduce(mix))


def exact_rank(mix: Mixture) -> int:
    """The rank of the differences of the means: far cheaper than the reduction."""
    rows = list(dict.fromkeys(zip(*integer_columns(mix).distinct, strict=True)))
    if len(rows) == 1:
        return 0
    differences = [[a - b for a, b in zip(row, rows[0], strict=True)] for row in rows[1:]]
    return int(fmpz_mat(differences).rank())


def _reduce(mix: Mixture) -> ExactReduction:
    rows = list(zip(*integer_columns(mix).distinct, strict=True))
    first: dict[tuple[int, ...], int] = {}
    group = tuple(first.setdefault(row, len(first)) for row in rows)
    representatives = tuple(group.index(m) for m in range(len(first)))
    weights = [fmpq(0)] * len(first)
    for m, w in zip(group, mix.exact_weights, strict=True):
        weights[m] += fmpq(w.numerator, w.denominator)

    gram = gram_matrix(mix)
    g = [[gram[i, k] for k in representatives] for i in representatives]
    size = len(representatives)
    anchored = [g[0][i] - g[0][0] for i in range(size)]  # <mu_0, b_i>, b_i = mu_i - mu_0
    residual = [[g[i][k] - g[i][0] - g[0][k] + g[0][0] for k in range(size)] for i in range(size)]
    offset2 = g[0][0]
    numerators: list[tuple[fmpq, ...]] = []
    squares: list[fmpq] = []
    directions: list[tuple[fmpq, ...]] = []
    while any(residual[i][i] != 0 for i in range(size)):
        c = _direction(residual)
        image = _times(residual, c)
        square = _dot(c, image)
        shift = _dot(c, anchored)
        e = c
        for old, line, norm2 in zip(directions, numerators, squares, strict=True):
            # line[0] is the shift of mu_0, because b_0 = 0
            part = _dot(c, [x - line[0] for x in line]) / norm2
            e = [x - part * y for x, y in zip(e, old, strict=True)]
        residual = [
            [x - image[i] * image[k] / square for k, x in enumerate(row)]
            for i, row in enumerate(residual)
        ]
        anchored = [x - shift * y / square for x, y in zip(anchored, image, strict=True)]
        offset2 -= shift * shift / square
        numerators.append(tuple(x + shift for x in image))
        squares.append(square)
        directions.append(tuple(e))
    return ExactReduction(
        group, representatives, tuple(weights), tuple(numerators), tuple(squares),
        tuple(directions), offset2, gram,
    )  # fmt: skip


@dataclass(frozen=True)
class Columns:
    """The distinct columns of the means, times ``denominator``: integers.

    Column j of the means is ``distinct[place[j]] / denominator``; ``counts`` are multiplicities.
    """

    distinct: list[tuple[int, ...]]
    counts: list[int]
    place: list[int]
    denominator: int


def integer_columns(mix: Mixture) -> Columns:
    """The means by distinct columns: d coordinates that repeat cost one each."""
    return mix.kept("integer columns", lambda: _columns(mix))


def _columns(mix: Mixture) -> Columns:
    blocks = runs(mix)
    seen: dict[tuple[Fraction, ...], int] = {}
    kind = [seen.setdefault(entries, len(seen)) for entries, _ in blocks]
    lengths = [length for _, length in blocks]
    counts = [0] * len(seen)
    for k, length in zip(kind, lengths, strict=True):
        counts[k] += length
    denominator = lcm(*{x.denominator for column in seen for x in column})
    columns = [
        tuple(x.numerator * (denominator // x.denominator) for x in column) for column in seen
    ]
    return Columns(columns, counts, np.repeat(kind, lengths).tolist(), denominator)


def gram_matrix(mix: Mixture) -> fmpq_mat:
    """``<mu_i, mu_k>`` exactly, (n, n)."""
    return mix.kept("gram matrix", lambda: _gram(mix))


def _gram(mix: Mixture) -> fmpq_mat:
    columns = integer_columns(mix)
    scaled = [[x * m for x in c] for c, m in zip(columns.distinct, columns.counts, strict=True)]
    product = fmpz_mat([list(c) for c in columns.distinct]).transpose() * fmpz_mat(scaled)
    return fmpq_mat(product) * fmpq(1, columns.denominator**2)


def _direction(residual: list[list[fmpq]]) -> list[fmpq]:
    """Coefficients of a direction near the first principal axis, never in the kernel."""
    size = len(residual)
    widest = max(range(size), key=lambda i: residual[i][i])
    unit = [fmpq(int(i == widest)) for i in range(size)]
    if size == 2:
        return unit
    scale = residual[widest][widest]
    matrix = np.array([[_ratio(x, scale) for x in row] for row in residual])
    matrix -= matrix.mean(axis=0)
    matrix -= matrix.mean(axis=1, keepdims=True)
    vector = np.linalg.eigh(0.5 * (matrix + matrix.T))[1][:, -1]
    vector /= np.abs(vector).max()
    c = [fmpq(round(float(x) * 2**DIRECTION_BITS), 2**DIRECTION_BITS) for x in vector]
    length2 = _dot(c, _times(residual, c))
    # a direction whose image is far shorter than its terms would make long rationals
    return c if length2 > scale / 1024 else unit


def _ratio(x: fmpq, scale: fmpq) -> float:
    quotient = x / scale  # at most 1 in size: the diagonal of a Gram matrix dominates
    return int(quotient.p) / int(quotient.q)


def _times(matrix: list[list[fmpq]], vector: list[fmpq]) -> list[fmpq]:
    return [_dot(row, vector) for row in matrix]


def _dot(a: Sequence[fmpq], b: Sequence[fmpq]) -> fmpq:
    return sum((x * y for x, y in zip(a, b, strict=True)), fmpq(0))
