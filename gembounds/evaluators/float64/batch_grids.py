"""Overlaps of many mixtures of up to three dimensions: a grid a group, each error its own.

What a grid is made for is estimated from a few nodes first: how small the overlaps are. The bounds
are those of :mod:`gembounds.evaluators.float64.errors`, mixture by mixture: each logit errs by

    R error_v + error_c + error_w + 2 U (max |c| + max |log pi|)
        + (gamma_(r+2) + 4 U) (R V + max |k|) + 2 LIBM,    V = max |v_i|, k = c + log pi,

k less its largest, the product of y and v, what is taken off that and two exponentials included.
psi_i psi_k errs by four times that, two sums of n terms and a few roundings, the weighted sum by
what the plan says.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.batch_groups import Groups, grouped
from gembounds.evaluators.float64.batch_kernel import Grid, overlap_sums
from gembounds.evaluators.float64.batch_plan import Plan, goal_keys, plan_for, range_keys
from gembounds.evaluators.float64.batch_reduce import Reduced, reduce
from gembounds.evaluators.float64.coordinates import ROUND
from gembounds.evaluators.float64.errors import SLACK, USELESS
from gembounds.evaluators.float64.grid import PRODUCT_RANGE
from gembounds.evaluators.float64.overlaps import TINY_SHARE
from gembounds.evaluators.float64.plan import LEAST, RETRY, TAIL_SHARE
from gembounds.values.rounding import LIBM, U, gamma

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]

FORESEEN = 0.3
"""Part of the smallest overlap on a few nodes that is reached out for (empirical)."""

TRIES = 3
"""Grids that a mixture gets at most."""


class Logits(NamedTuple):
    """<y, v_i> + k_i of some mixtures at the nodes of their grids: ``coordinates`` (n, m, r + 1),
    v and k; ``size`` and ``error`` (m,) bound them and their errors; ``near`` (m,): whether
    products of four of their exponentials are in range in all of the group."""

    coordinates: FloatArray
    size: FloatArray
    error: FloatArray
    near: BoolArray


def enclose(
    points: FloatArray, shares: FloatArray | None, rtol: float, max_nodes: int,
    lower: FloatArray, upper: FloatArray,
) -> IndexArray:  # fmt: skip
    """Fill the ends (B, n, n) for means (B, n, d) and weights (B, n); return the mixtures that are
    left to the single way."""
    accuracy = np.full(len(points), rtol)
    reduced = reduce(points, shares, accuracy, TINY_SHARE / 200 * accuracy)
    return on_grids(reduced, rtol, max_nodes, lower, upper)


def on_grids(
    reduced: Reduced, rtol: float, max_nodes: int, lower: FloatArray, upper: FloatArray
) -> IndexArray:
    """:func:`enclose` from the coordinates."""
    k = reduced.c + reduced.logs
    k -= k.max(axis=0)
    left = [np.flatnonzero(~reduced.fits)]

    def plan_of(keys: tuple[int, ...]) -> Plan | None:
        return plan_for(keys[:-1], keys[-1], rtol, max_nodes)

    for rank in range(1, len(reduced.v) + 1):
        todo = np.flatnonzero(reduced.fits & (reduced.rank == rank))
        goals = _foreseen(stacked(reduced.v[:rank, :, todo], k[:, todo]))
        for _ in range(TRIES):
            keys = np.stack((*range_keys(reduced.spreads[:rank, todo]), goal_keys(goals)))
            groups = grouped(keys, todo, len(k), plan_of)
            left.append(groups.left)
            if not groups.parts:
                break
            smallest, good = _write(reduced, groups, k, lower, upper)
            left.append(groups.order[~good])
            outside = groups.spread(lambda plan: plan.outside)
            far = good & (outside > RETRY * TAIL_SHARE * rtol * smallest)
            far &= outside > TAIL_SHARE * rtol * LEAST
            todo, goals = groups.order[far], 0.5 * smallest[far]
    return np.concatenate(left)


def _foreseen(coordinates: FloatArray) -> FloatArray:
    """About the smallest overlaps, from 5 nodes an axis."""
    total = overlap_sums(_few(coordinates.shape[2] - 1), coordinates, near=False)
    found: FloatArray = np.clip(FORESEEN * total.min(axis=(1, 2)), LEAST, 1.0)
    return found


@lru_cache
def _few(rank: int) -> Grid:
    y = 1.2 * np.arange(-2.0, 3.0)
    axes = [np.ravel(a) for a in np.meshgrid(*[y] * (rank - 1))]
    rows = np.stack([*axes, np.ones(5 ** (rank - 1))])
    weights = np.exp(-0.5 * np.square(rows[:-1]).sum(axis=0)) * 0.4788 ** (rank - 1)
    return Grid(rows, weights, y, np.exp(-0.5 * y * y) * 0.4788, np.full(len(weights), 2))


def stacked(v: FloatArray, k: FloatArray) -> FloatArray:
    """v (r, n, m) and k (n, m) as (n, m, r + 1)."""
    return np.ascontiguousarray(np.concatenate((v, k[None])).transpose(1, 2, 0))


def logits_of(reduced: Reduced, groups: Groups, v: FloatArray, k: FloatArray) -> Logits:
    """Of the mixtures in ``groups``, for v (r, n, m) and k (n, m)."""
    some = groups.order
    radius = groups.spread(lambda plan: plan.radius)
    longest = np.sqrt(np.square(v).sum(axis=0).max(axis=0)) * ROUND
    size = radius * longest + np.abs(k).max(axis=0)
    given = (np.abs(reduced.c).max(axis=0) + np.abs(reduced.logs).max(axis=0))[some]
    error = radius * reduced.error_v[some] + (reduced.error_c + reduced.error_w)[some]
    error += 2 * U * given + (gamma(len(v) + 2) + 4 * U) * size + 2 * LIBM
    fits = size < 0.25 * (PRODUCT_RANGE - radius * radius)
    starts, sizes = [p.start for p, _ in groups.parts], [p.stop - p.start for p, _ in groups.parts]
    near = np.repeat(np.logical_and.reduceat(fits, starts), sizes)
    return Logits(stacked(v, k), size, error * ROUND, near)


def _write(
    reduced: Reduced, groups: Groups, k: FloatArray, lower: FloatArray, upper: FloatArray
) -> tuple[FloatArray, BoolArray]:
    """Put the ends of the mixtures in ``groups`` in their place; their smallest sums, and which
    are useful."""
    some, n = groups.order, len(k)
    rank = len(groups.parts[0][1].axes)
    logits = logits_of(reduced, groups, reduced.v[:rank, :, some], k[:, some])
    total = np.empty((len(some), n, n))
    for part, plan in groups.parts:
        coordinates = logits.coordinates[:, part]
        total[part] = overlap_sums(plan.grid, coordinates, bool(logits.near[part.start]))
    rounding, outside, down, up = groups.spread(lambda p: (p.rounding, p.outside, p.down, p.up))
    chain = np.where(logits.near & (rank > 1), 0.0, groups.spread(lambda plan: gamma(plan.nodes)))
    beyond = reduced.beyond[some]
    error = 4 * logits.error + 2 * gamma(n + 1) + 12 * U + rounding + chain
    error += 4 * beyond + 8 * beyond * beyond + 400 * reduced.tiny[some]
    error *= ROUND
    # exp(-x) >= 1 - x, and exp(x) <= 1 + x + x^2 up to 1
    few = (1 - error) * (down * (1 - 8 * U))
    many = (1 + error + error * error) * (up * (1 + 8 * U))
    smallest = np.maximum(total.min(axis=(1, 2)), LEAST)
    ends = total * few[:, None, None]
    ends -= SLACK
    lower[some] = np.maximum(ends, 0.0, out=ends)
    total += outside[:, None, None]
    total *= many[:, None, None]
    total += SLACK
    upper[some] = np.minimum(total, 1.0, out=total)
    return smallest, (error < USELESS) & (smallest < np.inf)
