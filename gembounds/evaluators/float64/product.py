"""Overlap sums over a tensor grid where exp(<y, v_i> + k_i) is a product of factors of the axes.

The trailing axes are the columns, the others the rows; S on a block of nodes is one matrix
product of row and column factors, and the sums over it are products with w b_i b_k.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.grid import ROOT_2PI, Grid, pair_places

FloatArray = npt.NDArray[np.float64]

REMEMBERED = 512
"""Axes of up to this many nodes on a side keep the powers of their indices (13 kB each)."""

FULL = 3
"""Up to this many components all n^2 products of two are as quick as the n (n + 1)/2 distinct
ones (empirical: no gathering, and the matrix product rounds 10 columns up to 16)."""


def product_sums(grid: Grid) -> FloatArray:
    """T_R[psi_i psi_k phi], (n, n), symmetric."""
    n, axes, split = len(grid.k), grid.axes, grid.split
    logits = _logits(grid)
    inner = _whole(grid, logits, 1, split)
    columns = _whole(grid, logits, split, len(axes))
    if columns is None:
        columns = np.ones((n + 1, 1))
    right = columns[:n]
    table = _products(columns).T
    space = np.empty((min(grid.rows, grid.row_nodes), len(table)))
    packed = np.zeros(table.shape[1])
    for rows in _rows(grid, logits[0], inner):
        left = rows[:n].T
        sums = np.empty((len(left), table.shape[1]))
        for start in range(0, len(left), grid.rows):
            part = left[start : start + grid.rows]
            s = np.dot(part, right, out=space[: len(part)])
            np.multiply(s, s, out=s)
            np.divide(1.0, s, out=s)  # NumPy's reciprocal takes twice as long
            np.dot(s, table, out=sums[start : start + grid.rows])
        packed += np.einsum("pm,mp->p", _products(rows), sums)
    packed *= math.prod([a.step / ROOT_2PI for a in axes])
    if n > FULL:
        return packed[pair_places(n)[2]]
    square = packed.reshape(n, n)
    return 0.5 * (square + square.T)


def _logits(grid: Grid) -> FloatArray:
    """Coefficients (r, n + 1, 3) of the index of a node, its square and 1: the logits of every
    axis, and last -y^2/2."""
    n, r = grid.v.shape
    steps = np.array([a.step for a in grid.axes])
    out = np.zeros((r, n + 1, 3))
    out[:, :n, 0] = (grid.v * steps).T
    out[:, n, 1] = -0.5 * steps * steps
    out[0, :n, 2] = grid.k
    return out


def _rows(grid: Grid, logits: FloatArray, inner: FloatArray | None) -> Iterator[FloatArray]:
    """The factors of the rows, in chunks of the first axis."""
    count = grid.axes[0].count
    for start in range(-count, count + 1, grid.lead):
        rows = _factors(logits, start, min(start + grid.lead, count + 1))
        yield rows if inner is None else _joined(rows, inner)


def _whole(grid: Grid, logits: FloatArray, start: int, stop: int) -> FloatArray | None:
    """The factors of the axes from ``start`` to ``stop``; None for no axes."""
    out: FloatArray | None = None
    for j in range(start, stop):
        count = grid.axes[j].count
        one = _factors(logits[j], -count, count + 1)
        out = one if out is None else _joined(out, one)
    return out


def _factors(logits: FloatArray, start: int, stop: int) -> FloatArray:
    """exp of the logits of one axis at its nodes ``start`` to ``stop``, and last its weights
    without their constant, (n + 1, stop - start)."""
    small = max(-start, stop) <= REMEMBERED
    z = np.dot(logits, _remembered(start, stop) if small else _powers(start, stop))
    out: FloatArray = np.exp(z, out=z)
    return out


def _powers(start: int, stop: int) -> FloatArray:
    index = np.arange(start, stop, dtype=np.float64)
    return np.stack((index, index * index, np.ones_like(index)))


@lru_cache(maxsize=64)
def _remembered(start: int, stop: int) -> FloatArray:
    out = _powers(start, stop)
    out.setflags(write=False)
    return out


def _joined(a: FloatArray, b: FloatArray) -> FloatArray:
    return (a[:, :, None] * b[:, None, :]).reshape(len(a), -1)


def _products(factors: FloatArray) -> FloatArray:
    """w b_i b_k, (n^2, m), or for the pairs i <= k alone."""
    b = factors[:-1]
    weighted = b * factors[-1]
    n = len(b)
    if n <= FULL:
        square: FloatArray = b[:, None, :] * weighted
        return square.reshape(n * n, -1)
    first, second, _ = pair_places(n)
    out: FloatArray = b[first]
    out *= weighted[second]
    return out
