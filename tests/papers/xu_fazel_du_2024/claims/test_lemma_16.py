"""Lemma 16: posteriors, polynomials and exponential sums against quadrature; errors are seen."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from flint import arb

from gembounds import Mixture
from gembounds.papers.xu_fazel_du_2024.arithmetic.gaussian_terms import Term
from gembounds.papers.xu_fazel_du_2024.arithmetic.gaussian_terms import (
    stein_sides as sides_of_terms,
)
from gembounds.papers.xu_fazel_du_2024.arithmetic.stein import stein_sides
from gembounds.points.point import Point
from gembounds.referee.search import draw
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide
from gembounds.statements.operations import Operations
from gembounds.statements.words import equals
from gembounds.values.precision import working_precision

HALF = Fraction(1, 2)
CLAIM = library.get("lemma-16")


def near(value: Any, reference: Any, scale: float = 1.0) -> bool:
    with working_precision(80):
        return bool(abs(arb(value) - arb(str(reference))) < arb(scale) * 1e-14)


@pytest.mark.parametrize("m", [Fraction(0), Fraction(2)])
@pytest.mark.parametrize("s", [Fraction(1), Fraction(1, 10), Fraction(3)])
def test_a_posterior_on_the_line(m: Fraction, s: Fraction) -> None:
    mix = Mixture([[0], ["1/2"], [-2]], ["1/2", "1/3", "1/6"])
    with mpmath.workdps(25):
        centre = mpmath.mpf(m.numerator) / m.denominator
        width = mpmath.mpf(s.numerator) / s.denominator
        parts = [(mpmath.mpf(0), 3), (mpmath.mpf("0.5"), 2), (mpmath.mpf(-2), 1)]

        def psi(x: Any) -> Any:
            e = [w * mpmath.exp(-((x - mu) ** 2) / 2) for mu, w in parts]
            return e[1] / sum(e)

        def weighted(y: Any) -> Any:
            return psi(centre + width * y) * width * y * mpmath.npdf(y)

        pieces = [-12, -4, 0, 4, 12]
        reference = mpmath.quad(weighted, pieces)
        found = stein_sides(mix, 1, [m], s, 64, 2**17)
        assert found is not None
        assert near(found.moment[0], reference)
        assert near(found.gradient[0], reference / width**2)


@pytest.mark.parametrize("power", [0, 1, 3])
@pytest.mark.parametrize(("a", "b"), [("0", "0"), ("1/2", "0"), ("-1", "2"), ("0", "1")])
def test_a_term_on_the_line(power: int, a: str, b: str) -> None:
    growth, wave = Fraction(a), Fraction(b)
    term = Term(Fraction(2), (power,), (growth,), (wave,))
    with working_precision(90), mpmath.workdps(25):
        found = sides_of_terms([term], [HALF], Fraction(1, 3))
        third = mpmath.mpf(1) / 3

        def f(y: Any) -> Any:
            x = mpmath.mpf("0.5") + third * y
            wavy = mpmath.cos(float(wave) * x) * mpmath.exp(float(growth) * x)
            return 2 * x**power * wavy * third * y * mpmath.npdf(y)

        reference = mpmath.quad(f, [-14, -5, 0, 5, 14])
        for side, wanted in ((found.moment[0], reference), (found.gradient[0], 9 * reference)):
            number = side if not isinstance(side, Fraction) else arb(str(float(side)))
            assert near(number, wanted)


def test_polynomials_are_exact() -> None:
    terms = (
        (Fraction(3), (2, 1), (Fraction(0),) * 2, (Fraction(0),) * 2),
        (Fraction(-1), (0, 4), (Fraction(0),) * 2, (Fraction(0),) * 2),
    )
    point = Point(parameters={"m": (HALF, Fraction(-1)), "s": Fraction(2, 3), "terms": terms})
    ops = Operations()
    left, right = CLAIM.lhs(ops, point, {}), CLAIM.rhs(ops, point, {})
    assert left == right
    assert all(isinstance(x, Fraction) for x in left)
    # E[3 x_1^2 x_2 (x_1 - m_1)] = 3 m_2 * 2 m_1 s^2
    assert left[0] == 3 * -1 * 2 * HALF * Fraction(4, 9)


def points() -> list[Point]:
    found: list[Point] = []
    draw(CLAIM, 120, 11, found.append)
    return found


def test_all_kinds_of_functions_and_deviations_are_reached() -> None:
    found = points()
    posteriors = [p for p in found if p.mixture is not None]
    terms = [p for p in found if p.mixture is None]
    polynomial = [p for p in terms if all(Term(*t).polynomial for t in p["terms"])]
    assert min(len(posteriors), len(polynomial), len(terms) - len(polynomial)) > 10
    assert {Fraction(0), Fraction(1), Fraction(1, 10**8)} <= {p["s"] for p in found}
    assert any(max(map(abs, p["m"])) >= 1000 for p in posteriors)


def wrong(factor: Fraction) -> Claim:
    return replace(CLAIM, relation=equals(CLAIM.relation.lhs, factor * CLAIM.relation.rhs))


def test_a_wrong_factor_is_refuted_for_every_kind() -> None:
    mixture = Mixture([[0, 1], [1, 0], [2, 2]])
    zero, one = Fraction(0), Fraction(1)
    m = (HALF, zero)
    term = (one, (1, 0), (one, zero), (zero, one))
    polynomial = (one, (2, 1), (zero, zero), (zero, zero))
    for point in (
        Point(mixture, {"i": 0, "m": m, "s": HALF}),
        Point(parameters={"m": m, "s": HALF, "terms": (term,)}),
        Point(parameters={"m": (HALF, one), "s": HALF, "terms": (polynomial,)}),
    ):
        assert decide(CLAIM, point).outcome == "consistent"
        assert decide(wrong(1 + Fraction(1, 10**8)), point).outcome == "refuted"


def test_outside_is_outside() -> None:
    mixture = Mixture([[0], [1]])
    zero = (Fraction(0),)
    for parameters in (
        {"i": 2, "m": zero, "s": HALF},
        {"i": 0, "m": zero * 2, "s": HALF},
        {"i": 0, "m": zero, "s": -HALF},
    ):
        assert decide(CLAIM, Point(mixture, parameters)).outcome == "outside"
    negative = (Fraction(1), (-1,), zero, zero)
    point = Point(parameters={"m": zero, "s": HALF, "terms": (negative,)})
    assert decide(CLAIM, point).outcome == "outside"
