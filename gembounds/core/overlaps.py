"""Overlaps in float64: a grid chosen for rtol, its sums, and what they prove."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from gembounds.core.coordinates import Coordinates, coordinates
from gembounds.core.errors import (
    SLACK,
    USELESS,
    rounding_errors,
    rule_factors,
    tails,
)
from gembounds.core.grid import make_grid, overlap_sums
from gembounds.core.plan import plan_axes
from gembounds.core.two import two_overlap_sums
from gembounds.enclosure import Rule
from gembounds.errors import RankError
from gembounds.mixture import Mixture
from gembounds.rounding import U
from gembounds.rule import Axis

FloatArray = npt.NDArray[np.float64]

MAX_RANK = 5
RULE_SHARE = 0.85
"""Part of rtol for the rule; the rest is for the tail and rounding (a choice)."""
TAIL_SHARE = 0.05
FIRST_GUESS = 1e-3
"""The smallest overlap that the first grid reaches out for; a smaller one costs a second grid."""
LEAST = 1e-280
"""Overlaps below this are not resolved in float64."""


def enclose_overlaps(
    mix: Mixture, rtol: float, max_nodes: int
) -> tuple[FloatArray, FloatArray, Rule]:
    """Lower and upper ends of E[psi_i psi_k], (n, n), and the rule."""
    co = coordinates(mix, rtol)
    n, r = mix.n, co.rank
    check_rank(r)
    v = co.v - 0.5 * (co.v.max(axis=0, initial=-math.inf) + co.v.min(axis=0, initial=math.inf))
    k = co.c + co.log_weights
    k -= k.max()
    if not (np.isfinite(v).all() and np.isfinite(k).all() and co.beyond < USELESS):
        return np.zeros((n, n)), np.ones((n, n)), Rule()
    if r == 0:
        return _constant(co)
    goal, shares = FIRST_GUESS, (RULE_SHARE * rtol / r, TAIL_SHARE * rtol)
    while True:
        axes = plan_axes(co.spreads, shares[0], shares[1] * goal, max_nodes)
        if axes is None:
            return np.zeros((n, n)), np.ones((n, n)), Rule()
        grid = make_grid(axes, v, k)
        error = rounding_errors(grid, co).overlap
        if not error < USELESS:
            return np.zeros((n, n)), np.ones((n, n)), as_rule(axes)
        total = two_overlap_sums(grid) if n == 2 else overlap_sums(grid)
        outside, _ = tails(axes)
        smallest = max(float(total.min()), LEAST)
        far = outside > 4 * shares[1] * smallest  # a smaller overlap than was reached out for
        if goal < FIRST_GUESS or not far or grid.nodes * 2 > max_nodes:
            break
        goal = 0.5 * smallest
    down, up = rule_factors(axes)
    lower = total * (math.exp(-error) * down * (1 - 8 * U)) - SLACK
    with np.errstate(invalid="ignore"):
        upper = (total * math.exp(error) + outside) * (up * (1 + 8 * U)) + SLACK
    upper = np.where(np.isfinite(upper), upper, 1.0)
    return np.maximum(lower, 0.0), np.minimum(upper, 1.0), as_rule(axes)


def check_rank(r: int) -> None:
    if r > MAX_RANK:
        raise RankError(
            f"the means span {r} dimensions after reduction: float64 grids go up to {MAX_RANK}; "
            'use evaluator="qmc"'
        )


def as_rule(axes: tuple[Axis, ...]) -> Rule:
    return Rule(
        tuple(a.step for a in axes),
        tuple(a.count for a in axes),
        tuple(a.error for a in axes),
        tuple(a.halfwidth for a in axes),
    )


def _constant(co: Coordinates) -> tuple[FloatArray, FloatArray, Rule]:
    """No coordinates: psi_i = pi_i but for what ``beyond``, error_c and rounding allow."""
    k = co.c + co.log_weights
    z = np.exp(k - k.max())
    z /= z.sum()
    size = float(np.abs(co.c).max() + np.abs(co.log_weights).max())
    logit = co.error_c + co.error_w + 4 * U * (size + float(np.ptp(k))) + 20 * U
    error = 4 * logit + (2 * len(k) + 20) * U + 4 * co.beyond + 8 * co.beyond**2
    total = np.outer(z, z)
    if not error < USELESS:
        return np.zeros_like(total), np.ones_like(total), Rule()
    lower = np.maximum(total * (math.exp(-error) * (1 - 4 * U)) - SLACK, 0.0)
    upper = np.minimum(total * (math.exp(error) * (1 + 4 * U)) + SLACK, 1.0)
    return lower, upper, Rule()
