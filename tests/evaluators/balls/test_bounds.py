"""Bounds of the trapezoidal rule in balls: not below what they bound, and not far above."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import mpmath
import pytest
from flint import arb

from gembounds.evaluators.balls import bounds, expectations
from gembounds.values.precision import working_precision
from gembounds.values.rule import Axis

AXES = [Axis(a, h, k, 1e-3) for a, h, k in
        ((0.5, 0.25, 8), (1.5, 0.5, 9), (2.0, 0.75, 4), (1.0, 1.5, 3), (3.0, 2.5, 2))]  # fmt: skip


@pytest.fixture(autouse=True)
def precision() -> Iterator[None]:
    with working_precision(100), mpmath.workdps(40):
        yield


def summed(axis: Axis, weight: Any, outside: bool) -> Any:
    """h sum weight(kh) phi(kh) over all k, or over abs(k) > count."""
    first = axis.count + 1 if outside else 1
    places = [axis.step * k for k in range(first, first + int(60 / axis.step))]
    total = 2 * mpmath.fsum(weight(y) * mpmath.npdf(y) for y in places)
    return axis.step * (total if outside else total + weight(0) * mpmath.npdf(0))


def upper(ball: Any) -> Any:
    return mpmath.mpf(str(ball.upper().str(30, radius=False)))


@pytest.mark.parametrize("axis", AXES)
def test_sums_and_tails(axis: Axis) -> None:
    for bound, weight, outside, room in (
        (bounds.discrete_total, lambda y: 1, False, 1.5),
        (bounds.discrete_first_moment, abs, False, 1.7),
        (bounds.tail, lambda y: 1, True, 20),
        (bounds.first_moment_tail, abs, True, 20),
        (expectations._second_tail, lambda y: 1 + y * y, True, 30),
    ):
        exact, found = summed(axis, weight, outside), upper(bound(axis))
        assert exact <= found * (1 + mpmath.mpf(10) ** -25), bound.__name__
        assert axis.step > 1 or found <= room * exact, bound.__name__


def test_tails_near_the_middle_are_not_known() -> None:
    near = Axis(1.0, 0.25, 3, 1e-3)
    assert not bounds.first_moment_tail(near).is_finite()
    assert not expectations._second_tail(near._replace(count=7)).is_finite()
    assert expectations._second_tail(near._replace(count=8)).is_finite()


@pytest.mark.parametrize("axis", AXES)
def test_errors_are_the_formulas(axis: Axis) -> None:
    a, h = mpmath.mpf(axis.halfwidth), mpmath.mpf(axis.step)
    strip = 2 * mpmath.exp(a * a / 2) / mpmath.expm1(2 * mpmath.pi * a / h)
    assert mpmath.almosteq(upper(bounds.one_strip_error(axis)), strip, 1e-20)
    spread = 0.75
    cosine = mpmath.cos(a * spread / 2)
    assert mpmath.almosteq(upper(bounds.sector_cosine(axis, arb(spread))), cosine, 1e-20)
    error = upper(bounds.relative_error(axis, arb(spread)))
    assert mpmath.almosteq(error, strip / cosine**2, 1e-20)
    wide = float(mpmath.pi / a)
    for spread in (wide * 1.001, 3 * wide, 4 * wide):  # also where the cosine is positive again
        assert bounds.sector_cosine(axis, arb(spread)) is None
        assert bounds.relative_error(axis, arb(spread)) is None
    assert bounds.sector_cosine(axis, arb(wide * 0.999)) is not None
    assert bounds.sector_cosine(axis, arb(wide * 0.999, 1e-2)) is None  # a ball's upper end
