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

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.trajectory.float_step import Part, State, norm
from gembounds.dynamics.trajectory.gradient_map import StepMap, grown
from gembounds.dynamics.trajectory.hessian import (
    MAX_SIZE,
    Span,
    chunks,
    fourths,
    hessian,
    least_of,
    pair_moments,
    reduced,
)
from gembounds.dynamics.trajectory.smoothness import mass_slope, steepest, third_derivative
from gembounds.dynamics.trajectory.start import Starts
from gembounds.dynamics.trajectory.sums import largest
from gembounds.values.rounding import U, gamma

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

ACCURACIES = (1e-10, 1e-8, 1e-6, 1e-4)
"""Accuracies of the fourth-order overlaps, the first that fits: their errors are divided by
squares of the weights here."""

LIGHTEST = 1e-30
"""Least weight of a component in the norm: any positive weights make one (a choice)."""


class EmMap(StepMap):
    """The M step of B runs; distances are weighted by the classes' weights (B, k)."""

    ARM = 0.0
    """What log weights that move add to the reach of |a_i|."""

    def __init__(self, start: Starts, steps: int) -> None:
        super().__init__(start, np.maximum(start.weights, LIGHTEST))

    @np.errstate(all="ignore")
    def step(
        self, state: State, eta: Fraction, distance: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """The next means of the classes, and the bounds of their weighted distances; ``eta`` has
        no part in it."""
        counts = self.start.counts[:, None]
        low, high = state.mass[..., None]
        share = 0.5 * (low + high) / counts
        change = state.gradient / share
        after = state.means - change + 0.0
        wrong = state.error * counts / low * (1 + 8 * U) + 2 * U * np.abs(after) + 1e-300
        wrong += np.abs(change) * ((high - low) / low + 8 * U)
        own = self._own_errors(state, wrong) * (1 + 4 * U)
        wanted = np.where(distance > 0, distance, np.inf)
        return after, grown(own, distance, self.factor(state, eta, wanted)) * (1 + 8 * U)

    def _own_errors(self, state: State, wrong: FloatArray) -> FloatArray:
        """Of a step from the states themselves, the means' being ``wrong`` at most, entry by
        entry."""
        return np.asarray(norm(wrong, self.weights))

    @np.errstate(all="ignore")
    def factor(self, state: State, eta: Fraction, distance: FloatArray) -> FloatArray:
        """Bounds of |DM|_w within ``distance`` (B,) of the states."""
        found = np.full(len(distance), np.inf)
        for some in chunks(state, np.flatnonzero(distance < 1)):
            found[some] = self._factors(
                state.taken(some), self.start.taken(some), self.weights[some], distance[some]
            )
        return found

    def _factors(
        self, state: State, start: Starts, weights: FloatArray, distance: FloatArray
    ) -> FloatArray:
        counts = start.counts
        heavy, light = weights.max(axis=1) * (1 + 8 * U), weights.min(axis=1) * (1 - 8 * U)
        skew = np.sqrt(heavy / light)
        flat = distance / np.sqrt(light) * (1 + 8 * U) + state.slip
        m = state.top + flat + self.ARM
        steep, third = steepest(m), third_derivative(m)
        first, second = mass_slope(m), steep + 1
        least = state.mass[0].min(axis=1)
        q = least - first * flat
        ones = np.ones(len(counts))
        slope = norm(state.gradient * counts[:, None], ones)
        slope += norm(state.error * counts[:, None], ones)
        span = reduced(state.parts, start.symmetry.basis is None)
        found = moments_of(state.parts, span, least - first * state.slip)
        if found is None:
            return np.full(len(distance), np.inf)
        at = self._derivatives(state, found, start, weights, slope + steep * state.slip, skew)
        slope += steep * flat
        curved = third / q + 2 * steep * first / q**2
        curved += slope * (2 * first**2 / q**3 + second / q**2)
        curved += self.ARM * np.sqrt(len(counts)) * (second / q + first**2 / q**2)
        factor = (at + skew * curved * flat) * (1 + 64 * U)
        return np.where((q > 0) & (at < np.inf), factor, np.inf)

    def _derivatives(
        self, state: State, found: Moments, start: Starts, weights: FloatArray,
        slope: FloatArray, skew: FloatArray,
    ) -> FloatArray:  # fmt: skip
        """|DM|_w at the states' parts, on symmetric directions, rounded up; there |g| is at most
        ``slope``."""
        matrix = in_norm(found.of_means(), weights)
        basis = start.symmetry.basis
        if basis is not None:
            matrix = basis.T @ matrix @ basis
        return self._with_errors(state, found, spectral(matrix), weights,
                                 found.error(found.size, slope) * skew)  # fmt: skip

    def _with_errors(
        self, state: State, found: Moments, inside: FloatArray, weights: FloatArray,
        error: FloatArray,
    ) -> FloatArray:  # fmt: skip
        """|DM|_w from its norm in the span of the means and its error."""
        if state.means.shape[2] > found.gradient.shape[2]:  # outside the span DM is I - D^-1 P
            root = np.sqrt(weights)
            outside = found.of_weights() * root[:, :, None] / root[:, None]
            inside = np.maximum(inside, spectral(outside))
        return np.asarray(inside + error * 1.01)

    def passed(self, top: FloatArray, after: FloatArray, length: FloatArray) -> None:
        """Nothing to note: each step looks at its own state alone."""

    def euclidean(self, distance: FloatArray) -> FloatArray:
        """``distance`` as a Euclidean one over all members."""
        spread = np.sqrt((self.start.counts / self.weights).max(axis=1))
        return np.where(distance > 0, distance * spread * (1 + 16 * U), 0.0)

    def keep(self, index: IndexArray) -> None:
        """Go on with some of the runs."""
        self.start, self.weights = self.start.taken(index), self.weights[index]

    def saved(self) -> dict[str, Any]:
        """Nothing: each step looks at its own state alone."""
        return {}

    def restore(self, saved: dict[str, Any]) -> None:
        """Nothing to restore."""


def in_norm(matrix: FloatArray, weights: FloatArray) -> FloatArray:
    """Matrices (B, n, d, n, d) as (B, n d, n d) whose Euclidean norms are those weighted."""
    size, n, d = matrix.shape[:3]
    root = np.sqrt(weights)
    matrix = matrix * root[:, :, None, None, None] / root[:, None, None, :, None]
    return matrix.reshape(size, n * d, n * d)


class Moments(NamedTuple):
    """P and E psi; g; its derivative by the means, and that of E psi; E[psi_i psi_k (mu_i - x)],
    (B, n, n, d); the relative error of all; how far the coordinates move the means; m; a bound q
    of E psi from below."""

    p: FloatArray
    mass: FloatArray
    gradient: FloatArray
    hessian: FloatArray
    masses: FloatArray
    crossed: FloatArray
    relative: FloatArray
    moved: FloatArray
    size: FloatArray
    least: FloatArray

    def of_means(self) -> FloatArray:
        """dM_i / d mu_k, (B, n, d, n, d)."""
        _, n, d = self.gradient.shape
        mass = self.mass[:, :, None]
        ratio = self.gradient / (mass * mass)
        matrix = np.eye(n * d).reshape(n, d, n, d) - self.hessian / mass[..., None, None]
        return np.asarray(matrix + ratio[..., None, None] * self.masses[:, :, None])

    def of_weights(self) -> FloatArray:
        """d log p_i / d log pi_k = delta_ik - P_ik / p_i."""
        return np.asarray(np.eye(self.p.shape[1]) - self.p / self.mass[:, :, None])

    def error(self, m: FloatArray, slope: FloatArray) -> FloatArray:
        """That of :meth:`of_means`, the means at most m in size and |g| at most ``slope``."""
        q = self.least
        size = (1 + 24 * m * m) / q + (slope + 2 * m) * 24 * (1 + m) / q**2
        return self.relative * size + 1000 * (1 + m) ** 3 * self.moved / q**2


def moments_of(parts: Sequence[Part], span: Span, q: FloatArray) -> Moments | None:
    """From fourth-order overlaps, p_i >= q (B,), with infinite errors where they do not fit or q
    says nothing; None where there are too many."""
    size, n, d = span.means[0].shape
    if n * d > MAX_SIZE:
        return None
    p, gradient = np.zeros((size, n, n)), np.zeros((size, n, d))
    curved = np.zeros((size, n, d, n, d))
    masses, crossed = np.zeros((2, size, n, n, d))
    wrong, absolute = np.where(q > 0, 0.0, np.inf), np.zeros(size)
    for part, means in zip(parts, span.means, strict=True):
        found = fourths(part, ACCURACIES, np.ones(size))
        t = found.values.sum(axis=4)
        own = t.sum(axis=3)
        p += part.weight * own
        gradient += part.weight * (own @ means)
        curved += part.weight * hessian(found.values, means)
        pair = pair_moments(own, t, means)
        masses += part.weight * _mass_gradient(own, pair, means)
        crossed += part.weight * (own[..., None] * means[:, :, None] - pair)
        wrong = np.maximum(wrong, found.relative)
        absolute = np.maximum(absolute, found.absolute)
    rounding = gamma(30 * n * d + 200 + 4 * (len(parts) - 1))
    relative = 4 * (wrong + rounding + n**4 * absolute / q)
    largest_of = np.max([largest(means) for means in span.means], axis=0)
    return Moments(
        p, p.sum(axis=2), gradient, curved, masses, crossed,
        np.where(wrong < np.inf, relative, np.inf), span.moved, largest_of + span.moved, q,
    )  # fmt: skip


def spectral(matrix: FloatArray) -> Any:
    """The spectral norms of (..., m, m), rounded up: roots of largest eigenvalues of A^T A; inf
    where a matrix is not finite."""
    if not matrix.size:
        return np.zeros(matrix.shape[:-2])
    top = -least_of(-(matrix.swapaxes(-1, -2) @ matrix))
    squares = np.square(matrix).sum(axis=(-2, -1))
    top = top + gamma(matrix.shape[-1] + 8) * squares * (1 + 1e-9)
    found = np.sqrt(np.maximum(top, 0.0)) * (1 + 4 * U)
    return np.where(squares < np.inf, found, np.inf)


def _mass_gradient(p: FloatArray, pairs: FloatArray, means: FloatArray) -> FloatArray:
    """d p_i / d mu_k = delta_ik sum_l E[psi_i psi_l (x - mu_i)] - E[psi_i psi_k (x - mu_k)],
    (B, n, n, d)."""
    pair = pairs - p[..., None] * means[:, None]
    own = (pairs - p[..., None] * means[:, :, None]).sum(axis=2)
    out = -pair
    each = np.arange(means.shape[1])
    out[:, each, each] += own
    return np.asarray(out)
