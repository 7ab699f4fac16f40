"""One float64 state of a trajectory: its gradient, with the error of it bounded."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.core.coordinates import ROUND
from gembounds.core.quantities import UNDERFLOW, middle_and_radius
from gembounds.mixture import Mixture
from gembounds.quantities import overlaps
from gembounds.rounding import U, gamma
from gembounds.trajectory.classes import Classes
from gembounds.trajectory.sums import symmetric_product

FloatArray = npt.NDArray[np.float64]


class State(NamedTuple):
    """The merged mixture (k, d), the members' gradient (k, d), that of one member of each class,
    and its error, entry by entry; ``mass`` E psi of a class, ends."""

    mix: Mixture
    gradient: FloatArray
    error: FloatArray
    mass: tuple[FloatArray, FloatArray]


@np.errstate(all="ignore")
def evaluate(means: FloatArray, classes: Classes, rtol: float) -> State:
    """grad L of one member of each class: sum_b P_ab mu_b / m_a."""
    mix = Mixture(means, classes.weights)
    p = overlaps(mix, rtol=rtol)
    middle, radius = middle_and_radius(p.lower, p.upper)
    counts = classes.counts[:, None]
    gradient = symmetric_product(middle, means) / counts
    inexact = gamma(mix.n + 4)
    error = ((radius + inexact * middle) @ np.abs(means)) / counts * ROUND + UNDERFLOW
    mass = (p.lower.sum(axis=1) * (1 - mix.n * U * 2), p.upper.sum(axis=1) * (1 + mix.n * U * 2))
    return State(mix, gradient, error, mass)


def norm(a: FloatArray, classes: Classes) -> float:
    """The Euclidean norm over all members, rounded up."""
    squares = float(classes.counts @ (a * a).sum(axis=1))
    return math.sqrt(squares) * (1 + gamma(a.size + 8)) * ROUND + 1e-150
