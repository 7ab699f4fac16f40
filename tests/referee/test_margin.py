"""Margins: certain where negative, far where little is known."""

from __future__ import annotations

from fractions import Fraction
from math import log
from typing import Any

import pytest
from flint import arb

from gembounds.referee.margin import WORST, margin
from gembounds.statements.many import SPLIT

ONE, TWO = Fraction(1), Fraction(2)


@pytest.mark.parametrize(
    ("left", "relation", "right", "wanted"),
    [
        (ONE, "<=", TWO, log(2)),
        (TWO, "<=", ONE, -log(2)),
        (TWO, ">", ONE, log(2)),
        (-TWO, "<=", -ONE, log(2)),
        (-ONE, "<=", -TWO, -log(2)),
        (-ONE, "<=", ONE, SPLIT),
        (ONE, "<=", -ONE, -SPLIT),
        (Fraction(0), "<", ONE, SPLIT),
        (ONE, "<=", ONE, WORST),
        (arb(0), "<=", Fraction(0), WORST),
        (ONE, "==", TWO, WORST),
        (arb("1 +/- 0.5"), "<=", arb("1 +/- 0.5"), log(3)),
        (ONE, "<=", arb(0, "inf"), WORST),
    ],
)
def test_margins(left: Any, relation: str, right: Any, wanted: float) -> None:
    assert margin([(left, right)], relation) == pytest.approx(wanted, abs=1e-6)


def test_the_smallest_entry_counts_and_ties_do_not() -> None:
    pairs = [(ONE, TWO), (ONE, ONE), (ONE, Fraction(3, 2))]
    assert margin(pairs, "<=") == pytest.approx(log(1.5))


def test_logarithms_reach_beyond_floats() -> None:
    assert margin([(arb(-5000).exp(), arb(5000).exp())], "<=") == pytest.approx(10_000)


def test_graded_margins_tell_how_far_sides_of_different_signs_are_apart() -> None:
    def graded(left: Any, right: Any) -> float:
        return margin([(left, right)], "<=", graded=True)

    far, near = graded(-TWO, TWO), graded(-ONE, arb(1))
    assert SPLIT / 2 < graded(Fraction(0), Fraction(1, 10**9)) < near < far < SPLIT
    assert graded(TWO, -TWO) == -SPLIT and graded(ONE, TWO) == pytest.approx(log(2))
