"""Where overlaps concentrate, and how small they are: estimates that size a grid."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def smallest_log_overlap(coordinates: FloatArray, log_weights: FloatArray) -> float:
    """About ``min_ik log max_y psi_i psi_k exp(-|y|^2/2)``: an estimate, never a bound.

    ``log psi_i = t_i - log sum exp t`` is concave, so each pair's integrand is log-concave with
    one peak, found by Newton's method with step halving, all pairs at once.
    """
    m, r = coordinates.shape
    first, second = np.triu_indices(m)
    offset = log_weights - 0.5 * np.sum(coordinates**2, axis=1)
    pull = coordinates[first] + coordinates[second]
    base = offset[first] + offset[second]

    def value(y: FloatArray) -> tuple[FloatArray, FloatArray]:
        t = y @ coordinates.T + offset
        top = t.max(axis=1)
        e = np.exp(t - top[:, None])
        total = e.sum(axis=1)
        height = base + np.sum(y * pull, axis=1) - 2 * (top + np.log(total))
        return height - 0.5 * np.sum(y * y, axis=1), e / total[:, None]

    y = np.zeros((len(first), r))
    height, psi = value(y)
    for _ in range(80):
        mean = psi @ coordinates
        slope = pull - y - 2 * mean
        spread = np.einsum("pm,mi,mj->pij", psi, coordinates, coordinates)
        curvature = np.eye(r) + 2 * (spread - mean[:, :, None] * mean[:, None, :])
        step = np.linalg.solve(curvature, slope[:, :, None])[:, :, 0]
        size = np.ones(len(first))
        for _ in range(12):
            trial, posterior = value(y + size[:, None] * step)
            worse = trial < height
            if not worse.any():
                break
            size = np.where(worse, 0.3 * size, size)
        better = trial >= height
        gain = np.where(better, trial - height, 0.0)
        y = np.where(better[:, None], y + size[:, None] * step, y)
        height = np.where(better, trial, height)
        psi = np.where(better[:, None], posterior, psi)
        if gain.max() < 0.1:
            break
    return float(height.min())
