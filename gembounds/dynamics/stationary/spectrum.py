"""Enclosures of all eigenvalues of a symmetric matrix of balls.

V is any matrix, S = V^T H V and e >= |V^T V - I|, e < 1. By Ostrowski's theorem the k-th
eigenvalue of S is theta_k times that of H, theta_k in [1 - e, 1 + e], and by Weyl's it is within
|S - D| of the k-th number in D, D diagonal and in order; norms are Frobenius'. V holds
approximate eigenvectors: nothing is assumed of them, multiplicities do no harm.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cmp_to_key
from typing import Any

import numpy as np
import numpy.typing as npt
from flint import arb, arb_mat, ctx

BallArray = npt.NDArray[Any]


def eigenvalues(matrix: BallArray) -> list[Any]:
    """In increasing order, at the current precision; with eigenvectors of as many bits where
    float64's leave a sign open."""
    found = _enclosed(matrix, _vectors(matrix))
    if all(x > 0 or x < 0 for x in found):
        return found
    return _enclosed(matrix, _long_vectors(matrix))


def product(a: BallArray, b: BallArray) -> BallArray:
    """The matrix product, by flint."""
    found = arb_mat(a.tolist()) * arb_mat(b.tolist())
    return np.array(found.tolist(), dtype=object)


def _enclosed(matrix: BallArray, v: BallArray) -> list[Any]:
    size = len(matrix)
    gram = product(v.T, v)
    away = norm([gram[i, k] - (i == k) for i in range(size) for k in range(size)])
    s = product(v.T, product(matrix, v))
    diagonal = sorted((s[i, i].mid() for i in range(size)), key=cmp_to_key(_order))
    off = norm([
        s[i, k] - (s[i, i].mid() if i == k else 0) for i in range(size) for k in range(size)
    ])  # fmt: skip
    if not away < 1:
        return [arb(0, float("inf"))] * size
    around = arb(0, 1) * off
    shrink = 1 + arb(0, 1) * away
    return [(x + around) / shrink for x in diagonal]


def norm(entries: Iterable[Any]) -> Any:
    """The Euclidean norm, an upper bound: squares of balls around 0 would reach below 0."""
    return sum((x.abs_upper() ** 2 for x in entries), arb(0)).sqrt().upper()


def _order(a: Any, b: Any) -> int:
    """Of exact balls."""
    return int(a > b) - int(a < b)


def _vectors(matrix: BallArray) -> BallArray:
    middle = np.array([[float(x.mid()) for x in row] for row in matrix])
    if not np.isfinite(middle).all():
        middle = np.eye(len(middle))
    v = np.linalg.eigh(0.5 * (middle + middle.T))[1]
    return np.array([[arb(x) for x in row] for row in v.tolist()], dtype=object)


def _long_vectors(matrix: BallArray) -> BallArray:
    from mpmath import MPContext

    mp = MPContext()
    mp.prec = ctx.prec
    size = len(matrix)

    def number(ball: Any) -> Any:
        mantissa, exponent = ball.mid().man_exp()
        return mp.ldexp(int(mantissa), int(exponent))

    middle = mp.matrix(size, size)
    for i in range(size):
        for k in range(i + 1):
            middle[i, k] = middle[k, i] = number(matrix[i, k])
    _, v = mp.eigsy(middle)
    out = np.empty((size, size), dtype=object)
    for i in range(size):
        for k in range(size):
            sign, mantissa, exponent, _ = v[i, k]._mpf_
            out[i, k] = arb((int(-mantissa if sign else mantissa), exponent))
    return out
