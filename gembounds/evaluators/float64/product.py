"""Overlap sums over a tensor grid where exp(<y, v_i> + k_i) is a product of factors of the axes.

The trailing axes are the columns, the others the rows; S on a block of nodes is one matrix
product of row and column factors, and the sums over it are products with w b_i b_k.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.grid import BLOCK, SERIAL, Grid, nodes, pair_places

FloatArray = npt.NDArray[np.float64]
Factors = tuple[FloatArray, FloatArray]
"""exp of the logits of some axes at their nodes, (n, m), and the weights (m,)."""


def product_sums(grid: Grid) -> FloatArray:
    """T_R[psi_i psi_k phi], (n, n), symmetric."""
    return _sums(grid, True, False)[0]


def product_log_sum(grid: Grid) -> float:
    """T_R[log sum_i exp(<y, v_i> + k_i) phi] for non-negative logarithms."""
    return _sums(grid, False, True)[1]


def joint_sums(grid: Grid) -> tuple[FloatArray, float]:
    """Both in one pass."""
    return _sums(grid, True, True)


def _sums(grid: Grid, overlaps: bool, logs: bool) -> tuple[FloatArray, float]:
    """Those that are asked for."""
    n, split = len(grid.k), grid.split
    if len(grid.axes) == 1 and grid.row_nodes <= grid.rows:
        return _line_sums(grid, overlaps, logs)
    inner = _whole(grid, 1, split)
    columns = _whole(grid, split, len(grid.axes)) or (np.ones((n, 1)), np.ones(1))
    right, weights = columns
    table = _products(*columns).T if overlaps else np.empty((len(weights), 0))
    space = np.empty((min(grid.rows, grid.row_nodes), len(weights)))
    packed, total = np.zeros(table.shape[1]), 0.0
    for rows in _rows(grid, inner):
        left = rows[0].T
        sums = np.empty((len(left), table.shape[1]))
        for start in range(0, len(left), grid.rows):
            part = slice(start, start + grid.rows)
            s = np.dot(left[part], right, out=space[: len(left) - start])
            if logs:
                total += _mean_log(s if not overlaps else s.copy(), rows[1][part], weights)
            if overlaps:
                np.multiply(s, s, out=s)
                np.divide(1.0, s, out=s)  # NumPy's reciprocal takes twice as long
                np.dot(s, table, out=sums[part])
        if overlaps:
            packed += np.einsum("pm,mp->p", _products(*rows), sums)
    return packed.take(pair_places(n)[2]) if overlaps else packed, total


def _line_sums(grid: Grid, overlaps: bool, logs: bool) -> tuple[FloatArray, float]:
    """Over one axis, all nodes at once: overlaps from the posteriors."""
    count = grid.axes[0].count
    psi, weights = _factors(grid, 0, -count, count + 1)
    s = np.add.reduce(psi)
    if overlaps:
        psi /= s
        psi = np.dot(psi * weights, psi.T)
        psi = 0.5 * (psi + psi.T)
    return psi, _mean_log(s, weights, None) if logs else 0.0


def _mean_log(s: FloatArray, weights: FloatArray, across: FloatArray | None) -> float:
    """The weighted sum of log s, over columns too; overwrites s."""
    np.log(s, out=s)
    np.maximum(s, 0.0, out=s)
    return float(np.dot(weights, s if across is None else np.dot(s, across)))


def _rows(grid: Grid, inner: Factors | None) -> Iterator[Factors]:
    """The factors of the rows, in chunks of the first axis."""
    count = grid.axes[0].count
    for start in range(-count, count + 1, grid.lead):
        rows = _factors(grid, 0, start, min(start + grid.lead, count + 1))
        yield rows if inner is None else _joined(rows, inner)


def _whole(grid: Grid, start: int, stop: int) -> Factors | None:
    """The factors of the axes from ``start`` to ``stop``; None for no axes."""
    out: Factors | None = None
    for j in range(start, stop):
        count = grid.axes[j].count
        one = _factors(grid, j, -count, count + 1)
        out = one if out is None else _joined(out, one)
    return out


def _factors(grid: Grid, j: int, start: int, stop: int) -> Factors:
    """Of one axis at its nodes from ``start`` to ``stop``; the first has the constants k too."""
    y, w = nodes(grid.axes[j], start, stop)
    if j:
        z = np.dot(grid.v[:, j : j + 1], y[:1])
    else:
        both = np.empty((len(grid.k), 2))
        both[:, 0], both[:, 1] = grid.v[:, 0], grid.k
        z = np.dot(both, y)
    return np.exp(z, out=z), w


def _joined(a: Factors, b: Factors) -> Factors:
    (x, v), (y, w) = a, b
    both = (x[:, :, None] * y[:, None, :]).reshape(len(x), -1)
    return both, np.multiply.outer(v, w).ravel()


def _products(b: FloatArray, weights: FloatArray) -> FloatArray:
    """w b_i b_k for the pairs i <= k, (n (n + 1)/2, m)."""
    first, second, _ = pair_places(len(b))
    out: FloatArray = (b * weights).take(first, axis=0)
    out *= b.take(second, axis=0)
    return out


def log_sums(grid: Grid, heights: FloatArray) -> tuple[FloatArray, float]:
    """T_R[log sum_i h_ji exp(<y, v_i>) phi], (J,), for ``heights`` h (J, n), without the constants
    of the grid; and the most additions that a term goes through."""
    count, n = heights.shape
    axes, split = grid.axes, grid.split if len(grid.axes) > 1 else 0
    right, across = _whole(grid, split, len(axes)) or (np.ones((n, 1)), np.ones(1))
    if not split:
        s = np.dot(heights, right)
        return np.dot(np.log(s, out=s), across), len(across)
    total, blocks = np.zeros(count), 0
    step = max(1, min(BLOCK, SERIAL // n) // (count * len(across)))
    for left, down in _rows(grid, _whole(grid, 1, split)):
        for start in range(0, len(down), step):
            part = left.T[start : start + step]
            s = np.dot((heights[:, None] * part).reshape(-1, n), right)
            means = np.dot(np.log(s, out=s), across).reshape(count, -1)
            total += np.dot(means, down[start : start + step])
            blocks += 1
    return total, len(across) + step + blocks
