"""sum_j w_j L(mu - a_j; pi) by one reduction and one choice of a grid.

With u_ij = mu_i - a_j, q_ij = |u_ij|^2/2 - log pi_i and m = m(j) the i of the least of them,

    L(mu - a_j; pi) = q_mj - E log S_j,    S_j = sum_i h_ij exp(<y, v_i>),
    h_ij = (pi_i/pi_m) exp(|u_mj|^2/2 - |u_ij|^2/2) <= 1,

v the coordinates of :mod:`gembounds.evaluators.float64.coordinates`, which are the same from all
a_j, about any centre, as E y = 0. h_mj = 1, so |log S_j| <= sum_t |y_t| D_t + log n: with that the
rule's error is that of :mod:`gembounds.evaluators.float64.loss`, and the exponentials of <y, v_i>
serve all j. E log S_j >= 0 (Jensen), so L is at most q_mj, and at most sum_i pi_i |u_ij|^2/2.

From a_j components may be left out (:mod:`gembounds.evaluators.float64.far`); centres that see
different ones have grids of their own.

Rounding: log S_j errs by no more than the worst relative error of its terms: that of h_ij, error_v
|y| (on average at most sqrt(r) error_v), of the products y v and their centring 3 U times their
size, of r exponentials and their products, of the sum over i.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.data.components import Components
from gembounds.evaluators.data.together import simple
from gembounds.evaluators.float64.coordinates import (
    FLOOR,
    ROUND,
    floating,
    without_tiny,
)
from gembounds.evaluators.float64.errors import SLACK, facts
from gembounds.evaluators.float64.far import Seen, left_out, seen_from
from gembounds.evaluators.float64.grid import make_grid
from gembounds.evaluators.float64.loss import discretisation
from gembounds.evaluators.float64.overlaps import MAX_RANK, TINY_SHARE
from gembounds.evaluators.float64.plan import RULE_SHARE, TAIL_SHARE, plan_axes, power_below
from gembounds.evaluators.float64.product import log_sums
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import LIBM, U, gamma
from gembounds.values.rule import discrete_first_moment

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
Ends = tuple[float, float]

LARGEST_REACH, LIGHTEST = 300.0, 1e-20
"""Most that <y, v_i> may come to, and least weight: an exponential of h_ij that underflows, 1e20
times it and S between exp(+-300), stands for less than exp(-708 + 47 + 600) < U^1.6 of S."""

LEFT_OUT = 0.01
"""Part of rtol for components that are left out."""

FAR = 18.0
"""A component with k above -18 is not far: leaving it out would cost more than exp(-18)."""

SPOILED = 0.1
"""Part of rtol that rounding may take; where it takes more, the general way may be better, whose
sums are relative to small logits."""


class Logs(NamedTuple):
    """E log S_j, bounds of the errors of its enclosure, and those of rounding; (J,) each."""

    values: FloatArray
    errors: FloatArray
    rounding: FloatArray


@np.errstate(all="ignore")
def mean_loss(mix: Mixture, data: Components, rtol: float, max_nodes: int) -> Ends | None:
    """Ends, with an error near ``rtol`` of sum_j w_j times the lesser of both upper bounds of L,
    or of 1 where that is less; None where the general way, component by component, is needed."""
    if not simple(mix, data):
        return None
    seen = seen_from(mix.means, mix.weights, mix.log_weights, data.mix.means)
    if seen is None or not float(mix.weights.min()) > LIGHTEST:
        return None
    (least_weights, weights), top, nearest = data.weights, seen.top, seen.nearest
    target = float(np.dot(weights, np.minimum(top, np.dot(seen.half, mix.weights))))
    if not 0.0 < target < math.inf:
        return None
    tolerance = rtol * min(target, 1.0)
    found = _logs(seen, tolerance, max_nodes)
    if found is None:
        return None
    values, errors, rounding = found
    own = gamma(mix.d + 6) * nearest + 2 * LIBM * (top - nearest) + 5 * U
    own += 2 * U * (top + np.abs(values))
    off = float(((weights - least_weights) / weights).max()) + gamma(len(top) + 6)
    rounding = rounding + own + off * (top + np.abs(values))
    if not float(np.dot(weights, rounding)) < SPOILED * tolerance:
        return None
    value = float(np.dot(weights, top - values))
    room = float(np.dot(weights, errors + rounding)) * ROUND + FLOOR
    most = float(np.dot(weights, top + rounding)) * ROUND
    return max(0.0, value - room), min(value + room, most)


def _logs(seen: Seen, tolerance: float, max_nodes: int) -> Logs | None:
    """E log S_j within ``tolerance`` or so, of the components that are near enough."""
    count, n = seen.logs.shape
    rows = np.arange(count)
    if float(seen.logs.min()) >= -FAR:
        return _together(seen, rows, np.arange(n), tolerance, max_nodes)
    bounds = left_out(seen)
    near = ~(bounds <= LEFT_OUT * tolerance / n)
    left = np.where(near, 0.0, bounds).sum(axis=1) * ROUND
    groups: dict[bytes, list[int]] = {}
    for j, row in enumerate(near):
        groups.setdefault(row.tobytes(), []).append(j)
    out = np.empty((3, count))
    for some in groups.values():
        columns = np.flatnonzero(near[some[0]])
        found = _together(seen, np.array(some), columns, tolerance, max_nodes)
        if found is None:
            return None
        out[:, some] = found
    return Logs(out[0], out[1] + left, out[2])


def _together(
    seen: Seen, rows: IndexArray, columns: IndexArray, tolerance: float, max_nodes: int
) -> Logs | None:
    """From some centres, of some components, which m is one of."""
    means, half = seen.means[columns], seen.half[rows[:, None], columns]
    heights, none = seen.heights(rows, columns), np.zeros(len(rows))
    n, d = means.shape
    if n == 1:
        return Logs(none, none, none)
    co = floating(Mixture(means), min(tolerance, 1e-3))
    if not 2 * co.beyond + 9 * co.error_v < SPOILED * tolerance:
        return None
    co, _, tiny = without_tiny(co, 1.0, TINY_SHARE * tolerance)
    r, most = co.rank, math.log(n) * ROUND
    rounding = 2 * gamma(d + 6) * half.max(axis=1) + gamma(n + 2) + (r + 1) * (LIBM + 12 * U)
    rounding += LIBM * most
    if r == 0:
        return Logs(np.log(heights.sum(axis=1)), none + (tiny + 2 * co.beyond) * ROUND, rounding)
    crude = sum(co.spreads) + most
    scale = tolerance / (crude + 3.0)
    goal = power_below(min(0.1, RULE_SHARE * scale / r))
    axes = plan_axes(co.spreads, goal, power_below(TAIL_SHARE * scale), max_nodes)
    if r > MAX_RANK or axes is None:
        return None
    grid = make_grid(axes, co.v, np.zeros(n))
    if not grid.reach < LARGEST_REACH:
        return None
    values, chain = log_sums(grid, heights)
    known = facts(axes)
    size = sum([s * discrete_first_moment(a.step) for s, a in zip(co.spreads, axes, strict=True)])
    sums = known.squares * U + r * (LIBM + 4 * U) + gamma(chain) + 2 * U
    rounding += (3 * U + LIBM) * size + math.sqrt(r) * co.error_v + sums * (size + most)
    rule, outside = discretisation(axes, co.spreads, most)
    rule += outside + tiny + 2 * co.beyond + SLACK
    return Logs(values, none + rule * ROUND, rounding * (known.mass * 1.01))
