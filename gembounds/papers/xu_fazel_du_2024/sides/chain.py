"""The chain of Lemma 11's proof, (6) and (23a) to (28): odd parts, and |x| apart from x/|x|."""

from __future__ import annotations

import numpy as np

from gembounds.papers.xu_fazel_du_2024.arithmetic.chi import average, law, log_upper_gamma
from gembounds.papers.xu_fazel_du_2024.arithmetic.grids import odd_parts
from gembounds.papers.xu_fazel_du_2024.sides.record import Constants, Logs, Sides, log
from gembounds.points.batch import Batch, FloatArray

BOTH = ("size and dimension", "separation and weight")


def decay(b: Batch, power: int = 1) -> FloatArray:
    """E ((1 - exp(-4 m |x|))/m)^power."""
    r, weights = law([b.d])
    m = b.top[:, None]
    return average(np.broadcast_to(weights, (len(b), r.shape[1])),
                   (-np.expm1(-4 * m * r) / m) ** power)  # fmt: skip


def inner(b: Batch, factor: float) -> FloatArray:
    """(1 - exp(-2 m sqrt(d)))/m, the 2 being ``factor``."""
    found: FloatArray = -np.expm1(-factor * b.top * np.sqrt(b.d)) / b.top
    return found


def scaled(b: Batch, c: Constants, value: FloatArray) -> FloatArray:
    exponent, denominator = c.get("exponent", 8.0), c.get("denominator", 64.0)
    found: FloatArray = -exponent * b.U - np.log(denominator) + value
    return found


def second_moment(b: Batch, c: Constants) -> FloatArray:
    pi = b.weights
    along = np.einsum("bk,bik->bi", pi, b.gram)
    mean2 = np.einsum("bi,bi->b", pi, along)
    centred = b.gram - along[:, :, None] - along[:, None, :] + mean2[:, None, None]
    square = 4 * np.einsum("bi,bk,bik->b", pi, pi, centred**2)
    form = (b.spread**2 + 2 * square) / (b.d * (b.d + 2))
    return scaled(b, c, log(form * decay(b, 2)))


def squared_moment(b: Batch, c: Constants) -> FloatArray:
    return scaled(b, c, 2 * log(b.spread / b.d * decay(b)))


def squared_probable(b: Batch, c: Constants) -> FloatArray:
    value = b.spread / (c["probability"] * b.d) * inner(b, c["inner"])
    return scaled(b, {}, 2 * log(value))


def squared_rational(b: Batch, c: Constants) -> FloatArray:
    root = c["inner"] * np.sqrt(b.d)
    value = b.spread / (c["probability"] * b.d) * root / (1 + root * b.top)
    return scaled(b, {}, 2 * log(value))


PROBABLE = {"inner": 2.0, "probability": 50.0}


def eq_24c(b: Batch, c: Constants) -> Logs:
    return second_moment(b, {}), squared_moment(b, c)


def eq_28_1(b: Batch, c: Constants) -> Logs:
    return squared_moment(b, {}), squared_probable(b, c)


def eq_28_2(b: Batch, c: Constants) -> Logs:
    return squared_probable(b, PROBABLE), squared_rational(b, c)


def eq_26b(b: Batch, c: Constants) -> Logs:
    return log(decay(b)), log(inner(b, c["inner"]) / c["probability"])


def eq_27(b: Batch, c: Constants) -> Logs:
    """|mu_i - mu_j|^2/d is on both sides of every entry: one is left."""
    left, right = eq_26b(b, c)
    return np.where(b.spread > 0, left, np.nan), right


def odd(b: Batch) -> tuple[FloatArray, FloatArray]:
    return b.kept("odd parts", lambda: odd_parts(b))


def eq_24b(b: Batch, c: Constants) -> Logs:
    return log(odd(b)[1] / 4), second_moment(b, c)


def mean_square_over_odd(b: Batch, c: Constants) -> Logs:
    """(6), (24a): E|psi~|^2 against a quarter of E<g, xbar>^2."""
    factor = c["quarter"] if "quarter" in c else 4 * c["factor"]
    return log(b.psi2), log(factor * odd(b)[1])


def symmetrised_over_odd(b: Batch, c: Constants) -> Logs:
    """E|psi~(-x)|^2 is E|psi~(x)|^2, x being symmetric."""
    return log(b.psi2), log(c["quarter"] * odd(b)[0])


def odd_over_radial(b: Batch, c: Constants) -> Logs:
    whole, radial = odd(b)
    return log(whole / 4), log(c["quarter"] * radial)


def eq_26a(b: Batch, c: Constants) -> Logs:
    from scipy.special import gammaincc

    d = b["d"].astype(float)
    left = log(gammaincc(d / 2, c["radius"] ** 2 * d / 2))
    return left, np.full(len(b), np.log(c["probability"]))


def eq_39c(b: Batch, c: Constants) -> Logs:
    d = b["d"].astype(float)
    return log_upper_gamma(d / 2, c["radius"] ** 2 * d / 2), -c["rate"] * d


def eq_28_4(b: Batch, c: Constants) -> Logs:
    return -b["t"], log(c["one"] / (1 + b["t"]))


SIDES = {
    "eq-6-repaired": Sides("plane", mean_square_over_odd),
    "eq-23a.2": Sides("plane", symmetrised_over_odd),
    "eq-23a.3": Sides("plane", odd_over_radial),
    "eq-24a": Sides("plane", mean_square_over_odd),
    "eq-24b": Sides("plane", eq_24b, maps=("separation and weight",)),
    "eq-24c": Sides("plain", eq_24c, maps=BOTH),
    "eq-26a": Sides("dimensions", eq_26a),
    "eq-26a-sharpened": Sides("dimensions", eq_26a),
    "eq-26b": Sides("plain", eq_26b, maps=("size and dimension",)),
    "eq-27": Sides("plain", eq_27, maps=("size and dimension",)),
    "eq-28.1": Sides("plain", eq_28_1, maps=BOTH),
    "eq-28.2": Sides("plain", eq_28_2, maps=BOTH),
    "eq-28.4": Sides("times", eq_28_4),
    "eq-39c": Sides("dimensions", eq_39c),
    "eq-39c-repaired": Sides("dimensions", eq_39c),
}
