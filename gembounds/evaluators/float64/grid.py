"""Weighted sums over a tensor grid in float64: blocks of nodes, products of per-axis factors.

The axes form two groups, rows A and columns B; the logits are sums of two tables, LA (n, A) and
LB (n, B). Where their range allows it, exponentials of the tables are taken once and S on the
grid is a matrix product (``product`` form); else each node's logits are reduced by their
largest and exponentiated (``softmax`` form). Memory: a block has at most ``BLOCK`` nodes (or one
row of columns), in the softmax form ``BLOCK / n``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.values.rule import Axis

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

BLOCK = 1 << 18
"""Nodes of a block: 2 MB an array, a few arrays at once (empirical: near the cache's size)."""

COLUMNS = 2048
"""Most nodes in a column group of several axes: what one product contracts (empirical)."""

SERIAL = 1 << 19
"""Multiplications in one matrix product of a small grid: below where OpenBLAS starts threads,
which on a busy machine can take a hundred times longer than the product (empirical)."""

SMALL_GRID = 1 << 23
"""Multiplications in all up to which a grid counts as small: threads would gain little."""

PAIR_ENTRIES = 1 << 21
"""Rows of a block times pairs of components: 16 MB an array, five at once (a choice)."""

TABLE_ENTRIES = 1 << 22
"""Columns times pairs of components, at most, in the product form: 32 MB, three at once."""

PRODUCT_RANGE = 600.0
"""Most that the logarithms in the product form may range over, so that no product or quotient
leaves float64's normal range, exp(+-708)."""

CHUNK = 1 << 16
"""Rows times pairs whose products are taken at once in the product form (a choice)."""

REMEMBERED = 512
"""Axes of up to this many nodes on a side keep them (16 kB each)."""

ROOT_2PI = math.sqrt(2.0 * math.pi)


class Table(NamedTuple):
    """Logits (n, m) and weights (m,) of a group of axes at its m nodes."""

    logits: FloatArray
    weights: FloatArray


class Grid(NamedTuple):
    """Axes, per-axis pulls v (n, r) and constants k (n,) of the logits <y, v_i> + k_i.

    ``reach`` bounds sum_j max_i |y_j v_ij| on the grid and ``drop`` is max |k_i|. Axes from
    ``split`` on are the columns. A block in the product form is ``rows`` (of ``row_nodes``) times
    all columns; rows are prepared ``lead`` nodes of the first axis at a time. ``chain``: most
    additions that one term of the sums goes through.
    """

    axes: tuple[Axis, ...]
    v: FloatArray
    k: FloatArray
    reach: float
    drop: float
    split: int
    product_form: bool
    rows: int
    row_nodes: int
    lead: int
    chain: float


class Layout(NamedTuple):
    """What of a grid the axes and n decide: the radii, half the sum of their squares (inf where
    there is no product form), and the fields of :class:`Grid`; ``chains`` without and with the
    product form."""

    radii: tuple[float, ...]
    tails: float
    split: int
    rows: int
    row_nodes: int
    lead: int
    chains: tuple[float, float]


def make_grid(axes: Sequence[Axis], v: FloatArray, k: FloatArray) -> Grid:
    axes = tuple(axes)
    radii, tails, split, rows, row_nodes, lead, chains = _layout(axes, len(k))
    reach = 0.0
    for radius, x in zip(radii, v.T.tolist(), strict=True):
        reach += radius * max(max(x), -min(x))
    reach *= 1 + 1e-12
    drop = max(map(abs, k.tolist()))
    product = tails + 4 * reach + 4 * drop < PRODUCT_RANGE
    return Grid(axes, v, k, reach, drop, split, product, rows, row_nodes, lead, chains[product])


@lru_cache(maxsize=1024)
def _layout(axes: tuple[Axis, ...], n: int) -> Layout:
    """Remembered: most mixtures share theirs with others."""
    pairs = n * (n + 1) // 2
    radii = tuple([count * step for _, step, count, _ in axes])
    sizes = [2 * count + 1 for _, _, count, _ in axes]
    nodes, (split, columns) = math.prod(sizes), _columns(sizes)
    fits = pairs * columns <= TABLE_ENTRIES
    tails = sum([0.5 * x * x for x in radii]) if fits else math.inf
    if nodes * pairs <= SMALL_GRID:  # a small grid is cut into more blocks
        block = min(BLOCK, max(1, SERIAL // pairs))
    else:
        block = min(BLOCK, columns * max(1, PAIR_ENTRIES // pairs))
    rows = max(1, block // columns)
    inner = math.prod(sizes[1:split])
    lead = max(1, max(rows, CHUNK // pairs) // inner)
    chains = _chain(nodes, n, 0, inner, block), _chain(nodes, n, columns, inner, block)
    return Layout(radii, tails, split, rows, nodes // columns, lead, chains)


def _chain(nodes: int, n: int, columns: int, inner: int, block: int) -> float:
    """Columns, rows prepared at once (``inner`` of them for a node of the first axis), blocks; in
    the softmax form (no columns) one product contracts the whole block. Rounding rows to whole
    numbers halves a block at most, and rounding slices of the first axis once more."""
    blocks = 4.0 + 4.0 * n * nodes / block
    if not columns:
        return min(nodes, 2.0 * BLOCK) + blocks
    return columns + min(nodes / columns, max(2.0 * BLOCK, inner)) + blocks


def _columns(sizes: Sequence[int]) -> tuple[int, int]:
    """Where the column group starts, and its nodes: trailing axes, ``COLUMNS`` at most or one."""
    split = max(1, len(sizes) - 1)
    nodes = math.prod(sizes[split:])
    while split > 1 and nodes * sizes[split - 1] <= COLUMNS:
        split -= 1
        nodes *= sizes[split]
    return split, nodes


def softmax_sums(grid: Grid) -> FloatArray:
    """T_R[psi_i psi_k phi], (n, n), symmetric, whatever the range of the logits."""
    n = len(grid.k)
    total = np.zeros((n, n))
    for left, right in _blocks(grid, BLOCK // n):
        z, _ = _softmax(left, right)
        w = np.multiply.outer(left.weights, right.weights)
        total += np.dot((z * w).reshape(n, -1), z.reshape(n, -1).T)
    return 0.5 * (total + total.T)


def log_sum(grid: Grid) -> float:
    """T_R[log sum_i exp(<y, v_i> + k_i) phi] for non-negative logarithms, whatever their range."""
    total = 0.0
    for left, right in _blocks(grid, BLOCK // len(grid.k)):
        values = _softmax(left, right)[1]
        np.maximum(values, 0.0, out=values)
        total += float(np.dot(left.weights, np.dot(values, right.weights)))
    return total


def small_log_sum(grid: Grid, weights: FloatArray) -> float:
    """The same where all |<y, v_i> + c_i| <= 1, k = c + log pi: through expm1 and log1p."""
    total = 0.0
    for left, right in _blocks(grid, BLOCK // len(grid.k)):
        t = left.logits[:, :, None] + right.logits[:, None, :]
        np.expm1(t, out=t)
        mean = np.tensordot(weights, t, axes=(0, 0))
        values = np.log1p(np.maximum(mean, 0.0))
        total += float(np.dot(left.weights, np.dot(values, right.weights)))
    return total


def posteriors(grid: Grid, limit: int) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Posteriors (n, m) and weights (m,) at the nodes, near ``limit`` nodes (or one row of
    columns) at a time; for no axes at all, one node of weight 1."""
    n = len(grid.k)
    if not grid.axes:
        z = np.exp(grid.k - grid.k.max())
        yield (z / z.sum())[:, None], np.ones(1)
        return
    for left, right in _blocks(grid, limit):
        z, _ = _softmax(left, right)
        yield z.reshape(n, -1), np.multiply.outer(left.weights, right.weights).ravel()


def _softmax(left: Table, right: Table) -> tuple[FloatArray, FloatArray]:
    """Posteriors (n, rows, columns) and the logarithms of S."""
    z = left.logits[:, :, None] + right.logits[:, None, :]
    top = z.max(axis=0)
    z -= top
    np.exp(z, out=z)
    s = z.sum(axis=0)
    z /= s
    np.log(s, out=s)
    s += top
    return z, s


def _blocks(grid: Grid, limit: int) -> Iterator[tuple[Table, Table]]:
    """Row tables of bounded size, each with the one column table."""
    axes, v, split = grid.axes, grid.v, grid.split
    right = _table(axes[split:], v[:, split:])
    inner = _table(axes[1:split], v[:, 1:split]) if split > 1 else None
    rows = max(1, limit // len(right.weights))
    leading = max(1, rows // len(inner.weights)) if inner else rows
    count = axes[0].count
    for start in range(-count, count + 1, leading):
        y, w = nodes(axes[0], start, min(start + leading, count + 1))
        outer = Table(v[:, :1] * y[0] + grid.k[:, None], w)
        left = _joined(outer, inner) if inner else outer
        for k in range(0, len(left.weights), rows):
            if rows >= len(left.weights):
                yield left, right
            else:
                yield Table(left.logits[:, k : k + rows], left.weights[k : k + rows]), right


def _table(axes: Sequence[Axis], v: FloatArray) -> Table:
    table: Table | None = None
    for j, axis in enumerate(axes):
        y, w = nodes(axis, -axis.count, axis.count + 1)
        one = Table(v[:, j : j + 1] * y[0], w)
        table = one if table is None else _joined(table, one)
    return table or Table(np.zeros((len(v), 1)), np.ones(1))


def _joined(a: Table, b: Table) -> Table:
    n = len(a.logits)
    return Table(
        (a.logits[:, :, None] + b.logits[:, None, :]).reshape(n, -1),
        np.multiply.outer(a.weights, b.weights).ravel(),
    )


def nodes(axis: Axis, start: int, stop: int) -> tuple[FloatArray, FloatArray]:
    """The nodes k h of an axis, ``start`` <= k < ``stop``, above a row of ones, (2, m), and their
    weights; not to be written to."""
    _, step, count, _ = axis
    if count > REMEMBERED:
        return _nodes(step, start, stop)
    y, w = _remembered(step, count)
    if stop - start > 2 * count:
        return y, w
    return y[:, start + count : stop + count], w[start + count : stop + count]


@lru_cache(maxsize=256)
def _remembered(step: float, count: int) -> tuple[FloatArray, FloatArray]:
    y, w = _nodes(step, -count, count + 1)
    y.setflags(write=False)
    w.setflags(write=False)
    return y, w


def _nodes(step: float, start: int, stop: int) -> tuple[FloatArray, FloatArray]:
    out = np.ones((2, stop - start))
    y = out[0]
    y[:] = np.arange(start, stop)
    y *= step
    return out, np.exp(-0.5 * y * y) * (step / ROOT_2PI)


@lru_cache(maxsize=32)
def pair_places(n: int) -> tuple[IndexArray, IndexArray, IndexArray]:
    """The pairs i <= k, and where the pair of (i, k) or (k, i) is among them, (n, n)."""
    first, second = np.triu_indices(n)
    place = np.empty((n, n), dtype=np.intp)
    place[first, second] = place[second, first] = np.arange(len(first))
    return first, second, place
