"""Posteriors at points and along lines through 0, over batches, in plain float64."""

from __future__ import annotations

from typing import Any

import numpy as np

from gembounds.points.batch import Batch, FloatArray

NODES = 24
"""Gauss-Legendre nodes of each piece of a half line (a choice)."""

PIECES = np.array([0.0, 1e-4, 1e-3, 1e-2, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
"""Ends of the pieces of [0, 1]: near 0 psi may change quickly."""

CHUNK = 2000
"""Configurations at a time."""


def log_posteriors(b: Batch, x: FloatArray) -> FloatArray:
    """log psi_i(x), (B, n), for x (B, d)."""
    return _shares(np.einsum("bid,bd->bi", b.means, x) - b.norms2 / 2 + np.log(b.weights))


def log_line_integral(b: Batch) -> FloatArray:
    """log of the integral of psi_i psi_j(tx) over [-1, 1]; i, j and x are the batch's."""
    t, w = _rule()
    out = np.empty(len(b))
    slopes = np.einsum("bid,bd->bi", b.means, b["x"])
    offset = np.log(b.weights) - b.norms2 / 2
    for start in range(0, len(b), CHUNK):
        rows = slice(start, start + CHUNK)
        logs = _shares(offset[rows, None, :] + slopes[rows, None, :] * t[None, :, None])
        each = np.arange(len(logs))
        both = logs[each, :, b["i"][rows]] + logs[each, :, b["j"][rows]]
        high = both.max(axis=1, keepdims=True)
        out[rows] = high[:, 0] + np.log(np.exp(both - high) @ w)
    return out


def _rule() -> tuple[FloatArray, FloatArray]:
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    middle, half = (PIECES[1:] + PIECES[:-1]) / 2, np.diff(PIECES) / 2
    t = (middle[:, None] + half[:, None] * nodes).ravel()
    w = (half[:, None] * weights).ravel()
    return np.concatenate((-t[::-1], t)), np.concatenate((w[::-1], w))


def _shares(logits: Any) -> FloatArray:
    top = logits.max(axis=-1, keepdims=True)
    found: FloatArray = logits - top - np.log(np.exp(logits - top).sum(axis=-1, keepdims=True))
    return found
