"""The recorded quantities of the exact states within ``e`` of those computed.

|L(mu*) - L(mu)|              <= |grad L(mu)| e + K e^2/2,   K = 1 + (mu_max + e)^2 >= |H|
||grad L(mu*)| - |grad L(mu)|| <= K e
|sqrt U(mu*) - sqrt U(mu)|    <= e,     |mu_max(mu*) - mu_max(mu)| <= e
|sqrt D(mu*) - sqrt D(mu)|    <= sqrt(pi_max) e,   D = sum_i pi_i |mu_i|^2.

Where the weights move, e is that of (mu, log pi): K is taken at mu_max + 1, L changes by
|E psi - pi| e <= 2 e and e^2 besides, and sqrt D by (mu_max + e) e for e < 1, since then
|exp(e/2) - 1| <= e.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.trajectory.smoothness import steepest
from gembounds.dynamics.trajectory.start import Start
from gembounds.evaluators.float64.coordinates import ROUND
from gembounds.values.rounding import U, gamma

FloatArray = npt.NDArray[np.float64]
Ends = tuple[FloatArray, FloatArray]

TINY = 1e-150


@np.errstate(all="ignore")
def quantities_of(
    means: FloatArray, slopes: FloatArray, errors: FloatArray, losses: FloatArray,
    distance: FloatArray, start: Start, weights: FloatArray, moving: bool,
) -> dict[str, Ends]:  # fmt: skip
    """Ends (T,) of each of :data:`gembounds.dynamics.trajectory.record.QUANTITIES` of T states:
    means, gradients and their errors (T, k, d), ends of L (T, 2), distances (T,), the weights
    (T, k), and whether they move."""
    counts = start.counts
    squares = (means * means).sum(axis=2)
    top = np.sqrt(squares.max(axis=1))
    size = np.sqrt(squares @ counts)
    arm, shift = 0.0, np.zeros(len(top))
    if moving:  # the weights' logarithms are among what is at a distance
        arm = 1.0
        shift = np.where(distance < 1, (top * (1 + 1e-9) + distance) * distance, np.inf)
    weighted = np.sqrt((squares * weights).sum(axis=1))
    slope = np.sqrt((slopes * slopes).sum(axis=2) @ counts)
    error = np.sqrt((errors * errors).sum(axis=2) @ counts)
    relative = gamma(means[0].size + 40)
    grown = (1 + relative) * ROUND
    seen = top * grown
    if not start.data.at_origin:
        seen = start.seen(means)
    steep = steepest(seen + distance + TINY + arm)
    moved = (slope + error) * grown * distance + 0.5 * steep * distance * distance
    moved = moved + arm * (2 * distance + distance * distance)
    moved, turned = (np.where(distance > 0, x, 0.0) for x in (moved, steep * distance))
    heaviest = np.sqrt((weights / counts).max(axis=1)) * (1 + 8 * U)
    return {
        "loss": _widened(losses[:, 0], losses[:, 1], moved),
        "U": _square(_around(size, relative, distance)),
        "mu_max": _around(top, relative, distance),
        "gradient_norm": _around(slope, relative, error * grown + turned),
        "parametric_distance": _square(_around(weighted, relative, heaviest * distance + shift)),
    }


def _around(value: FloatArray, relative: float, by: FloatArray) -> Ends:
    return _widened(value * (1 - relative), value * (1 + relative), by)


def _widened(low: FloatArray, high: FloatArray, by: FloatArray) -> Ends:
    """[low - by, high + by] rounded outward, not below 0; everything where that is not finite."""
    least = np.maximum(0.0, (low - by) * (1 - 8 * U) - 8 * U * by - TINY)
    most = (high + by) * (1 + 8 * U) + TINY
    unknown = ~np.isfinite(most)
    return np.where(unknown, 0.0, least), np.where(unknown, np.inf, most)


def _square(ends: Ends) -> Ends:
    low, high = ends
    return np.maximum(0.0, low * low * (1 - 4 * U) - 1e-300), high * high * (1 + 4 * U)
