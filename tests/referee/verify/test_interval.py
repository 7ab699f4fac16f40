"""Intervals contain what they should, and their comparisons are true only when certain."""

from __future__ import annotations

from fractions import Fraction

import pytest
from mpmath import iv

from gembounds.evaluators.balls.radial import ball
from gembounds.referee.verify.interval import (
    Interval,
    exact,
    exponential,
    interval_precision,
    logarithm,
    rational,
    violated,
)
from gembounds.statements.logic import ORDERS
from gembounds.values.precision import working_precision

NUMBERS = tuple(map(Fraction, ("1/3", "-7/5", "0", "1e-30", "12345678901234567890/7", "1/2")))


@pytest.mark.parametrize("bits", [20, 64, 200])
def test_exact_numbers_are_enclosed_tightly(bits: int) -> None:
    with interval_precision(bits):
        for x in NUMBERS:
            low, high = Interval.of(x).ends
            assert low <= x <= high
            assert high - low <= abs(x) * Fraction(1, 2 ** (bits - 2))


def test_arithmetic_encloses_the_exact_result() -> None:
    with interval_precision(40):
        for x in NUMBERS:
            for y in NUMBERS:
                a, b = Interval.of(x), Interval.of(y)
                results = [(a + b, x + y), (a - b, x - y), (a * b, x * y), (a**3, x**3)]
                results += [(1 - a, 1 - x), (2 * b, 2 * y), (a + 1, x + 1)]
                if y:
                    results += [(a / b, x / y), (1 / b, 1 / y)]
                results += [(a.max(b), max(x, y)), (a.min(b), min(x, y))]
                results += [(a.union(b), x), (a.union(b), y)]
                for found, wanted in results:
                    assert found.ends[0] <= wanted <= found.ends[1]


@pytest.mark.parametrize("x", ["1/3", "-20", "3/1000000", "40"])
def test_exponentials_and_logarithms_contain_the_balls(x: str) -> None:
    value = Fraction(x)
    with interval_precision(80), working_precision(300):
        found = Interval(exponential(rational(value))).ends
        wanted = ball(value).exp()
        assert ball(found[0]) < wanted < ball(found[1])
        assert (found[1] - found[0]) / found[0] < Fraction(1, 2**70)
        if value > 0:
            low, high = Interval(logarithm(rational(value))).ends
            assert ball(low) < ball(value).log() < ball(high)


def test_the_slack_covers_what_rounding_may_lose() -> None:
    with interval_precision(60), working_precision(300):
        narrow, wide = iv.exp(rational(Fraction(1, 3))), exponential(rational(Fraction(1, 3)))
        assert exact(wide.a) < exact(narrow.a) <= exact(narrow.b) < exact(wide.b)


def test_precision_is_restored() -> None:
    before = iv.prec
    with pytest.raises(ZeroDivisionError), interval_precision(999):
        Fraction(1, 0)
    assert iv.prec == before


def test_comparisons_of_overlapping_intervals_are_false_both_ways() -> None:
    a, b = Interval(iv.mpf([0, 2])), Interval(iv.mpf([1, 3]))
    assert not any((a < b, a > b, a <= b, a >= b))
    assert Interval.of(1) < Interval.of(2)
    for relation in ORDERS:
        assert not violated(a, relation, b)


@pytest.mark.parametrize(
    ("left", "relation", "right", "wanted"),
    [
        (2, "<=", 1, True),
        (1, "<=", 1, False),
        (1, "<", 1, True),
        (1, ">=", 2, True),
        (1, ">", 1, True),
        (1, "==", 1, False),
        (1, "==", 2, True),
    ],
)
def test_violations_of_exact_numbers(left: int, relation: str, right: int, wanted: bool) -> None:
    assert violated(Fraction(left), relation, Fraction(right)) is wanted
    with interval_precision(50):
        if left != right:
            assert violated(Interval.of(left), relation, Interval.of(right)) is wanted


def test_an_empty_intersection_and_a_stranger_are_errors() -> None:
    with pytest.raises(ArithmeticError, match="no number in common"):
        Interval.of(1).intersection(2)
    with pytest.raises(TypeError, match="neither exact nor an interval"):
        Interval.of(0.5)
