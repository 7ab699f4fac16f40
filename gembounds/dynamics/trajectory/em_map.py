"""EM proper's step, its M step, in float64 with a running bound on the distance.

    M_i(mu) = E[psi_i x] / E psi_i = mu_i - g_i / p_i,    g = grad L, p_i = E psi_i

(the weights stay as they are). Its derivative is I - D^-1 H + (g_i / p_i^2) (grad p_i)^T, D =
diag(p_i), which near a stationary point is self-adjoint and at most 1 in the norm of D; so
distances here are |e|_w = (sum_i w_i |e_i|^2)^(1/2), w the weights. With u a unit direction,
m >= mu_max and q <= p_i between the states,

    |D^2 M[u, u]| <= M_3/q + 2 K p'/q^2 + |g| (2 p'^2/q^3 + p''/q^2),
    K = 1 + m^2 >= |H|,  p' = sqrt(1 + m^2)/2 >= |d p_i|,  p'' = 2 + m^2 >= |d^2 p_i|:

with a_i = <x - mu_i, u_i>, b_i = |u_i|^2, psi_i' = psi_i (a_i - abar) is at most max|a|/2 and
psi_i'' = psi_i ((a_i - abar)^2 - Var(a) - b_i + bbar); E max|a|^2 <= 1 + m^2 bounds E Var(a) too.
So |DM|_w within e of mu(t) is at most |DM|_w there, plus |D^2 M| e with the norms exchanged, and
e(t+1) is that times e(t), plus the error of the step itself.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.trajectory.float_step import Part, State, norm
from gembounds.dynamics.trajectory.hessian import (
    MAX_SIZE,
    hessian,
    least_of,
    pair_moments,
    reduced,
)
from gembounds.dynamics.trajectory.smoothness import mass_slope, steepest, third_derivative
from gembounds.dynamics.trajectory.start import Start
from gembounds.dynamics.trajectory.sums import largest
from gembounds.evaluators.float64.fourth import fourth_overlaps
from gembounds.values.rounding import U, gamma

FloatArray = npt.NDArray[np.float64]

ACCURACIES = (1e-10, 1e-8, 1e-6, 1e-4)
"""Accuracies of the fourth-order overlaps, the first that fits: their errors are divided by
squares of the weights here."""

LIGHTEST = 1e-30
"""Least weight of a component in the norm: any positive weights make one (a choice)."""


class EmMap:
    """The M step; distances are weighted by the classes' weights."""

    ARM = 0.0
    """What log weights that move add to the reach of |a_i|."""

    def __init__(self, start: Start, steps: int) -> None:
        self.start = start
        self.weights = np.maximum(start.merged.weights, LIGHTEST)
        self.heavy = float(self.weights.max()) * (1 + 8 * U)
        self.light = float(self.weights.min()) * (1 - 8 * U)

    def first_distance(self, state: State) -> float:
        """The rounding of the exact means to float64."""
        if not self.start.error:
            return 0.0
        return norm(np.abs(state.mix.means) * self.start.error + 1e-300, self.weights)

    @np.errstate(all="ignore")
    def step(self, state: State, eta: Fraction, distance: float) -> tuple[FloatArray, float]:
        """The next means of the classes, and the bound of their weighted distance; ``eta`` has
        no part in it."""
        counts = self.start.counts[:, None]
        low, high = state.mass[:, :, None]
        share = 0.5 * (low + high) / counts
        change = state.gradient / share
        after = state.mix.means - change + 0.0
        wrong = state.error * counts / low * (1 + 8 * U) + 2 * U * np.abs(after) + 1e-300
        wrong += np.abs(change) * ((high - low) / low + 8 * U)
        new = self._own_error(state, wrong) * (1 + 4 * U)
        if distance:
            new += self.factor(state, eta, distance) * distance
        return after, new * (1 + 8 * U) if new < math.inf else math.inf

    def _own_error(self, state: State, wrong: FloatArray) -> float:
        """Of a step from the state itself, the means' being ``wrong`` at most, entry by entry."""
        return norm(wrong, self.weights)

    def shares(self, state: State) -> FloatArray | None:
        """The weights after the step, where they move."""
        return None

    def factor(self, state: State, eta: Fraction, distance: float) -> float:
        """A bound of |DM|_w within ``distance`` of the state."""
        if not distance < 1:
            return math.inf
        flat = distance / math.sqrt(self.light) * (1 + 8 * U) + state.slip
        m = self.start.seen(state.mix.means) + flat + self.ARM
        steep, third = steepest(m), third_derivative(m)
        first, second = mass_slope(m), steep + 1
        least = float(state.mass[0].min())
        q = least - first * flat
        counts = self.start.counts
        slope = norm(state.gradient * counts[:, None], np.ones(len(counts)))
        slope += norm(state.error * counts[:, None], np.ones(len(counts)))
        at = self._derivative(state, slope + steep * state.slip, least - first * state.slip)
        if not (q > 0 and at < math.inf):
            return math.inf
        slope += steep * flat
        curved = third / q + 2 * steep * first / q**2
        curved += slope * (2 * first**2 / q**3 + second / q**2)
        curved += self.ARM * math.sqrt(len(counts)) * (second / q + first**2 / q**2)
        return (at + math.sqrt(self.heavy / self.light) * curved * flat) * (1 + 64 * U)

    def passed(self, before: FloatArray, after: FloatArray, length: float) -> None:
        """Nothing to note: each step looks at its own state alone."""

    def _derivative(self, state: State, slope: float, q: float) -> float:
        """|DM|_w at the state's parts, on symmetric directions, rounded up; there |g| is at most
        ``slope`` and each E psi at least ``q``."""
        found = moments(state, self.start, q)
        if found is None:
            return math.inf
        n, d = found.gradient.shape
        root = np.sqrt(self.weights)
        matrix = found.of_means()
        matrix = (matrix * root[:, None, None, None] / root[:, None]).reshape(n * d, n * d)
        if self.start.symmetry.basis is not None:
            matrix = self.start.symmetry.basis.T @ matrix @ self.start.symmetry.basis
        return self._with_errors(state, found, spectral(matrix), found.error(found.size, slope, q))

    def _with_errors(self, state: State, found: Moments, inside: float, error: float) -> float:
        """|DM|_w from its norm in the span of the means and its error in the unweighted norm."""
        if state.mix.d > found.gradient.shape[1]:  # outside the span of the means DM is I - D^-1 P
            root = np.sqrt(self.weights)
            inside = max(inside, spectral(found.of_weights() * root[:, None] / root))
        return float(inside + error * math.sqrt(self.heavy / self.light) * 1.01)

    def euclidean(self, distance: float) -> float:
        """``distance`` as a Euclidean one over all members."""
        if not distance:
            return 0.0
        spread = float((self.start.counts / self.weights).max())
        return distance * math.sqrt(spread) * (1 + 16 * U)

    def saved(self) -> dict[str, Any]:
        """Nothing: each step looks at its own state alone."""
        return {}

    def restore(self, saved: dict[str, Any]) -> None:
        """Nothing to restore."""


class Moments(NamedTuple):
    """P and E psi; g; its derivative by the means, and that of E psi; E[psi_i psi_k (mu_i - x)],
    (n, n, d); the relative error of all; how far the coordinates move the means; m."""

    p: FloatArray
    mass: FloatArray
    gradient: FloatArray
    hessian: FloatArray
    masses: FloatArray
    crossed: FloatArray
    relative: float
    moved: float
    size: float

    def of_means(self) -> FloatArray:
        """dM_i / d mu_k, (n, d, n, d)."""
        n, d = self.gradient.shape
        ratio = (self.gradient / (self.mass * self.mass)[:, None])[:, :, None, None]
        matrix = np.eye(n * d).reshape(n, d, n, d)
        matrix = matrix - self.hessian / self.mass[:, None, None, None]
        return np.asarray(matrix + ratio * self.masses[:, None])

    def of_weights(self) -> FloatArray:
        """d log p_i / d log pi_k = delta_ik - P_ik / p_i."""
        return np.asarray(np.eye(len(self.p)) - self.p / self.mass[:, None])

    def error(self, m: float, slope: float, q: float) -> float:
        """That of :meth:`of_means`, the means at most m in size."""
        size = (1 + 24 * m * m) / q + (slope + 2 * m) * 24 * (1 + m) / q**2
        return self.relative * size + 1000 * (1 + m) ** 3 * self.moved / q**2


def moments(state: State, start: Start, q: float) -> Moments | None:
    """From fourth-order overlaps, p_i >= q; None where they do not fit, or are too many."""
    return moments_of(*reduced(state, start), q)


def moments_of(parts: tuple[Part, ...], moved: float, q: float) -> Moments | None:
    """The same from the parts; ``moved``: how far their coordinates move the means."""
    n, d = parts[0].means.shape
    if n * d > MAX_SIZE or not q > 0:
        return None
    p, gradient, curved = np.zeros((n, n)), np.zeros((n, d)), np.zeros((n, d, n, d))
    masses, crossed = np.zeros((n, n, d)), np.zeros((n, n, d))
    wrong = absolute = 0.0
    for part in parts:
        tried = (fourth_overlaps(part.co, rtol) for rtol in ACCURACIES)
        found = next((f for f in tried if f is not None), None)
        if found is None:
            return None
        t = found.values.sum(axis=3)
        own = t.sum(axis=2)
        p = p + part.weight * own
        gradient = gradient + part.weight * (own @ part.means)
        curved = curved + part.weight * hessian(found.values, part.means)
        pair = pair_moments(own, t, part.means)
        masses = masses + part.weight * _mass_gradient(own, pair, part.means)
        crossed = crossed + part.weight * (own[..., None] * part.means[:, None] - pair)
        wrong, absolute = max(wrong, found.relative), max(absolute, found.absolute)
    rounding = gamma(30 * n * d + 200 + 4 * (len(parts) - 1))
    return Moments(
        p, p.sum(axis=1), gradient, curved, masses, crossed,
        4 * (wrong + rounding + n**4 * absolute / q), moved,
        max(largest(part.means) for part in parts) + moved,
    )  # fmt: skip


def spectral(matrix: FloatArray) -> float:
    """The spectral norm, rounded up: the root of the largest eigenvalue of A^T A."""
    if not matrix.size:
        return 0.0
    top = -least_of(-(matrix.T @ matrix))
    top += gamma(len(matrix) + 8) * float((matrix * matrix).sum()) * (1 + 1e-9)
    return math.sqrt(max(top, 0.0)) * (1 + 4 * U)


def _mass_gradient(p: FloatArray, pairs: FloatArray, means: FloatArray) -> FloatArray:
    """d p_i / d mu_k = delta_ik sum_l E[psi_i psi_l (x - mu_i)] - E[psi_i psi_k (x - mu_k)],
    (n, n, d)."""
    pair = pairs - p[..., None] * means
    own = (pairs - p[..., None] * means[:, None]).sum(axis=1)
    out = -pair
    each = np.arange(len(means))
    out[each, each] += own
    return np.asarray(out)
