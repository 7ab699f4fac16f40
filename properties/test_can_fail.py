"""Every inequality that holds is refuted when it is moved just past its best witness.

The best witness is the recorded point at which the claim comes nearest to a violation. There the
side claimed smaller is multiplied by the ratio of the sides and one part in a thousand more, or,
where they are not both positive, as much more of their difference is added to it. What happens
is looked at in that entry: in another one both sides may be 0, which nothing may be added to.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from gembounds.evaluators.balls.radial import ball
from gembounds.points.point import Point
from gembounds.referee import recorded
from gembounds.referee.margin import WORST, margin
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.decide import Decision, Pair, decide
from gembounds.statements.logic import compare
from gembounds.statements.operations import Operations
from gembounds.statements.tree import Expr, Relation, tree

PAST = Fraction(1001, 1000)
SHORT = 2 - PAST
"""How far past the witness, and as far short of it."""

HOLDS = [
    k for k, v in (recorded.read() or {}).items()
    if v["verdict"] in ("holds", "proved") and library.get(k).sign != "=="
]  # fmt: skip


def ordered(pair: Pair, sign: str) -> Pair:
    """The side claimed smaller first."""
    return pair if sign in ("<", "<=") else pair[::-1]


def nearest(decision: Decision, sign: str) -> tuple[Pair, bool]:
    """The entry that comes nearest to a violation: by ratio where no smaller side is negative
    (then True), else by difference."""
    positive = all(ball(ordered(p, sign)[0]).lower() >= 0 for p in decision.pairs)
    if positive:
        found = min(decision.pairs, key=lambda pair: margin([pair], sign))
        return found, bool(ball(ordered(found, sign)[0]).lower() > 0)

    def gap(pair: Pair) -> float:
        small, large = ordered(pair, sign)
        return float((ball(large).upper() - ball(small).lower()).mid())

    apart = [p for p in decision.pairs if margin([p], sign) < WORST] or list(decision.pairs)
    return min(apart, key=gap), False


def exact(x: Any) -> Fraction:
    """An end of a ball, which is a dyadic number."""
    mantissa, exponent = x.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def moved(claim: Claim, pair: Pair, past: Fraction, positive: bool) -> Claim:
    """The claim with its smaller side moved to ``past`` times what ``pair`` leaves room for."""
    small, large = ordered(pair, claim.sign)
    low, high = ball(small).lower(), ball(large).upper()
    decided = claim.decided
    if positive:
        factor = tree(exact((high / low).upper()) * past)

        def change(e: Expr) -> Expr:
            return factor * e

    else:
        gap = tree(exact((high - low).upper()) * past)

        def change(e: Expr) -> Expr:
            return e + gap

    sides: tuple[Expr, Expr] = (decided.lhs, decided.rhs)
    left, right = (
        (change(sides[0]), sides[1]) if claim.sign in ("<", "<=") else (sides[0], change(sides[1]))
    )
    return replace(claim, relation=Relation(left, claim.sign, right), decided_by=None, best={})


@pytest.mark.parametrize("claim_id", HOLDS)
def test_a_constant_past_the_best_witness_is_refuted(claim_id: str) -> None:
    claim = library.get(claim_id)
    known = (recorded.read() or {})[claim_id]
    assert known["closest"] is not None, "no point has sides that differ"
    point = Point.from_json(known["closest"])
    decision = decide(claim, point)
    assert decision.outcome == "holds"
    with Operations(decision.rung).precision():
        pair, positive = nearest(decision, claim.sign)
        past, short = (moved(claim, pair, x, positive) for x in (PAST, SHORT))
    entry = next(i for i, each in enumerate(decision.pairs) if each is pair)
    pairs = [decide(c, point, [decision.rung]).pairs[entry] for c in (past, short)]
    with Operations(decision.rung).precision():
        past_there, short_there = [compare(left, claim.sign, right) for left, right in pairs]
    assert past_there is False
    assert short_there is not False
