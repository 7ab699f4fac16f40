"""L of many mixtures at once: the bounds of :mod:`gembounds.evaluators.float64.loss` in arrays,
with 2 n + 12 where it has n + 12: weights are divided by their sum in float64.

g = log sum_i pi_i exp(t_i) is at most sum_j |y_j| D_j + K, so that what a grid leaves out of T[g]
is at most what the discrete Gaussian has there of the |y_j| and of 1, times D_j and K
(:mod:`gembounds.evaluators.float64.batch_plan`). A grid serves mixtures whose accuracies, relative
to the size of g, are alike. Tiny configurations have few nodes of their own
(:mod:`gembounds.evaluators.float64.batch_tiny`); components that are far, and what comes out wide,
are left to the single way.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64 import batch_tiny
from gembounds.evaluators.float64.batch_grids import logits_of
from gembounds.evaluators.float64.batch_groups import Groups, grouped
from gembounds.evaluators.float64.batch_kernel import joint_sums, log_sums
from gembounds.evaluators.float64.batch_plan import Plan, plan_for, range_keys
from gembounds.evaluators.float64.batch_reduce import Reduced, reduce
from gembounds.evaluators.float64.centred import WIDEST
from gembounds.evaluators.float64.coordinates import FLOOR, ROUND
from gembounds.evaluators.float64.errors import SLACK, USELESS
from gembounds.evaluators.float64.loss import FAR, FAR_BITS, WIDE
from gembounds.evaluators.float64.overlaps import TINY_SHARE
from gembounds.values.rounding import LIBM, U, gamma
from gembounds.values.rule import SLACK as RULE_SLACK
from gembounds.values.rule import discrete_first_moment, discrete_total

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

SPARE = 2.0**-8
"""Most that the squares of ranges add up to that are left out: what 4.4 D^2 is proved for."""

ROUNDING_SHARE = 0.3
"""Part of rtol that rounding may take, else the exact coordinates are asked (a choice)."""


class Overlaps(NamedTuple):
    """Ends of the overlaps (B, n, n), but for a tail (B,) of their sums, as of
    :mod:`gembounds.evaluators.float64.joint`; ``done`` (B,): which mixtures have them."""

    lower: FloatArray
    upper: FloatArray
    tail: FloatArray
    done: npt.NDArray[np.bool_]


def enclose(
    points: FloatArray, shares: FloatArray | None, rtol: float, max_nodes: int,
    lower: FloatArray, upper: FloatArray, overlaps: Overlaps | None = None,
) -> IndexArray:  # fmt: skip
    """Fill the ends (B,) for means (B, n, d) and weights (B, n), and ``overlaps`` where the same
    grid serves them; return the mixtures that are left to the single way."""
    size, n, d = points.shape
    pi = np.full((size, n), 1.0 / n) if shares is None else shares / shares.sum(axis=1)[:, None]
    squares = np.einsum("bid,bid->bi", points, points)
    half = 0.5 * np.einsum("bi,bi->b", pi, squares)
    largest = squares.max(axis=1)
    half_error = half * gamma(d + 2 * n + 8) + n * 5e-324 * largest + FLOOR
    spare = np.minimum(TINY_SHARE / 4.4 * rtol * half, SPARE)
    least = 2.0**-5
    if overlaps is not None:
        spare, least = np.minimum(spare, TINY_SHARE / 200 * rtol), min(least, rtol)
    reduced = reduce(points, shares, np.full(size, rtol), spare)
    ranges = np.ptp(points, axis=1).max(axis=1)
    tiny = (ranges > 0) & (ranges <= WIDEST)
    fits = reduced.fits & ~tiny & ~_perhaps_far(points, squares, np.log(pi), largest, rtol)
    v = reduced.v - np.einsum("bi,jib->jb", pi, reduced.v)[:, None]
    c = reduced.c - np.einsum("bi,ib->b", pi, reduced.c)
    k = c + np.log(pi).T
    sizes = np.abs(reduced.c).max(axis=0)
    ceiling = np.maximum(c.max(axis=0), 0.0) + 2 * reduced.error_c + (2 * n + 12) * U * sizes
    crude = (reduced.spreads.sum(axis=0) + ceiling + 2 * reduced.beyond) * ROUND
    scale = np.minimum(rtol * half / (crude + 3.0), least)
    fits &= scale > 2.0**-48
    levels = np.where(fits, -np.frexp(scale)[1] + 1, 0).astype(np.int64)
    left = [np.flatnonzero(~fits & ~tiny)]
    left.append(batch_tiny.enclose(points, shares, pi, rtol, np.flatnonzero(tiny), lower, upper))

    def plan_of(keys: tuple[int, ...]) -> Plan | None:
        return plan_for(keys[:-1], 0, 2.0 ** -keys[-1], max_nodes)

    for rank in range(1, len(reduced.v) + 1):
        todo = np.flatnonzero(fits & (reduced.rank == rank))
        keys = np.stack((*range_keys(reduced.spreads[:rank, todo]), levels[todo]))
        groups = grouped(keys, todo, n, plan_of)
        left.append(groups.left)
        if not groups.parts:
            continue
        some = groups.order
        low, high, rounding = _excess(reduced, groups, v[:rank, :, some], c[:, some], k[:, some],
                                      ceiling[some], overlaps)  # fmt: skip
        high = np.minimum(high, crude[some])
        most = half[some]
        error = half_error[some] + 4.4 * reduced.tiny[some]
        error += 2 * U * (most + np.abs(low) + np.abs(high))
        lower[some] = np.maximum(most - high - error * ROUND, 0.0)
        upper[some] = np.maximum(most - low + error * ROUND, 0.0)
        good = upper[some] - lower[some] < WIDE * upper[some]
        good &= rounding < ROUNDING_SHARE * rtol * most
        left.append(some[~good])
    return np.concatenate(left)


def _excess(
    reduced: Reduced, groups: Groups, v: FloatArray, c: FloatArray, k: FloatArray,
    ceiling: FloatArray, overlaps: Overlaps | None,
) -> tuple[FloatArray, FloatArray, FloatArray]:  # fmt: skip
    """Ends of E g, and the part of rounding in them; fills ``overlaps`` too."""
    some, n = groups.order, len(k)
    logits = logits_of(reduced, groups, v, k)
    total = np.empty(len(some))
    products = np.empty((len(some), n, n)) if overlaps else None
    for part, plan in groups.parts:
        given = plan.grid, logits.coordinates[:, part], bool(logits.near[part.start])
        if products is None:
            total[part] = log_sums(*given)
        else:
            products[part], total[part] = joint_sums(*given)
    rule, outside = _discretisation(groups, reduced.spreads[: len(v), some], ceiling)
    radius, share = groups.spread(lambda plan: (plan.radius, plan.rounding))
    # centring doubles the errors of the coordinates, and has its own
    longest = np.sqrt(np.square(reduced.v[: len(v), :, some]).sum(axis=0).max(axis=0)) * ROUND
    given = radius * longest + np.abs(reduced.c[:, some]).max(axis=0)
    rounding = logits.error + radius * reduced.error_v[some] + reduced.error_c[some]
    rounding += (2 * n + 12) * U * given + gamma(2 * n + 8) + LIBM * (2 + logits.size)
    rounding += U * logits.size + 2 * (LIBM + U) * np.abs(k - c).max(axis=0)  # of log pi
    chain = groups.spread(lambda plan: gamma(plan.nodes))
    if overlaps is not None and products is not None:
        _write(reduced, groups, overlaps, products, 4 * rounding + share + chain)
    else:
        chain = np.where(logits.near, 0.0, chain)
    rounding *= groups.spread(_mass)
    share = (share + chain + 2 * U) * ROUND
    beyond = 2 * reduced.beyond[some]
    error = (rule + rounding + beyond + SLACK) * ROUND
    low = np.maximum(total * (1 - share) - error, 0.0)
    return low, total * (1 + share) + error + outside, rounding + beyond + share * total


def _write(
    reduced: Reduced, groups: Groups, overlaps: Overlaps, total: FloatArray, error: FloatArray
) -> None:
    """Put the ends of the overlaps in their place; ``error`` bounds four times those of logits,
    and those of weighted sums."""
    some, n = groups.order, total.shape[1]
    outside, down, up = groups.spread(lambda p: (p.outside, p.down, p.up))
    beyond = reduced.beyond[some]
    error = error + 2 * gamma(n + 1) + 12 * U
    error += 4 * beyond + 8 * beyond * beyond + 400 * reduced.tiny[some]
    error *= ROUND
    # exp(-x) >= 1 - x, and exp(x) <= 1 + x + x^2 up to 1
    few = (1 - error) * (down * (1 - 8 * U))
    many = (1 + error + error * error) * (up * (1 + 8 * U))
    overlaps.lower[some] = np.maximum(total * few[:, None, None] - SLACK, 0.0)
    overlaps.upper[some] = np.minimum(total * many[:, None, None] + SLACK, 1.0)
    overlaps.tail[some] = outside * many * ROUND
    overlaps.done[some] = (error < USELESS) & (total.min(axis=(1, 2)) < np.inf)


def _mass(plan: Plan) -> float:
    return math.prod([discrete_total(a.step) for a in plan.axes]) * ROUND


def _discretisation(
    groups: Groups, spreads: FloatArray, ceiling: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The rule's error and the truncated tail of T[g phi], both upper bounds."""
    moments = groups.spread(lambda p: [discrete_first_moment(a.step) for a in p.axes])
    strips, widths = groups.spread(_strips)
    reach = ceiling + (spreads * moments).sum(axis=0)
    error = RULE_SLACK * (strips * reach + widths) * groups.spread(_mass)
    outside = (groups.spread(lambda plan: plan.moments) * spreads).sum(axis=0)
    outside += groups.spread(lambda plan: plan.outside) * ceiling
    return error, outside * ROUND


def _strips(plan: Plan) -> tuple[float, float]:
    """The sum over the axes of the rule's bounds without their sector factors, and the same times
    theta - log cos(theta/2)."""
    strips = widths = 0.0
    for axis, edge in zip(plan.axes, plan.edges, strict=True):
        theta = axis.halfwidth * edge * (1 + 4 * U)
        cosine = math.cos(0.5 * theta)
        one = axis.error * cosine * cosine
        strips += one
        widths += one * (theta - math.log(cosine))
    return strips, widths


def _perhaps_far(
    points: FloatArray, squares: FloatArray, logs: FloatArray, largest: FloatArray, rtol: float
) -> npt.NDArray[np.bool_]:
    """As :func:`gembounds.evaluators.float64.loss._perhaps_far`, where a component is far."""
    out = ~(largest < FAR)
    some = np.flatnonzero(out)
    heights = logs[some] - 0.5 * squares[some]
    top = heights.argmax(axis=1)
    rows = np.arange(len(some))
    inner = np.einsum("bid,bd->bi", points[some], points[some, top])
    distances = squares[some] - 2 * inner + squares[some, top][:, None]
    bounds = 0.5 * (heights - heights[rows, top][:, None]) ** 2 / distances + logs[some]
    bounds[rows, top] = 0.0
    bits = math.ceil(-math.log2(rtol)) + FAR_BITS
    out[some] = ~(bounds.max(axis=1) < 0.6 * bits)
    return out
