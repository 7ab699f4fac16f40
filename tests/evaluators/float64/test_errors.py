"""The bounds of the float64 sums' errors, against the formulas of their docstrings.

A bound leaves room, so no sample of mixtures shows a constant that is a little too small: the
formulas are written out here a second time.
"""

from __future__ import annotations

import math
from typing import Any

import mpmath
import numpy as np
import pytest

import gembounds as gb
from gembounds.evaluators.float64 import errors
from gembounds.evaluators.float64.coordinates import Coordinates, coordinates
from gembounds.evaluators.float64.grid import BLOCK, Grid, make_grid
from gembounds.evaluators.float64.plan import plan_axes
from gembounds.values.rounding import LIBM, U
from gembounds.values.rule import Axis


def grid_of(means: Any, weights: Any = None) -> tuple[Grid, Coordinates]:
    co = coordinates(gb.Mixture(means, weights), 1e-10)
    axes = plan_axes(co.spreads, 1e-11, 1e-12, 2**20)
    assert axes is not None
    return make_grid(axes, co.v, co.c + co.log_weights), co


CASES = (
    ([[0.0], [1.5], [-0.5]], None),
    ([[0.0, 1.0], [2.0, -1.0], [0.5, 0.25]], [0.5, 0.25, 0.25]),
    ([[0.0, 1.0, 0.0], [2.0, -1.0, 1.0], [0.5, 0.25, 0.0], [1.0, 1.0, 1.0]], None),
)


@pytest.mark.parametrize(("means", "weights"), CASES)
def test_rounding_errors_are_the_formula(means: Any, weights: Any) -> None:
    grid, co = grid_of(means, weights)
    co = co._replace(error_v=3e-15, error_c=2e-14, error_w=5e-16, beyond=1e-13)
    n, r = grid.v.shape
    squares = sum(a.radius**2 for a in grid.axes)
    size = max(abs(x) for x in co.c) + max(abs(x) for x in co.log_weights)
    rounded = 2 * U * size + 2 * (r + 6) * U * (grid.reach + grid.drop)
    logit = math.sqrt(squares) * co.error_v + co.error_c + co.error_w + rounded
    logit += max(2, r) * (LIBM + U)
    total = squares * U + r * (LIBM + 4 * U) + grid.chain * U + 2 * U
    overlap = 4 * logit + 2 * (n + 1) * U + 12 * U + total
    found = errors.rounding_errors(grid, co)
    assert found.logit == pytest.approx(logit, rel=1e-9, abs=0) and found.logit >= logit
    assert found.sum == pytest.approx(total, rel=1e-9, abs=0) and found.sum >= total
    beyond = 4 * co.beyond + 8 * co.beyond**2
    assert found.overlap == pytest.approx(overlap + beyond, rel=1e-9, abs=0)
    far = errors.rounding_errors(grid, co._replace(beyond=0.25))
    assert far.overlap == pytest.approx(overlap + 1.5, rel=1e-9, abs=0)


@pytest.mark.parametrize(("means", "weights"), CASES)
def test_reach_and_drop_bound_the_logits(means: Any, weights: Any) -> None:
    grid, _ = grid_of(means, weights)
    ends = [a.radius * np.abs(grid.v[:, j]).max() for j, a in enumerate(grid.axes)]
    assert sum(ends) <= grid.reach <= sum(ends) * (1 + 1e-11)
    assert grid.drop == np.abs(grid.k).max()


@pytest.mark.parametrize(("means", "weights"), CASES)
def test_the_chain_is_at_least_the_additions_of_a_term(means: Any, weights: Any) -> None:
    grid, _ = grid_of(means, weights)
    nodes = math.prod(2 * a.count + 1 for a in grid.axes)
    columns = nodes // grid.row_nodes
    blocks = -(-grid.row_nodes // grid.rows) + -(-(2 * grid.axes[0].count + 1) // grid.lead)
    assert grid.product_form
    assert columns + min(grid.rows, grid.row_nodes) + blocks <= grid.chain
    most = 4 + 4 * len(grid.k) * (1 + grid.row_nodes / grid.rows)
    assert grid.chain <= columns + nodes / columns + most
    assert grid.rows * columns <= max(BLOCK, columns)


def test_the_chain_counts_all_rows_that_are_summed_at_once() -> None:
    """Three wide axes between a wide one and a short one: 301^3 rows a node of the first."""
    axes = [Axis(1.0, 1e-2, count, 1e-9) for count in (150, 150, 150, 150, 5)]
    grid = make_grid(axes, np.zeros((6, 5)), np.zeros(6))
    assert grid.product_form and grid.split == 4 and grid.lead == 1
    assert grid.chain >= 11 + 301**3 + 301


def discrete(axis: Axis, inside: bool) -> Any:
    """h sum phi(kh) over all k, or over abs(k) <= count."""
    h = mpmath.mpf(axis.step)
    last = axis.count if inside else math.ceil(45 / axis.step)
    return h * mpmath.fsum(mpmath.npdf(k * h) for k in range(-last, last + 1))


def test_tails_bound_the_mass_outside() -> None:
    axes = (Axis(1.0, 0.75, 6, 1e-9), Axis(1.0, 2.5, 2, 1e-9))
    with mpmath.workdps(30):
        mass = discrete(axes[0], False) * discrete(axes[1], False)
        outside = mass - discrete(axes[0], True) * discrete(axes[1], True)
        found, total = errors.tails(axes)
        assert mass <= total <= mass * (1 + mpmath.mpf("0.01"))
        assert outside <= found <= 20 * outside
    normal = 2 * sum(0.5 * math.erfc(a.radius / math.sqrt(2)) for a in axes)
    assert normal * total <= found <= 1.06 * normal * total


def test_rule_factors() -> None:
    axes = [Axis(1.0, 1.0, 3, 0.125), Axis(1.0, 1.0, 3, 0.5)]
    below, above = errors.rule_factors(axes)
    assert below == pytest.approx(1 / (1.125 * 1.5), rel=1e-9, abs=0) and below < 1 / (1.125 * 1.5)
    assert above == pytest.approx(1 / (0.875 * 0.5), rel=1e-9, abs=0) and above > 1 / (0.875 * 0.5)
    for error in (1.0, 1.5, math.inf):
        assert errors.rule_factors([*axes, Axis(1.0, 1.0, 3, error)])[1] == math.inf
