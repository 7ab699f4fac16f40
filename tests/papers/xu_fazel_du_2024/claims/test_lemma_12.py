"""Lemma 12: the sign of Q, the explicit constant, both cases."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest

from gembounds import Mixture
from gembounds.points.point import Point
from gembounds.statements import library
from gembounds.statements.decide import decide
from gembounds.statements.operations import LADDER, Operations

THREE = Mixture([[2, 0], ["-1/2", 1], [0, "1/3"]], ["1/2", "1/3", "1/6"])
NEAR = Mixture([[2, 0], ["3/2", "1/2"], ["7/4", 0]], ["1/2", "1/3", "1/6"])
RARE = Mixture([[1000], [0], [-900]])
ZEROS = Mixture([[0, 0], [0, 0]])
ONES = Mixture([[1], [1]])


def outcome(claim_id: str, point: Point, **constants: Fraction) -> str:
    return decide(library.get(claim_id).with_constants(**constants), point).outcome


def test_the_equality_fails_by_its_sign() -> None:
    decision = decide(library.get("lemma-12.1"), Point(ONES))
    assert decision.outcome == "refuted"
    assert decision.pairs == ((-1, 1),)
    assert outcome("lemma-12.1", Point(THREE)) == "refuted"
    assert outcome("lemma-12.1", Point(ZEROS)) == "consistent"
    for mix in (ONES, THREE, NEAR):
        assert outcome("lemma-12.1-repaired", Point(mix)) == "consistent"


@pytest.mark.parametrize("mix", [THREE, NEAR, RARE, ZEROS, ONES])
def test_the_bound_holds(mix: Mixture) -> None:
    assert outcome("lemma-12.2", Point(mix)) == "holds"


def test_each_mixture_is_in_one_case() -> None:
    for mix, first, second in (
        (THREE, "holds", "outside"),
        (RARE, "holds", "outside"),
        (ZEROS, "holds", "outside"),
        (NEAR, "outside", "holds"),
        (ONES, "outside", "holds"),
    ):
        assert outcome("lemma-12-case-1", Point(mix)) == first
        for link in (1, 2, 3):
            assert outcome(f"lemma-12-case-2.{link}", Point(mix)) == second


def test_constants_that_are_far_too_good_are_refuted() -> None:
    point = Point(Mixture([[1], [0]]))  # E|psi~|^2 is 0.199
    free = {"exponent": Fraction(0)}
    assert outcome("lemma-12.2", point, factor=Fraction(3), **free) == "holds"
    assert outcome("lemma-12.2", point, factor=Fraction(4), **free) == "refuted"
    assert outcome("lemma-12-case-1", point, factor=Fraction(8), **free) == "refuted"


def test_case_2_has_room_for_e() -> None:
    """exp(-t) t <= 1/e, attained at t = 1: mu_max^2 = 1/8."""
    point = Point(Mixture([["1/4", "1/4"], ["1/4", "1/4"]]))
    e = Fraction(2718281829, 10**9)
    assert outcome("lemma-12-case-2.2", point, factor=2 * (e - Fraction(1, 10**8))) == "holds"
    assert outcome("lemma-12-case-2.2", point, factor=2 * e) == "refuted"
    assert outcome("lemma-12-case-2.1", point, quarter=Fraction(1)) == "holds"
    assert outcome("lemma-12-case-2.1", point, quarter=Fraction(1001, 1000)) == "refuted"
    barely = Point(Mixture([[1], [1 - Fraction(1, 100)]]))
    assert outcome("lemma-12-case-2.3", barely, exponent=Fraction(8)) == "holds"
    assert outcome("lemma-12-case-2.3", barely, exponent=Fraction(4)) == "refuted"


def test_the_bound_against_mpmath() -> None:
    claim, ops = library.get("lemma-12.2"), Operations(LADDER[2])
    with ops.precision():
        [found] = claim.rhs(ops, Point(THREE), claim.constants)
    u = 4 + mpmath.mpf(5) / 4 + mpmath.mpf(1) / 9
    value = mpmath.exp(-8 * u) * 16 / 36 / (10240000 * 2 * (1 + 2 * mpmath.sqrt(2)) ** 2)
    assert abs(float(found) / float(value) - 1) < 1e-12
