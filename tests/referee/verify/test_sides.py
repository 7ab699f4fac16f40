"""Symbols that verification evaluates anew meet their values in balls, at points drawn."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from gembounds.points.point import Point
from gembounds.referee.search import draw
from gembounds.referee.verify.interval import Interval
from gembounds.referee.verify.operations import IntervalOperations
from gembounds.referee.verify.sums import OutOfReach
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide
from gembounds.statements.operations import LADDER, Operations

BITS = 40
COMPARED = 3
"""Points within reach that each claim is compared at."""

OWN = [c.id for c in library.collection("xu-fazel-du-2024").values()
       if any(s.interval for s in c.symbols.values())]  # fmt: skip


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


def both(claim: Claim, point: Point) -> list[list[tuple[Any, Any]]]:
    """The pairs of sides in intervals and in balls."""
    ops, own = Operations(LADDER[1]), IntervalOperations(BITS)
    with ops.precision(), own.precision():
        return [claim.pairs(own, point), claim.pairs(ops, point)]


@pytest.mark.parametrize("claim_id", OWN)
def test_own_values_meet_those_in_balls(claim_id: str) -> None:
    claim = library.get(claim_id)
    points: list[Point] = []
    draw(claim, 300, 11, lambda p: points.append(p) if within_reach(p) else None)
    compared = 0
    for point in points:
        try:
            mine, theirs = both(claim, point)
        except OutOfReach:
            continue
        assert len(mine) == len(theirs)
        for a, b in zip(mine, theirs, strict=True):
            assert meet(a[0], b[0]) and meet(a[1], b[1]), point
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
    ((mine, _),), ((theirs, _),) = both(claim, point)
    assert meet(mine, theirs)
    assert not meet(-mine, theirs)
