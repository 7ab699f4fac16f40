"""Radial expectations in balls against mpmath's quadrature of the chi density."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from flint import arb, ctx

from gembounds.evaluators.balls.radial import exp_norm, norm_moment, norm_survival
from gembounds.tools.errors import InputError
from gembounds.values.balls import exact_interval
from gembounds.values.precision import working_precision

DIMENSIONS = (1, 2, 3, 10, 97)
DIGITS = 25
"""Digits compared; the quadrature stops at an absolute error, so it works with more."""


def integral(weight: Callable[[Any], Any], d: int, low: Any = 0) -> Any:
    """The integral of weight(r) times the chi density over r >= low."""
    with mpmath.workdps(DIGITS + 40):
        scale = mpmath.log(2) * (mpmath.mpf(d) / 2 - 1) + mpmath.loggamma(mpmath.mpf(d) / 2)
        panels = int(max(mpmath.sqrt(d) - low, 0)) + 16
        return mpmath.quad(
            lambda r: weight(r) * r ** (d - 1) * mpmath.exp(-r * r / 2 - scale),
            [low + k for k in range(panels)],
            method="gauss-legendre",
        )


def agrees(ball: Any, value: Any) -> bool:
    low, high = exact_interval(ball)
    width = mpmath.mpf(10) ** (-DIGITS) * abs(value)
    with mpmath.workdps(DIGITS + 40):
        return bool(
            mpmath.mpf(low.numerator) / low.denominator - width
            <= value
            <= mpmath.mpf(high.numerator) / high.denominator + width
        )


@pytest.mark.parametrize("d", DIMENSIONS)
@pytest.mark.parametrize("c", [Fraction(1, 3), Fraction(-2), Fraction(3, 2), Fraction(0)])
@pytest.mark.parametrize("k", [0, 1])
def test_exp_norm_is_the_integral(d: int, c: Fraction, k: int) -> None:
    with working_precision(128):
        ball = exp_norm(c, d, k)
        assert ball.rel_accuracy_bits() >= 120
    with mpmath.workdps(DIGITS + 40):
        factor = mpmath.mpf(c.numerator) / c.denominator
    assert agrees(ball, integral(lambda r: r**k * mpmath.exp(factor * r), d))


@pytest.mark.parametrize("d", DIMENSIONS)
@pytest.mark.parametrize("square", [Fraction(1, 4), Fraction(9), Fraction(100)])
def test_norm_survival_is_the_integral(d: int, square: Fraction) -> None:
    with working_precision(128):
        ball = norm_survival(square, d)
        assert ball.rel_accuracy_bits() >= 120
    with mpmath.workdps(DIGITS + 40):
        root = mpmath.sqrt(mpmath.mpf(square.numerator) / square.denominator)
    assert agrees(ball, integral(lambda r: mpmath.mpf(1), d, root))


def test_known_closed_forms() -> None:
    with working_precision(128):
        assert norm_survival(7, 2).overlaps(arb(-3.5).exp())
        assert norm_moment(2, 41).overlaps(arb(41))
        assert norm_moment(Fraction(4), 3).overlaps(arb(15))
        assert exp_norm(0, 5, 2).overlaps(arb(5))


def test_a_negative_and_a_positive_rate_fit_together() -> None:
    """E cosh(c|x|) = 1F1(d/2; 1/2; c^2/2), whatever form each half took."""
    with working_precision(192):
        both = (exp_norm(Fraction(5), 7) + exp_norm(Fraction(-5), 7)) / 2
        even = (arb(25) / 2).hypgeom_1f1(arb(7) / 2, arb(1) / 2)
        assert both.overlaps(even)
        assert (both - even).abs_upper() < even * arb(2) ** -170


@pytest.mark.parametrize("d", [10**6, 10**6 - 1])
def test_a_million_dimensions_keep_relative_accuracy(d: int) -> None:
    with working_precision(64):
        for ball in (
            exp_norm(Fraction(1, 3 * d), d),
            exp_norm(Fraction(-1), d),
            norm_survival(4 * d, d),
            norm_survival(Fraction(d, 4), d),
            norm_moment(1, d),
        ):
            assert ball.rel_accuracy_bits() >= 60
        tail = norm_survival(4 * d, d)
        bound = (arb(d) / 2 * (arb(1) - 4 + arb(4).log())).exp()  # Chernoff's
        assert tail < bound
        assert tail > bound / d


def test_precision_is_restored_and_inexact_arguments_end() -> None:
    before = ctx.prec
    with working_precision(64):
        wide = exp_norm(arb("0.1 +/- 1e-5"), 3)
        assert wide.overlaps(exp_norm(Fraction(1, 10), 3))
        assert ctx.prec == 64
    assert ctx.prec == before


def test_bad_arguments_are_named() -> None:
    with pytest.raises(InputError, match="d is 0"):
        norm_moment(1, 0)
    with pytest.raises(InputError, match="k is -1"):
        exp_norm(1, 3, -1)
