"""Two components: one coordinate, one exponential a node.

psi = (q, E q) with E = exp(t), q = 1/(1 + E) and t = D y + c, D = abs(mu_2 - mu_1),
c = -<mu_2 - mu_1, mu_2 + mu_1>/2 + log(pi_2/pi_1). The bounds here take floats or arrays of
them; :mod:`gembounds.evaluators.float64.batch` uses them for many mixtures.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from operator import add, mul, sub
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.coordinates import FLOOR, MAX_COLUMNS, ROUND
from gembounds.evaluators.float64.errors import SLACK, Ends, factors, facts
from gembounds.evaluators.float64.grid import nodes
from gembounds.evaluators.float64.plan import (
    FIRST_GUESS,
    LEAST,
    RETRY,
    RULE_SHARE,
    TAIL_SHARE,
    tabulated_axis,
)
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


FEW = 8
"""Dimensions up to which lists are quicker than arrays (empirical)."""


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


@lru_cache(maxsize=1024)
def sums_rounding(axis: Axis) -> float:
    """Relative error exponent of the sums over ``axis`` beside four times that of the logits:
    16 U for the factors q and E q, R^2 U + LIBM + 4 U for the weights, gamma for the sums."""
    return axis.radius * axis.radius * U + LIBM + 24 * U + gamma(2 * axis.count + 5)


def enclose_two(mix: Mixture, rtol: float, max_nodes: int) -> Ends | None:
    """Ends of E[psi_i psi_k], (2, 2), and the rule; None where the general way is needed."""
    pair = _pair(mix)
    if pair is None or not 4 * (9 * pair.error_v + pair.error_c) < 0.1 * rtol:
        return None
    distance, constant, error_v, error_c = pair
    spread, size = (distance + 2 * error_v) * ROUND, abs(constant)
    if not NEAREST < spread < LARGEST_LOGIT:
        return None
    goal = FIRST_GUESS
    for _ in range(2):
        axis = tabulated_axis(spread, RULE_SHARE * rtol, 0.5 * TAIL_SHARE * rtol * goal)
        fits = 2 * axis.count + 1 <= min(max_nodes, MOST_NODES)
        if not (fits and axis.radius * distance + size < LARGEST_LOGIT):
            return None
        (a, b), (_, c) = _sums(axis, distance, constant).tolist()
        least = max(min(a, b, c), LEAST)
        known = facts((axis,))
        if known.outside <= RETRY * TAIL_SHARE * rtol * least:
            break
        goal = 0.5 * least
    error = 4 * logit_error(axis.radius, Pair(distance, size, error_v, error_c))
    few, many, more = factors((error + sums_rounding(axis)) * ROUND, known)
    low = [max(0.0, x * few - SLACK) for x in (a, b, b, c)]
    high = [min(1.0, x * many + more) for x in (a, b, b, c)]
    return np.array(low).reshape(2, 2), np.array(high).reshape(2, 2), known.rule


def _pair(mix: Mixture) -> Pair | None:
    if mix.means_error or mix.d > MAX_COLUMNS:
        return None
    dot: Callable[..., float]
    b: Any
    s: Any
    if mix.d <= FEW:
        first, second = mix.means.tolist()
        b, s, dot = list(map(sub, second, first)), list(map(add, second, first)), _dot
    else:
        b, s, dot = mix.means[1] - mix.means[0], mix.means[1] + mix.means[0], np.dot
    distance = math.sqrt(dot(b, b))
    norm = math.sqrt(dot(s, s))
    constant = -0.5 * float(dot(b, s))
    if not distance < LARGEST_LOGIT or not norm < math.inf:
        return None
    error_c = constant_error(mix.d, distance, norm)
    if not mix.equal_weights:
        low, high = mix.log_weights.tolist()
        error_c += sum(mix.log_weights_error.tolist()) + 2 * U * (abs(high - low) + abs(constant))
        constant += high - low
    return Pair(distance, constant, distance_error(mix.d, distance), error_c)


def _dot(x: list[float], y: list[float]) -> float:
    return sum(map(mul, x, y), 0.0)


def _sums(axis: Axis, distance: float, constant: float) -> FloatArray:
    """T_R of psi_i psi_k, (2, 2)."""
    y, w = nodes(axis, -axis.count, axis.count + 1)
    psi = np.empty((2, len(w)))
    q, e = psi
    np.multiply(y[0], distance, out=e)
    e += constant
    np.exp(e, out=e)
    np.add(e, 1.0, out=q)
    np.divide(1.0, q, out=q)
    e *= q
    total: FloatArray = np.dot(psi * w, psi.T)
    return total
