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

from gembounds.evaluators.float64.batch_groups import groups
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

SHARED = 64, 64, 12
"""Mixtures of rank 1, 2, 3 that share a grid, where there are as many: more would need more nodes,
fewer more grids (empirical)."""

FEWEST = 3
"""Groups smaller than this are left to the single way, which takes as long (empirical)."""

FORESEEN = 0.3
"""Part of the smallest overlap on a few nodes that is reached out for (empirical)."""

TRIES = 3
"""Grids that a mixture gets at most."""


class Logits(NamedTuple):
    """<y, v_i> + k_i of some mixtures at the nodes of a plan: ``coordinates`` (m, n, r + 1), v and
    k; ``size`` and ``error`` (m,) bound them and their errors; whether products of four of their
    exponentials are in range."""

    coordinates: FloatArray
    size: FloatArray
    error: FloatArray
    product: bool


def enclose(
    points: FloatArray, shares: FloatArray | None, rtol: float, max_nodes: int,
    lower: FloatArray, upper: FloatArray,
) -> IndexArray:  # fmt: skip
    """Fill the ends (B, n, n) for means (B, n, d) and weights (B, n); return the mixtures that are
    left to the single way."""
    spare = np.full(len(points), TINY_SHARE / 200 * rtol)
    return on_grids(reduce(points, shares, rtol, spare), rtol, max_nodes, lower, upper)


def on_grids(
    reduced: Reduced, rtol: float, max_nodes: int, lower: FloatArray, upper: FloatArray
) -> IndexArray:
    """:func:`enclose` from the coordinates."""
    k = reduced.c + reduced.logs
    k -= k.max(axis=0)
    left = [np.flatnonzero(~reduced.fits)]
    for rank in range(1, len(reduced.v) + 1):
        todo = np.flatnonzero(reduced.fits & (reduced.rank == rank))
        goals = _foreseen(stacked(reduced.v[:rank, :, todo], k[:, todo]))
        for _ in range(TRIES):
            rest, smallest = [], []
            keys = np.stack((*range_keys(reduced.spreads[:rank, todo]), goal_keys(goals)))
            for index, found in groups(keys, SHARED[rank - 1]):
                some = todo[index]
                plan = plan_for(found[:-1], found[-1], rtol, max_nodes)
                if plan is None or len(some) < FEWEST:
                    left.append(some)
                    continue
                logits = logits_of(reduced, some, plan, reduced.v[:rank, :, some], k[:, some])
                total, good = _write(reduced, some, plan, logits, lower, upper)
                left.append(some[~good])
                least = np.maximum(total.min(axis=(1, 2)), LEAST)
                far = plan.outside > RETRY * TAIL_SHARE * rtol * least
                far &= good & (goals[index] > LEAST)
                rest.append(some[far])
                smallest.append(least[far])
            todo = np.concatenate(rest) if rest else todo[:0]
            goals = 0.5 * np.concatenate(smallest) if smallest else goals[:0]
    return np.concatenate(left)


def _foreseen(coordinates: FloatArray) -> FloatArray:
    """About the smallest overlaps, from 5 nodes an axis."""
    total = overlap_sums(_few(coordinates.shape[2] - 1), coordinates, product=False)
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
    """v (r, n, m) and k (n, m) as (m, n, r + 1)."""
    return np.ascontiguousarray(np.concatenate((v, k[None])).transpose(2, 1, 0))


def logits_of(
    reduced: Reduced, some: IndexArray, plan: Plan, v: FloatArray, k: FloatArray
) -> Logits:
    """Of the mixtures ``some``, for v (r, n, m) and k (n, m)."""
    longest = np.sqrt(np.square(v).sum(axis=0).max(axis=0)) * ROUND
    size = plan.radius * longest + np.abs(k).max(axis=0)
    given = np.abs(reduced.c[:, some]).max(axis=0) + np.abs(reduced.logs[:, some]).max(axis=0)
    error = plan.radius * reduced.error_v[some] + reduced.error_c[some] + reduced.error_w[some]
    error += 2 * U * given + (gamma(len(v) + 2) + 4 * U) * size + 2 * LIBM
    product = float(size.max()) < 0.25 * (PRODUCT_RANGE - plan.radius**2)
    return Logits(stacked(v, k), size, error * ROUND, product)


def _write(
    reduced: Reduced, some: IndexArray, plan: Plan, logits: Logits, lower: FloatArray,
    upper: FloatArray,
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:  # fmt: skip
    """Put the ends of the mixtures ``some`` in their place; their sums, and which are useful."""
    _, n, r = logits.coordinates.shape
    product = logits.product and r > 2  # along a line softmax is quicker
    total = overlap_sums(plan.grid, logits.coordinates, product)
    beyond = reduced.beyond[some]
    error = 4 * logits.error + 2 * gamma(n + 1) + 12 * U + plan.rounding
    error += 0.0 if product else gamma(plan.nodes)
    error += 4 * beyond + 8 * beyond * beyond + 400 * reduced.tiny[some]
    error *= ROUND
    good = error < USELESS
    # exp(-x) >= 1 - x, and exp(x) <= 1 + x + x^2 up to 1
    few = (1 - error) * (plan.down * (1 - 8 * U))
    many = (1 + error + error * error) * (plan.up * (1 + 8 * U))
    lower[some] = np.maximum(total * few[:, None, None] - SLACK, 0.0)
    upper[some] = np.minimum((total + plan.outside) * many[:, None, None] + SLACK, 1.0)
    return total, good
