"""Lemma 18 with (12) and (13): posteriors along a line through 0."""

from __future__ import annotations

import numpy as np

from gembounds.papers.xu_fazel_du_2024.sides.mean_square import log_psi
from gembounds.papers.xu_fazel_du_2024.sides.record import Constants, Logs, Sides, log
from gembounds.points.batch import Batch, FloatArray

BOTH = ("size and dimension", "separation and weight")

NODES = 24
"""Gauss-Legendre nodes of each piece of a half line (a choice)."""

PIECES = np.array([0.0, 1e-4, 1e-3, 1e-2, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
"""Ends of the pieces of [0, 1]: near 0 psi may change quickly."""

CHUNK = 2000


def line_rule() -> tuple[FloatArray, FloatArray]:
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    middle, half = (PIECES[1:] + PIECES[:-1]) / 2, np.diff(PIECES) / 2
    t = (middle[:, None] + half[:, None] * nodes).ravel()
    w = (half[:, None] * weights).ravel()
    return np.concatenate((-t[::-1], t)), np.concatenate((w[::-1], w))


def log_integral(b: Batch) -> FloatArray:
    """log of the integral of psi_i psi_j(tx) over [-1, 1]."""
    t, w = line_rule()
    out = np.empty(len(b))
    slopes = np.einsum("bid,bd->bi", b.means, b["x"])
    offset = np.log(b.weights) - b.norms2 / 2
    for start in range(0, len(b), CHUNK):
        part = slice(start, start + CHUNK)
        rows = np.arange(len(out[part]))
        logits = offset[part, None, :] + slopes[part, None, :] * t[None, :, None]
        top = logits.max(axis=2, keepdims=True)
        log_psi_ = logits - top - np.log(np.exp(logits - top).sum(axis=2, keepdims=True))
        both = log_psi_[rows, :, b["i"][part]] + log_psi_[rows, :, b["j"][part]]
        high = both.max(axis=1, keepdims=True)
        out[part] = high[:, 0] + log(np.exp(both - high) @ w)
    return out


def integrated(b: Batch) -> FloatArray:
    return b.kept("line integral", lambda: log_integral(b))


def reach(b: Batch) -> FloatArray:
    """mu_max |x|."""
    found: FloatArray = b.top * np.sqrt((b["x"] ** 2).sum(axis=1))
    return found


def log_pair(b: Batch) -> FloatArray:
    rows = np.arange(len(b))
    found: FloatArray = np.log(b.weights[rows, b["i"]]) + np.log(b.weights[rows, b["j"]])
    return found


def log_mean_decay(q: FloatArray) -> FloatArray:
    """log of 2 (1 - exp(-q))/q."""
    return log(-2 * np.expm1(-q) / q)


def lemma_18(b: Batch, c: Constants) -> Logs:
    mean = log_mean_decay(c["rate"] * reach(b))
    return integrated(b), np.log(c["factor"]) + log_pair(b) - c["decay"] * b.U + mean


def eq_13_first(b: Batch, c: Constants) -> Logs:
    mean = log_mean_decay(c["rate"] * reach(b))
    return integrated(b), np.log(c["factor"]) + log_pair(b) - c["decay"] * b.top2 + mean


def eq_13_last(b: Batch, c: Constants) -> Logs:
    return np.zeros(len(b)), np.log(c["factor"]) + 4 * b.top2 - c["decay"] * b.U


def lemma_18_sharpened(b: Batch, c: Constants) -> Logs:
    rows, q = np.arange(len(b)), c["rate"] * reach(b)
    decay = c["decay"] * (b.norms2[rows, b["i"]] + b.norms2[rows, b["j"]])
    size = np.log(2 * c["factor"]) + log(np.tanh(q) / q)
    return integrated(b), log_pair(b) - decay + size


def eq_12(b: Batch, c: Constants) -> Logs:
    rows = np.arange(len(b))
    left = log_psi(b, b["t"][:, None] * b["x"])[rows, b["i"]]
    reached = np.abs(b["t"]) * reach(b) + b.top2
    return left, np.log(b.weights[rows, b["i"]]) - c["rate"] * reached


SIDES = {
    "lemma-18": Sides("placed", lemma_18, maps=BOTH),
    "lemma-18-sharpened": Sides("placed", lemma_18_sharpened, maps=BOTH),
    "eq-12": Sides("placed", eq_12),
    "eq-13.1": Sides("placed", eq_13_first),
    "eq-13.3": Sides("placed", eq_13_last),
}
