"""L in float64: L = sum_i pi_i |mu_i|^2/2 - E g, g = log sum_i pi_i exp(t_i) >= 0.

t_i = l_i - sum_k pi_k l_k are the centred logits, so sum_i pi_i t_i = 0 and Jensen gives g >= 0,
and g(y) <= max_i t_i <= sum_j |y_j| D_j + K. On the strip of axis j, |g(x + ib)| <= g(x) +
log sec(theta/2) + theta; the rule's errors add over the axes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from operator import mul

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.centred import centred_loss
from gembounds.evaluators.float64.coordinates import (
    FEW,
    FLOOR,
    ROUND,
    Coordinates,
    coordinates,
    without_tiny,
)
from gembounds.evaluators.float64.errors import SLACK, Errors, facts, rounding_errors
from gembounds.evaluators.float64.grid import Grid, log_sum, make_grid, small_log_sum
from gembounds.evaluators.float64.overlaps import TINY_SHARE, check_rank
from gembounds.evaluators.float64.plan import (
    LEAST_SPREAD,
    RULE_SHARE,
    TAIL_SHARE,
    plan_axes,
    power_below,
)
from gembounds.evaluators.float64.principal import inner_products
from gembounds.evaluators.float64.product import product_log_sum
from gembounds.values.balls import float_ends
from gembounds.values.enclosure import Rule
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import LIBM, U, gamma
from gembounds.values.rule import SLACK as RULE_SLACK
from gembounds.values.rule import Axis, discrete_first_moment, normal_tail, relative_error

FloatArray = npt.NDArray[np.float64]

FAR = 50.0
"""|mu_i|^2 below which no component is looked at as a far one: for like weights it would take
D^2/8 > 25 (a choice)."""

FAR_BITS = 7
"""What is left out with far components is at most rtol/2^7 of L (a choice)."""

WIDE = 0.01
"""Enclosures of L this wide, relatively, are held against single components (a choice)."""

SMALL = 0.5
"""Centred logits up to this go through expm1 and log1p (which need at most 1)."""


@np.errstate(all="ignore")
def enclose_loss(mix: Mixture, rtol: float, max_nodes: int) -> tuple[float, float, Rule]:
    """Ends of L; the rule's error is near ``rtol`` times sum pi_i |mu_i|^2/2, over the components
    that :mod:`gembounds.evaluators.balls.near` does not prove to matter little; for tiny
    configurations near ``rtol`` of L itself (:mod:`gembounds.evaluators.float64.centred`)."""
    half, half_error, largest = half_square(mix)
    if largest == 0 and not (mix.means_error or mix.means.any()):
        return 0.0, 0.0, Rule()  # N(0, I) itself
    tiny_found = centred_loss(mix, rtol)
    if tiny_found is not None:
        return tiny_found
    if not largest < FAR:
        found = _without_far(mix, rtol, max_nodes)
        if found is not None:
            return found
    co, _, tiny = without_tiny(coordinates(mix, rtol), 1.0, TINY_SHARE * rtol * half)
    check_rank(co.rank)
    low, high, rule = _excess(co, mix.weights, rtol, max(half, FLOOR), max_nodes)
    error = half_error + tiny
    lower = half - high - (error + 2 * U * (half + abs(high)))
    upper = half - low + (error + 2 * U * (half + abs(low)))
    if not upper - lower < WIDE * upper:
        upper = min(upper, _from_one(mix)) if math.isfinite(upper) else _from_one(mix)
    return (max(0.0, lower) if 0 < lower < math.inf else 0.0), max(upper, 0.0), rule


def _without_far(mix: Mixture, rtol: float, max_nodes: int) -> tuple[float, float, Rule] | None:
    """L from the near components; None where all are."""
    bits = math.ceil(-math.log2(rtol)) + FAR_BITS
    if not _perhaps_far(mix, bits):
        return None
    from gembounds.evaluators.balls.near import near_components

    near = near_components(mix, bits)
    if near is None:
        return None
    low, high, rule = enclose_loss(near.mix, rtol, max_nodes)
    least, most = float_ends(near.surprise())
    lower = (low + least) * (1 - 2 * U) - float_ends(near.left_out)[1] * ROUND
    return max(0.0, lower * (1 - 2 * U)), (high + most) * (1 + 2 * U), rule


def _perhaps_far(mix: Mixture, bits: int) -> bool:
    """Whether balls may find a far component: an estimate of their bound, or none at all."""
    squares = np.einsum("ij,ij->i", mix.means, mix.means)
    heights = mix.log_weights - 0.5 * squares
    m = int(heights.argmax())
    distances = squares - 2 * (mix.means @ mix.means[m]) + squares[m]
    bounds = 0.5 * (heights - heights[m]) ** 2 / distances + mix.log_weights
    bounds[m] = 0.0
    return not float(bounds.max()) < 0.6 * bits  # of log 2 = 0.69 a bit


def _from_one(mix: Mixture) -> float:
    """An upper bound of L: p_mu >= pi_i phi(x - mu_i), so L <= |mu_i|^2/2 - log pi_i, any i."""
    grown = 1 + gamma(mix.d + 4) + 2.5 * mix.means_error
    squares = 0.5 * np.einsum("ij,ij->i", mix.means, mix.means) * grown + FLOOR
    logs = np.abs(mix.log_weights) + mix.log_weights_error
    return float(np.min((squares + logs) * ROUND))


def half_square(mix: Mixture) -> tuple[float, float, float]:
    """sum pi_i |mu_i|^2/2, its error (gamma_(d + n + 8) for sums, weights and entries), and about
    the largest |mu_i|^2."""
    rows = mix.means.tolist() if mix.means.size <= FEW else mix.means
    norms2 = inner_products(rows, rows)
    half = 0.5 * sum(map(mul, mix.weights.tolist(), norms2))
    error = half * (gamma(mix.d + mix.n + 8) + 2.5 * mix.means_error)
    largest = max(norms2)
    return half, (error + mix.n * 5e-324 * largest + FLOOR) * ROUND, largest


def _excess(
    co: Coordinates, weights: FloatArray, rtol: float, half: float, max_nodes: int
) -> tuple[float, float, Rule]:
    """Ends of E g."""
    v = co.v - np.dot(weights, co.v)
    c = co.c - float(np.dot(weights, co.c))
    constants = c.tolist()
    if not (all(map(math.isfinite, (*co.spreads, *constants))) and co.beyond < math.inf):
        return 0.0, math.inf, Rule()
    largest = max(map(abs, co.c.tolist()))
    ceiling = max(0.0, *constants) + co.error_c * 2 + (len(c) + 12) * U * largest
    crude = sum(co.spreads) + ceiling + 2 * co.beyond
    if co.rank == 0:
        value, error = _at_origin(co, c, weights)
        error = (error + 2 * co.beyond) * ROUND
        return max(0.0, value - error), min(value + error, crude * ROUND), Rule()
    scale = max(rtol * half / (crude + 3.0), 1e-250)
    goal = power_below(min(0.1, RULE_SHARE * scale / co.rank))
    axes = plan_axes(co.spreads, goal, power_below(TAIL_SHARE * scale), max_nodes)
    if axes is None:
        return 0.0, crude * ROUND, Rule()
    rule_error, outside = discretisation(axes, co.spreads, ceiling)
    grid = make_grid(axes, v, c + co.log_weights)
    errors = rounding_errors(grid, co)
    total, rounding = _sum(grid, co, c, weights, errors)
    error = rule_error + rounding + 2 * co.beyond + SLACK
    if not error < math.inf:
        return 0.0, crude * ROUND, facts(axes).rule
    low = total * (1 - errors.sum) - error * ROUND
    high = total * (1 + errors.sum) + (error + outside) * ROUND
    return max(0.0, low), min(high, crude * ROUND), facts(axes).rule


def _at_origin(co: Coordinates, c: FloatArray, weights: FloatArray) -> tuple[float, float]:
    """g at y = 0, for no coordinates at all, and its error; as in :func:`_sum`."""
    n, largest = len(c), float(np.abs(c).max())
    logit = 2 * co.error_c + (n + 12) * U * float(np.abs(co.c).max())
    if largest <= SMALL:
        value = math.log1p(max(0.0, float(np.dot(weights, np.expm1(c)))))
        relative = 2 * LIBM + gamma(n + 8) + 2 * co.error_w
        return value, 2 * logit + 4 * relative * largest + FLOOR
    k = c + co.log_weights
    top = float(k.max())
    value = top + math.log(float(np.exp(k - top).sum()))
    size = float(np.abs(k).max())
    return value, logit + co.error_w + gamma(n + 4) + LIBM * (3 + size) + 8 * U * size


def _sum(
    grid: Grid, co: Coordinates, c: FloatArray, weights: FloatArray, errors: Errors
) -> tuple[float, float]:
    """T_R[g] and the absolute error of g at the nodes times the mass of the nodes.

    In general log S errs by the logits' error, gamma_n of the sum and LIBM of itself. For small
    t the errors of exp are relative to t: (LIBM + gamma_n) sum pi_i |expm1 t_i| and the
    coordinates' own; the weights' errors then count once, times max |t|. Centring doubles the
    errors of the coordinates, and its own (the mean's sums and weights) is at most (n + 12) U
    of what is centred.
    """
    n, r = grid.v.shape
    spread = grid.reach + max(map(abs, c.tolist()))
    if spread > SMALL:
        found = product_log_sum(grid) if grid.product_form else log_sum(grid)
        return found, log_rounding(grid, co, c, errors)
    moved, centring = _displaced(grid, co)
    logit = 2 * moved + centring + 2 * (r + 6) * U * spread
    relative = 2 * LIBM + gamma(n + 8) + 2 * co.error_w
    rounding = 2 * logit + 4 * relative * spread
    bare = grid._replace(k=c)
    return small_log_sum(bare, weights), facts(grid.axes).mass * rounding * ROUND


def log_rounding(grid: Grid, co: Coordinates, c: FloatArray, errors: Errors) -> float:
    """The absolute error of :func:`gembounds.evaluators.float64.grid.log_sum`, as in :func:`_sum`;
    ``c`` are the centred constants of the logits."""
    moved, centring = _displaced(grid, co)
    largest = grid.reach + grid.drop
    rounding = errors.logit + moved + centring + gamma(len(c) + 4)
    rounding += LIBM * (2 + largest) + U * largest
    return facts(grid.axes).mass * rounding * ROUND


def _displaced(grid: Grid, co: Coordinates) -> tuple[float, float]:
    """What the coordinates' errors and what centring do to a logit."""
    reach = sum([a.radius * d for a, d in zip(grid.axes, co.spreads, strict=True)])
    centring = (len(co.c) + 12) * U * (reach + max(map(abs, co.c.tolist())))
    return math.sqrt(facts(grid.axes).squares) * co.error_v + co.error_c, centring


def discretisation(
    axes: tuple[Axis, ...], spreads: Sequence[float], ceiling: float
) -> tuple[float, float]:
    """The rule's error and the truncated tail of T[g phi], both upper bounds."""
    mass = facts(axes).mass
    moments = [discrete_first_moment(a.step) for a in axes]
    reach = sum(map(mul, spreads, moments)) + ceiling
    error = tail = 0.0
    for axis, d, m in zip(axes, spreads, moments, strict=True):
        halfwidth, step, _, _ = axis
        radius = axis.radius
        theta = halfwidth * max(d, LEAST_SPREAD) * (1 + 4 * U)
        cosine = math.cos(0.5 * theta)
        if not (theta < 3.14 and cosine > 0 and radius >= 1):
            return math.inf, math.inf
        error += _strip_error(halfwidth, step) * (reach - math.log(cosine) + theta)
        density = math.exp(-0.5 * radius * radius) * 0.4 if radius < 38 else 1e-300
        tail += 2 * normal_tail(radius) * (reach - d * m + d) + 2 * density * d
    return error * mass * ROUND, tail * mass * ROUND


@lru_cache(maxsize=4096)
def _strip_error(halfwidth: float, step: float) -> float:
    """2 exp(a^2/2)/(exp(2 pi a/h) - 1), rounded up: the bound of the relative error for next to no
    sector."""
    return relative_error(halfwidth, step, LEAST_SPREAD) * RULE_SLACK
