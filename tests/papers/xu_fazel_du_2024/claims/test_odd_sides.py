"""Sides of nearly symmetric mixtures on a line: decided where no bits tell them apart."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import pytest

from gembounds import Mixture
from gembounds.papers.xu_fazel_du_2024.claims import odd_sides
from gembounds.points.point import Point
from gembounds.statements import library
from gembounds.statements.decide import decide
from gembounds.statements.operations import LADDER, Operations

GROWN = Fraction(1000, 999)


def nearly_odd(weight: Fraction) -> Mixture:
    heavy = (1 - weight) / 3
    return Mixture([["1/3"], ["1/3"], ["-1/3"], [0]], [heavy, weight, heavy, heavy])


@pytest.mark.parametrize(
    ("claim_id", "name"), [("eq-24a", "factor"), ("eq-6-repaired", "quarter")]
)
def test_nearly_symmetric_on_a_line(claim_id: str, name: str) -> None:
    point = Point(nearly_odd(Fraction(1, 10**100)))
    claim = library.get(claim_id)
    decision = decide(claim, point)
    assert decision.outcome == "holds"
    assert decision.pairs[0][0].lower() >= 0 and decision.pairs[0][1] == 0
    value = claim.constants[name]
    assert decide(claim.with_constants(**{name: value * GROWN}), point).outcome == "refuted"
    assert decide(claim.with_constants(**{name: value / GROWN}), point).outcome == "holds"


@pytest.mark.parametrize("rung", LADDER[:3])
def test_sides_that_differ_stay_as_they_are(rung: Any) -> None:
    ops = Operations(rung)
    with ops.precision():
        assert not odd_sides.tied(ops, nearly_odd(Fraction(1, 5)))
        assert not odd_sides.tied(ops, Mixture([[1], [1]]))
        assert not odd_sides.tied(ops, Mixture([["1/2", 0], ["-1/2", 0]]))


def test_what_is_left_of_a_tie_contains_the_even_part() -> None:
    mix = nearly_odd(Fraction(1, 10**8))

    def mean(x: Any) -> Any:
        rows = [mpmath.mpf(1) / 3, mpmath.mpf(1) / 3, -mpmath.mpf(1) / 3, mpmath.mpf(0)]
        terms = [
            mpmath.mpf(w.numerator) / w.denominator * mpmath.exp(r * x - r * r / 2)
            for w, r in zip(mix.exact_weights, rows, strict=True)
        ]
        return sum(t * r for t, r in zip(terms, rows, strict=True)) / sum(terms)

    with mpmath.workdps(30):
        even = 2 * mpmath.quad(
            lambda x: (mean(x) + mean(-x)) ** 2 * mpmath.npdf(x) / 4, [0, 2, 5, 14]
        )
        assert 1e-18 < even < 1e-16
        claim, ops = library.get("eq-24a"), Operations(LADDER[2])
        with ops.precision():
            ((left, right),) = claim.pairs(ops, Point(mix))
        assert right == 0
        assert left.lower() >= 0 and float(left.upper()) < 1e-12
        assert float(left.upper()) >= float(even)
