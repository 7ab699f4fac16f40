"""How far a step spreads errors, from few Hessians.

A certified lower bound l of the Hessian at one state serves the states near it: after a path of
length s from there it is l - M_3 s. A new one is computed where that has lost more than
``SHARE`` |l| + ``SLIP`` / (steps wanted). From above H is at most max_i E psi_i, which is taken at
the state and changes with a known slope: for large steps that is what counts.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.trajectory.float_step import State
from gembounds.dynamics.trajectory.hessian import least_eigenvalue
from gembounds.dynamics.trajectory.smoothness import (
    mass_slope,
    spread_factor,
    steepest,
    third_derivative,
)
from gembounds.dynamics.trajectory.start import Start
from gembounds.values.rounding import U

FloatArray = npt.NDArray[np.float64]

HOPELESS = 1.0
"""Distances beyond this get the crude factor: no sharp one would bring them back."""

SHARE, SLIP = 0.2, 4.0
"""What a bound may lose before it is computed again (a choice: the second costs a factor of
exp(SLIP eta) in the distance at most over all steps; in 200 steps of three components the two
together cost 1.7, and save half of the Hessians)."""


class Growth:
    """``least`` bounds the Hessian's eigenvalues at a state ``lost / M_3`` away."""

    def __init__(self, start: Start, steps: int) -> None:
        self.start = start
        self.slip = SLIP / max(steps, 1)
        self.least = math.nan
        self.lost = math.inf

    def factor(self, state: State, eta: float, distance: float) -> float:
        """A bound of |G(mu) - G(mu*)| / |mu - mu*| for |mu - mu*| <= ``distance`` < inf."""
        m = self.start.seen(state.mix.means) + distance
        crude = -steepest(m)
        heaviest = float((state.mass[1] / self.start.counts).max()) * (1 + 4 * U)
        most = min(1.0, (heaviest + mass_slope(m) * distance) * (1 + 4 * U))
        if not distance < HOPELESS:
            return spread_factor(eta, crude, most)
        bend = third_derivative(m) * distance
        if not self.lost <= SHARE * abs(self.least) + self.slip:
            self.least = least_eigenvalue(state, self.start)
            self.lost = 0.0
        least = max(crude, self.least - self.lost - bend)
        return spread_factor(eta, least, most)

    def moved(self, length: float, top: float) -> None:
        """The state moves by at most ``length`` between states with mu_max <= ``top``."""
        self.lost += third_derivative(top) * length * (1 + 1e-12)
