"""Limits: families along which a constant is approached, and an estimate of where they end.

A family of its own is a sequence of points with a growing size u (a squared norm, a dimension).
Along it the critical values are certified one by one; the limit is fitted, v(u) = v + a log(u)/u
+ b/u through the last three, and is no evidence. Other constants are followed from their witness
in the one direction (a mean, a weight, a dimension to its limit) that helps most, by Aitken's
rule on three points.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from gembounds.mixture import Mixture
from gembounds.point import Point, repeated
from gembounds.tightness import variables
from gembounds.tightness.critical import Constant
from gembounds.tightness.seek import Found, critical_at

FACTORS = (0.5, 2.0)
"""Of the steps from a witness toward a limit."""

WORTH = 1e-9
"""Improvements in w below this are no direction toward a limit."""


@dataclass(frozen=True)
class Family:
    """``points(quick)``: pairs (u, point), u growing."""

    name: str
    size: str
    points: Callable[[bool], list[tuple[Fraction, Point]]]
    has_limit: bool = True


def one_far_mean(quick: bool) -> list[tuple[Fraction, Point]]:
    """n = 2, d = 1, means M and 0, equal weights: u = M^2 = U."""
    sizes = (8, 16, 32) if quick else (8, 16, 32, 64)
    return [(Fraction(m * m), Point(Mixture([[m], [0]]))) for m in sizes]


def one_far_mean_at_start(quick: bool) -> list[tuple[Fraction, Point]]:
    """The same as the first state of gradient EM, at the largest step size."""
    return [(u, Point(p.mixture, {"share": Fraction(1)})) for u, p in one_far_mean(quick)]


def outweighing_pair(quick: bool) -> list[tuple[Fraction, Point]]:
    """n = 3, means (10, ..., 10), -(10, ..., 10), 0; weights at the end of the condition
    pi_1 <= exp(5d/2) pi_3, just within: u = d."""
    return _pairs((9, 25, 64) if quick else (9, 25, 64, 144, 256))


def short_pair(quick: bool) -> list[tuple[Fraction, Point]]:
    """The same for the smallest d."""
    return _pairs((1, 2, 3))


def _pairs(dimensions: tuple[int, ...]) -> list[tuple[Fraction, Point]]:
    out = []
    for d in dimensions:
        ratio = variables.decimal(Fraction(math.exp(2.5 * d)), 6) * Fraction(999, 1000)
        total = 2 * ratio + 1
        weights = [ratio / total, ratio / total, 1 / total]
        out.append((Fraction(d), Point(repeated([[10, -10, 0]], [d], weights))))
    return out


def isotropic(quick: bool) -> list[tuple[Fraction, Point]]:
    """+-s e_1 on the line, s to 0: u = 1/s."""
    return [(Fraction(k), Point(Mixture([[Fraction(1, k)], [Fraction(-1, k)]])))
            for k in (16, 256, 4096)]  # fmt: skip


def balanced(quick: bool) -> list[tuple[Fraction, Point]]:
    """Means s and -w s/(1-w) of weights w and 1-w, s and w to 0: u = 1/w."""
    out = []
    for k in (64, 1024, 16384):
        w, s = Fraction(1, k), Fraction(1, k)
        out.append((Fraction(k), Point(Mixture([[s], [-w * s / (1 - w)]], [w, 1 - w]))))
    return out


FAR = Family("one far mean of two, equal weights", "U = mu_max^2", one_far_mean)
FAR_START = Family("one far mean of two, equal weights", "U(0)", one_far_mean_at_start)
PAIR = Family("two far means that outweigh a mean at 0", "d", outweighing_pair)
SHORT_PAIR = Family("two far means that outweigh a mean at 0", "d", short_pair, False)
SMALL = Family("two opposite means of equal weights, to 0", "1/mu_max", isotropic)
BALANCED = Family("mean zero, one light component, all means to 0", "1/pi_min", balanced)

FAMILIES: dict[tuple[str, str], Family] = {
    ("lemma-11", "exponent"): FAR,
    ("lemma-11-sharpened", "exponent"): FAR,
    ("lemma-12.2", "exponent"): FAR,
    ("lemma-12.2-sharpened", "exponent"): FAR,
    ("lemma-12-case-1", "exponent"): FAR,
    ("eq-34", "exponent"): FAR_START,
    ("eq-37", "exponent"): FAR_START,
    ("lemma-15-repaired", "rate"): PAIR,
    ("lemma-15-sharpened", "rate"): PAIR,
    ("lemma-15-repaired", "far"): SHORT_PAIR,
    ("lemma-15-sharpened", "far"): SHORT_PAIR,
    ("lemma-11", "denominator"): SMALL,
    ("lemma-11-sharpened", "denominator"): SMALL,
    ("lemma-12.2", "factor"): BALANCED,
    ("lemma-12.2-sharpened", "factor"): BALANCED,
    ("lemma-12-case-1", "factor"): BALANCED,
}


def fitted(values: list[tuple[float, float]]) -> float | None:
    """The v of v + a log(u)/u + b/u through the last three (u, v(u)); None of fewer."""
    if len(values) < 3:
        return None
    rows = [(1.0, math.log(u) / u, 1 / u, v) for u, v in values[-3:]]
    bottom = _determinant([r[:3] for r in rows])
    if bottom == 0:
        return None
    return _determinant([(r[3], r[1], r[2]) for r in rows]) / bottom


def _determinant(rows: list[tuple[float, ...]]) -> float:
    (a, b, c), (d, e, f), (g, h, i) = rows
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def followed(constant: Constant, found: Found) -> float | None:
    """The limit that the critical values tend to from the witness in its best direction, None
    where no direction helps."""
    best: tuple[float, float] | None = None
    for move in variables.moves(found.point):
        for factor in FACTORS:
            values = [found.w]
            point: Point | None = found.point
            for _ in range(2):
                point = None if point is None else move.apply(point, factor)
                w = None if point is None else critical_at(constant, point, found.w)
                if w is None:
                    break
                values.append(w)
            if len(values) == 3 and values[0] - values[2] > WORTH and (
                best is None or values[2] < best[0]
            ):
                best = (values[2], _aitken(*values))
    return None if best is None else float(constant.value(best[1]))


def _aitken(a: float, b: float, c: float) -> float:
    bend = (c - b) - (b - a)
    return c if bend <= 0 or c >= b else c - (c - b) ** 2 / bend
