"""Lemma 15, (39a), Theorem 7 with (41) and the line before it: starts that trap gradient EM."""

from __future__ import annotations

import numpy as np

from gembounds.papers.xu_fazel_du_2024.sides.mean_square import log_psi
from gembounds.papers.xu_fazel_du_2024.sides.record import Constants, Logs, Sides, log
from gembounds.points.batch import Batch, FloatArray

OUTWEIGHED = 2.5
"""pi_1, pi_2 <= exp(5d/2) max(pi_3, ..., pi_n)."""


def lemma_15(b: Batch, c: Constants) -> Logs:
    near, far = b.norms[:, 2:].sum(axis=1), b.norms[:, :2].sum(axis=1)
    bound = np.logaddexp(log(c["near"] * near), np.log(c["far"]) - c["rate"] * b.d + log(far))
    return log(b.gradient_norms), bound[:, None]


def eq_39a(b: Batch, c: Constants) -> Logs:
    return log_psi(b, b["x"])[:, :2], np.full((len(b), 1), -c["rate"] * b.d)


def is_outweighed(b: Batch) -> np.ndarray:
    if b.n < 3:
        return np.zeros(len(b), dtype=bool)
    ratio = np.log(b.weights[:, :2].max(axis=1)) - np.log(b.weights[:, 2:].max(axis=1))
    found: np.ndarray = ratio <= OUTWEIGHED * b.d * (1 - 1e-12)
    return found


STEP = 0.125
"""Of the rule in :func:`log_force` (a choice)."""


def log_force(a: FloatArray, n: FloatArray) -> FloatArray:
    """log of a E(psi_1 - psi_2)^2/2 for means a e_1, -a e_1 and n - 2 zeros, equal weights.

    By symmetry twice the half line y > 0 around y0 = a/2 + log(n-2)/a, where psi_1 turns from
    small to 1: trapezoidal in a (y - y0).
    """
    y0 = a / 2 + np.log(n - 2) / a
    u = np.arange(-30.0, 90.0, STEP)
    y = y0[:, None] + u[None, :] / a[:, None]
    up = a[:, None] * y - a[:, None] ** 2 / 2
    down = -a[:, None] * y - a[:, None] ** 2 / 2
    rest = np.log(n - 2)[:, None]
    total = np.log1p(np.exp(up - rest) + np.exp(down - rest)) + rest
    share = 2 * (up - total + log(-np.expm1(down - up)))
    terms = np.where(y > 0, share - y**2 / 2, -np.inf)
    top = terms.max(axis=1, keepdims=True)
    sums = top[:, 0] + log(np.exp(terms - top).sum(axis=1))
    found: FloatArray = sums + np.log(STEP) - np.log(2 * np.pi) / 2
    return found


def force(b: Batch) -> FloatArray:
    root = np.sqrt(b["d"].astype(float))
    return b.kept("force", lambda: log_force(12 * root, b["n"].astype(float)))


def eq_41prime(b: Batch, c: Constants) -> Logs:
    """On the whole way a stays 12 sqrt(d) to many digits."""
    d = b["d"].astype(float)
    return force(b), np.log(c["factor"]) + np.log(d) / 2 - d


def theorem_7(b: Batch, c: Constants) -> Logs:
    root = np.sqrt(b["d"].astype(float))
    left = c["start"] * root - b["eta"] * b["t"] * np.exp(force(b))
    return log(left), log(c["kept"] * root)


def eq_41_sharpened(b: Batch, c: Constants) -> Logs:
    return force(b), np.log(c["factor"]) - c["rate"] * b["d"].astype(float)


SIDES = {
    "eq-41-sharpened": Sides("trajectories", eq_41_sharpened),
    "eq-41prime-sharpened": Sides("trajectories", eq_41_sharpened),
    "lemma-15": Sides("far", lemma_15),
    "lemma-15-repaired": Sides("far", lemma_15, is_outweighed),
    "lemma-15-sharpened": Sides("far", lemma_15, is_outweighed),
    "eq-39a": Sides("far", eq_39a),
    "eq-39a-repaired": Sides("far", eq_39a, is_outweighed),
    "eq-41": Sides("trajectories", eq_41prime),
    "eq-41prime": Sides("trajectories", eq_41prime),
    "theorem-7": Sides("trajectories", theorem_7),
}
