"""Two components: one coordinate, one exponential a node.

psi = (q, E q) with E = exp(t), q = 1/(1 + E) and t = D y + c, D = abs(mu_2 - mu_1),
c = -<mu_2 - mu_1, mu_2 + mu_1>/2 + log(pi_2/pi_1). The bounds here take floats or arrays of
them; :mod:`gembounds.evaluators.float64.batch` uses them for many mixtures.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.coordinates import FLOOR, MAX_COLUMNS, ROUND
from gembounds.evaluators.float64.errors import SLACK, rule_factors, tails
from gembounds.evaluators.float64.grid import ROOT_2PI
from gembounds.evaluators.float64.plan import (
    FIRST_GUESS,
    LEAST,
    RETRY,
    RULE_SHARE,
    TAIL_SHARE,
    as_rule,
    plan_axes,
)
from gembounds.values.enclosure import Rule
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import LIBM, U, gamma
from gembounds.values.rule import Axis

FloatArray = npt.NDArray[np.float64]

LARGEST_LOGIT = 300.0
"""Logits beyond this go the general way: exp(-t)^2 must stay a normal number."""

NEAREST = 1e-4
"""Distances below this go the general way, which leaves tiny coordinates out."""

MOST_NODES = 1 << 16
"""Grids larger than this go the general way, which takes them in blocks."""


class Pair(NamedTuple):
    """D and c, bounds of their errors; floats, or arrays (B,)."""

    distance: Any
    constant: Any
    error_v: Any
    error_c: Any


def distance_error(d: int, distance: Any) -> Any:
    """Bound of the error of D, computed as the root of a sum of d squares of differences."""
    g, floor = gamma(d + 4), FLOOR * d
    return ((g + U) * (distance * ((1 + g) * ROUND) + floor) + floor) * ROUND


def constant_error(d: int, distance: Any, norm: Any) -> Any:
    """Bound of the error of -<b, s>/2, computed with abs(b) near ``distance``, abs(s) near
    ``norm``."""
    g, floor = gamma(d + 4), FLOOR * d
    largest, total = distance * ((1 + g) * ROUND) + floor, norm * ((1 + g) * ROUND) + floor
    return ((0.5 * g + 1.5 * U) * largest * total + floor * (1 + total)) * ROUND


def logit_error(radius: Any, pair: Pair) -> Any:
    """Bound of the error of t = D y + c for abs(y) <= ``radius``, and LIBM for exp: R error_v +
    error_c + 4 U (R D + abs(c)). ``pair`` holds abs(c)."""
    size = radius * pair.distance + pair.constant
    return radius * pair.error_v + pair.error_c + LIBM + 4 * U * size * ROUND


def sums_rounding(axis: Axis) -> float:
    """Relative error exponent of the sums over ``axis`` beside four times that of the logits:
    16 U for the factors q and E q, R^2 U + LIBM + 4 U for the weights, gamma for the sums."""
    return axis.radius * axis.radius * U + LIBM + 24 * U + gamma(2 * axis.count + 5)


def enclose_two(
    mix: Mixture, rtol: float, max_nodes: int
) -> tuple[FloatArray, FloatArray, Rule] | None:
    """Ends of E[psi_i psi_k], (2, 2), and the rule; None where the general way is needed."""
    pair = _pair(mix)
    if pair is None or not 4 * (9 * pair.error_v + pair.error_c) < 0.1 * rtol:
        return None
    spread = (pair.distance + 2 * pair.error_v) * ROUND
    if not NEAREST < spread < LARGEST_LOGIT:
        return None
    goal = FIRST_GUESS
    for _ in range(2):
        axes = plan_axes([spread], RULE_SHARE * rtol, TAIL_SHARE * rtol * goal,
                         min(max_nodes, MOST_NODES))  # fmt: skip
        if axes is None or axes[0].error > rtol:
            return None
        axis = axes[0]
        if not axis.radius * pair.distance + abs(pair.constant) < LARGEST_LOGIT:
            return None
        sums = _sums(axis, pair.distance, pair.constant)
        outside, least = tails([axis])[0], max(min(sums), LEAST)
        if outside <= RETRY * TAIL_SHARE * rtol * least:
            break
        goal = 0.5 * least
    size = pair._replace(constant=abs(pair.constant))
    error = (4 * logit_error(axis.radius, size) + sums_rounding(axis)) * ROUND
    down, up = rule_factors([axis])
    few, many = math.exp(-error) * down * (1 - 8 * U), math.exp(error) * up * (1 + 8 * U)
    a, b, c = (max(0.0, x * few - SLACK) for x in sums)
    e, f, g = (min(1.0, (x + outside) * many + SLACK) for x in sums)
    return np.array([[a, b], [b, c]]), np.array([[e, f], [f, g]]), as_rule([axis])


def _pair(mix: Mixture) -> Pair | None:
    if mix.means_error or mix.d > MAX_COLUMNS:
        return None
    first, second = mix.means
    b, s = second - first, second + first
    distance = math.sqrt(np.dot(b, b))
    norm = math.sqrt(np.dot(s, s))
    constant = -0.5 * float(np.dot(b, s))
    if not distance < LARGEST_LOGIT or not norm < math.inf:
        return None
    error_c = constant_error(mix.d, distance, norm)
    if not mix.equal_weights:
        low, high = mix.log_weights.tolist()
        error_c += sum(mix.log_weights_error.tolist()) + 2 * U * (abs(high - low) + abs(constant))
        constant += high - low
    return Pair(distance, constant, distance_error(mix.d, distance), error_c)


def _sums(axis: Axis, distance: float, constant: float) -> tuple[float, float, float]:
    """T_R of psi_1^2, psi_1 psi_2, psi_2^2."""
    y = np.arange(-axis.count, axis.count + 1, dtype=np.float64)
    y *= axis.step
    e = y * distance
    e += constant
    np.exp(e, out=e)
    q = e + 1.0
    np.divide(1.0, q, out=q)
    y *= y
    y *= -0.5
    w = np.exp(y, out=y)
    e *= q
    q_weighted = w * q
    first, both = float(np.dot(q_weighted, q)), float(np.dot(q_weighted, e))
    w *= e
    scale = axis.step / ROOT_2PI
    return first * scale, both * scale, float(np.dot(w, e)) * scale
