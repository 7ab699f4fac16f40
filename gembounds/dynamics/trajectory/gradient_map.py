"""Gradient EM's step in float64 with a running bound on the distance to the exact trajectory.

With mu(t) the state computed and mu*(t) the exact one, e(t) >= |mu(t) - mu*(t)|,
G(mu) = mu - eta grad L(mu),

    e(t+1) = |I - eta H|(between the two) e(t) + |mu(t+1) - G(mu(t))|,

by the mean value theorem. H lies between a certified lower bound at mu(t), less M_3 e(t)
(:mod:`gembounds.dynamics.trajectory.growth`), and 1. The last term is eta times the gradient's
error and three roundings. Where the start has symmetries, both states have them, and only
symmetric directions count (:mod:`gembounds.dynamics.trajectory.symmetry`)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.trajectory.float_step import State, norm
from gembounds.dynamics.trajectory.growth import Growth
from gembounds.dynamics.trajectory.start import Starts
from gembounds.values.rounding import U

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]


class StepMap:
    """What the maps of B runs share; distances are weighted by ``weights`` (k,) or (B, k)."""

    def __init__(self, start: Starts, weights: FloatArray) -> None:
        self.start, self.weights = start, weights

    def first_distance(self, state: State) -> FloatArray:
        """The rounding of the exact means to float64, (B,)."""
        error = self.start.error
        away = norm(np.abs(state.means) * error[:, None, None] + 1e-300, self.weights)
        return np.where(error > 0, away, 0.0)

    def shares(self, state: State) -> FloatArray | None:
        """The weights after the step, where they move."""
        return None


class GradientMap(StepMap):
    """mu - eta grad L(mu), of B runs; distances are Euclidean, over all members of the classes."""

    def __init__(self, start: Starts, steps: int) -> None:
        super().__init__(start, start.counts)
        self.growth = Growth(start, steps)

    @np.errstate(all="ignore")
    def step(
        self, state: State, eta: Fraction, distance: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """The next means of the classes, and the bounds of their distances to the exact ones."""
        means, size = state.means, float(eta)
        change = size * state.gradient
        after = means - change + 0.0
        wrong = size * (1 + 4 * U) * state.error + 4 * U * np.abs(change)
        wrong += 2 * U * np.abs(after) + 1e-300
        new = grown(norm(wrong, self.weights), distance, self.factor(state, eta, distance))
        self.passed(state.top, after, norm(change, self.weights) + new + distance)
        return after, new * (1 + 8 * U)

    def factor(self, state: State, eta: Fraction, distance: FloatArray) -> FloatArray:
        """Bounds of |DG| within ``distance`` (B,) of the states."""
        return self.growth.factors(state, float(eta) * (1 + 2 * U), distance)

    def passed(self, top: FloatArray, after: FloatArray, length: FloatArray) -> None:
        """The states move by at most ``length`` (B,) to ``after``, from where the largest
        |mu_i - a_j| are ``top`` (B,)."""
        self.growth.moved(length, np.maximum(top, self.start.seen(after)) + length)

    def euclidean(self, distance: FloatArray) -> FloatArray:
        """``distance`` as a Euclidean one."""
        return distance

    def keep(self, index: IndexArray) -> None:
        """Go on with some of the runs."""
        self.start = self.start.taken(index)
        self.growth.keep(index)

    def saved(self) -> dict[str, Any]:
        """What one run needs to go on."""
        return {"least": float(self.growth.least[0]).hex(),
                "lost": float(self.growth.lost[0]).hex()}  # fmt: skip

    def restore(self, saved: dict[str, Any]) -> None:
        """The state of :meth:`saved`."""
        self.growth.least[:] = float.fromhex(saved["least"])
        self.growth.lost[:] = float.fromhex(saved["lost"])


def grown(own: FloatArray, distance: FloatArray, factor: FloatArray) -> FloatArray:
    """``own`` and ``factor`` times ``distance``, inf where that is not known."""
    new = own + np.where(distance > 0, factor * distance, 0.0)
    return np.where(new < np.inf, new, np.inf)
