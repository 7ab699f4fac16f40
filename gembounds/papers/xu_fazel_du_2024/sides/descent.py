"""Theorem 2 and the steps of its proof.

A step size of the theorem is so small that the change of L in a step is -eta |g|^2 to the digits
of float64; for the sharpened forms, with eta up to 1, L is evaluated at the moved means.
"""

from __future__ import annotations

import numpy as np

from gembounds.papers.xu_fazel_du_2024.sides.record import Constants, Logs, Sides, log
from gembounds.points.batch import RTOL, Batch, FloatArray, resolved

BOTH = ("size and dimension", "separation and weight")

STEP_FACTOR = 1 / 20480000


def start(b: Batch) -> tuple[FloatArray, FloatArray]:
    """U(0) and mu_max(0)^2."""
    if "start_U" in b.parameters:
        return b["start_U"], b["start_top"]
    return b.U, b.top2


def log_eta(b: Batch, largest: float = STEP_FACTOR) -> FloatArray:
    """``largest`` is the constant of the condition on eta."""
    if "eta" in b.parameters:
        return log(b["eta"])
    total, top = start(b)
    spread = 2 * np.log1p(top) - log(top)
    size = np.log(largest) + 2 * log(b.pi_min) - 2 * np.log(b.n * b.d)
    found: FloatArray = log(b["share"]) + size - spread - 8 * total
    return found


def log_root(b: Batch) -> FloatArray:
    """log(1 + mu_max(0) sqrt(dn))."""
    found: FloatArray = np.log1p(np.sqrt(start(b)[1] * b.n * b.d))
    return found


def log_gamma(b: Batch, c: Constants) -> FloatArray:
    size = np.log(c["factor"]) + 4 * log(b.pi_min) - 2 * np.log(b.n * b.d)
    rate = size - c["exponent"] * start(b)[0] - 4 * log_root(b)
    found: FloatArray = log_eta(b, c.get("step", STEP_FACTOR)) + rate
    return found


def log_gamma_sharp(b: Batch, c: Constants) -> FloatArray:
    scale = c["factor"] * b.pi_min / size_of_start(b) ** 2
    found: FloatArray = log_eta(b) + log(scale) - c["exponent"] * b.U
    return found


def size_of_start(b: Batch) -> FloatArray:
    """min(n, d) + min(2U, 3)."""
    return np.asarray(min(b.n, b.d) + np.minimum(2 * b.U, 3))


def eq_34(b: Batch, c: Constants) -> Logs:
    scale = np.log(c["factor"] / (b.n * b.d)) + 2 * log(b.pi_min) - 2 * log_root(b)
    bound = scale - c["exponent"] * start(b)[0] + 1.5 * log(2 * b.loss)
    return log(b.gradient_square) / 2, bound


def eq_34_sharpened(b: Batch, c: Constants) -> Logs:
    root = log(c["square"] * b.pi_min) / 2 - log(size_of_start(b))
    return log(b.gradient_square) / 2, root - c["exponent"] * b.U + 1.5 * log(b.loss)


def log_small_decrease(b: Batch) -> FloatArray:
    """log of L - L(mu(t+1)) for a step size of the theorem."""
    found: FloatArray = log_eta(b) + log(b.gradient_square)
    return found


def eq_35(b: Batch, c: Constants) -> Logs:
    return log_small_decrease(b), log_gamma(b, c) + 3 * log(b.loss)


def log_needed(gamma: FloatArray, loss: FloatArray) -> FloatArray:
    """log of L - L/w, w = sqrt(1 + gamma L^2)."""
    root = np.sqrt(1 + np.exp(gamma) * loss**2)
    found: FloatArray = gamma + 3 * log(loss) - log(root * (1 + root))
    return found


def eq_30(b: Batch, c: Constants) -> Logs:
    return log_small_decrease(b), log_needed(log_gamma(b, c), b.loss)


def after_step(b: Batch, fraction: FloatArray | float = 1.0) -> Batch:
    step = np.broadcast_to(fraction * b["eta"], (len(b),))
    return b.moved(b.means - step[:, None, None] * b.gradient)


def decrease(b: Batch) -> FloatArray:
    """L(mu) - L(mu - eta g); NaN where it cancels."""
    difference = b.loss - b.kept("after a step", lambda: after_step(b).loss)
    return resolved(difference, 2 * RTOL * b.loss)


def eq_30_sharpened(b: Batch, c: Constants) -> Logs:
    return log(decrease(b)), log_needed(log_gamma_sharp(b, c), b.loss)


def eq_33_sharpened(b: Batch, c: Constants) -> Logs:
    return log(decrease(b)), log(c["half"] * b["eta"] * b.gradient_square)


def eq_33_repaired(b: Batch, c: Constants) -> Logs:
    """In units of eta |g|^2."""
    size = c["factor"] * np.sqrt(b.d) * b.n**2 * (start(b)[1] + 1)
    left = 1 - np.exp(log_eta(b)) * size
    return log(left), np.full(len(b), np.log(c["half"]))


def eq_32_sharpened(b: Batch, c: Constants) -> Logs:
    moved = after_step(b, b["s"])
    drop = np.einsum("bid,bid->b", b.gradient, b.gradient - moved.gradient)
    left = resolved(drop, 4 * RTOL * np.sqrt(b.gradient_square) * b.norms.sum(axis=1))
    return log(left), log(c["factor"] * b["s"] * b["eta"] * b.gradient_square)


def gradient_lengths(b: Batch, c: Constants) -> Logs:
    return log(b.gradient_norms), log(b.norms.sum(axis=1))[:, None]


def sum_of_norms(b: Batch, c: Constants) -> Logs:
    return 2 * log(b.norms.sum(axis=1)), log(c["factor"] * b.n * b.U)


def n_times_U(b: Batch, c: Constants) -> Logs:
    return log(b.n * b.U), log(c["factor"] * b.n**2 * start(b)[1])


def case_a(b: Batch, c: Constants) -> Logs:
    return log(b.U), log(c["factor"] * b.n * start(b)[1])


def case_a_repaired(b: Batch, c: Constants) -> Logs:
    return log(b.U), log(c["factor"] * start(b)[1])


def is_large(b: Batch) -> np.ndarray:
    found: np.ndarray = start(b)[0] <= 2 * b.U
    return found


def eq_37(b: Batch, c: Constants) -> Logs:
    scale = np.log(c["factor"] / (b.n**2 * b.d)) + 2 * log(b.pi_min * b.U)
    return log(b.psi2), scale - c["exponent"] * start(b)[0] - 2 * log_root(b)


def eq_38(b: Batch, c: Constants) -> Logs:
    return log(b.gradient_square), log(c["factor"] * b.U)


def eq_38_sharpened(b: Batch, c: Constants) -> Logs:
    return log(b.gradient_square), log(c["factor"] * b.psi2)


def loss_after_small_steps(b: Batch, largest: float) -> FloatArray:
    """log of L(mu(t)), where t steps take at most a thousandth of L away."""
    eta, t = np.exp(log_eta(b, largest)), b["t"].astype(float)
    taken = t * eta * b.U * (1 + eta * (1 + (1 + eta) ** 2 * b.U) / 2)
    return np.where(taken < 1e-3 * b.loss, log(b.loss), np.nan)


def loss_after_steps(b: Batch) -> FloatArray:
    """log of L(mu(t)): the steps are run."""
    state, out = b, np.full(len(b), np.nan)
    for t in range(1, int(b["t"].max()) + 1):
        state = b.moved(state.means - b["eta"][:, None, None] * state.gradient)
        last = b["t"] == t
        if last.any():
            out[last] = log(state.rows(last).loss)
    return out


def theorem_2(b: Batch, c: Constants) -> Logs:
    return loss_after_small_steps(b, c["step"]), -(log_gamma(b, c) + log(b["t"].astype(float))) / 2


def theorem_2_sharpened(b: Batch, c: Constants) -> Logs:
    return loss_after_steps(b), -(log_gamma_sharp(b, c) + log(b["t"].astype(float))) / 2


SIDES = {
    "eq-29-case-a": Sides("starts", case_a),
    "eq-29-case-a-repaired": Sides("states", case_a_repaired, is_large),
    "eq-30": Sides("states", eq_30),
    "eq-30-sharpened": Sides("steps", eq_30_sharpened),
    "eq-31prime.1": Sides("states", gradient_lengths),
    "eq-31prime.2": Sides("states", sum_of_norms),
    "eq-31prime.3": Sides("states", n_times_U),
    "eq-32-sharpened": Sides("steps", eq_32_sharpened),
    "eq-33.2-repaired": Sides("states", eq_33_repaired),
    "eq-33.2-sharpened": Sides("steps", eq_33_sharpened, maps=BOTH),
    "eq-34": Sides("states", eq_34, maps=BOTH),
    "eq-34-sharpened": Sides("plain", eq_34_sharpened, maps=BOTH),
    "eq-35": Sides("states", eq_35, maps=BOTH),
    "eq-37": Sides("states", eq_37, maps=BOTH),
    "eq-38": Sides("states", eq_38),
    "eq-38-sharpened": Sides("plain", eq_38_sharpened, maps=BOTH),
    "theorem-2": Sides("timed", theorem_2, maps=BOTH),
    "theorem-2-sharpened": Sides("timed steps", theorem_2_sharpened, maps=BOTH),
}
