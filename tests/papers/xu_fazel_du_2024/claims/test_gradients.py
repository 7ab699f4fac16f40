"""Fact 1, (3), Lemma 9, (8), Corollary 10, footnote 1: signs, exact witnesses, mistakes seen."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from flint import arb

from gembounds import Mixture
from gembounds.papers.xu_fazel_du_2024.arithmetic.radial_derivative import radial_derivative
from gembounds.papers.xu_fazel_du_2024.claims.fact_1 import pull
from gembounds.papers.xu_fazel_du_2024.claims.lemma_9 import gradient_of_q
from gembounds.points.point import Point
from gembounds.referee.search import draw
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide
from gembounds.statements.evaluate import evaluate
from gembounds.statements.operations import LADDER, Operations
from gembounds.statements.words import equals

SAME = Mixture([[1], [1]])
"""psi_i = 1/2: E[psi_i (x - mu_i)] = -1/2 against grad_i L = 1/2, by hand."""

THREE = Mixture([[2, 0], ["-1/2", 1], [0, "1/3"]], ["1/2", "1/3", "1/6"])

SIGNED = ["fact-1", "eq-3", "lemma-9.1", "lemma-9.2", "corollary-10.1", "corollary-10.2"]

PARAMETERS = {"i": 1, "j": 0, "k": -1, "eta": Fraction(1, 3)}


@pytest.mark.parametrize("claim_id", SIGNED)
@pytest.mark.parametrize("mix", [SAME, THREE])
def test_the_printed_sign_is_refuted_and_the_repaired_one_is_not(
    claim_id: str, mix: Mixture
) -> None:
    point = Point(mix, PARAMETERS)
    assert decide(library.get(claim_id), point).outcome == "refuted"
    repaired = library.get(f"{claim_id}-repaired")
    assert repaired.repairs == claim_id
    assert decide(repaired, point).outcome == "consistent"


@pytest.mark.parametrize("claim_id", SIGNED)
def test_where_the_gradient_is_zero_the_printed_form_stands(claim_id: str) -> None:
    point = Point(Mixture([[0, 0], [0, 0]]), PARAMETERS)
    assert decide(library.get(claim_id), point).outcome == "consistent"


def test_the_literal_gradient_is_that_of_the_printed_q() -> None:
    ops = Operations()
    assert list(evaluate(gradient_of_q, ops, Point(SAME), {})) == [Fraction(-1, 2)] * 2
    with mpmath.workdps(20), ops.precision():
        mix = Mixture([[0], [1]], ["1/4", "3/4"])

        def q(shift: Any) -> Any:  # Q(mu'|mu), mu'_1 = shift, as printed
            def f(x: Any) -> Any:
                e = [mpmath.exp(-x * x / 2), 3 * mpmath.exp(-((x - 1) ** 2) / 2)]
                total = -e[0] * (x - shift) ** 2 / 2 - e[1] * (x - 1) ** 2 / 2
                return total / sum(e) * mpmath.npdf(x)

            return mpmath.quad(f, [-12, -3, 0, 3, 12])

        reference = q(mpmath.mpf(1) / 2) - q(-mpmath.mpf(1) / 2)  # exact: Q is quadratic
        found = evaluate(gradient_of_q, ops, Point(mix), {})[0]
        assert abs(found - arb(str(reference))) < arb("1e-15")


def wrong(claim: Claim, factor: Fraction) -> Claim:
    return replace(claim, relation=equals(claim.relation.lhs, factor * claim.relation.rhs))


@pytest.mark.parametrize("claim_id", [*(f"{name}-repaired" for name in SIGNED), "eq-8"])
def test_a_right_side_off_by_a_millionth_is_refuted(claim_id: str) -> None:
    claim = library.get(claim_id)
    point = Point(THREE, {**PARAMETERS, "x": (Fraction(1), Fraction(-1, 2))})
    assert decide(claim, point).outcome == "consistent"
    assert decide(wrong(claim, 1 + Fraction(1, 10**6)), point).outcome == "refuted"


@pytest.mark.parametrize("mix", [THREE, Mixture([[3], [-4], [1]]), Mixture([[30, 1], [40, 1]])])
def test_the_radial_derivative_meets_the_overlaps(mix: Mixture) -> None:
    for rung, width in ((LADDER[1], 1e-5), (LADDER[2], 1e-18)):
        ops = Operations(rung)
        with ops.precision():
            found, expected = radial_derivative(ops, mix), ops.psi_tilde_norm2(mix)
            assert found.overlaps(expected)
            assert found.rad() < width * expected


def test_the_radial_derivative_of_coincident_means_is_exact() -> None:
    ops = Operations()
    assert radial_derivative(ops, Mixture([[1, 2], [1, 2]])) == 5
    assert pull(ops, Mixture([[3], [3]], ["1/3", "2/3"])) == [[1], [2]]


def test_eq_8_against_a_numerical_derivative() -> None:
    claim = library.get("eq-8")
    point = Point(Mixture([[0], [2]], ["1/3", "2/3"]), {"i": 1, "x": (Fraction(1, 2),)})
    ops = Operations()
    with ops.precision(), mpmath.workdps(30):

        def psi(x: Any) -> Any:
            e = [mpmath.exp(-x * x / 2), 2 * mpmath.exp(-((x - 2) ** 2) / 2)]
            return e[1] / sum(e)

        reference = arb(str(mpmath.diff(psi, mpmath.mpf("0.5"))))
        for side in (claim.lhs(ops, point, {}), claim.rhs(ops, point, {})):
            assert abs(side[0] - reference) < arb("1e-12")


def test_eq_8_at_far_points_and_coincident_means() -> None:
    claim = library.get("eq-8")
    far = (Fraction(10**6), Fraction(-(10**6)))
    for mix in (THREE, Mixture([[1000, 1]] * 3, ["1/2", "1/3", "1/6"])):
        assert decide(claim, Point(mix, {"i": 0, "x": far})).outcome == "consistent"
    assert decide(claim, Point(THREE, {"i": 3, "x": far})).outcome == "outside"
    assert decide(claim, Point(THREE, {"i": 0, "x": far[:1]})).outcome == "outside"


def footnote(weights: Any, d: int = 1, eta: Fraction = Fraction(1)) -> Point:
    return Point(Mixture([[0] * d, [1] + [0] * (d - 1)], weights), {"eta": eta})


def test_footnote_1_for_tiny_weights_steps_and_high_dimension() -> None:
    claim = library.get("footnote-1")
    tiny = Fraction(1, 10**300)
    for weights in (None, [tiny, 1 - tiny], [1 - tiny, tiny]):
        for d in (1, 3, 200):
            assert decide(claim, footnote(weights, d, tiny)).outcome == "holds"


def test_footnote_1_takes_the_printed_means_only() -> None:
    claim = library.get("footnote-1")
    eta = {"eta": Fraction(1)}
    for means in ([[0], [2]], [[1], [0]], [[0, 0], [0, 1]], [[0, 0], [1, 1]], [[0], [1], [1]]):
        assert decide(claim, Point(Mixture(means), eta)).outcome == "outside"
    assert decide(claim, footnote(None, eta=Fraction(0))).outcome == "outside"


def test_footnote_1_moves_by_eta_times_the_overlap() -> None:
    claim = library.get("footnote-1")
    ops = Operations()
    with ops.precision(), mpmath.workdps(20):

        def f(x: Any) -> Any:
            e = [mpmath.exp(-x * x / 2), mpmath.exp(-((x - 1) ** 2) / 2)]
            return e[0] * (0 - x) / sum(e) * mpmath.npdf(x)

        reference = abs(mpmath.quad(f, [-12, -3, 0, 3, 12])) / 3
        (found,) = claim.rhs(ops, footnote(None, eta=Fraction(1, 3)), {})
        assert abs(found - arb(str(reference))) < arb("1e-15")


@pytest.mark.parametrize("claim_id", ["fact-1", "eq-3", "corollary-10.1"])
def test_high_dimension_and_tiny_weights_are_drawn(claim_id: str) -> None:
    found: list[Point] = []
    for seed in range(2):
        draw(library.get(claim_id), 150, seed, found.append)
    assert max(p.mix.d for p in found) >= 500
    assert min(min(p.mix.exact_weights) for p in found) <= Fraction(1, 10**299)
