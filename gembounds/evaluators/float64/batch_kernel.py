"""The sums over a grid for many mixtures: all that a compiled kernel would have to replace.

Arrays have the components first, then the mixtures, so that what is done at each node runs along
memory."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64 import compiled, memory
from gembounds.evaluators.float64.grid import pair_places

FloatArray = npt.NDArray[np.float64]

BLOCK = 1 << 16
"""Numbers in the largest array of a block: 512 kB stay in cache (empirical)."""


SERIAL = 1 << 18
"""Multiplications of one matrix product: beyond, OpenBLAS starts threads, which on a busy machine
can take a hundred times longer than the product (its 65,536 times 4)."""


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


class Block(NamedTuple):
    """Some mixtures: their logits (n, m, A) in the rows and (n, m, C) in the columns; the bands of
    rows that end alike, with their columns; memory that may be written to."""

    part: slice
    rows: FloatArray
    columns: FloatArray
    bands: list[tuple[slice, slice]]
    space: FloatArray


class Sizes(NamedTuple):
    """What a mixture needs: numbers a node, and a row or column; multiplications a node."""

    node: int
    table: int
    work: int


def overlap_sums(grid: Grid, coordinates: FloatArray, near: bool) -> FloatArray:
    """sum_m w_m psi_i psi_k at the nodes y_m of psi = softmax of <y, v_i> + k_i, (B, n, n).

    ``coordinates`` (n, B, r + 1): v, that of the columns first, and k. ``near``: no product of
    four exponentials of logits, or their inverses, is out of range; else the largest logit at a
    node is taken off first."""
    n, size, r = coordinates.shape
    if near and compiled.chosen(n, size):
        return compiled.overlap_sums(*grid, coordinates)
    product = near and r > 2  # along a line softmax is quicker
    total = np.empty((size, n, n))
    pairs = n * (n + 1) // 2
    sizes = Sizes(1, pairs, pairs) if product else Sizes(2 * n, n, n * n)
    for block in _blocks(grid, coordinates, sizes):
        total[block.part] = _product(grid, block) if product else _softmax(grid, block, near)
    return total


def joint_sums(grid: Grid, coordinates: FloatArray, near: bool) -> tuple[FloatArray, FloatArray]:
    """:func:`overlap_sums` and :func:`log_sums` at once, all by NumPy."""
    n, size, r = coordinates.shape
    product, pairs = near and r > 2, n * (n + 1) // 2
    total, logs = np.empty((size, n, n)), np.zeros(size)
    sizes = Sizes(2, pairs, pairs) if product else Sizes(2 * n, n, n * n)
    for block in _blocks(grid, coordinates, sizes):
        mine = logs[block.part]
        if product:
            total[block.part] = _product(grid, block, mine)
        else:
            total[block.part] = _softmax(grid, block, near, mine)
    return total, logs


def log_sums(grid: Grid, coordinates: FloatArray, near: bool) -> FloatArray:
    """sum_m w_m log sum_i exp(<y_m, v_i> + k_i) for logarithms that are not negative, (B,)."""
    n, size, _ = coordinates.shape
    total = np.zeros(size)
    for block in _blocks(grid, coordinates, Sizes(1, n, n) if near else Sizes(2 * n, n, n)):
        if near:
            np.exp(block.rows, out=block.rows)
            np.exp(block.columns, out=block.columns)
        for band, across in block.bands:
            if near:
                values = _multiplied(block, band, across, 0)
                np.log(values, out=values)
            else:
                t = _logits(block, band, across)
                top = np.maximum.reduce(t)
                t -= top
                values = np.log(np.add.reduce(np.exp(t, out=t))) + top
                values = values.reshape(len(values), -1, across.stop - across.start)
            np.maximum(values, 0.0, out=values)
            inner = values @ grid.column_weights[across]
            total[block.part] += inner @ grid.row_weights[band]
    return total


def _blocks(grid: Grid, coordinates: FloatArray, sizes: Sizes) -> Iterator[Block]:
    n, size, r = coordinates.shape
    height, width = grid.row_weights.size, grid.columns.size
    each, table, work = sizes
    bands = list(_bands(grid, max(width, min(BLOCK // each, SERIAL // work))))
    largest = max((x.stop - x.start) * (y.stop - y.start) for x, y in bands)
    needed = max(largest * each, table * (height + width))
    most = max(1, min(BLOCK // needed, SERIAL // (n * r * height)))
    space = memory.space("grids", 3 * BLOCK) if needed <= BLOCK else np.empty(3 * needed)
    for first in range(0, size, most):
        part = coordinates[:, first : first + most]
        rows = np.dot(part[:, :, 1:].reshape(-1, r - 1), grid.rows).reshape(n, -1, height)
        columns = part[:, :, :1] * grid.columns
        yield Block(slice(first, first + most), rows, columns, bands, space)


def _bands(grid: Grid, most: int) -> Iterator[tuple[slice, slice]]:
    """Rows that end alike, and their columns, of at most ``most`` nodes."""
    start, middle = 0, grid.columns.size // 2
    for stop in [*(np.flatnonzero(np.diff(grid.ends)) + 1).tolist(), grid.ends.size]:
        end = int(grid.ends[start])
        step = most // (2 * end + 1)
        for first in range(start, stop, step):
            yield slice(first, min(first + step, stop)), slice(middle - end, middle + end + 1)
        start = stop


def _logits(block: Block, band: slice, across: slice) -> FloatArray:
    """The logits, (n, m, nodes)."""
    rows, columns = block.rows[:, :, band, None], block.columns[:, :, None, across]
    t = _part(block.space, 0, (*rows.shape[:3], columns.shape[3]))
    return np.add(rows, columns, out=t).reshape(*rows.shape[:2], -1)


def _multiplied(block: Block, band: slice, across: slice, at: int) -> FloatArray:
    """sum_i of products of exponentials of rows and columns, (m, rows, columns)."""
    rows, columns = block.rows[:, :, band].T, block.columns[:, :, across].swapaxes(0, 1)
    out = _part(block.space, at, (len(columns), len(rows), columns.shape[2]))
    return np.matmul(rows.swapaxes(0, 1), columns, out=out)


def _posteriors(
    grid: Grid, block: Block, near: bool, logs: FloatArray | None = None
) -> Iterator[tuple[FloatArray, FloatArray, FloatArray]]:
    """psi (n, m, nodes) and the nodes' weights, band by band; memory that may be written to. The
    weighted sums of log S are added to ``logs`` (m,)."""
    for band, across in block.bands:
        t = _logits(block, band, across)
        weights = np.multiply.outer(grid.row_weights[band], grid.column_weights[across]).ravel()
        top: FloatArray | float = 0.0
        if not near:
            top = np.maximum.reduce(t)
            t -= top
        np.exp(t, out=t)
        s = np.add.reduce(t)
        if logs is not None:
            logs += np.maximum(np.log(s) + top, 0.0) @ weights
        np.divide(1.0, s, out=s)  # NumPy's reciprocal takes twice as long
        t *= s
        yield t, weights, block.space[t.size :]


def _softmax(grid: Grid, block: Block, near: bool, logs: FloatArray | None = None) -> FloatArray:
    n, size, _ = block.rows.shape
    total = np.zeros((size, n, n))
    for psi, weights, space in _posteriors(grid, block, near, logs):
        weighted = np.multiply(psi, weights, out=_part(space, 0, psi.shape))
        total += np.matmul(weighted.swapaxes(0, 1), psi.transpose(1, 2, 0))
    return 0.5 * (total + total.swapaxes(1, 2))


def fourth_sums(grid: Grid, coordinates: FloatArray, near: bool) -> FloatArray:
    """:func:`overlap_sums` for products of four posteriors, (B, n, n, n, n)."""
    n, size, _ = coordinates.shape
    first, second, place = pair_places(n)
    pairs = len(first)
    total = np.zeros((size, pairs, pairs))
    for block in _blocks(grid, coordinates, Sizes(n + 2 * pairs, n, pairs * pairs)):
        for psi, weights, space in _posteriors(grid, block, near):
            shape = pairs, *psi.shape[1:]
            products = np.multiply(psi[first], psi[second], out=_part(space, 0, shape))
            weighted = np.multiply(products, weights, out=_part(space, products.size, shape))
            total[block.part] += np.matmul(weighted.swapaxes(0, 1), products.transpose(1, 2, 0))
    return total[:, place[:, :, None, None], place]


def _product(grid: Grid, block: Block, logs: FloatArray | None = None) -> FloatArray:
    """The same where exponentials of rows and columns can be multiplied."""
    _, rows, columns, bands, space = block
    np.exp(rows, out=rows)
    np.exp(columns, out=columns)
    outer = _pairs(rows, grid.row_weights, space, 0).swapaxes(0, 1)
    inner = _pairs(columns, grid.column_weights, space, outer.size)
    total = np.zeros(outer.shape[:2])
    for band, across in bands:
        s = _multiplied(block, band, across, outer.size + inner.size)
        if logs is not None:
            values = np.log(s, out=_part(space, outer.size + inner.size + s.size, s.shape))
            np.maximum(values, 0.0, out=values)
            logs += (values @ grid.column_weights[across]) @ grid.row_weights[band]
        np.multiply(s, s, out=s)
        np.divide(1.0, s, out=s)
        sums = np.matmul(outer[:, :, band], s)
        total += np.einsum("pbc,bpc->bp", inner[:, :, across], sums)
    return total[:, pair_places(len(rows))[2]]


def _pairs(factors: FloatArray, weights: FloatArray, space: FloatArray, at: int) -> FloatArray:
    """w b_i b_k for i <= k, (pairs, m, nodes)."""
    n, size, m = factors.shape
    out = _part(space, at, (n * (n + 1) // 2, size, m))
    weighted = factors * weights
    start = 0
    for i in range(n):
        np.multiply(weighted[i], factors[i:], out=out[start : start + n - i])
        start += n - i
    return out


def _part(space: FloatArray, start: int, shape: tuple[int, ...]) -> FloatArray:
    return space[start : start + math.prod(shape)].reshape(shape)
