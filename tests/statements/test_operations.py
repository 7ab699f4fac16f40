"""What the arithmetics that decide have beside the tree: radial functions, maxima, precision."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb

from gembounds.evaluators.balls.radial import norm_moment
from gembounds.referee.verify.interval import Interval
from gembounds.referee.verify.operations import IntervalOperations
from gembounds.statements.operations import LADDER, Operations


@pytest.mark.parametrize("rung", LADDER[1:])
def test_balls_have_the_bits_of_their_rung(rung: object) -> None:
    ops = Operations(rung)  # type: ignore[arg-type]
    with ops.precision():
        third = ops.ball(Fraction(1, 3))
        assert third.rel_accuracy_bits() > ops.rung.bits
        assert float(ops.norm_moment(2, 3)) == 3.0
        assert ops.norm_survival(Fraction(0), 3) == arb(1)
        assert ops.exp_norm(Fraction(0), 3) == arb(1)


def test_radial_functions_of_the_ladder_are_those_of_the_balls() -> None:
    assert Operations().norm_moment is norm_moment


def test_the_largest_of_exact_numbers_stays_exact() -> None:
    ops = IntervalOperations(80)
    found = ops.maximum([Fraction(1, 3), 1, Fraction(3, 2)])
    assert found == Fraction(3, 2) and isinstance(found, Fraction)
    with ops.precision():
        wide = ops.maximum([Fraction(1, 3), Interval.of(Fraction(2, 3))])
    assert isinstance(wide, Interval)
