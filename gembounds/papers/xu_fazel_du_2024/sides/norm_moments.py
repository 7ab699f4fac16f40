"""Lemma 17 and the steps of its proof: exponential moments of |x|, and (18c)."""

from __future__ import annotations

import numpy as np

from gembounds.papers.xu_fazel_du_2024.arithmetic.chi import average, law
from gembounds.papers.xu_fazel_du_2024.sides.record import Constants, Logs, Sides, log
from gembounds.points.batch import Batch, FloatArray

RATES = ("dimension and rate",)


def growth_of(b: Batch, c: FloatArray) -> FloatArray:
    """M(c) - 1."""
    r, weights = law(b["d"])
    return average(weights, np.expm1(c[:, None] * r))


def slope(b: Batch, c: FloatArray) -> FloatArray:
    """M'(c) = E |x| exp(c |x|)."""
    r, weights = law(b["d"])
    return average(weights, r * np.exp(c[:, None] * r))


def mean_norm(d: FloatArray) -> FloatArray:
    from scipy.special import gammaln

    found: FloatArray = np.exp(np.log(2) / 2 + gammaln((d + 1) / 2) - gammaln(d / 2))
    return found


def dimension(b: Batch) -> FloatArray:
    d: FloatArray = b["d"].astype(float)
    return d


def lemma_17(b: Batch, c: Constants) -> Logs:
    bound = c["factor"] * np.sqrt(dimension(b)) * b["c"]
    return np.log1p(growth_of(b, b["c"])), np.log1p(bound)


def eq_9(b: Batch, c: Constants) -> Logs:
    grown = log(growth_of(b, b["c"]))
    ends = [log(mean_norm(dimension(b)) * b["c"]), log(slope(b, b["c"]) * b["c"])]
    return np.stack((ends[0], grown), axis=1), np.stack((grown, ends[1]), axis=1)


def eq_10a(b: Batch, c: Constants) -> Logs:
    return np.zeros(len(b)), log(slope(b, b["c"])) - log(slope(b, b["xi"]))


def log_inside_bound(b: Batch) -> FloatArray:
    """log of exp(c) (2 pi)^(-d/2) V_d."""
    from scipy.special import gammaln

    d = dimension(b)
    found: FloatArray = b["c"] - d / 2 * np.log(2) - gammaln(d / 2 + 1)
    return found


def log_inside(b: Batch) -> FloatArray:
    """log of E[|x| exp(c |x|); |x| <= 1]: 2^(1-d/2)/Gamma(d/2) times the integral of
    r^d exp(c r - r^2/2) over [0, 1], by Gauss-Laguerre in -(d+1) log r."""
    from scipy.special import gammaln

    d = dimension(b)[:, None]
    s, w = np.polynomial.laguerre.laggauss(40)
    r = np.exp(-s / (d + 1))
    value = (w * np.exp(b["c"][:, None] * r - r * r / 2)).sum(axis=1) / (d[:, 0] + 1)
    d = d[:, 0]
    found: FloatArray = log(value) + (1 - d / 2) * np.log(2) - gammaln(d / 2)
    return found


def eq_10b(b: Batch, c: Constants) -> Logs:
    return log_inside(b), log_inside_bound(b)


def log_power(d: FloatArray, shrink: float) -> FloatArray:
    found: FloatArray = -(d + 1) * np.log1p(-1 / (shrink * d))
    return found


def outside(b: Batch) -> FloatArray:
    found: FloatArray = slope(b, b["c"]) - np.exp(log_inside(b))
    return found


def eq_10d_1(b: Batch, c: Constants) -> Logs:
    d = dimension(b)
    return log(outside(b)), log_power(d, c["shrink"]) + log(mean_norm(d))


def eq_10d_3(b: Batch, c: Constants) -> Logs:
    d = dimension(b)
    left = log_power(d, c["shrink"]) + log(mean_norm(d))
    return left, log(c["factor"] * np.sqrt(d))


def eq_10d_4(b: Batch, c: Constants) -> Logs:
    d = dimension(b)
    return log_power(d, c["shrink"]), np.full(len(d), np.log(c["factor"]))


def both_bounds(b: Batch, factor: float) -> FloatArray:
    d = dimension(b)
    found: FloatArray = np.exp(1 / (3 * d) - d / 2 * np.log(2 * np.pi)) + factor * np.sqrt(d)
    return found


def eq_11a(b: Batch, c: Constants) -> Logs:
    left = np.exp(log_inside_bound(b)) + outside(b)
    return log(left), log(both_bounds(b, c["factor"]))


def eq_11b(b: Batch, c: Constants) -> Logs:
    left = np.stack((both_bounds(b, c["factor"]), slope(b, b["xi"])), axis=1)
    return log(left), log(c["total"] * np.sqrt(dimension(b)))[:, None]


def eq_18c(b: Batch, c: Constants) -> Logs:
    return c["shift"] + b["x"], np.log1p(c["slope"] * b["x"])


SIDES = {
    "lemma-17": Sides("rates", lemma_17, maps=RATES),
    "lemma-17-sharpened": Sides("rates", lemma_17, maps=RATES),
    "eq-9": Sides("rates", eq_9, maps=RATES),
    "eq-10a.2": Sides("rates", eq_10a),
    "eq-10b": Sides("rates", eq_10b, maps=RATES),
    "eq-10d.1": Sides("rates", eq_10d_1, maps=RATES),
    "eq-10d.3": Sides("dimensions", eq_10d_3),
    "eq-10d.4": Sides("dimensions", eq_10d_4),
    "eq-11a": Sides("rates", eq_11a, maps=RATES),
    "eq-11b": Sides("rates", eq_11b),
    "eq-18c": Sides("unit", eq_18c),
    "eq-18c-repaired": Sides("unit", eq_18c),
}
