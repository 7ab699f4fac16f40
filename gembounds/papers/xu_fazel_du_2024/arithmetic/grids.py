"""Averages over x for mixtures whose means lie in the first one or two coordinates.

Mixtures are sorted into classes by mu_max, and a class shares its grid. On a line: a trapezoidal
rule, whose step is what the strip of :mod:`gembounds.values.rule` asks for an error near 1e-8 at
the largest distance. In a plane: the odd parts in polar coordinates, as x/|x| is not smooth at 0;
the changes of products, whose absolute values have kinks, on a square grid, good to three digits.
No bound is computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.papers.xu_fazel_du_2024.arithmetic.chi import law
from gembounds.points.batch import Batch, FloatArray


class Class(NamedTuple):
    """mu_max up to ``top``: the step on a line, the directions in half a plane."""

    top: float
    step: float
    directions: int


CLASSES = (
    Class(0.25, 0.6, 16), Class(1.0, 0.4, 40), Class(2.0, 0.24, 80), Class(4.0, 0.12, 240),
    Class(12.0, 0.04, 300),
)  # fmt: skip
"""A choice."""

FARTHEST = 9.0
"""Radius at which polar nodes end: beyond it there is less than 1e-17."""

CHUNK = 100_000
"""Entries of an array at a time: they stay in cache (empirical)."""

Grid = tuple[FloatArray, FloatArray]
IndexArray = npt.NDArray[np.intp]


def posteriors(means: FloatArray, weights: FloatArray, y: FloatArray) -> FloatArray:
    """psi_i at the nodes y (N, m) for means (B, n, m): (B, N, n)."""
    logits = np.log(weights) - (means**2).sum(axis=2) / 2
    values = np.einsum("bim,km->bki", means, y) + logits[:, None, :]
    values = np.exp(values - values.max(axis=2, keepdims=True))
    found: FloatArray = values / values.sum(axis=2, keepdims=True)
    return found


def line_grid(reach: float, step: float) -> Grid:
    """Nodes (N, 1) and weights (N,) of the standard normal law on a line."""
    k = int(np.ceil(reach / step))
    axis = step * np.arange(-k, k + 1, dtype=np.float64)
    weight = np.exp(-(axis**2) / 2)
    share: FloatArray = weight / weight.sum()
    return axis[:, None], share


def square_grid(reach: float, step: float) -> Grid:
    axis, weight = line_grid(reach, step)
    u, v = np.meshgrid(axis[:, 0], axis[:, 0], indexing="ij")
    w: FloatArray = np.outer(weight, weight).ravel()
    inside = w > 1e-14 * w.max()
    return np.column_stack((u.ravel(), v.ravel()))[inside], w[inside]


def half_circles(directions: int) -> Grid:
    """Polar nodes over half the plane, for even integrands."""
    nodes, weights = np.polynomial.legendre.leggauss(30 + directions // 2)
    r = FARTHEST / 2 * (nodes + 1)
    weights = weights * r * np.exp(-r * r / 2)
    angle = np.pi * np.arange(directions) / directions
    unit = np.column_stack((np.cos(angle), np.sin(angle)))
    y = r[:, None, None] * unit[None, :, :]
    w = np.repeat(weights[:, None] / weights.sum(), directions, axis=1) / directions
    return y.reshape(-1, 2), w.ravel()


def classes(batch: Batch, grid: Callable[[Class], Grid]) -> Iterator[
    tuple[IndexArray, FloatArray, FloatArray]
]:  # fmt: skip
    """Rows, nodes and weights, chunk by chunk."""
    low = -1.0
    for kind in CLASSES:
        rows = np.flatnonzero((batch.top > low) & (batch.top <= kind.top))
        low = kind.top
        if rows.size:
            y, w = grid(kind)
            size = max(1, CHUNK // (len(y) * batch.n))
            for start in range(0, len(rows), size):
                yield rows[start : start + size], y, w


def reach(kind: Class) -> float:
    return 9.0 + min(kind.top, 2.0)


def even_grid(m: int) -> Callable[[Class], Grid]:
    if m == 1:
        return lambda kind: line_grid(reach(kind), kind.step)
    return lambda kind: half_circles(kind.directions)


def kink_grid(m: int) -> Callable[[Class], Grid]:
    if m == 1:
        return lambda kind: line_grid(reach(kind), kind.step / 12)
    return lambda kind: square_grid(reach(kind) - 3, min(kind.step, 0.2))


def odd_parts(batch: Batch) -> tuple[FloatArray, FloatArray]:
    """E|g|^2 and E<g, xbar>^2 of g = psi~(x) - psi~(-x), each (B,)."""
    m = min(batch.d, 2)
    whole, radial = np.full(len(batch), np.nan), np.full(len(batch), np.nan)
    for rows, y, w in classes(batch, even_grid(m)):
        means, weights = batch.means[rows, :, :m], batch.weights[rows]
        odd = posteriors(means, weights, y) - posteriors(means, weights, -y)
        g = odd @ means
        whole[rows] = (g**2).sum(axis=2) @ w
        along = np.einsum("bkm,km->bk", g, y) ** 2
        radial[rows] = along @ (w * _inverse_square(y, batch.d - m))
    return whole, radial


def _inverse_square(y: FloatArray, rest: int) -> FloatArray:
    """E 1/(|y|^2 + |z|^2), z standard normal in ``rest`` dimensions; 0 at y = 0, where it is
    multiplied by 0."""
    s = (y**2).sum(axis=1)
    safe = np.where(s > 0, s, 1.0)
    if rest == 0:
        return np.where(s > 0, 1 / safe, 0.0)
    r, weights = law([rest])
    mean = (1 / (safe[:, None] + r[0] ** 2)) @ weights[0]
    found: FloatArray = np.where(s > 0, mean, 0.0)
    return found


def product_changes(batch: Batch, moved: Batch) -> FloatArray:
    """E|psi_i psi_k(x|mu') - psi_i psi_k(x|mu)|, (B, n, n)."""
    m = min(batch.d, 2)
    out = np.full((len(batch), batch.n, batch.n), np.nan)
    for rows, y, w in classes(batch, kink_grid(m)):
        old = posteriors(batch.means[rows, :, :m], batch.weights[rows], y)
        new = posteriors(moved.means[rows, :, :m], batch.weights[rows], y)
        for i in range(batch.n):
            for k in range(i + 1):
                change = np.abs(new[:, :, i] * new[:, :, k] - old[:, :, i] * old[:, :, k]) @ w
                out[rows, i, k] = out[rows, k, i] = change
    return out
