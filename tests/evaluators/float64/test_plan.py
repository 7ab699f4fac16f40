"""Axes from a table: what is proved for the range in the table holds for the ranges below it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gembounds.evaluators.float64.plan import LEAST_SPREAD, nodes_of, plan_axes, tabulated_axis
from gembounds.values.rule import axis_rule, normal_tail, relative_error


@pytest.mark.parametrize("error", [1e-3, 1e-7, 1e-13])
def test_axes_of_the_table_prove_what_is_asked(error: float) -> None:
    rng = np.random.default_rng(5)
    for spread in [*10.0 ** rng.uniform(-14, 2.5, 40), 1.0, 1.0 + 2**-52, 0.0]:
        axis = tabulated_axis(float(spread), error, error / 8)
        bound = relative_error(axis.halfwidth, axis.step, max(float(spread), LEAST_SPREAD))
        assert bound <= axis.error <= error
        assert axis.radius == 37 or normal_tail(axis.radius) <= 1.001 * error / 8
        own = axis_rule(max(float(spread), LEAST_SPREAD), error, axis.radius)
        assert 0.96 * own.step <= axis.step <= own.step


def test_a_budget_of_nodes_raises_the_errors() -> None:
    whole = plan_axes([3.0, 1.0], 1e-10, 1e-10, 2**20)
    fewer = plan_axes([3.0, 1.0], 1e-10, 1e-10, 500)
    assert whole is not None and fewer is not None
    assert nodes_of(fewer) <= 500 < nodes_of(whole)
    assert all(a.error < b.error < 0.41 for a, b in zip(whole, fewer, strict=True))
    assert plan_axes([3.0, 1.0], 1e-10, 1e-10, 3) is None
    assert plan_axes([3.0, math.inf], 1e-10, 1e-10, 2**20) is None
