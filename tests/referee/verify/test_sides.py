"""Symbols that verification evaluates anew meet their values in balls, at points drawn."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from gembounds.papers.xu_fazel_du_2024.claims.section_5_rate import not_run
from gembounds.points.point import Point
from gembounds.referee.search import draw
from gembounds.referee.verify.interval import Interval
from gembounds.referee.verify.operations import IntervalOperations
from gembounds.referee.verify.sums import OutOfReach
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide
from gembounds.statements.evaluate import entries, evaluate
from gembounds.statements.logic import compare
from gembounds.statements.operations import LADDER, Operations
from gembounds.statements.tree import Expr

BITS = 40
COMPARED = 3
"""Points within reach that each symbol is compared at."""

PAPER = library.collection("xu-fazel-du-2024")


def anew(claim: Claim) -> dict[str, Expr]:
    """Where symbols that intervals have another way for stand in a claim, by name."""
    nodes = [e for relation in claim.relations for e in relation.walk() if e.op == "symbol"]
    return {e.args[0].name: e for e in nodes if e.args[0].interval is not None}


OWN = [(claim.id, name) for claim in PAPER.values() for name in anew(claim)]
RECORDED = [
    (claim.id, name) for claim in PAPER.values() for name, e in anew(claim).items()
    if e.args[0].interval is not_run
]  # fmt: skip
"""Values of runs, or read from files of figures: nothing is run again, so none is confirmed."""


def meet(found: Any, wanted: Any) -> bool:
    """Exact numbers in intervals may be balls in the other arithmetic, and the other way round."""
    if not isinstance(found, Interval):
        return compare(found, "==", wanted) is not False
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


def both(e: Expr, point: Point) -> list[tuple[Any, Any]]:
    """The entries in intervals and in balls."""
    ops, own = Operations(LADDER[1]), IntervalOperations(BITS)
    with ops.precision(), own.precision():
        mine, theirs = (entries(evaluate(e, arithmetic, point, {})) for arithmetic in (own, ops))
    return list(zip(mine, theirs, strict=True))


def drawn(claim: Claim) -> Iterator[Point]:
    """Of 300 points, a few at a time, since most often the first ones serve."""
    for key in range(10):
        points: list[Point] = []
        draw(claim, 30, 11 + key, points.append)
        yield from filter(within_reach, points)


@pytest.mark.parametrize(("claim_id", "name"), [x for x in OWN if x not in RECORDED])
def test_own_values_meet_those_in_balls(claim_id: str, name: str) -> None:
    claim, compared = PAPER[claim_id], 0
    for point in drawn(claim):
        try:
            pairs = both(anew(claim)[name], point)
        except OutOfReach:
            continue
        assert all(meet(a, b) for a, b in pairs), point
        compared += 1
        if compared == COMPARED:
            break
    assert compared == COMPARED


@pytest.mark.parametrize(("claim_id", "name"), RECORDED)
def test_what_is_read_from_files_is_out_of_reach(claim_id: str, name: str) -> None:
    claim = PAPER[claim_id]
    for point in islice(drawn(claim), COMPARED):
        with pytest.raises(OutOfReach):
            both(anew(claim)[name], point)


def test_a_side_with_a_wrong_sign_is_noticed() -> None:
    claim = PAPER["lemma-9.1"]
    point = Point.from_json(
        {"mixture": {"means": [["0"], ["1"]]}, "parameters": {"i": 0, "j": 1, "k": 0}}
    )
    assert decide(claim, point).outcome == "refuted"
    ((mine, theirs),) = both(claim.decided.lhs, point)
    assert meet(mine, theirs)
    assert not meet(-mine, theirs)
