"""Overlaps of many mixtures of up to three dimensions: a grid a group, each error its own.

What a grid is made for is estimated from a few nodes first: how small the overlaps are. The bounds
are those of :mod:`gembounds.evaluators.float64.errors`, mixture by mixture: each logit errs by

    R error_v + error_k + (gamma_(r+2) + 4 U) (R V + max |k|) + 2 LIBM,    V = max |v_i|,

the product of y and v, what is taken off it and two exponentials included; psi_i psi_k by four
times that, two sums of n terms and a few roundings; the weighted sum by what the plan says.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.batch_groups import groups
from gembounds.evaluators.float64.batch_kernel import Grid, overlap_sums
from gembounds.evaluators.float64.batch_plan import Plan, goal_keys, plan_for, range_keys
from gembounds.evaluators.float64.batch_reduce import Reduced
from gembounds.evaluators.float64.coordinates import ROUND
from gembounds.evaluators.float64.errors import SLACK, USELESS
from gembounds.evaluators.float64.grid import PRODUCT_RANGE
from gembounds.evaluators.float64.plan import LEAST, RETRY, TAIL_SHARE
from gembounds.values.rounding import LIBM, U, gamma

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

SHARED = 64, 64, 12
"""Mixtures of rank 1, 2, 3 that share a grid, where there are as many: more would need more nodes,
fewer more grids (empirical)."""

FEWEST = 3
"""Groups smaller than this are left to the single way, which takes as long (empirical)."""

FORESEEN = 0.3
"""Part of the smallest overlap on a few nodes that is reached out for (empirical)."""

TRIES = 3
"""Grids that a mixture gets at most."""


def enclose(
    reduced: Reduced, rtol: float, max_nodes: int, lower: FloatArray, upper: FloatArray
) -> IndexArray:
    """Fill ``lower`` and ``upper``, (B, n, n); return the mixtures that are left to the single
    way."""
    left = [np.flatnonzero(~reduced.fits)]
    for rank in range(1, len(reduced.v) + 1):
        todo = np.flatnonzero(reduced.fits & (reduced.rank == rank))
        goals = _foreseen(reduced, todo, rank)
        for _ in range(TRIES):
            rest, smallest = [], []
            keys = np.stack((*range_keys(reduced.spreads[:rank, todo]), goal_keys(goals)))
            for index, found in groups(keys, SHARED[rank - 1]):
                some = todo[index]
                plan = plan_for(found[:-1], found[-1], rtol, max_nodes)
                if plan is None or len(some) < FEWEST:
                    left.append(some)
                    continue
                total, good = _write(reduced, some, plan, lower, upper)
                left.append(some[~good])
                least = np.maximum(total.min(axis=(1, 2)), LEAST)
                far = plan.outside > RETRY * TAIL_SHARE * rtol * least
                far &= good & (goals[index] > LEAST)
                rest.append(some[far])
                smallest.append(least[far])
            todo = np.concatenate(rest) if rest else todo[:0]
            goals = 0.5 * np.concatenate(smallest) if smallest else goals[:0]
            if not todo.size:
                break
    return np.concatenate(left)


def _foreseen(reduced: Reduced, index: IndexArray, rank: int) -> FloatArray:
    """About the smallest overlap, from 5 nodes an axis."""
    total = overlap_sums(_few(rank), _coordinates(reduced, index, rank), product=False)
    found: FloatArray = np.clip(FORESEEN * total.min(axis=(1, 2)), LEAST, 1.0)
    return found


@lru_cache
def _few(rank: int) -> Grid:
    y = 1.2 * np.arange(-2.0, 3.0)
    w = np.exp(-0.5 * y * y) * 0.4788
    axes = [np.ravel(a) for a in np.meshgrid(*[y] * (rank - 1))]
    weights = np.prod([np.interp(a, y, w) for a in axes], axis=0)
    rows = np.stack([*axes, np.ones(5 ** (rank - 1))])
    return Grid(rows, np.full(rows.shape[1], weights), y, w, np.full(rows.shape[1], 2))


def _coordinates(reduced: Reduced, index: IndexArray, rank: int) -> FloatArray:
    """v and k of some mixtures, (m, n, rank + 1)."""
    parts = (*reduced.v[:rank, :, index], reduced.k[:, index])
    return np.ascontiguousarray(np.stack(parts).transpose(2, 1, 0))


def _write(
    reduced: Reduced, some: IndexArray, plan: Plan, lower: FloatArray, upper: FloatArray
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Put the ends of the mixtures ``some`` in their place; their sums, and which are useful."""
    rank = len(plan.grid.rows)
    coordinates = _coordinates(reduced, some, rank)
    n = coordinates.shape[1]
    longest = np.sqrt(np.square(coordinates[:, :, :-1]).sum(axis=2).max(axis=1)) * ROUND
    size = plan.radius * longest + np.abs(coordinates[:, :, -1]).max(axis=1)
    product = rank > 1 and float(size.max()) < 0.25 * (PRODUCT_RANGE - plan.radius**2)
    total = overlap_sums(plan.grid, coordinates, product)
    logit = plan.radius * reduced.error_v[some] + reduced.error_k[some]
    logit += (gamma(rank + 2) + 4 * U) * size + 2 * LIBM
    beyond = reduced.beyond[some]
    error = 4 * logit + 2 * gamma(n + 1) + 12 * U + plan.rounding
    error += 0.0 if product else gamma(plan.nodes)
    error += 4 * beyond + 8 * beyond * beyond + 2 * reduced.tiny[some]
    error *= ROUND
    good = error < USELESS
    # exp(-x) >= 1 - x, and exp(x) <= 1 + x + x^2 up to 1
    few = (1 - error) * (plan.down * (1 - 8 * U))
    many = (1 + error + error * error) * (plan.up * (1 + 8 * U))
    lower[some] = np.maximum(total * few[:, None, None] - SLACK, 0.0)
    upper[some] = np.minimum((total + plan.outside) * many[:, None, None] + SLACK, 1.0)
    return total, good
