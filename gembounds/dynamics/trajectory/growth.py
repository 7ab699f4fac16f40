"""How far a step spreads errors, from few Hessians.

A certified lower bound l of the Hessian at one state serves the states near it: after a path of
length s from there it is l - M_3 s. A new one is computed where that has lost more than
``SHARE`` |l| + ``SLIP`` / (steps wanted). From above H is at most max_i E psi_i, which is taken at
the state and changes with a known slope: for large steps that is what counts.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.trajectory.float_step import State
from gembounds.dynamics.trajectory.hessian import least_eigenvalues
from gembounds.dynamics.trajectory.smoothness import (
    mass_slope,
    spread_factor,
    steepest,
    third_derivative,
)
from gembounds.dynamics.trajectory.start import Starts
from gembounds.values.rounding import U

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

HOPELESS = 1.0
"""Distances beyond this get the crude factor: no sharp one would bring them back."""

SHARE, SLIP = 0.2, 4.0
"""What a bound may lose before it is computed again (a choice: the second costs a factor of
exp(SLIP eta) in the distance at most over all steps; in 200 steps of three components the two
together cost 1.7, and save half of the Hessians)."""


class Growth:
    """Of B runs: ``least`` (B,) bounds the Hessian's eigenvalues at states ``lost / M_3`` away."""

    def __init__(self, start: Starts, steps: int) -> None:
        self.start = start
        self.slip = SLIP / max(steps, 1)
        self.least = np.full(len(start.each), np.nan)
        self.lost = np.full(len(start.each), np.inf)

    def factors(self, state: State, eta: float, distance: FloatArray) -> FloatArray:
        """Bounds of |G(mu) - G(mu*)| / |mu - mu*| for |mu - mu*| <= ``distance`` (B,)."""
        m = state.top + distance
        crude = -steepest(m)
        heaviest = np.maximum.reduce(state.most_mass / self.start.counts, axis=1) * (1 + 4 * U)
        most = np.minimum(1.0, (heaviest + mass_slope(m) * distance) * (1 + 4 * U))
        near = (distance > 0) & (distance < HOPELESS)
        stale = (near & ~(self.lost <= SHARE * abs(self.least) + self.slip)).nonzero()[0]
        if stale.size:
            self.least[stale] = least_eigenvalues(state.taken(stale), self.start.taken(stale))
            self.lost[stale] = 0.0
        bend = third_derivative(m) * distance
        least = np.where(near, np.fmax(crude, self.least - self.lost - bend), crude)
        return np.asarray(spread_factor(eta, least, most))

    def moved(self, length: FloatArray, top: FloatArray) -> None:
        """The states move by at most ``length`` (B,) between states with mu_max <= ``top``."""
        far = third_derivative(top) * length * (1 + 1e-12)
        self.lost += np.where(length < np.inf, far, 0.0)

    def keep(self, index: IndexArray) -> None:
        """Go on with some of the runs."""
        self.start = self.start.taken(index)
        self.least, self.lost = self.least[index], self.lost[index]
