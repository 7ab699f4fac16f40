"""The first claims: evaluated right, and refuted when they are shaved or mistaken."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from gembounds import Mixture
from gembounds.papers.xu_fazel_du_2024.arithmetic.derivative import directional_derivative
from gembounds.points.point import Point
from gembounds.referee.search import search
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide
from gembounds.statements.evaluate import evaluate
from gembounds.statements.logic import flat
from gembounds.statements.operations import LADDER, Operations
from gembounds.statements.tree import Symbol, call
from gembounds.statements.words import equals
from gembounds.tools.errors import InputError

THREE = Mixture([[2, 0], ["-1/2", 1], [0, "1/3"]], ["1/2", "1/3", "1/6"])
COINCIDENT = Point(Mixture([["3/5", 1], ["3/5", 1]], ["1/3", "2/3"]))
FIRST = [c.id for c in library.select(
    ["lemma-9", "lemma-11", "lemma-17", "theorem-14", "eq-26a", "eq-39c"]
)]  # fmt: skip
SHAVE = Fraction(999, 1000)


def at(**parameters: Any) -> Point:
    return Point(parameters=parameters)


def outcome(claim_id: str, point: Point, **constants: Fraction) -> str:
    return decide(library.get(claim_id).with_constants(**constants), point).outcome


def test_theorem_14_is_attained_where_all_means_coincide() -> None:
    assert outcome("theorem-14.1", COINCIDENT) == "holds"
    assert outcome("theorem-14.1", COINCIDENT, half=SHAVE / 2) == "refuted"
    assert outcome("theorem-14.2", COINCIDENT) == "holds"
    assert outcome("theorem-14.2", COINCIDENT, half=SHAVE / 2) == "refuted"


def test_lemma_17_has_no_room_below_the_mean_norm() -> None:
    point = at(d=1, c=Fraction(1, 10**6))  # E|x| = 0.7979 at d = 1
    assert outcome("lemma-17", point) == "holds"
    assert outcome("lemma-17", point, factor=Fraction(798, 1000)) == "holds"
    assert outcome("lemma-17", point, factor=Fraction(797, 1000)) == "refuted"


def test_eq_26a_at_known_values() -> None:
    assert outcome("eq-26a", at(d=1), probability=Fraction(617, 1000)) == "holds"
    assert outcome("eq-26a", at(d=1), probability=Fraction(618, 1000)) == "refuted"


def test_eq_39c_turns_at_seventeen() -> None:
    assert [outcome("eq-39c", at(d=d)) for d in (1, 16, 17, 18, 10**6)] == [
        "holds", "holds", "refuted", "refuted", "refuted",
    ]  # fmt: skip
    for d in (1, 17, 1000):
        assert outcome("eq-39c", at(d=d), rate=Fraction(4, 5)) == "holds"


def test_lemma_11_is_refuted_with_a_constant_far_too_good() -> None:
    point = Point(THREE)
    assert outcome("lemma-11", point) == "holds"
    none = {"exponent": Fraction(0), "denominator": Fraction(1, 1000)}
    assert outcome("lemma-11", point, **none) == "refuted"


def test_domains_are_the_printed_ones() -> None:
    assert outcome("lemma-17", at(d=2, c=Fraction(1, 6))) == "holds"
    assert outcome("lemma-17", at(d=2, c=Fraction(1, 6) + Fraction(1, 10**30))) == "outside"
    assert outcome("lemma-17", at(d=2, c=Fraction(0))) == "outside"
    assert outcome("eq-39c", at(d=0)) == "outside"
    assert outcome("lemma-11", Point(Mixture([[1.0]]))) == "outside"


@pytest.mark.parametrize("evaluator", ["float64", "arb"])
@pytest.mark.parametrize("claim_id", ["lemma-11", "theorem-14.1"])
def test_each_evaluator_decides(claim_id: str, evaluator: str) -> None:
    ladder = [rung for rung in LADDER if rung.evaluator == evaluator]
    assert decide(library.get(claim_id), Point(THREE), ladder).outcome == "holds"


def mistaken(claim: Claim, change: Any) -> Claim:
    left, right = claim.relation.lhs, claim.relation.rhs

    def of(ops: Operations, point: Point) -> Any:
        return change(ops, evaluate(right, ops, point, {}), point)

    return replace(claim, relation=equals(left, call(Symbol("m", "m", "m", of, right.axes))))


MISTAKES = {
    "a wrong sign": lambda ops, entries, point: -entries,
    "a missing 1/2": lambda ops, entries, point: 2 * entries,
    "rows exchanged": lambda ops, entries, point: entries.reshape(THREE.n, -1)[::-1].ravel(),
    "weights left out": lambda ops, entries, point: flat(ops.gradient(Mixture(THREE.exact_means))),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_lemma_9_refutes_mistaken_gradients(name: str) -> None:
    claim = library.get("lemma-9.2-repaired")
    assert decide(claim, Point(THREE)).outcome == "consistent"
    assert decide(mistaken(claim, MISTAKES[name]), Point(THREE)).outcome == "refuted"


@pytest.mark.parametrize("k", [-1, 0])
def test_lemma_9_refutes_a_mistaken_derivative(k: int) -> None:
    claim = library.get("lemma-9.1-repaired")
    point = Point(THREE, {"i": 1, "j": 2, "k": k})
    assert decide(claim, point).outcome == "consistent"
    wrong = mistaken(claim, lambda ops, x, p: x * ops.ball(1 + Fraction(1, 10**9)))
    assert decide(wrong, point).outcome == "refuted"


def test_the_derivative_meets_the_gradient_at_rising_precision() -> None:
    direction = [Fraction(1), Fraction(-2)]
    for rung, width in ((LADDER[1], 1e-11), (LADDER[2], 1e-23)):
        ops = Operations(rung)
        with ops.precision():
            found = directional_derivative(ops, THREE, 0, direction)
            row = ops.gradient(THREE)[0]
            expected = row[0] - 2 * row[1]
            assert found.overlaps(expected)
            assert 2 * found.rad() < width


def test_the_derivative_of_nothing_is_zero_and_an_index_is_checked() -> None:
    ops = Operations()
    with ops.precision():
        assert directional_derivative(ops, THREE, 0, [Fraction(0)] * 2) == 0
        with pytest.raises(InputError, match="i is 3"):
            directional_derivative(ops, THREE, 3, [Fraction(1)] * 2)


def test_operations_meet_the_definitions() -> None:
    ops = Operations()
    with ops.precision():
        assert ops.U(THREE) == 4 + Fraction(5, 4) + Fraction(1, 9)
        assert ops.mu_max(THREE).overlaps(ops.ball(2))
        assert ops.pi_min(THREE) == Fraction(1, 6)
        assert ops.distances2(THREE)[0][1] == Fraction(29, 4)
        assert sum(ops.psi(THREE, (Fraction(1), THIRD))).overlaps(ops.ball(1))
        total = sum((x for row in ops.overlaps(THREE) for x in row), ops.ball(0))
        assert total.overlaps(ops.ball(1))
        assert ops.loss(COINCIDENT.mix) == Fraction(17, 25)
        assert ops.maximum([Fraction(1), ops.sqrt(5), 2]).overlaps(ops.sqrt(5))
        assert ops.maximum([Fraction(1), 3]) == 3


THIRD = Fraction(1, 3)


@pytest.mark.parametrize("claim_id", FIRST)
def test_generators_lead_to_decisions(claim_id: str) -> None:
    found = search(library.get(claim_id), 20, 99)
    assert found.decided >= 18
    assert found.outcomes["outside"] == 0
