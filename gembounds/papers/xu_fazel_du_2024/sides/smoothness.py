"""Theorem 13 and the steps of its proof: gradients and posteriors before and after a move."""

from __future__ import annotations

import numpy as np

from gembounds.papers.xu_fazel_du_2024.arithmetic.chi import average, law
from gembounds.papers.xu_fazel_du_2024.arithmetic.grids import product_changes
from gembounds.papers.xu_fazel_du_2024.sides.mean_square import log_psi
from gembounds.papers.xu_fazel_du_2024.sides.record import Constants, Logs, Sides, log
from gembounds.points.batch import Batch, FloatArray, length, resolved

BOTH = ("size and dimension", "separation and weight")


def shifts(b: Batch) -> FloatArray:
    """|delta_i|, (B, n)."""
    found: FloatArray = np.sqrt((b["delta"] ** 2).sum(axis=2))
    return found


def largest(b: Batch) -> FloatArray:
    found: FloatArray = shifts(b).max(axis=1)
    return found


def moved(b: Batch) -> Batch:
    return b.kept("moved", lambda: b.moved(b.means + b["delta"]))


def gradient_change(b: Batch) -> FloatArray:
    """|grad_i L(mu + delta) - grad_i L(mu)|, (B, n); NaN where it cancels."""
    after = moved(b)
    change = (after.overlaps - b.overlaps) @ b.means + after.overlaps @ b["delta"]
    error = (b.widths + after.widths) @ b.norms[:, :, None]
    return resolved(length(change), error[:, :, 0])


def changes(b: Batch) -> FloatArray:
    return b.kept("changes", lambda: product_changes(b, moved(b)))


def _bound(b: Batch, c: Constants, shift: FloatArray) -> FloatArray:
    slope = c["root"] * np.sqrt(b.d) + c["mean"] * b.top[:, None]
    return log(b.n * b.top[:, None] * slope * shift + shifts(b).sum(axis=1, keepdims=True))


def theorem_13(b: Batch, c: Constants) -> Logs:
    return log(gradient_change(b)), _bound(b, c, shifts(b))


def theorem_13_repaired(b: Batch, c: Constants) -> Logs:
    return log(gradient_change(b)), _bound(b, c, largest(b)[:, None])


def theorem_13_sharpened(b: Batch, c: Constants) -> Logs:
    shift = largest(b)
    slope = np.sqrt(b.d) + b.top + shift / 2
    return log(gradient_change(b)), log(c["factor"] * b.top * slope * shift + shift)[:, None]


def pulls(b: Batch) -> FloatArray:
    """<x - mu_i, delta_i>, (B, n)."""
    found: FloatArray = np.einsum("bid,bid->bi", b["x"][:, None, :] - b.means, b["delta"])
    return found


def lengths(b: Batch) -> FloatArray:
    """|x|, (B, 1)."""
    found: FloatArray = np.sqrt((b["x"] ** 2).sum(axis=1, keepdims=True))
    return found


def reaches(b: Batch) -> FloatArray:
    return shifts(b) * (lengths(b) + b.norms)


def eq_15prime(b: Batch, c: Constants) -> Logs:
    return log(pulls(b)), log(reaches(b))


def log_ratios(b: Batch) -> FloatArray:
    """log psi_i(x|mu+delta) - log psi_i(x|mu)."""
    moves = pulls(b) - shifts(b) ** 2 / 2
    before = log_psi(b, b["x"])
    total = before + moves
    top = total.max(axis=1, keepdims=True)
    found: FloatArray = moves - top - log(np.exp(total - top).sum(axis=1, keepdims=True))
    return found


def eq_15(b: Batch, c: Constants) -> Logs:
    return log_ratios(b), c["factor"] * reaches(b)


def eq_16(b: Batch, c: Constants) -> Logs:
    return log_ratios(b), -c["factor"] * reaches(b)


def _largest_reach(b: Batch) -> FloatArray:
    shift = largest(b)[:, None]
    return shift * (lengths(b) + b.top[:, None] + shift / 4)


def eq_15_repaired(b: Batch, c: Constants) -> Logs:
    return log_ratios(b), c["factor"] * _largest_reach(b)


def eq_16_repaired(b: Batch, c: Constants) -> Logs:
    return log_ratios(b), -c["factor"] * _largest_reach(b)


def moment(b: Batch, rate: FloatArray, size: FloatArray) -> FloatArray:
    """E[exp(rate (|x| + size)) - 1], (B,)."""
    r, weights = law([b.d])
    grown = np.expm1(rate[:, None] * (r + size[:, None]))
    return average(np.broadcast_to(weights, grown.shape), grown)


def moments(b: Batch, factor: float) -> FloatArray:
    """F_i, (B, n)."""
    shift = shifts(b)
    return np.stack([moment(b, factor * shift[:, i], b.norms[:, i]) for i in range(b.n)], axis=1)


def eq_17b(b: Batch, c: Constants) -> Logs:
    change = changes(b)
    bound = np.repeat(moments(b, c["factor"])[:, :, None], b.n, axis=2)
    return log(change.reshape(len(b), -1)), log(bound.reshape(len(b), -1))


def eq_17b_repaired(b: Batch, c: Constants) -> Logs:
    change = changes(b)
    bound = moment(b, c["factor"] * largest(b), b.top)
    return log(change.reshape(len(b), -1)), log(bound)[:, None]


def closed(b: Batch, root: float) -> FloatArray:
    shift = shifts(b)
    grown = np.exp(2 * shift * b.norms)
    found: FloatArray = np.expm1(2 * shift * b.norms) + grown * root * np.sqrt(b.d) * shift
    return found


def linear(b: Batch, slope: float, mean: float) -> FloatArray:
    found: FloatArray = (slope * np.sqrt(b.d) + mean * b.norms) * shifts(b)
    return found


def eq_18a(b: Batch, c: Constants) -> Logs:
    return log(moments(b, 2.0)), log(closed(b, c["root"]))


def eq_18b_first(b: Batch, c: Constants) -> Logs:
    return log(closed(b, 10.0)), log(linear(b, c["root"] * np.e, c["mean"]))


def eq_18b_last(b: Batch, c: Constants) -> Logs:
    return log(linear(b, 10 * np.e, 4.0)), log(linear(b, c["root"], c["mean"]))


def eq_19(b: Batch, c: Constants) -> Logs:
    shift, total = shifts(b), shifts(b).sum(axis=1, keepdims=True)
    left = linear(b, 30.0, 4.0) * b.norms.sum(axis=1, keepdims=True) + total
    slope = c["root"] * np.sqrt(b.d) + c["mean"] * b.top[:, None]
    right = b.n * b.top[:, None] * slope * shift + total
    both = np.where(shift > 0, log(left) - log(right), 0.0)
    return both, np.zeros_like(both)


def theorem_13_sum(b: Batch, c: Constants) -> Logs:
    total = (1 + c["mean"] * b.top2) * shifts(b).sum(axis=1)
    return log(gradient_change(b)), log(total)[:, None]


SIDES = {
    "theorem-13-sharpened-mean": Sides("moved", theorem_13_repaired, maps=BOTH),
    "theorem-13-sharpened-sum": Sides("moved", theorem_13_sum, maps=BOTH),
    "theorem-13": Sides("moved", theorem_13, maps=BOTH),
    "theorem-13-repaired": Sides("moved", theorem_13_repaired, maps=BOTH),
    "theorem-13-sharpened": Sides("moved anyhow", theorem_13_sharpened, maps=BOTH),
    "eq-15prime.3": Sides("moved", eq_15prime),
    "eq-15": Sides("moved", eq_15),
    "eq-15-repaired": Sides("moved", eq_15_repaired),
    "eq-16": Sides("moved", eq_16),
    "eq-16-repaired": Sides("moved", eq_16_repaired),
    "eq-17b": Sides("moved a little", eq_17b),
    "eq-17b-repaired": Sides("moved a little", eq_17b_repaired),
    "eq-18a": Sides("moved", eq_18a),
    "eq-18b.1": Sides("moved", eq_18b_first),
    "eq-18b.2": Sides("moved", eq_18b_last),
    "eq-19": Sides("moved", eq_19),
}
