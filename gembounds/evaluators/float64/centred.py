"""L of tiny configurations in float64: every term as small as the result, so nothing cancels.

With m = sum_i pi_i mu_i, v_i = mu_i - m and l_i = <x, v_i> - <m, v_i> - |v_i|^2/2,

    L = |m|^2/2 - E log(1 + w) = |m|^2/2 - E w + E h(w),    h(w) = w - log(1 + w) >= 0,
    w = sum_i pi_i (exp(l_i) - 1) = sum_i pi_i e(l_i) - rho/2,    e(l) = exp(l) - 1 - l >= 0,
    E w = sum_i pi_i e(-<m, v_i>),    rho = sum_i pi_i |v_i|^2,

as sum_i pi_i v_i = 0. x enters through coordinates y alone, each of range D <= 1/8, by a
Gauss-Hermite rule of few points (:mod:`gembounds.evaluators.balls.hermite`). Its error an axis for
log(1 + w) is 4.4 D^2m (2m-1)!!, and for w, a mean of exp(y v - v^2/2 - <m, v_i>) with |v| <= D
along the axis, by the same remainder and with |<m, v_i>| <= 1 at most

    e D^2m (2m-1)!! (2^(2m+1) exp(2 D^2) + exp(2 D sqrt(m)))/(2m)! <= 13.1 D^2m (2m-1)!!

(largest for m = 1; over the other axes the rule gives exp(y v) no more than its integral, as its
error is an even derivative, which is positive). So h errs by 18 D^2m (2m-1)!! an axis.

At a node |l_i| <= lambda = |y| V + max |<m, v_i>| + V^2/2 <= 1, V = max |v_i|. An error of l by
eps changes e(l) by (exp(lambda) - 1) eps <= 1.72 lambda eps, and one of w by s changes h(w) by
exp(lambda) (|w| + s) s, as 1 + w >= exp(-lambda). The part <x, e_i> of a logit that the
coordinates leave out, |e_i| <= E, changes L by at most E^2/2: with t e_i in its place the
derivative is t E|sum_i psi_i e_i|^2 (Stein).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from operator import mul
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.coordinates import ROUND, Coordinates, coordinates
from gembounds.values.columns import constant_runs
from gembounds.values.enclosure import Rule
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import U, gamma

FloatArray = npt.NDArray[np.float64]

WIDEST = 0.125
"""Ranges up to this are tiny: what the rule of few points needs."""

MOST_POINTS, MOST_NODES = 30, 1 << 14
"""Most points an axis, and in all (a choice: more would take longer than a grid)."""

EXACT = 64
"""Most entries of means whose mean is taken by exact rationals (a choice)."""

SHARE = 0.1
"""Part of rtol for the rule (a choice: points come in whole numbers anyway)."""

LEAST = 1e-250
"""Losses below this are left to what covers underflow."""

TERMS = 22
"""Terms of the series in e, for |l| <= 1, and in h, for |w| <= exp(1) - 1: what follows is below U
of the first (2/24! and 0.47^44)."""


class Around(NamedTuple):
    """m (d,), v (n, d), bounds of the errors of their norms; <m, v_i> and a bound of its error;
    the largest of |<m, v_i>| and of |v_i|, rounded up."""

    mean: FloatArray
    away: FloatArray
    mean_error: float
    away_error: float
    tilt: FloatArray
    tilt_error: float
    tilted: float
    widest: float


class Tiny(NamedTuple):
    """``spread`` is |sum_i pi_i v_i v_i^T|, the Frobenius norm; ``v`` are coordinates (n, r)."""

    mix: Mixture
    parts: Around
    co: Coordinates
    v: FloatArray
    square: float
    spread: float


class Nodes(NamedTuple):
    """At N nodes: logits (n, N), weights (N,), w and the bounds lambda, of the logits' errors and
    of that of w, (N,); ``chain``: the relative error of a weighted sum of positive terms."""

    logits: FloatArray
    weights: FloatArray
    w: FloatArray
    reach: FloatArray
    eps: FloatArray
    off: FloatArray
    chain: float


def centred_loss(mix: Mixture, rtol: float) -> tuple[float, float, Rule] | None:
    """Ends of L and the rule, near ``rtol`` of L itself; None where the mixture is not tiny, or
    too small for float64's range. Called with NumPy's floating-point errors ignored."""
    tiny = tiny_of(mix, rtol)
    if tiny is None:
        return None
    parts, beyond, spreads = tiny.parts, tiny.co.beyond, tiny.co.spreads
    size = 0.5 * tiny.square + 0.25 * tiny.spread**2
    points = points_for(spreads, SHARE * rtol * size / len(spreads), _rule_error)
    nodes = None if points is None else nodes_of(tiny, points)
    if points is None or nodes is None:
        return None
    h = excess(nodes.w)
    slope = 2.72 * (np.abs(nodes.w) + nodes.off) * nodes.off
    total = float(nodes.weights @ h)
    error = float(nodes.weights @ slope) + total * (4 * TERMS * U + nodes.chain)
    known = float(mix.weights @ remainder(-parts.tilt))  # E w
    error += known * (gamma(mix.n + 8) + 3 * TERMS * U) + 1.72 * parts.tilted * parts.tilt_error
    error += mean_square_error(tiny) + 2 * beyond**2
    error += sum(_rule_error(d, p) for d, p in zip(spreads, points, strict=True))
    value = 0.5 * tiny.square - known + total
    error = (error + 4 * U * (tiny.square + known + total)) * ROUND + 1e-300
    return max(0.0, value - error), value + error, rule_of(points)


def tiny_of(mix: Mixture, rtol: float) -> Tiny | None:
    """The parts of a tiny configuration; None where it is none, or too small for float64."""
    means = mix.means
    # most others are told by one entry
    if mix.n == 1 or not abs(means.item(0) - means.item(mix.d)) <= WIDEST:
        return None
    if not float((np.maximum.reduce(means) - np.minimum.reduce(means)).max()) <= WIDEST:
        return None
    if not np.vdot(means, means) < math.inf:  # so that no sum of entries overflows
        return None
    parts = mix.kept("float64: around", lambda: _around(mix))
    if not (0 < parts.widest <= WIDEST and parts.tilted < 0.5):
        return None
    co = coordinates(mix, rtol * parts.widest)
    v = co.v - mix.weights @ co.v
    square = float(parts.mean @ parts.mean)
    spread = (v.T * mix.weights) @ v
    squares = float(np.vdot(spread, spread))
    if not (co.rank and LEAST < square + squares < math.inf):
        return None
    return Tiny(mix, parts, co, v, square, math.sqrt(squares))


def mean_square_error(tiny: Tiny) -> float:
    """The error of |m|^2, and so of its half."""
    wrong = tiny.parts.mean_error
    return (2 * math.sqrt(tiny.square) + wrong) * wrong + gamma(tiny.mix.d + 4) * tiny.square


def rule_of(points: Sequence[int]) -> Rule:
    """The rule as it is recorded."""
    none = (0.0,) * len(points)
    return Rule(none, tuple(p // 2 for p in points), none, none)


def _around(mix: Mixture) -> Around:
    """b_i = mu_i - mu_0 first, so that v errs relatively to itself."""
    means, weights, given = mix.means, mix.weights, mix.means_error
    b = means - means[0]
    away = b - weights @ b
    mean, mean_error = _mean(mix)
    grown = (1 + gamma(mix.d + 4)) * ROUND
    size, length, widest = (_longest(x) * grown for x in (means, b, away))
    away_error = 2 * (gamma(mix.n + 8) * length + 4 * given * size) * ROUND + 1e-300
    widest += away_error
    norm = math.sqrt(float(mean @ mean)) * grown + mean_error
    tilt = away @ mean
    tilt_error = gamma(mix.d + 2) * widest * norm + norm * away_error + widest * mean_error
    tilted = float(np.abs(tilt).max()) + tilt_error
    return Around(mean, away, mean_error, away_error, tilt, tilt_error * ROUND, tilted, widest)


def _mean(mix: Mixture) -> tuple[FloatArray, float]:
    """m and a bound of the norm of its error: exact sums where they are quick, since m may be far
    smaller than its terms."""
    if mix.equal_weights and not mix.means_error:
        starts, lengths = constant_runs(mix.means)
        sums = [math.fsum(column) for column in mix.means[:, starts].T.tolist()]
        mean = np.repeat(np.array(sums) / mix.n, lengths)
    elif mix.means.size <= EXACT:
        columns = zip(*mix.exact_means, strict=True)
        weights = mix.exact_weights
        mean = np.array([float(sum(map(mul, weights, x), Fraction(0))) for x in columns])
    else:
        mean = mix.weights @ mix.means
        inexact = gamma(mix.n + 8) + 2.5 * mix.means_error
        return mean, inexact * _longest(mix.means) * (1 + gamma(mix.d + 4)) * ROUND + 1e-300
    return mean, 3 * U * math.sqrt(float(mean @ mean)) * (1 + gamma(mix.d + 4)) * ROUND + 1e-300


def _longest(rows: FloatArray) -> float:
    return math.sqrt(float(np.einsum("ij,ij->i", rows, rows).max())) + 1e-150


def points_for(
    spreads: Sequence[float], error: float, bound: Callable[[float, int], float]
) -> list[int] | None:
    """The fewest points an axis for rule errors ``bound`` of ``error`` each."""
    out, nodes = [], 1
    for d in spreads:
        if not d <= WIDEST:
            return None
        bounds = (p for p in range(1, MOST_POINTS + 1) if bound(d, p) <= error)
        points = next(bounds, None)
        if points is None or nodes * points > MOST_NODES:
            return None
        out.append(points)
        nodes *= points
    return out


def _rule_error(spread: float, points: int) -> float:
    """18 D^2m (2m-1)!!, rounded up."""
    return 18 * math.prod(spread * spread * k for k in range(1, 2 * points, 2)) * ROUND


@lru_cache(maxsize=64)
def hermite(points: int) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights, each within 2 U of itself."""
    from gembounds.evaluators.balls.hermite import nodes_and_weights
    from gembounds.values.precision import working_precision

    with working_precision(64):
        nodes, weights = nodes_and_weights(points)
    out = np.array([float(x.mid()) for x in nodes]), np.array([float(x.mid()) for x in weights])
    for x in out:
        x.setflags(write=False)
    return out


def nodes_of(tiny: Tiny, points: Sequence[int]) -> Nodes | None:
    """The nodes of the rule; None where a logit may be above 1."""
    mix, parts, co, v = tiny[:4]
    n, r = v.shape
    squares = np.einsum("ij,ij->i", parts.away, parts.away)
    logits = (-parts.tilt - 0.5 * squares)[:, None]
    weights, radius = np.ones(1), np.zeros(1)
    for j, p in enumerate(points):
        y, w = hermite(p)
        logits = (logits[:, :, None] + v[:, j, None, None] * y).reshape(n, -1)
        weights = np.multiply.outer(weights, w).ravel()
        radius = np.add.outer(radius, y * y).ravel()
    np.sqrt(radius, out=radius)
    radius *= ROUND
    longest = max(_longest(v) * ROUND, parts.widest)
    inner = parts.tilted + 0.5 * longest * longest
    reach = (radius * longest + inner) * ROUND
    if not float(reach.max()) <= 1.0:
        return None
    across = 2 * co.error_v + 2 * gamma(n + 10) * (_longest(co.v) + longest)
    g = gamma(r + mix.d + 8)
    wrong = parts.tilt_error + longest * parts.away_error + g * inner + 2 * co.beyond**2
    eps = (radius * (across + g * longest) + wrong) * ROUND
    rho = float(mix.weights @ squares)
    values = mix.weights @ remainder(logits)
    values -= 0.5 * rho
    # of e: its series and the weights; of rho: |v_i|^2 and the weights
    off = 1.72 * reach * eps + (gamma(n + 8) + 3 * TERMS * U) * 0.72 * reach * reach
    off += gamma(n + mix.d + 8) * rho + longest * parts.away_error + U * np.abs(values)
    chain = gamma(len(weights) + 4 * r + 8)
    return Nodes(logits, weights, values, reach, eps, off * ROUND, chain)


def remainder(t: FloatArray) -> FloatArray:
    """exp(t) - 1 - t for |t| <= 1, relatively within 3 ``TERMS`` U."""
    out = np.full_like(t, 1.0 / (TERMS + 1))
    for k in range(TERMS, 2, -1):
        out *= t
        out += 1.0
        out /= k
    out *= t
    out += 1.0
    out *= 0.5 * t
    out *= t
    return out


def excess(w: FloatArray) -> FloatArray:
    """w - log(1 + w) for exp(-1) <= 1 + w <= e, relatively within 4 ``TERMS`` U: with
    u = w/(2 + w), log(1 + w) = 2 atanh u, it is u (w - 2 u^2 (1/3 + u^2/5 + ...))."""
    u = w / (2.0 + w)
    square = u * u
    out = np.full_like(w, 1.0 / (2 * TERMS + 3))
    for k in range(2 * TERMS + 1, 2, -2):
        out *= square
        out += 1.0 / k
    out *= square
    out *= -2.0
    out += w
    out *= u
    return out
