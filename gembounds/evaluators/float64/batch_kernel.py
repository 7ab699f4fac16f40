"""The sums over a grid for many mixtures: all that a compiled kernel would have to replace."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from threading import get_ident
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.grid import pair_places

FloatArray = npt.NDArray[np.float64]
Band = tuple[slice, slice]

BLOCK = 1 << 15
"""Numbers in the largest array of a block: 256 kB stay in cache (empirical)."""


class Grid(NamedTuple):
    """The nodes (columns[c], rows[:-1, a]), abs(c - middle) <= ends[a], with the weights
    row_weights[a] column_weights[c].

    ``rows`` (r, A), the last row 1; ``columns`` (C,), C odd; ``ends`` (A,) descends and has few
    different numbers, the first (C - 1)/2."""

    rows: FloatArray
    row_weights: FloatArray
    columns: FloatArray
    column_weights: FloatArray
    ends: npt.NDArray[np.intp]


def overlap_sums(grid: Grid, coordinates: FloatArray, product: bool) -> FloatArray:
    """sum_m w_m psi_i psi_k at the nodes y_m of psi = softmax of <y, v_i> + k_i, (B, n, n).

    ``coordinates`` (B, n, r + 1): v, that of the columns first, and k. ``product``: no product of
    four exponentials of logits, or their inverses, is out of range; else the largest logit at a
    node is taken off first."""
    size, n, r = coordinates.shape
    height, width = grid.row_weights.size, grid.columns.size
    each = n * (n + 1) // 2 if product else n
    bands = list(_bands(grid, max(width, BLOCK // (1 if product else n))))
    largest = max((x.stop - x.start) * (y.stop - y.start) for x, y in bands)
    needed = max(largest * (1 if product else n), each * (height + width))
    most = max(1, BLOCK // needed)
    total = np.empty((size, n, n))
    space = _space(get_ident()) if needed <= BLOCK else np.empty(3 * needed)
    sums = _product if product else _softmax
    for first in range(0, size, most):
        part = coordinates[first : first + most]
        rows = np.dot(part[:, :, 1:].reshape(-1, r - 1), grid.rows).reshape(len(part), n, height)
        columns = part[:, :, :1] * grid.columns
        total[first : first + most] = sums(grid, bands, rows, columns, space)
    return total


def _bands(grid: Grid, most: int) -> Iterator[Band]:
    """Rows that end alike, and their columns, of at most ``most`` nodes."""
    start, middle = 0, grid.columns.size // 2
    for stop in [*(np.flatnonzero(np.diff(grid.ends)) + 1).tolist(), grid.ends.size]:
        end = int(grid.ends[start])
        step = most // (2 * end + 1)
        for first in range(start, stop, step):
            yield slice(first, min(first + step, stop)), slice(middle - end, middle + end + 1)
        start = stop


def _softmax(
    grid: Grid, bands: list[Band], rows: FloatArray, columns: FloatArray, space: FloatArray
) -> FloatArray:
    """For logits (B, n, A) of the rows and (B, n, C) of the columns."""
    size, n, _ = rows.shape
    total = np.zeros((size, n, n))
    for band, across in bands:
        shape = size, n, band.stop - band.start, across.stop - across.start
        t = _part(space, 0, shape)
        np.add(rows[:, :, band, None], columns[:, :, None, across], out=t)
        t = t.reshape(size, n, -1)
        t -= np.maximum.reduce(t, axis=1, keepdims=True)
        np.exp(t, out=t)
        s = np.add.reduce(t, axis=1)
        np.divide(1.0, s, out=s)  # NumPy's reciprocal takes twice as long
        t *= s[:, None]
        weights = np.multiply.outer(grid.row_weights[band], grid.column_weights[across])
        weighted = _part(space, t.size, t.shape)
        np.multiply(t, weights.ravel(), out=weighted)
        total += np.matmul(weighted, t.swapaxes(1, 2))
    return 0.5 * (total + total.swapaxes(1, 2))


def _product(
    grid: Grid, bands: list[Band], rows: FloatArray, columns: FloatArray, space: FloatArray
) -> FloatArray:
    """The same where exponentials of rows and columns can be multiplied."""
    size, n, _ = rows.shape
    np.exp(rows, out=rows)
    np.exp(columns, out=columns)
    outer = _pairs(rows, grid.row_weights, space, 0)
    inner = _pairs(columns, grid.column_weights, space, outer.size)
    total = np.zeros(outer.shape[:2])
    for band, across in bands:
        shape = size, band.stop - band.start, across.stop - across.start
        s = _part(space, outer.size + inner.size, shape)
        np.matmul(rows[:, :, band].swapaxes(1, 2), columns[:, :, across], out=s)
        np.multiply(s, s, out=s)
        np.divide(1.0, s, out=s)
        sums = np.matmul(inner[:, :, across], s.swapaxes(1, 2))
        total += np.einsum("bpa,bpa->bp", outer[:, :, band], sums)
    return total[:, pair_places(n)[2]]


def _pairs(factors: FloatArray, weights: FloatArray, space: FloatArray, at: int) -> FloatArray:
    """w b_i b_k for i <= k, (B, pairs, m)."""
    size, n, m = factors.shape
    out = _part(space, at, (size, n * (n + 1) // 2, m))
    weighted = factors * weights
    start = 0
    for i in range(n):
        stop = start + n - i
        np.multiply(weighted[:, i, None], factors[:, i:], out=out[:, start:stop])
        start = stop
    return out


def _part(space: FloatArray, start: int, shape: tuple[int, ...]) -> FloatArray:
    return space[start : start + math.prod(shape)].reshape(shape)


@lru_cache(maxsize=4)
def _space(_thread: int) -> FloatArray:
    """Memory kept for a thread: touching new memory takes as long as the sums in it."""
    return np.empty(3 * BLOCK)
