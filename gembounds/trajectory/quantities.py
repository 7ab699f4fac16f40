"""The recorded quantities of the exact state within ``e`` of the one computed.

    |L(mu*) - L(mu)|            <= |grad L(mu)| e + K e^2/2,     K = 1 + (mu_max + e)^2 >= |H|
    ||grad L(mu*)| - |grad L(mu)|| <= K e
    |sqrt U(mu*) - sqrt U(mu)|  <= e,     |mu_max(mu*) - mu_max(mu)| <= e
    |sqrt D(mu*) - sqrt D(mu)|  <= sqrt(pi_max) e,   D = sum_i pi_i |mu_i|^2.
"""

from __future__ import annotations

import math

import numpy as np

from gembounds.quantities import loss
from gembounds.rounding import U, gamma
from gembounds.trajectory.classes import Classes
from gembounds.trajectory.float_run import largest
from gembounds.trajectory.float_step import State, norm
from gembounds.trajectory.smoothness import steepest

Ends = tuple[float, float]


def quantities_of(state: State, classes: Classes, distance: float, rtol: float) -> dict[str, Ends]:
    """Ends of each quantity of :data:`gembounds.trajectory.record.QUANTITIES`."""
    means = state.mix.means
    with np.errstate(over="ignore", invalid="ignore"):
        gradient = norm(state.gradient, classes)
        error = norm(state.error, classes)
        value = loss(state.mix, rtol=rtol)
        top = largest(means)
        size = norm(means, classes)
        weighted = math.sqrt(float(state.mix.weights @ (means * means).sum(axis=1)))
    relative = gamma(means.size + 40)
    steep = steepest(top + distance)
    moved = (gradient + error) * distance + 0.5 * steep * distance * distance
    heaviest = math.sqrt(float((state.mix.weights / classes.counts).max())) * (1 + 8 * U)
    steepness = error + steep * distance
    found = {
        "loss": _widened(float(value.lower), float(value.upper), moved),
        "U": _square(_widened(size * (1 - 4 * relative), size, distance)),
        "mu_max": _widened(top * (1 - 4 * relative), top, distance),
        "gradient_norm": _widened(gradient * (1 - 4 * relative), gradient, steepness),
    }
    low, high = weighted * (1 - relative), weighted * (1 + relative) + 1e-150
    found["parametric_distance"] = _square(_widened(low, high, heaviest * distance))
    return found


def _widened(low: float, high: float, by: float) -> Ends:
    if not (math.isfinite(high) and by < math.inf):
        return 0.0, math.inf
    low = (low - by) * (1 - 8 * U) - 4 * U * by - 1e-150
    return max(0.0, low), (high + by) * (1 + 8 * U)


def _square(ends: Ends) -> Ends:
    low, high = ends
    return max(0.0, low * low * (1 - 4 * U) - 1e-300), high * high * (1 + 4 * U)
