"""E|psi~|^2 from below, and the loss: Lemmas 11, 12, 19, 20, Theorem 14 and their steps."""

from __future__ import annotations

import numpy as np

from gembounds.papers.xu_fazel_du_2024.sides.record import Constants, Logs, Sides, log
from gembounds.points.batch import Batch, FloatArray

BOTH = ("size and dimension", "separation and weight")


def lemma_11(b: Batch, c: Constants) -> Logs:
    root = log(1 + c["inner"] * b.top * np.sqrt(b.d))
    bound = -c["exponent"] * b.U + 2 * log(b.spread) - np.log(c["denominator"] * b.d) - 2 * root
    return log(b.psi2), bound


def lemma_11_sharpened(b: Batch, c: Constants) -> Logs:
    size = 2 * log(b.spread) - log(c["denominator"] * (min(b.n, b.d) + b.spread))
    return log(b.psi2), -c["exponent"] * b.top2 + size


def lemma_12(b: Batch, c: Constants) -> Logs:
    root = log(1 + c["inner"] * b.top * np.sqrt(b.d))
    scale = np.log(c["factor"] / b.d) + 2 * log(b.pi_min * b.top2)
    return log(b.psi2), -c["exponent"] * b.U + scale - 2 * root


def lemma_12_sharpened(b: Batch, c: Constants) -> Logs:
    size = b.pi_min * b.top2
    scale = np.log(c["factor"]) + 2 * log(size) - log(min(b.n, b.d) + 2 * size)
    return log(b.psi2), -c["exponent"] * b.top2 + scale


def case_2_first(b: Batch, c: Constants) -> Logs:
    return log(b.psi2), log(c["quarter"] * b.top2)


def _fourth(b: Batch, exponent: float, factor: float, square: FloatArray) -> FloatArray:
    found: FloatArray = np.log(factor) + 2 * log(b.top2) - exponent * square
    return found


def case_2_second(b: Batch, c: Constants) -> Logs:
    return log(b.top2 / 4), _fourth(b, c["exponent"], c["factor"], b.top2)


def case_2_third(b: Batch, c: Constants) -> Logs:
    return _fourth(b, 8.0, 2.0, b.top2), _fourth(b, c["exponent"], c["factor"], b.U)


def lemma_19(b: Batch, c: Constants) -> Logs:
    return log(b.spread), log(c["factor"] * b.pi_min * b.top2)


def _two_terms(b: Batch) -> FloatArray:
    rows, imax, k = np.arange(len(b)), b["imax"], b["k"]
    first: FloatArray = b.weights[rows, imax, None] * b.distances2[rows, :, imax]
    return first + b.weights[rows, k, None] * b.distances2[rows, :, k]


def lemma_19_first(b: Batch, c: Constants) -> Logs:
    return log(np.einsum("bj,bij->bi", b.weights, b.distances2)), log(_two_terms(b))


def lemma_19_second(b: Batch, c: Constants) -> Logs:
    between = b.distances2[np.arange(len(b)), b["imax"], b["k"]]
    return log(_two_terms(b)), log(c["factor"] * b.pi_min * between)[:, None]


def lemma_20(b: Batch, c: Constants) -> Logs:
    return log(b.psi2), log(c["factor"] * b.top2)


def inner_products(b: Batch, c: Constants) -> Logs:
    return log(b.gram[np.arange(len(b)), b["imax"]]), log(c["factor"] * b.top2)[:, None]


def posterior_mean(b: Batch, c: Constants) -> Logs:
    """|psi~(x)| against mu_max/2."""
    psi = np.exp(log_psi(b, b["x"]))
    length = np.sqrt(np.einsum("bi,bk,bik->b", psi, psi, b.gram))
    return log(length), log(c["factor"] * b.top)


def log_psi(b: Batch, x: FloatArray) -> FloatArray:
    """log psi_i(x), (B, n), for x (B, d)."""
    logits = np.einsum("bid,bd->bi", b.means, x) - b.norms2 / 2 + np.log(b.weights)
    top = logits.max(axis=1, keepdims=True)
    found: FloatArray = logits - top - log(np.exp(logits - top).sum(axis=1, keepdims=True))
    return found


def loss_bound(b: Batch, c: Constants) -> Logs:
    return log(b.loss), log(c["half"] * b.mean_square)


def mean_square_bound(b: Batch, c: Constants) -> Logs:
    return log(b.mean_square / 2), log(c["half"] * b.top2)


def has_distant(b: Batch) -> np.ndarray:
    return np.asarray(b.distant.any(axis=1))


def k_is_distant(b: Batch) -> np.ndarray:
    return np.asarray(b.distant[np.arange(len(b)), b["k"]])


def lemma_11_exponent(b: Batch, c: Constants) -> Logs:
    root = log(1 + 2 * b.top * np.sqrt(b.d))
    size = 2 * log(b.mean_square) - np.log(c["denominator"] * b.d)
    return log(b.psi2), -c["exponent"] * b.U + size - 2 * root


def lemma_11_excess(b: Batch, c: Constants) -> Logs:
    """phi(t) times the integral of s^2 exp(-t s - s^2/2) over s > 0, for every k."""
    t = c["reach"] * b.norms - log(b.weights) / b.norms
    tail = log_excess(np.where(np.isfinite(t), t, 1e3))
    return log(b.psi2)[:, None], np.log(c["factor"]) + log(b.norms2) + tail


def log_excess(t: FloatArray) -> FloatArray:
    """log E max(0, z - t)^2 for t >= 0, by Gauss-Laguerre in s (t + 1)."""
    nodes, weights = np.polynomial.laguerre.laggauss(80)
    scale = t[..., None] + 1
    s = nodes / scale
    inside = (weights * s**2 * np.exp(nodes - t[..., None] * s - s * s / 2)).sum(axis=-1)
    found: FloatArray = log(inside / (t + 1)) - t * t / 2 - np.log(2 * np.pi) / 2
    return found


SIDES = {
    "lemma-11-sharpened-exponent": Sides("plain", lemma_11_exponent, maps=BOTH),
    "lemma-11-sharpened-excess": Sides("plain", lemma_11_excess, maps=BOTH),
    "lemma-11": Sides("plain", lemma_11, maps=BOTH),
    "lemma-11-sharpened": Sides("plain", lemma_11_sharpened, maps=BOTH),
    "lemma-12.2": Sides("plain", lemma_12, maps=BOTH),
    "lemma-12.2-sharpened": Sides("plain", lemma_12_sharpened, maps=BOTH),
    "lemma-12-case-1": Sides("plain", lemma_12, has_distant, maps=BOTH),
    "lemma-12-case-2.1": Sides("near", case_2_first),
    "lemma-12-case-2.2": Sides("near", case_2_second),
    "lemma-12-case-2.3": Sides("near", case_2_third),
    "lemma-19": Sides("plain", lemma_19, has_distant, maps=BOTH[1:]),
    "lemma-19-sharpened": Sides("plain", lemma_19, has_distant, maps=BOTH[1:]),
    "lemma-19-proof.1": Sides("placed", lemma_19_first, k_is_distant),
    "lemma-19-proof.2": Sides("placed", lemma_19_second, k_is_distant),
    "lemma-20": Sides("near", lemma_20),
    "eq-20": Sides("near", inner_products),
    "eq-21": Sides("near", posterior_mean),
    "theorem-14.1": Sides("plain", loss_bound, maps=BOTH),
    "theorem-14.2": Sides("plain", mean_square_bound, maps=BOTH[1:]),
}
