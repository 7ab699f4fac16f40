"""Bounds of the float64 sums' errors: coordinates, rounding, exponentials, truncation, rule."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from gembounds.evaluators.float64.coordinates import ROUND, Coordinates
from gembounds.evaluators.float64.grid import Grid
from gembounds.values.rounding import LIBM, U, gamma
from gembounds.values.rule import Axis, discrete_total, normal_tail

SLACK = 1e-290
"""Absolute error of sums of products of numbers in [0, 1] whose factors may underflow: at most
2^30 terms of a few units of 2^-1074, and posteriors below exp(-708) taken as zero."""

USELESS = 0.1
"""Relative error bounds beyond this are not refined: the enclosure becomes trivial."""


class Errors(NamedTuple):
    """``logit``: absolute error of each logit, relative error of each term of S.
    ``overlap``: relative error exponent of the overlap sums. ``sum``: of a weighted sum."""

    logit: float
    overlap: float
    sum: float


def rounding_errors(grid: Grid, co: Coordinates) -> Errors:
    """What rounding and inexact coordinates do to the sums over ``grid``.

    Logit: |y| error_v + error_c + error_w from the coordinates; forming c + log pi and
    subtracting a constant, at most 2 U of their sizes; centring v, the products y v and their
    additions, at most (r + 4) U (reach + drop), twice that once the largest logit is taken
    off; exponentials LIBM an axis, and U for their product. psi_i psi_k then errs by
    exp(4 logit); S^2 adds 2 gamma_n; the weights R^2 U + LIBM + 4 U an axis; sums gamma of the
    chain.
    """
    n, r = grid.v.shape
    squares = [a.radius * a.radius for a in grid.axes]
    radius = math.sqrt(sum(squares))
    size = max(map(abs, co.c.tolist())) + max(map(abs, co.log_weights.tolist()))
    logit = (
        radius * co.error_v
        + co.error_c
        + co.error_w
        + 2 * U * size
        + 2 * (r + 6) * U * (grid.reach + grid.drop)
        + max(2, r) * (LIBM + U)
    ) * ROUND
    weights = sum(squares) * U + r * (LIBM + 4 * U)
    total = (weights + gamma(grid.chain) + 2 * U) * ROUND
    overlap = (4 * logit + 2 * gamma(n + 1) + 12 * U + total) * ROUND
    beyond = 4 * co.beyond + 8 * co.beyond * co.beyond
    return Errors(logit, overlap + beyond, total)


def tails(axes: Sequence[Axis]) -> tuple[float, float]:
    """The discrete Gaussian's mass outside the grid, and in all."""
    mass = math.prod([discrete_total(a.step) for a in axes])
    outside = sum([2 * normal_tail(a.radius) for a in axes])
    return outside * mass * ROUND, mass * ROUND


def rule_factors(axes: Sequence[Axis]) -> tuple[float, float]:
    """``1/prod(1 + rho_j)`` rounded down and ``1/prod(1 - rho_j)`` rounded up (inf if >= 1)."""
    below = math.prod([1 + a.error for a in axes])
    above = math.prod([max(0.0, 1 - a.error) for a in axes])
    return 1 / (below * ROUND), ROUND / above if above > 0 else math.inf
