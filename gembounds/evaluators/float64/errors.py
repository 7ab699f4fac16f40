"""Bounds of the float64 sums' errors: coordinates, rounding, exponentials, truncation, rule."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.coordinates import ROUND, Coordinates
from gembounds.evaluators.float64.grid import Grid
from gembounds.values.enclosure import Rule
from gembounds.values.rounding import LIBM, U, gamma
from gembounds.values.rule import Axis, discrete_total, normal_tail

FloatArray = npt.NDArray[np.float64]

Ends = tuple[FloatArray, FloatArray, Rule]
"""Lower and upper ends, and the rule."""

SLACK = 1e-290
"""Absolute error of sums of products of numbers in [0, 1] whose factors may underflow: at most
2^30 terms of a few units of 2^-1074, and posteriors below exp(-708) taken as zero."""

USELESS = 0.1
"""Relative error bounds beyond this are not refined: the enclosure becomes trivial."""


class Facts(NamedTuple):
    """Of some axes: the rule, its factors, the discrete Gaussian's mass outside and in all, the
    sum of the squares of the radii."""

    rule: Rule
    down: float
    up: float
    outside: float
    mass: float
    squares: float


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
    squares = facts(grid.axes).squares
    radius = math.sqrt(squares)
    size = max(map(abs, co.c.tolist())) + max(map(abs, co.log_weights.tolist()))
    logit = (
        radius * co.error_v
        + co.error_c
        + co.error_w
        + 2 * U * size
        + 2 * (r + 6) * U * (grid.reach + grid.drop)
        + max(2, r) * (LIBM + U)
    ) * ROUND
    weights = squares * U + r * (LIBM + 4 * U)
    total = (weights + gamma(grid.chain) + 2 * U) * ROUND
    overlap = (4 * logit + 2 * gamma(n + 1) + 12 * U + total) * ROUND
    beyond = 4 * co.beyond + 8 * co.beyond * co.beyond
    return Errors(logit, overlap + beyond, total)


@lru_cache(maxsize=1024)
def facts(axes: tuple[Axis, ...]) -> Facts:
    """What errors take from the axes, remembered: most mixtures share theirs with others."""
    rule = Rule(
        tuple([a.step for a in axes]),
        tuple([a.count for a in axes]),
        tuple([a.error for a in axes]),
        tuple([a.halfwidth for a in axes]),
    )
    squares = sum([a.radius * a.radius for a in axes])
    return Facts(rule, *rule_factors(axes), *tails(axes), squares)


def ends(total: FloatArray, error: float, known: Facts) -> Ends:
    """Ends of integrals of values in [0, 1] whose sums over some axes are ``total`` within
    relative errors exp(+-``error``), and the rule."""
    few, many, more = factors(error, known)
    lower = total * few
    lower -= SLACK
    np.maximum(lower, 0.0, out=lower)
    if not many < math.inf:
        return lower, np.ones_like(total), known.rule
    upper = total * many
    upper += more
    return lower, np.minimum(upper, 1.0, out=upper), known.rule


def factors(error: float, known: Facts) -> tuple[float, float, float]:
    """(f, g, h): the integral of the sum T is between f T - ``SLACK`` and g T + h."""
    few, many = math.exp(-error) * known.down, math.exp(error) * known.up
    many *= 1 + 8 * U
    return few * (1 - 8 * U), many, known.outside * many + SLACK


def tails(axes: Sequence[Axis]) -> tuple[float, float]:
    """The discrete Gaussian's mass outside the grid, and in all."""
    mass = math.prod([discrete_total(a.step) for a in axes])
    outside = sum([2 * normal_tail(a.radius) for a in axes])
    return outside * mass * ROUND, mass * ROUND


def rule_factors(axes: Sequence[Axis]) -> tuple[float, float]:
    """``1/prod(1 + rho_j)`` rounded down and ``1/prod(1 - rho_j)`` rounded up (inf if >= 1)."""
    if not axes:
        return 1.0, 1.0
    below = math.prod([1 + a.error for a in axes])
    above = math.prod([max(0.0, 1 - a.error) for a in axes])
    return 1 / (below * ROUND), ROUND / above if above > 0 else math.inf
