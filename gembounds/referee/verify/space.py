"""Vectors in coordinates of the space that they span, from their exact inner products.

The Gram matrix G of the vectors is rational. Elimination with the largest remaining pivot gives
G = M diag(D) M^T, M unit lower triangular after a permutation, exactly, so the number of pivots
is the rank; vector k has the coordinates M_kj sqrt(D_j) in an orthonormal basis.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from mpmath import iv

from gembounds.referee.verify.interval import rational

Matrix = list[list[Fraction]]


class Space(NamedTuple):
    """``coordinates[k][j]``, ``iv`` intervals; vector ``pivots[j]`` lies in the first j + 1
    axes, with a positive coordinate along the last of them."""

    coordinates: list[list[Any]]
    pivots: list[int]

    @property
    def rank(self) -> int:
        return len(self.pivots)


def inner_products(rows: Sequence[Sequence[Fraction]], repeats: Sequence[int]) -> Matrix:
    """<v_i, v_k>, where column c of ``rows`` stands ``repeats[c]`` times."""
    return [
        [sum((m * a * b for a, b, m in zip(u, v, repeats, strict=True)), Fraction(0))
         for v in rows]
        for u in rows
    ]  # fmt: skip


def span(gram: Matrix) -> Space:
    """Coordinates of vectors with the inner products ``gram``."""
    n = len(gram)
    rest = [list(row) for row in gram]
    factors: list[list[Fraction]] = []
    squares: list[Fraction] = []
    pivots: list[int] = []
    while True:
        p = max(range(n), key=lambda k: rest[k][k])
        square = rest[p][p]
        if square == 0:
            break
        factor = [rest[k][p] / square for k in range(n)]
        rest = [[rest[i][k] - factor[i] * factor[k] * square for k in range(n)] for i in range(n)]
        factors.append(factor)
        squares.append(square)
        pivots.append(p)
    roots = [iv.sqrt(rational(s)) for s in squares]
    columns = [[rational(m) * r for m in f] for f, r in zip(factors, roots, strict=True)]
    return Space([[column[k] for column in columns] for k in range(n)], pivots)
