"""EM of the means and the weights: mu_i <- E[psi_i x] / E psi_i, pi_i <- E psi_i.

The map of :mod:`gembounds.dynamics.trajectory.em_map` with log pi beside the means: the logits
move by a_i = <x - mu_i, u_i> + v_i along a direction (u, v), |u_i|^2 + v_i^2 = r_i^2,
sum r_i^2 = 1, so |a_i| <= r_i (|Z| + m + 1) and E a_i^2 <= r_i^2 (2 + m^2): all bounds there hold
with m + 1 in place of m, for g is the derivative of L(mu, log pi) = -E log sum_i exp(log pi_i +
l_i) by the means, and -E psi that by log pi. With p_i = E psi_i,

    dM_i / d log pi_k      = E[psi_i psi_k (mu_i - x)] / p_i - g_i P_ik / p_i^2,
    d log p_i / d mu_k     = (d p_i / d mu_k) / p_i,
    d log p_i / d log pi_k = delta_ik - P_ik / p_i,

each of which errs by no more than dM_i / d mu_k may with m + 1, and |D^2 log p| <=
sqrt(n) (p''/q + p'^2/q^2). Distances are (sum_i w_i (|e_i|^2 + f_i^2))^(1/2), f of log pi, w the
weights of the start.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.trajectory.em_map import EmMap, Moments, in_norm, spectral
from gembounds.dynamics.trajectory.float_step import State, norm
from gembounds.dynamics.trajectory.start import Starts
from gembounds.values.rounding import U

FloatArray = npt.NDArray[np.float64]


class WeightsMap(EmMap):
    """Means and weights."""

    ARM = 1.0

    def first_distance(self, state: State) -> FloatArray:
        """With the rounding of the weights, of which float64 ones are recorded."""
        counts = self.start.counts.tolist()
        off = [[0.0 if Fraction(w) == x and Fraction(w / c) == x / int(c) else 3 * U
                for x, w, c in zip(one.merged.exact_weights, weights, counts, strict=True)]
               for one, weights in zip(self.start.each, self.start.weights.tolist(), strict=True)
               ]  # fmt: skip
        logs = norm(np.array(off)[..., None], self.weights)
        return np.asarray(np.hypot(super().first_distance(state), logs) * (1 + 8 * U))

    def _own_errors(self, state: State, wrong: FloatArray) -> FloatArray:
        """With those of log pi: the relative errors of E psi, once more for dividing by their
        sum, which is 1 exactly for the exact ones, and roundings."""
        low, high = state.mass
        off = (high - low) / low
        most = off.max(axis=1)
        logs = 1.01 * (off + most[:, None]) + 4 * (low.shape[1] + 8) * U
        found = norm(wrong, self.weights), norm(logs[..., None], self.weights)
        return np.where(most < 0.01, np.hypot(*found) * (1 + 8 * U), np.inf)

    def shares(self, state: State) -> FloatArray:
        """E psi, the sums 1 but for rounding; none is 0, for then the means are not finite."""
        share = 0.5 * (state.mass[0] + state.mass[1])
        return np.asarray(share / share.sum(axis=1, keepdims=True))

    def _derivatives(
        self, state: State, found: Moments, start: Starts, weights: FloatArray,
        slope: FloatArray, skew: FloatArray,
    ) -> FloatArray:  # fmt: skip
        """|D(M, log p)|_w at the states computed, rounded up."""
        size, n, d = found.gradient.shape
        mass = found.mass[..., None, None]
        ratio = (found.gradient / mass[..., 0] ** 2)[:, :, None]
        means_by_weights = found.crossed / mass - ratio * found.p[..., None]
        matrix = np.empty((size, n, d + 1, n, d + 1))
        matrix[:, :, :d, :, :d] = found.of_means()
        matrix[:, :, :d, :, d] = means_by_weights.swapaxes(2, 3)
        matrix[:, :, d, :, :d] = found.masses / mass
        matrix[:, :, d, :, d] = found.of_weights()
        inside = spectral(in_norm(matrix, weights))
        error = 4 * found.error(found.size + 1, slope) * skew
        return self._with_errors(state, found, inside, weights, error)
