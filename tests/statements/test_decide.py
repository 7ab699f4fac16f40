"""Deciding: certain, refuted, consistent, undecided and outside are told apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from flint import arb, ctx

from gembounds import Mixture
from gembounds.points.point import Point
from gembounds.statements import L, Y, library
from gembounds.statements.claim import Claim
from gembounds.statements.conditions import Part
from gembounds.statements.decide import decide
from gembounds.statements.domain import Domain
from gembounds.statements.logic import all_of, compare, paired
from gembounds.statements.operations import LADDER, Operations
from gembounds.statements.tree import Expr, Relation, Symbol, call
from gembounds.tools.errors import InputError, RankError

POINT = Point(parameters={"d": 3})


def side(of: Callable[[Operations], Any], axes: str = "") -> Expr:
    """What ``of`` gives, as a symbol."""
    return call(Symbol("side", "side", "side", lambda ops, point: of(ops), axes, mixture=False))


def claim(
    sign: str,
    lhs: Callable[[Operations], Any],
    rhs: Callable[[Operations], Any],
    axes: str = "",
    member: Callable[[Operations], Any] = lambda ops: True,
    **options: Any,
) -> Claim:
    domain = Domain(
        "a test", lambda ops, point: iter([Part("member", member(ops))]), lambda: NotImplemented
    )
    relation = Relation(side(lhs, axes), sign, side(rhs))
    return Claim("eq-test", relation, source="a test", over=domain, **options)


def root(k: int) -> Any:
    return lambda ops: ops.sqrt(k)


def test_balls_that_are_apart_decide() -> None:
    assert decide(claim("<=", root(2), root(3)), POINT).outcome == "holds"
    assert decide(claim(">=", root(2), root(3)), POINT).outcome == "refuted"
    assert decide(claim("<", root(3), root(2)), POINT).outcome == "refuted"


def test_what_stays_open_is_undecided_and_not_a_pass() -> None:
    for relation in ("<=", ">=", "<", ">"):
        decision = decide(claim(relation, root(2), root(2)), POINT)
        assert decision.outcome == "undecided"
        assert not decision.decided


def test_exact_sides_decide_ties() -> None:
    half = [Fraction(1, 2), Fraction(1, 2)]
    for relation, outcome in (("<=", "holds"), ("<", "refuted"), ("==", "consistent")):
        tied = claim(relation, lambda _: half, lambda _: half[0], "*")
        assert decide(tied, POINT).outcome == outcome


def test_a_close_call_is_decided_by_a_later_rung() -> None:
    tiny = Fraction(1, 2**200)
    close = claim("<", root(2), lambda ops: ops.sqrt(2) + ops.ball(tiny))
    decision = decide(close, POINT)
    assert decision.outcome == "holds"
    assert decision.rung.bits == 256


def test_every_entry_must_hold_and_the_violated_one_is_named() -> None:
    def left(ops: Operations) -> Any:
        return [[Fraction(1), Fraction(2)], [Fraction(3), Fraction(9)]]

    decision = decide(claim("<=", left, lambda _: Fraction(5), "ik"), POINT)
    assert (decision.outcome, decision.entry) == ("refuted", 3)


def test_equalities_are_consistent_or_refuted() -> None:
    same = claim("==", lambda ops: ops.sqrt(8), lambda ops: 2 * ops.sqrt(2))
    assert decide(same, POINT).outcome == "consistent"
    other = claim("==", root(2), lambda ops: ops.sqrt(2) + ops.ball(Fraction(1, 2**60)))
    assert decide(other, POINT).outcome == "refuted"
    wide = claim("==", lambda _: arb("1 +/- 0.1"), lambda _: arb("1 +/- 0.1"))
    assert decide(wide, POINT).outcome == "undecided"


def test_widths_of_an_equality_are_measured_against_its_scale() -> None:
    def zero(ops: Operations) -> Any:
        return arb("0 +/- 1e-20")

    assert decide(claim("==", zero, zero), POINT).outcome == "undecided"
    scaled = claim("==", zero, zero, scale=side(lambda ops: Fraction(1)))
    assert decide(scaled, POINT).outcome == "consistent"


def test_outside_and_unknown_membership_are_not_decisions() -> None:
    outside = claim("<=", root(2), root(3), member=lambda ops: False)
    assert decide(outside, POINT).outcome == "outside"
    unknown = claim("<=", root(2), root(3), member=lambda ops: None)
    assert decide(unknown, POINT).outcome == "undecided"


def test_an_unsure_domain_waits_for_precision() -> None:
    def later(ops: Operations) -> bool | None:
        return True if ops.prec > 200 else None

    decision = decide(claim("<=", root(2), root(3), member=later), POINT)
    assert decision.outcome == "holds"
    assert decision.rung.bits == 256


def test_a_rank_out_of_reach_is_undecided() -> None:
    def unreachable(ops: Operations) -> Any:
        raise RankError("too many dimensions")

    assert decide(claim("<=", unreachable, root(2)), POINT).outcome == "undecided"


def test_precision_is_restored_even_when_a_side_fails() -> None:
    def fails(ops: Operations) -> Any:
        raise RuntimeError

    before = ctx.prec
    with pytest.raises(RuntimeError):
        decide(claim("<=", fails, root(2)), POINT)
    assert ctx.prec == before


def test_a_side_without_a_value_is_undefined_and_not_a_pass() -> None:
    def over_zero(ops: Operations) -> Any:
        raise ZeroDivisionError

    decision = decide(claim("<=", over_zero, root(2)), POINT)
    assert decision.outcome == "undefined" and not decision.decided


def test_a_cut_grid_ends_the_escalation() -> None:
    far = Point(Mixture([[0, 0, 0], [9, 0, 0], [0, 9, 0], [0, 0, 9]]))
    narrow = [rung._replace(max_nodes=50) for rung in LADDER[1:]]
    exact = replace(library.get("lemma-9.2-repaired"), scale=None)
    decision = decide(exact, far, narrow)
    assert decision.outcome == "undecided"
    assert decision.rung == narrow[0]


def test_three_valued_logic() -> None:
    assert all_of([True, None]) is None
    assert all_of([None, False]) is False
    assert all_of([]) is True
    assert compare(Fraction(1, 3), "<=", Fraction(1, 3)) is True
    assert compare(arb(1) / 3, "==", Fraction(1, 3)) is None


def test_sides_of_different_lengths_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="2 and 3 entries"):
        paired([1, 2], [1, 2, 3])


@pytest.mark.parametrize("wrong", [L <= Y / 4, L <= 2 * Y])
def test_what_a_claim_is_decided_by_is_held_against_it(wrong: Relation) -> None:
    """L = Y/2 where there is one component."""
    stated = L <= Y if wrong.rhs.op == "/" else L <= Y / 3
    with pytest.raises(InputError, match=r"own: .* is (true|false) at .*decided_by, .*, is not"):
        decide(Claim("own", stated, decided_by=wrong), Point(Mixture([[1]])))
    assert decide(Claim("own", stated, decided_by=2 * stated.lhs <= 2 * stated.rhs),
                  Point(Mixture([[1]]))).decided  # fmt: skip
