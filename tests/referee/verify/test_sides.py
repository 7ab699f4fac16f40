"""Sides written anew for verification meet the claims' own, at points that generators draw."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from gembounds.points.point import Point
from gembounds.referee.search import draw
from gembounds.referee.verify.interval import Interval
from gembounds.referee.verify.operations import IntervalOperations
from gembounds.referee.verify.sides import _OWN, sides
from gembounds.referee.verify.sums import OutOfReach
from gembounds.statements import library
from gembounds.statements.decide import decide
from gembounds.statements.logic import flat
from gembounds.statements.operations import LADDER, Operations

BITS = 40
COMPARED = 3
"""Points within reach that each claim is compared at."""


def meet(found: Any, wanted: Any) -> bool:
    if not isinstance(found, Interval):
        return isinstance(wanted, (int, Fraction)) and bool(found == wanted)
    low, high = (Operations.ball(x) for x in found.ends)
    value = Operations.ball(wanted)
    return not (low > value or high < value)


def within_reach(point: Point) -> bool:
    """Small mixtures on a line: intervals are slow."""
    mix = point.mixture
    if mix is None:
        return True
    if mix.d > 1 or mix.n > 3:
        return False
    return max(abs(x) for (x,) in mix.exact_means) <= 13


@pytest.mark.parametrize("claim_id", sorted(_OWN))
def test_own_sides_meet_the_claims(claim_id: str) -> None:
    claim = library.get(claim_id)
    points: list[Point] = []
    draw(claim, 300, 11, lambda p: points.append(p) if within_reach(p) else None)
    compared = 0
    for point in points:
        ops, own = Operations(LADDER[1]), IntervalOperations(BITS)
        same: Any = own
        with ops.precision(), own.precision():
            try:
                mine = [flat(side(same, point, claim.constants)) for side in sides(claim)]
            except OutOfReach:
                continue
            theirs = [flat(side(ops, point, claim.constants)) for side in (claim.lhs, claim.rhs)]
            for a, b in zip(mine, theirs, strict=True):
                assert len(a) == len(b)
                assert all(map(meet, a, b)), point
        compared += 1
        if compared == COMPARED:
            break
    assert compared == COMPARED


def test_a_side_with_a_wrong_sign_is_noticed() -> None:
    claim = library.get("lemma-9.1")
    point = Point.from_json(
        {"mixture": {"means": [["0"], ["1"]]}, "parameters": {"i": 0, "j": 1, "k": 0}}
    )
    assert decide(claim, point).outcome == "refuted"
    own: Any = IntervalOperations(BITS)
    ops = Operations(LADDER[1])
    with own.precision(), ops.precision():
        left = sides(claim)[0](own, point, claim.constants)
        assert meet(left, claim.lhs(ops, point, claim.constants))
        assert not meet(-left, claim.lhs(ops, point, claim.constants))
