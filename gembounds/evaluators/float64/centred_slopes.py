"""grad L and E|psi~|^2 of tiny configurations in float64, as
:mod:`gembounds.evaluators.float64.centred` has L.

With a_i = psi_i/pi_i - 1 = (exp(l_i) - 1 - w)/(1 + w), A_k = E a_k and B_ik = E[a_i a_k],

    grad_i L = pi_i (1 + A_i) m + pi_i sum_k pi_k (A_k + B_ik) v_k,
    E|psi~|^2 = |m|^2 + 2 sum_k pi_k A_k <m, v_k> + sum_ik pi_i pi_k B_ik <v_i, v_k>,

as psi~ = m + sum_k pi_k a_k v_k. At a node |a_i| <= exp(2 lambda) - 1 <= 6.4 lambda, and as
1 + w >= exp(-lambda) an error s of w and eps of the logits change a_i by exp(lambda) (exp(lambda)
eps + (1 + |a_i|) s) at most. The rule errs relatively by R for psi_i and psi_i psi_k
(:mod:`gembounds.evaluators.balls.hermite`), so by R T/(1 - R) for A and three times that for B,
T the rule's E max (1 + |a_i|)^2.

The parts <x, e_i> that the coordinates leave out, |e_i| <= 2 eps after centring, are independent
of y; with b >= eps sqrt(s) over their s dimensions, Xi = max |<x, e_i>| has E (exp(2 Xi) - 1)^2 <=
17.6 b^2. They change a_i by (1 + a_i) (exp(2 Xi) - 1), so A by 4.2 b E(1 + a) and B by 4.2 b
E[2 a (1 + a)] + 17.6 b^2 E(1 + a)^2, a = exp(2 lambda) - 1. For V <= 1/8, |<m, v_i>| <= K <= 1/2
and r <= 5 these means are at most 6, 120 (V sqrt(r) + K + V^2/2) and 27
(E exp(t |y|) <= exp(t sqrt(r) + t^2/2), and Cauchy-Schwarz).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.centred import (
    SHARE,
    Tiny,
    mean_square_error,
    nodes_of,
    points_for,
    rule_of,
    tiny_of,
)
from gembounds.evaluators.float64.coordinates import ROUND
from gembounds.values.enclosure import Rule
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import LIBM, U, gamma

FloatArray = npt.NDArray[np.float64]

MOST_RANK, LARGEST_BEYOND = 5, 1e-6
"""What the bounds of what the coordinates leave out are made for."""


class Moments(NamedTuple):
    """A (n,) and B (n, n), bounds of the errors of their entries, and the rule."""

    first: FloatArray
    second: FloatArray
    first_error: float
    second_error: float
    rule: Rule


def centred_gradient(mix: Mixture, rtol: float) -> tuple[FloatArray, FloatArray, Rule] | None:
    """grad L, (n, d), and its error; None where the mixture is not tiny. Called with NumPy's
    floating-point errors ignored."""
    tiny = tiny_of(mix, rtol)
    if tiny is None:
        return None
    parts, norm = tiny.parts, math.sqrt(tiny.square)
    widest = parts.widest
    moments = _moments(tiny, rtol * (norm + tiny.spread * widest) / (norm + 4 * widest))
    if moments is None:
        return None
    pi = mix.weights[:, None]
    first, second, e1, e2, rule = moments
    inner = (first + second) * mix.weights
    value = pi * ((1 + first[:, None]) * parts.mean + inner @ parts.away)
    most = float(np.abs(first + second).max()) + e1 + e2
    own = (1 + np.abs(first[:, None]) + e1) * parts.mean_error + e1 * np.abs(parts.mean)
    error = own + (e1 + e2) * np.abs(parts.away).max(axis=0) + most * parts.away_error
    rounding = gamma(2 * mix.n + 12)
    error += rounding * (np.abs(parts.mean) * (1 + np.abs(first[:, None])) + most * widest)
    return value, pi * error * ROUND + 1e-300, rule


def centred_square(mix: Mixture, rtol: float) -> tuple[float, float, Rule] | None:
    """E|psi~|^2 and its error; None as for :func:`centred_gradient`."""
    tiny = tiny_of(mix, rtol)
    if tiny is None:
        return None
    parts, weights = tiny.parts, mix.weights
    wide = parts.widest
    effect = 2 * parts.tilted + 3 * wide * wide
    moments = _moments(tiny, rtol * (tiny.square + tiny.spread**2) / effect)
    if moments is None:
        return None
    first, second, e1, e2, rule = moments
    gram = parts.away @ parts.away.T
    tilt = 2 * float((weights * first) @ parts.tilt)
    inner = float(weights @ (second * gram) @ weights)
    one, two = float(np.abs(first).max()) + e1, float(np.abs(second).max()) + e2
    error = mean_square_error(tiny) + e2 * wide * wide + 2 * e1 * parts.tilted
    error += two * 3 * wide * parts.away_error + 2 * one * parts.tilt_error
    rounding = gamma(mix.d + 2 * mix.n + 12)
    error += rounding * (tiny.square + 2 * one * parts.tilted + two * wide * wide)
    return tiny.square + tilt + inner, error * ROUND + 1e-300, rule


def _moments(tiny: Tiny, rtol: float) -> Moments | None:
    """A and B with a rule that errs relatively by about ``SHARE * rtol``."""
    co, parts = tiny.co, tiny.parts
    if not (co.rank <= MOST_RANK and co.beyond <= LARGEST_BEYOND):
        return None
    points = points_for(co.spreads, SHARE * rtol / co.rank, _relative_error)
    nodes = None if points is None else nodes_of(tiny, points)
    if points is None or nodes is None:
        return None
    errors = [_relative_error(d, p) for d, p in zip(co.spreads, points, strict=True)]
    relative = math.expm1(sum(errors)) * ROUND  # at least prod(1 + rho_j) - 1
    if not relative < 0.5:
        return None
    weights, reach = nodes.weights, nodes.reach
    a = (np.expm1(nodes.logits) - nodes.w) / (1 + nodes.w)
    top = np.maximum.reduce(np.abs(a))
    e = np.exp(reach) * ROUND
    wrong = e * (e * nodes.eps + (1 + top) * nodes.off + (LIBM + 2 * U) * 3.44 * reach)
    wrong += 4 * U * top
    weighted = a * weights
    first, second = weighted.sum(axis=1), weighted @ a.T
    mass = float(weights @ np.square(1 + top + wrong)) * (1 + nodes.chain) / (1 - relative)
    e1 = float(weights @ (wrong + nodes.chain * top)) + relative * mass
    e2 = float(weights @ ((2 * top + wrong) * wrong + 2 * nodes.chain * top * top))
    e2 += 3 * relative * mass
    b, wide = co.beyond, parts.widest
    size = wide * math.sqrt(co.rank) + parts.tilted + wide * wide
    return Moments(
        first, 0.5 * (second + second.T), (e1 + 26 * b) * ROUND,
        (e2 + 504 * b * size + 480 * b * b) * ROUND, rule_of(points),
    )  # fmt: skip


def _relative_error(spread: float, points: int) -> float:
    """9.6 D^2m (2m-1)!! (2^(2m+1) exp(2 D^2) + exp(4 D sqrt(m))) exp(2 D), rounded up."""
    odd = math.prod(spread * spread * k for k in range(1, 2 * points, 2))
    wide = 2.0 ** (2 * points + 1) * math.exp(2 * spread * spread)
    wide += math.exp(4 * spread * math.sqrt(points))
    return 9.6 * odd * wide * math.exp(2 * spread) * ROUND
