"""One float64 state of a run: gradient and loss, with their errors bounded."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.trajectory.start import Start
from gembounds.dynamics.trajectory.sums import ordered_sum, symmetric_product
from gembounds.evaluators.float64.coordinates import ROUND, Coordinates
from gembounds.evaluators.float64.joint import overlaps_and_loss
from gembounds.evaluators.float64.plan import MOST_NODES
from gembounds.evaluators.float64.quantities import UNDERFLOW, middle_and_radius
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import U, gamma

FloatArray = npt.NDArray[np.float64]

MAX_NODES = MOST_NODES


class State(NamedTuple):
    """The merged mixture (k, d); the gradient of one member of each class (k, d) and its error,
    entry by entry; ends of the overlaps, (2, k, k), but for ``tail``, the sum of what both lack;
    ends of L; the coordinates."""

    mix: Mixture
    gradient: FloatArray
    error: FloatArray
    overlaps: tuple[FloatArray, FloatArray]
    tail: float
    loss: tuple[float, float]
    co: Coordinates

    @property
    def mass(self) -> FloatArray:
        """Ends of E psi of each class, (2, k)."""
        lower, upper = self.overlaps
        grown = 4 * len(lower) * U
        least = ordered_sum(lower, 1) * (1 - grown)
        most = (ordered_sum(upper, 1) + self.tail) * (1 + grown)
        return np.array([least, np.minimum(most, 1.0)])


@np.errstate(all="ignore")
def evaluate(mix: Mixture, start: Start, rtol: float, loss_rtol: float | None = None) -> State:
    """grad L of one member of each class: sum_b P_ab mu_b / m_a. The tail of the overlaps adds
    at most its sum times max_b |mu_b| to a row."""
    found = overlaps_and_loss(mix, rtol, MAX_NODES, loss_rtol)
    lower, upper = start.symmetry.hull(found.lower, found.upper)
    middle, radius = middle_and_radius(lower, upper)
    counts = start.counts[:, None]
    gradient = symmetric_product(middle, mix.means) / counts
    inexact = gamma(mix.n + 4)
    sizes = np.abs(mix.means)
    error = (radius + inexact * middle) @ sizes + found.tail * sizes.max(axis=0)
    error = error / counts * ROUND + UNDERFLOW
    return State(mix, gradient, error, (lower, upper), found.tail, found.loss, found.co)


def norm(a: FloatArray, counts: FloatArray) -> float:
    """The Euclidean norm of all members' vectors, rounded up; ``a`` (k, d)."""
    squares = float(counts @ (a * a).sum(axis=1))
    return math.sqrt(squares) * (1 + gamma(a.size + 8)) * ROUND + 1e-150


def largest(means: FloatArray) -> float:
    """max |mu_i|, rounded up."""
    d = means.shape[-1]
    return math.sqrt(float((means * means).sum(axis=1).max())) * float(1 + (d + 8) * U) + 1e-150
