"""Where overlaps concentrate, and how small they are: estimates that size a grid."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def smallest_log_overlap(coordinates: FloatArray, log_weights: FloatArray) -> float:
    """About ``min_ik log max_y psi_i psi_k exp(-|y|^2/2)``: an estimate, never a bound."""
    unit = np.eye(len(coordinates))
    first, second = np.triu_indices(len(coordinates))
    return float(log_peaks(coordinates, log_weights, unit[first] + unit[second])[0].min())


def log_peaks(
    coordinates: FloatArray, log_weights: FloatArray, powers: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """About ``log max_y prod_i psi_i^p_i exp(-|y|^2/2)`` for each row p of ``powers``, and y.

    ``log psi_i = t_i - log sum exp t`` is concave, so each integrand is log-concave with one
    peak, found by Newton's method with step halving, all rows at once.
    """
    rows, r = len(powers), coordinates.shape[1]
    offset = log_weights - 0.5 * np.sum(coordinates**2, axis=1)
    pull, base, degree = powers @ coordinates, powers @ offset, powers.sum(axis=1)

    def value(y: FloatArray) -> tuple[FloatArray, FloatArray]:
        t = y @ coordinates.T + offset
        top = t.max(axis=1)
        e = np.exp(t - top[:, None])
        total = e.sum(axis=1)
        height = base + np.sum(y * pull, axis=1) - degree * (top + np.log(total))
        return height - 0.5 * np.sum(y * y, axis=1), e / total[:, None]

    y = np.zeros((rows, r))
    height, psi = value(y)
    for _ in range(80):
        mean = psi @ coordinates
        slope = pull - y - degree[:, None] * mean
        spread = np.einsum("pm,mi,mj->pij", psi, coordinates, coordinates)
        spread -= mean[:, :, None] * mean[:, None, :]
        curvature = np.eye(r) + degree[:, None, None] * spread
        step = np.linalg.solve(curvature, slope[:, :, None])[:, :, 0]
        size = np.ones(rows)
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
    return height, y
