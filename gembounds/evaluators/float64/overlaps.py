"""Overlaps in float64: a grid chosen for rtol, its sums, and what they prove."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.coordinates import Coordinates, coordinates, without_tiny
from gembounds.evaluators.float64.errors import (
    SLACK,
    USELESS,
    rounding_errors,
    rule_factors,
    tails,
)
from gembounds.evaluators.float64.grid import make_grid, softmax_sums
from gembounds.evaluators.float64.plan import (
    FIRST_GUESS,
    LEAST,
    RETRY,
    RULE_SHARE,
    TAIL_SHARE,
    as_rule,
    plan_axes,
)
from gembounds.evaluators.float64.product import product_sums
from gembounds.evaluators.float64.two import enclose_two
from gembounds.tools.errors import RankError
from gembounds.values.enclosure import Rule
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import U
from gembounds.values.rule import Axis

FloatArray = npt.NDArray[np.float64]

MAX_RANK = 5
TINY_SHARE = 0.01
"""Part of rtol for coordinates that are left out."""


@np.errstate(all="ignore")
def enclose_overlaps(
    mix: Mixture, rtol: float, max_nodes: int
) -> tuple[FloatArray, FloatArray, Rule]:
    """Lower and upper ends of E[psi_i psi_k], (n, n), and the rule."""
    found = enclose_two(mix, rtol, max_nodes) if mix.n == 2 else None
    return found or _enclose(mix, rtol, max_nodes)


def _enclose(mix: Mixture, rtol: float, max_nodes: int) -> tuple[FloatArray, FloatArray, Rule]:
    co, tiny, _ = without_tiny(coordinates(mix, rtol), TINY_SHARE * rtol, math.inf)
    n, r = mix.n, co.rank
    check_rank(r)
    k = co.c + co.log_weights
    k -= np.maximum.reduce(k)
    # what is not finite in v or k makes a spread or the least of k not finite
    sizes = [*co.spreads, float(np.minimum.reduce(k))]
    if not (all(map(math.isfinite, sizes)) and co.beyond < USELESS):
        return np.zeros((n, n)), np.ones((n, n)), Rule()
    if r == 0:
        return _constant(co, tiny)
    shares = RULE_SHARE * rtol / r, TAIL_SHARE * rtol
    axes = plan_axes(co.spreads, shares[0], shares[1] * FIRST_GUESS, max_nodes)
    found = None if axes is None else _grid_sums(axes, k, co)
    if axes is None or found is None:
        return np.zeros((n, n)), np.ones((n, n)), Rule()
    smallest = max(min(found[0].ravel().tolist()), LEAST)
    if found[1] > RETRY * shares[1] * smallest and math.prod(2 * a.count + 1 for a in axes) * 2 < (
        max_nodes
    ):  # a smaller overlap than was reached out for
        further = plan_axes(co.spreads, shares[0], shares[1] * 0.5 * smallest, max_nodes)
        again = None if further is None else _grid_sums(further, k, co)
        if further is not None and again is not None:
            axes, found = further, again
    total, outside, error = found
    error += 2 * tiny
    down, up = rule_factors(axes)
    lower = total * (math.exp(-error) * down * (1 - 8 * U)) - SLACK
    if not up < math.inf:
        return np.maximum(lower, 0.0), np.ones((n, n)), as_rule(axes)
    upper = (total * math.exp(error) + outside) * (up * (1 + 8 * U)) + SLACK
    return np.maximum(lower, 0.0), np.minimum(upper, 1.0), as_rule(axes)


def _grid_sums(
    axes: tuple[Axis, ...], k: FloatArray, co: Coordinates
) -> tuple[FloatArray, float, float] | None:
    """The sums, the tail and the relative error exponent; None where that is useless."""
    grid = make_grid(axes, co.v, k)
    error = rounding_errors(grid, co).overlap
    if not error < USELESS:
        return None
    total = product_sums(grid) if grid.product_form else softmax_sums(grid)
    return total, tails(axes)[0], error


def check_rank(r: int) -> None:
    if r > MAX_RANK:
        raise RankError(
            f"the means span {r} dimensions after reduction: float64 grids go up to {MAX_RANK}; "
            'use evaluator="qmc"'
        )


def _constant(co: Coordinates, tiny: float) -> tuple[FloatArray, FloatArray, Rule]:
    """No coordinates: psi_i = pi_i but for what ``beyond``, error_c and rounding allow."""
    k = co.c + co.log_weights
    z = np.exp(k - k.max())
    z /= z.sum()
    size = float(np.abs(co.c).max() + np.abs(co.log_weights).max())
    logit = co.error_c + co.error_w + 4 * U * (size + float(np.ptp(k))) + 20 * U
    error = 4 * logit + (2 * len(k) + 20) * U + 4 * co.beyond + 8 * co.beyond**2 + 2 * tiny
    total = np.outer(z, z)
    if not error < USELESS:
        return np.zeros_like(total), np.ones_like(total), Rule()
    lower = np.maximum(total * (math.exp(-error) * (1 - 4 * U)) - SLACK, 0.0)
    upper = np.minimum(total * (math.exp(error) * (1 + 4 * U)) + SLACK, 1.0)
    return lower, upper, Rule()
