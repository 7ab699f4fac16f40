"""Overlaps and L of one mixture in float64 for runs of many mixtures, where overlaps matter
through sums over all components and need not be accurate each relative to itself.

What a sum over a grid leaves out is split off: E[psi_i psi_k] lies within relative errors of its
part on the grid, plus a tail t_ik >= 0, and since the psi_i sum to 1, sum_ik t_ik is at most the
discrete Gaussian's mass outside, for all pairs together. Where one grid is small, it serves L too
(:mod:`gembounds.evaluators.float64.loss` bounds the error of E log S).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.coordinates import Coordinates, coordinates, without_tiny
from gembounds.evaluators.float64.errors import (
    SLACK,
    USELESS,
    Errors,
    rounding_errors,
    rule_factors,
    tails,
)
from gembounds.evaluators.float64.grid import Grid, make_grid, softmax_sums
from gembounds.evaluators.float64.loss import (
    discretisation,
    enclose_loss,
    half_square,
    log_rounding,
)
from gembounds.evaluators.float64.overlaps import MAX_RANK, TINY_SHARE, enclose_overlaps
from gembounds.evaluators.float64.plan import (
    RULE_SHARE,
    nodes_of,
    power_below,
    tabulated_axis,
)
from gembounds.evaluators.float64.product import joint_sums, product_sums
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import U
from gembounds.values.rule import Axis

FloatArray = npt.NDArray[np.float64]
Ends = tuple[float, float]

SMALL = 1 << 16
"""Nodes up to which one grid serves both (a choice: beyond, each gets its own)."""

TAIL_SHARE = 0.01
"""Part of rtol for the tail of all overlaps together (a choice)."""


class Joint(NamedTuple):
    """Ends of the overlaps (n, n), without a tail of non-negative entries of sum at most
    ``tail``; ends of L; the coordinates."""

    lower: FloatArray
    upper: FloatArray
    tail: float
    loss: Ends
    co: Coordinates


@np.errstate(all="ignore")
def overlaps_and_loss(
    mix: Mixture, rtol: float, max_nodes: int, loss_rtol: float | None = None
) -> Joint:
    """Errors near ``rtol`` of the overlaps and near ``loss_rtol`` (None: ``rtol``) of L, relative
    to sum pi_i |mu_i|^2/2, which is what L is the difference to."""
    co = coordinates(mix, rtol)
    half = half_square(mix)[:2]
    found = _on_grid(mix, co, half, rtol, max_nodes) if co.rank and mix.n > 1 else None
    if found is None:
        lower, upper, _ = enclose_overlaps(mix, rtol, max_nodes)
        found = Joint(lower, upper, 0.0, (-1.0, -1.0), co)
    if found.loss[0] < 0:
        accuracy = rtol if loss_rtol is None else loss_rtol
        found = found._replace(loss=enclose_loss(mix, accuracy, max_nodes)[:2])
    return found


def _on_grid(
    mix: Mixture, whole: Coordinates, half: Ends, rtol: float, max_nodes: int
) -> Joint | None:
    co, tiny, tiny_loss = without_tiny(whole, TINY_SHARE * rtol, TINY_SHARE * rtol * half[0])
    if not 0 < co.rank <= MAX_RANK or not co.beyond < USELESS:
        return None
    v = co.v - mix.weights @ co.v
    c = co.c - float(mix.weights @ co.c)
    if not (np.isfinite(v).all() and np.isfinite(c).all() and half[0] < math.inf):
        return None
    largest = max(map(abs, co.c.tolist()))
    ceiling = max(0.0, *c.tolist()) + co.error_c * 2 + (mix.n + 12) * U * largest
    fine = rtol * min(1.0, half[0] / (sum(co.spreads) + ceiling + 2 * co.beyond + 3.0))
    axes, both = _axes(co.spreads, fine), True
    if nodes_of(axes) > SMALL:
        axes, both = _axes(co.spreads, rtol), False
    if nodes_of(axes) > max_nodes:
        return None
    grid = make_grid(axes, v, c + co.log_weights)
    errors = rounding_errors(grid, co)
    if not errors.overlap < USELESS:
        return None
    both = both and grid.product_form
    total, log_total = joint_sums(grid) if both else (_sums(grid), 0.0)
    down, up = rule_factors(axes)
    away = errors.overlap + 2 * tiny
    lower = np.maximum(total * (math.exp(-away) * down * (1 - 8 * U)) - SLACK, 0.0)
    upper = total * (math.exp(away) * up * (1 + 8 * U)) + SLACK
    loss = (-1.0, -1.0)
    if both:
        loss = _loss(grid, co, errors, c, ceiling, log_total, (half[0], half[1] + tiny_loss))
    tail = tails(axes)[0] * up * math.exp(away) * (1 + 8 * U)
    return Joint(lower, np.minimum(upper, 1.0), tail, loss, whole)


def _sums(grid: Grid) -> FloatArray:
    return product_sums(grid) if grid.product_form else softmax_sums(grid)


def _loss(
    grid: Grid, co: Coordinates, errors: Errors, c: FloatArray, ceiling: float, total: float,
    half: Ends,
) -> Ends:  # fmt: skip
    """Ends of L = half - E log S from the sum ``total``, as in ``float64.loss``."""
    rule, outside = discretisation(grid.axes, co.spreads, ceiling)
    error = rule + log_rounding(grid, co, c, errors) + 2 * co.beyond + SLACK
    low = max(0.0, total * (1 - errors.sum) - error * (1 + 8 * U))
    high = total * (1 + errors.sum) + (error + outside) * (1 + 8 * U)
    least = half[0] - high - (half[1] + 4 * U * (half[0] + high))
    most = half[0] - low + (half[1] + 4 * U * (half[0] + low))
    if not most < math.inf:
        return -1.0, -1.0
    return max(0.0, least), max(0.0, most)


def _axes(spreads: Sequence[float], rtol: float) -> tuple[Axis, ...]:
    r = len(spreads)
    error, tail = power_below(RULE_SHARE * rtol / r), power_below(TAIL_SHARE * rtol / (2 * r))
    return tuple([tabulated_axis(d, error, tail) for d in spreads])
