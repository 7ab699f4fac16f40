"""Gradient EM in float64 with a running bound on the distance to the exact trajectory.

With mu(t) the state computed and mu*(t) the exact one, e(t) >= |mu(t) - mu*(t)|,
G(mu) = mu - eta grad L(mu),

    e(t+1) = |I - eta H|(between the two) e(t) + |mu(t+1) - G(mu(t))|,

by the mean value theorem. H lies between a certified lower bound at mu(t), less M_3 e(t)
(:mod:`gembounds.trajectory.growth`), and 1. The last term is eta times the gradient's error and
three roundings. Where the start has symmetries, both states have them, and only symmetric
directions count (:mod:`gembounds.trajectory.symmetry`).
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from gembounds.rounding import U
from gembounds.trajectory.float_step import State, largest, norm
from gembounds.trajectory.growth import Growth

FloatArray = npt.NDArray[np.float64]


@np.errstate(all="ignore")
def gradient_step(
    state: State, eta: Fraction, distance: float, growth: Growth
) -> tuple[FloatArray, float]:
    """The next means of the classes, and the bound of their distance to the exact ones."""
    means, counts, step = state.mix.means, growth.start.counts, float(eta)
    change = step * state.gradient
    after = means - change + 0.0
    wrong = step * (1 + 4 * U) * state.error + 4 * U * np.abs(change)
    wrong += 2 * U * np.abs(after) + 1e-300
    new = norm(wrong, counts)
    if distance and distance < math.inf:
        new += growth.factor(state, step * (1 + 2 * U), distance) * distance
    growth.moved(norm(change, counts) + new, max(largest(means), largest(after)) + distance)
    return after, new * (1 + 8 * U) if distance < math.inf else math.inf
