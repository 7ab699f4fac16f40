"""The likelihood of a sample under a mixture of spherical components, certified; and how far EM
that is right may lower it.

    L(theta) = (1/m) sum_x log sum_i w_i N(x; mu_i, v_i I),     theta = (mu_i, w_i, v_i)

The weights are taken divided by their sum. **What rounding may cost.** From theta, EM goes to the
maximum T of Q(. | theta), the mean over the sample of sum_i psi_i log w_i N(x; mu_i, v_i I), and
L(t) - L(theta) >= Q(t | theta) - Q(theta | theta) for every t (Jensen). Where t is not T but off
by shares e of max|x| in a mean, of itself in a weight or a variance, Q is lower by a second-order
term: sum_i E psi_i (|t_i - T_i|^2/(2 v_i) + d (r - 1 - log r)/2) + KL(w_T, w_t), r the quotient of
variances; that is at most 2 e^2 (B + d + 2) for e below 1/4, with B = max (|x| + |mu_i|)^2/(2 v_i)
over theta and T: held, tied and free variances are no smaller than the least of these, and float64
has T to far less than e. So a right core may lower L by that and no more. e is what is declared,
``rtol`` and ``atol`` over the smallest of sqrt(v), v and w, and what rounding costs sums over psi
in the arithmetic of the core: each psi errs by 4 (d + 8) u B, sums by m u, and the square of x, if
the variance is formed from it, by 2 B times that: u (4 (d + 8) + 2 m + n + 64) (2 B + 2), with
|log w_i| in B.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gembounds.conform.core import Core
from gembounds.conform.density import log_sum
from gembounds.conform.protocol import FloatArray, Wrong
from gembounds.values.precision import working_precision

BITS = 192

COLLAPSED = 1e-12
"""Of the mean square of x: a component of less variance has a single x, and L no maximum."""

LONG, GONE = 400, 1e-6
"""Steps of float64's EM (a choice: some ten milliseconds), and the mass of a component that is
lost."""

OFF = 0.25
"""Shares e beyond this allow anything."""

STEP = "em_sample_step"


@dataclass(frozen=True)
class State:
    """Parameters: means (n, d), weights (n,), variances (n,)."""

    means: FloatArray
    weights: FloatArray
    variances: FloatArray

    def __str__(self) -> str:
        return (f"means {self.means.tolist()}, weights {self.weights.tolist()} and variances "
                f"{self.variances.tolist()}")  # fmt: skip

    @staticmethod
    def read(found: FloatArray, room: float) -> State:
        """From what a core returns, (n, d + 2). Raises :class:`Wrong` for what is no mixture:
        negative weights or variances, weights whose sum is further than ``room`` from 1."""
        state = State(found[:, :-2], found[:, -2], found[:, -1])
        for name, values in (("weight", state.weights), ("variance", state.variances)):
            if np.any(values < 0):
                raise Wrong(f"{STEP} returned a {name} of {float(values.min())!r}")
        total = float(state.weights.sum())
        if abs(total - 1) > room:
            raise Wrong(f"{STEP} returned weights whose sum is {total!r}")
        return state

    def reach(self, sample: FloatArray) -> FloatArray:
        """max (|x| + |mu_i|)^2/(2 v_i) for each i, (n,)."""
        longest = float(np.linalg.norm(sample, axis=1).max())
        return np.asarray((longest + np.linalg.norm(self.means, axis=1)) ** 2 / self.variances / 2)

    def collapsed(self, sample: FloatArray) -> bool:
        return bool(np.any(self.variances <= COLLAPSED * np.mean(sample**2)))


def likelihood(state: State, sample: FloatArray) -> Any:
    """L, a ball; call it inside the precision of :data:`BITS`."""
    from flint import arb

    total = arb(0)
    parameters = (state.means.tolist(), state.weights.tolist(), state.variances.tolist())
    parts = [
        (
            [arb(m) for m in mean],
            arb(w).log() - (2 * arb.pi() * v).log() * len(mean) / 2,
            -0.5 / arb(v),
        )
        for mean, w, v in zip(*parameters, strict=True)
        if w
    ]
    for row in sample.tolist():
        x = [arb(value) for value in row]
        logs = []
        for mean, height, factor in parts:
            square = sum(((a - m) ** 2 for a, m in zip(x, mean, strict=True)), arb(0))
            logs.append(height + factor * square)
        total += log_sum(logs)
    whole = sum((arb(w) for w in state.weights.tolist()), arb(0))
    return total / len(sample) - whole.log()


def kept(before: State, after: State) -> str:
    """What the EM of a core does to variances, by one step of it: "held", "tied" to each other,
    or "free"."""
    if np.array_equal(before.variances, after.variances):
        return "held"
    return "tied" if len(after.weights) > 1 and np.ptp(after.variances) == 0 else "free"


def target(state: State, sample: FloatArray) -> State:
    """T in float64, means, weights and variances all free; a component that no x belongs to stays
    where it is."""
    with np.errstate(all="ignore"):
        squares = np.sum((sample[:, None] - state.means) ** 2, axis=2)
        logs = np.log(state.weights) - 0.5 * squares / state.variances
        logs = logs - 0.5 * sample.shape[1] * np.log(state.variances)
        parts = np.exp(logs - logs.max(axis=1, keepdims=True))
        psi = parts / parts.sum(axis=1, keepdims=True)
        masses = psi.mean(axis=0)
        means = psi.T @ sample / (len(sample) * masses[:, None])
        means = np.where(masses[:, None] > 0, means, state.means)
        squares = np.sum((sample[:, None] - means) ** 2, axis=2)
        found = np.mean(psi * squares, axis=0) / sample.shape[1] / masses
    return State(means, masses, np.where(masses > 0, found, state.variances))


def converged(state: State, sample: FloatArray, variances: str, weights: bool) -> State:
    """Where float64's EM leads in ``LONG`` steps, of the same kind: near a maximum of L, which
    only EM itself does not lower. ``weights``: whether they move."""
    for _ in range(LONG):
        free = target(state, sample)
        if free.weights.min() < GONE:
            return state
        tied = np.full(len(free.weights), free.weights @ free.variances)
        other = {"held": state.variances, "tied": tied}
        moved = State(free.means, free.weights if weights else state.weights,
                      other.get(variances, free.variances))  # fmt: skip
        if moved.collapsed(sample):
            return state
        state = moved
    return state


def likelihoods(before: State, after: State, sample: FloatArray) -> tuple[Any, Any]:
    """L of both, balls."""
    with working_precision(BITS):
        return likelihood(before, sample), likelihood(after, sample)


def allowed(core: Core, before: State, aim: State, sample: FloatArray) -> float:
    """What EM that is right may lower L by, of the module; ``aim`` is T. What a core returns has
    no part in it: the further off that is, the more it would be allowed."""
    m, (n, d) = len(sample), before.means.shape
    both = (before, aim)
    reach = max(float(s.reach(sample).max()) for s in both)
    known = [s.weights[s.weights != 0] for s in both]
    logs = max(float(np.abs(np.log(w)).max()) for w in known)
    least = min(
        min(float(s.variances.min()), float(w.min())) for s, w in zip(both, known, strict=True)
    )
    share = core.rtol(STEP) + core.atol(STEP) / min(least, least**0.5)
    share += core.unit * (4 * (d + 8) + 2 * m + n + 64) * (2 * (reach + logs) + 2)
    return 2 * share**2 * (reach + d + 2) if share < OFF else float("inf")
