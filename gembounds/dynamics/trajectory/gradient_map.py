"""Gradient EM's step in float64 with a running bound on the distance to the exact trajectory.

With mu(t) the state computed and mu*(t) the exact one, e(t) >= |mu(t) - mu*(t)|,
G(mu) = mu - eta grad L(mu),

    e(t+1) = |I - eta H|(between the two) e(t) + |mu(t+1) - G(mu(t))|,

by the mean value theorem. H lies between a certified lower bound at mu(t), less M_3 e(t)
(:mod:`gembounds.dynamics.trajectory.growth`), and 1. The last term is eta times the gradient's
error and three roundings. Where the start has symmetries, both states have them, and only
symmetric directions count (:mod:`gembounds.dynamics.trajectory.symmetry`)."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.trajectory.float_step import State, norm
from gembounds.dynamics.trajectory.growth import Growth
from gembounds.dynamics.trajectory.start import Start
from gembounds.values.rounding import U

FloatArray = npt.NDArray[np.float64]


class GradientMap:
    """mu - eta grad L(mu); distances are Euclidean, over all members of the classes."""

    def __init__(self, start: Start, steps: int) -> None:
        self.start = start
        self.weights = start.counts
        self.growth = Growth(start, steps)

    def first_distance(self, state: State) -> float:
        """The rounding of the exact means to float64."""
        if not self.start.error:
            return 0.0
        return norm(np.abs(state.mix.means) * self.start.error + 1e-300, self.start.counts)

    @np.errstate(all="ignore")
    def step(self, state: State, eta: Fraction, distance: float) -> tuple[FloatArray, float]:
        """The next means of the classes, and the bound of their distance to the exact ones."""
        means, counts, size = state.mix.means, self.start.counts, float(eta)
        change = size * state.gradient
        after = means - change + 0.0
        wrong = size * (1 + 4 * U) * state.error + 4 * U * np.abs(change)
        wrong += 2 * U * np.abs(after) + 1e-300
        new = norm(wrong, counts)
        if distance:
            new += self.factor(state, eta, distance) * distance
        self.passed(means, after, norm(change, counts) + new + distance)
        return after, new * (1 + 8 * U) if new < math.inf else math.inf

    def shares(self, state: State) -> FloatArray | None:
        """The weights after the step, where they move."""
        return None

    def factor(self, state: State, eta: Fraction, distance: float) -> float:
        """A bound of |DG| within ``distance`` of the state."""
        if not distance < math.inf:
            return math.inf
        return self.growth.factor(state, float(eta) * (1 + 2 * U), distance)

    def passed(self, before: FloatArray, after: FloatArray, length: float) -> None:
        """The state moves by at most ``length``, from ``before`` to ``after``."""
        if length < math.inf:
            self.growth.moved(length, max(map(self.start.seen, (before, after))) + length)

    def euclidean(self, distance: float) -> float:
        """``distance`` as a Euclidean one."""
        return distance

    def saved(self) -> dict[str, Any]:
        """What a run needs to go on."""
        return {"least": self.growth.least.hex(), "lost": self.growth.lost.hex()}

    def restore(self, saved: dict[str, Any]) -> None:
        """The state of :meth:`saved`."""
        self.growth.least = float.fromhex(saved["least"])
        self.growth.lost = float.fromhex(saved["lost"])
