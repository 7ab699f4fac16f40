"""The model of float64 arithmetic: constants, gamma, neighbours."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from gembounds.values import rounding

EXACT_U = Fraction(1, 2**53)


def test_the_constants_are_those_of_float64() -> None:
    assert Fraction(rounding.U) == EXACT_U
    assert rounding.TINY == 5e-324
    assert rounding.LIBM == 8 * rounding.U


@pytest.mark.parametrize("count", [1, 2, 10, 1000, 2**20, 2**40, 2**51])
def test_gamma_is_just_above_the_formula(count: int) -> None:
    exact = count * EXACT_U / (1 - count * EXACT_U)
    found = Fraction(rounding.gamma(count))
    assert exact <= found <= exact * (1 + 8 * EXACT_U)


def test_gamma_bounds_nothing_from_a_half_on() -> None:
    assert rounding.gamma(2**52) == math.inf
    assert rounding.gamma(2**60) == math.inf
    assert rounding.gamma(2**52 - 1) < 1.001


def test_up_and_down_are_the_neighbours() -> None:
    for x in (1.0, -1.0, 0.0, 1e300):
        assert rounding.up(x) == math.nextafter(x, math.inf)
        assert rounding.down(x) == math.nextafter(x, -math.inf)
    values = np.array([1.0, -2.0])
    assert (rounding.down(values) < values).all() and (values < rounding.up(values)).all()
