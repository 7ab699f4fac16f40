"""Gradient EM in float64 with a running bound on the distance to the exact trajectory.

With mu(t) the state computed and mu*(t) the exact one, e(t) >= |mu(t) - mu*(t)|,
G(mu) = mu - eta grad L(mu),

    e(t+1) = (|I - eta H(mu(t))| + eta M_3 e(t)/2) e(t) + |mu(t+1) - G(mu(t))|,

by the mean value theorem and the Lipschitz constant M_3 of the Hessian between the two states
(:mod:`gembounds.trajectory.smoothness`); |I - eta H| from a certified lower bound of H
(:mod:`gembounds.trajectory.hessian`) and H <= 1. The last term is eta times the gradient's error
and three roundings.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from gembounds.rounding import U
from gembounds.trajectory.classes import Classes
from gembounds.trajectory.float_step import State, norm
from gembounds.trajectory.hessian import least_eigenvalue
from gembounds.trajectory.smoothness import spread_factor, steepest, third_derivative

FloatArray = npt.NDArray[np.float64]

HOPELESS = 1.0
"""Distances beyond this get the crude factor: no sharp one would bring them back."""


def step_gradient(
    state: State, eta: Fraction, distance: float, classes: Classes
) -> tuple[FloatArray, float]:
    """The next means of the classes, and the bound of their distance to the exact ones."""
    means, step = state.mix.means, float(eta)
    after = means - step * state.gradient
    wrong = step * (1 + 4 * U) * state.error + 4 * U * step * np.abs(state.gradient)
    wrong += 2 * U * np.abs(after) + 1e-300
    return after, grown(state, step * (1 + 2 * U), distance, classes) + norm(wrong, classes)


def grown(state: State, eta: float, distance: float, classes: Classes) -> float:
    """A bound of |G(mu) - G(mu*)| for |mu - mu*| <= ``distance``, rounded up."""
    if distance == 0:
        return 0.0
    if not distance < math.inf:
        return math.inf
    m = largest(state.mix.means) + distance
    crude = -steepest(m)
    factor = spread_factor(eta, crude)
    if distance < HOPELESS:
        least = least_eigenvalue(state.mix, classes.counts)
        sharp = spread_factor(eta, least) + 0.5 * eta * third_derivative(m) * distance
        factor = min(factor, sharp)
    return factor * distance * (1 + 8 * U)


def largest(means: FloatArray) -> float:
    """max |mu_i|, rounded up."""
    d = means.shape[1]
    return math.sqrt(float((means * means).sum(axis=1).max())) * (1 + (d + 8) * U) + 1e-150
