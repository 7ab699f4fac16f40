"""Fourth-order overlaps of many mixtures: the bounds of :mod:`gembounds.evaluators.float64.fourth`
on the grids of :mod:`gembounds.evaluators.float64.batch_grids`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.batch_grids import logits_of
from gembounds.evaluators.float64.batch_groups import grouped
from gembounds.evaluators.float64.batch_kernel import fourth_sums
from gembounds.evaluators.float64.batch_plan import Plan, plan_for, range_keys
from gembounds.evaluators.float64.batch_reduce import reduce
from gembounds.evaluators.float64.coordinates import ROUND
from gembounds.evaluators.float64.errors import SLACK
from gembounds.evaluators.float64.fourth import MAX_WORK, relative_errors
from gembounds.values.rounding import U, gamma

FloatArray = npt.NDArray[np.float64]

SHARE, GOAL = 0.25, 2
"""Part of the accuracy that the rule and the tail are made for, and how much further the tail
goes, in powers of 2^3: it is multiplied by n^3 where it matters (a choice)."""


class Fourths(NamedTuple):
    """``values`` (B, n, n, n, n), each within ``relative`` (B,) of itself and ``absolute`` (B,)
    besides; an infinite ``relative`` where there are none."""

    values: FloatArray
    relative: FloatArray
    absolute: FloatArray


@np.errstate(all="ignore")
def fourth_overlaps(points: FloatArray, shares: FloatArray, accuracy: FloatArray) -> Fourths:
    """E[psi_i psi_j psi_k psi_l] for means (B, n, d) and weights in proportion to ``shares``
    (B, n), with relative errors near ``accuracy`` (B,)."""
    size, n, _ = points.shape
    pairs = n * (n + 1) // 2
    found = Fourths(np.zeros((size, n, n, n, n)), np.full(size, np.inf), np.zeros(size))
    reduced = reduce(points, shares, accuracy, np.zeros(size))
    k = reduced.c + reduced.logs
    k -= k.max(axis=0)
    levels = -np.frexp(SHARE * accuracy)[1].astype(np.int64) + 1

    def plan_of(keys: tuple[int, ...]) -> Plan | None:
        return plan_for(keys[:-1], GOAL, 2.0 ** -keys[-1], MAX_WORK // pairs**2)

    for rank in range(1, len(reduced.v) + 1):
        todo = np.flatnonzero(reduced.fits & (reduced.rank == rank) & (reduced.beyond < 0.01))
        keys = np.stack((*range_keys(reduced.spreads[:rank, todo]), levels[todo]))
        groups = grouped(keys, todo, n, plan_of)
        if not groups.parts:
            continue
        some = groups.order
        logits = logits_of(reduced, groups, reduced.v[:rank, :, some], k[:, some])
        for part, plan in groups.parts:
            coordinates = logits.coordinates[:, part]
            near = bool(logits.near[part.start])
            found.values[some[part]] = fourth_sums(plan.grid, coordinates, near)
        beyond = reduced.beyond[some]
        rule, outside, rounding = groups.spread(lambda p: (_rule(p), p.outside, _rounding(p)))
        relative = rule + 8 * logits.error + 4 * gamma(n + 1) + 26 * U + rounding
        relative += 8 * beyond + 48 * beyond * beyond
        # exponents among the errors: exp(e) - 1 <= 1.1 e below 0.1
        found.relative[some] = np.where(relative < 0.1, relative * 1.1 * ROUND, np.inf)
        found.absolute[some] = outside * 1.2 + n**4 * SLACK
    return found


def _rule(plan: Plan) -> float:
    return relative_errors(plan.axes, plan.edges)


def _rounding(plan: Plan) -> float:
    return plan.rounding + gamma(2 * plan.nodes + 16)
