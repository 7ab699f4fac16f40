"""Rotations to principal axes, many at once: what they are is not trusted, only how orthogonal."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def rotations(v: FloatArray) -> FloatArray:
    """Of coordinates (r, n, B), r = 2 or 3, the matrices (r, r, B) whose columns are near their
    principal axes: in closed form for two, by eigenvalues for three."""
    centred = v - v.mean(axis=1, keepdims=True)
    scatter = np.einsum("jib,kib->jkb", centred, centred)
    if len(v) == 2:
        return _of_two(scatter)
    finite = np.isfinite(scatter).all(axis=(0, 1))
    axes = np.linalg.eigh(np.where(finite, scatter, 0.0).transpose(2, 0, 1))[1]
    return np.ascontiguousarray(axes.transpose(1, 2, 0))


def _of_two(scatter: FloatArray) -> FloatArray:
    """cos and sin of half the angle of (a - b, 2 c), for the scatter ((a, c), (c, b))."""
    half, c = 0.5 * (scatter[0, 0] - scatter[1, 1]), scatter[0, 1]
    length = np.sqrt(half * half + c * c)
    ratio = np.where(length > 0, half / length, 1.0)
    cosine = np.sqrt(0.5 + 0.5 * ratio)
    sine = np.copysign(np.sqrt(np.maximum(0.5 - 0.5 * ratio, 0.0)), c)
    return np.stack((cosine, -sine, sine, cosine)).reshape(2, 2, -1)
