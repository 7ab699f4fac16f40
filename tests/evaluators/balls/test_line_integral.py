"""Integrals over a line through 0 against mpmath, at all scales."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import pytest

from gembounds.papers.xu_fazel_du_2024.arithmetic.line_integral import Line
from gembounds.tools.errors import InputError
from gembounds.values.precision import working_precision


def line(slopes: Any, squares: Any, weights: Any) -> Line:
    def exact(values: Any) -> list[Fraction]:
        return [Fraction(v) for v in values]

    return Line(exact(slopes), exact(squares), exact(weights))


def posteriors(of: Line, t: Any) -> list[Any]:
    terms = [
        mpmath.mpf(w.numerator) / w.denominator
        * mpmath.exp(t * mpmath.mpf(a.numerator) / a.denominator
                     - mpmath.mpf(s.numerator) / s.denominator / 2)
        for a, s, w in zip(of.slopes, of.squares, of.weights, strict=True)
    ]  # fmt: skip
    return [x / sum(terms) for x in terms]


LINES = (
    line([1, -1], [1, 1], ["1/2", "1/2"]),
    line(["1/3", "-5/2", 4], [2, 9, 16], ["1/5", "3/10", "1/2"]),
    line([1, -1], [4, 4], [1 - Fraction(1, 10**30), Fraction(1, 10**30)]),
)


@pytest.mark.parametrize("of", LINES)
def test_against_mpmath(of: Line) -> None:
    with mpmath.workdps(60), working_precision(96):  # mpmath's tolerance is absolute
        for i in range(len(of.weights)):

            def product(t: Any, i: int = i) -> Any:
                p = posteriors(of, t)
                return p[0] * p[i]

            value = mpmath.quad(product, [-1, 0, 1])
            found = of.overlap(0, i, 64)
            assert abs(mpmath.mpf(found.mid().str(30, radius=False)) / value - 1) < 1e-15
            assert found.rad() < abs(found) * 2.0**-50

        def variance(t: Any) -> Any:
            p = posteriors(of, t)
            a = [mpmath.mpf(s.numerator) / s.denominator for s in of.slopes]
            mean = sum(x * y for x, y in zip(p, a, strict=True))
            return sum(x * (y - mean) ** 2 for x, y in zip(p, a, strict=True))

        value = mpmath.quad(variance, [-1, 0, 1])
        assert abs(mpmath.mpf(of.derivative(64).mid().str(30, radius=False)) / value - 1) < 1e-15


def test_steep_lines_keep_their_accuracy() -> None:
    """Two equal components with slopes +-a: the overlap is tanh(a)/(2a), the derivative
    2 a tanh(a)."""
    for a in (10**3, 10**6):
        of = line([a, -a], [1, 1], ["1/2", "1/2"])
        with working_precision(96):
            assert abs(of.overlap(0, 1, 64) * 2 * a - 1) < 2.0**-40
            assert abs(of.derivative(64) / (2 * a) - 1) < 2.0**-40


def test_equal_components_are_exact() -> None:
    of = line([3, 3], [10, 10], ["1/4", "3/4"])
    assert of.overlap(0, 1, 64) == Fraction(3, 8)
    assert of.derivative(64) == 0


def test_an_index_out_of_range_is_named() -> None:
    with pytest.raises(InputError, match="j is 2: a component's index is from 0 to 1"):
        LINES[0].overlap(0, 2, 64)


@pytest.mark.parametrize("slope", [-46240000, 10**9])
def test_a_narrow_peak_between_the_places(slope: int) -> None:
    # two components: psi_1 psi_2 = (d psi_2/dt)/slope, so the integral is nearly 1/|slope|
    of = line([0, slope], [0, 2 * 10**6 + 1], ["2/5", "3/5"])
    with working_precision(96):
        found = of.overlap(0, 1, 64)
        assert abs(found * abs(slope) - 1) < 1e-15
    # a third one above both at their crossing: the peak is far lower
    of = line([0, slope, Fraction(2 * slope, 3)], [9, 1040409, 462409], ["3/5", "1/5", "1/5"])
    with working_precision(96):
        found = of.overlap(0, 1, 64)
        assert found > 0 and found.rad() < found * 1e-15 and found.log() < -1000
