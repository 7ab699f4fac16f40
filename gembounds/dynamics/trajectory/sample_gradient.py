"""The gradient of the negative log-likelihood of data, for many runs, block by block."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

BLOCK = 1 << 17
"""Posteriors of a block: 1 MB, inside the cache (empirical)."""


def gradients(
    points: FloatArray,
    means: FloatArray,
    log_weights: FloatArray,
    chosen: npt.NDArray[np.intp] | None = None,
) -> FloatArray:
    """mean over x of psi_i(x) (mu_i - x), (runs, n, d), for ``points`` (N, d) or (runs, N, d);
    of the latter, those that are ``chosen``, one for each of ``means`` (runs, n, d)."""
    own = np.arange(len(means)) if chosen is None else chosen
    runs, n, d = means.shape
    size = points.shape[-2]
    rows = max(1, min(size, BLOCK // n))
    group = max(1, BLOCK // (n * rows)) if rows == size else 1
    out = np.empty_like(means)
    constants = log_weights - 0.5 * (means * means).sum(axis=2)
    for r in range(0, runs, group):
        some = slice(r, min(r + group, runs))
        mass = np.zeros((some.stop - r, n))
        first = np.zeros((some.stop - r, n, d))
        for k in range(0, size, rows):
            if points.ndim == 2:
                x = points[k : k + rows]
            elif rows == size:
                x = points[own[some]]
            else:
                x = points[own[r], k : k + rows][None]
            z = means[some] @ np.swapaxes(x, -1, -2)
            z += constants[some, :, None]
            z -= z.max(axis=1, keepdims=True)
            np.exp(z, out=z)
            z /= z.sum(axis=1, keepdims=True)
            mass += z.sum(axis=2)
            first += z @ x
        out[some] = (means[some] * mass[:, :, None] - first) / size
    return out
