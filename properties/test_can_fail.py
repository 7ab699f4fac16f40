"""Every inequality that holds is refuted when its constant is moved just past its best witness.

The best witness is the recorded point at which the claim comes nearest to a violation. There the
smaller side is multiplied by the ratio of the sides and one part in a thousand more.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from gembounds.points.point import Point
from gembounds.referee import recorded
from gembounds.referee.margin import margin
from gembounds.referee.shave import PAST, shaved
from gembounds.statements import library
from gembounds.statements.decide import Decision, Pair, decide
from gembounds.statements.operations import Operations

SHORT = 2 - PAST
"""As far short of the witness."""

HOLDS = [k for k, v in (recorded.read() or {}).items() if v["verdict"] == "holds"]


def nearest(decision: Decision, relation: str) -> Pair:
    """The entry with the smallest margin."""
    return min(decision.pairs, key=lambda pair: margin([pair], relation))


@pytest.mark.parametrize("claim_id", HOLDS)
def test_a_constant_past_the_best_witness_is_refuted(claim_id: str) -> None:
    claim = library.get(claim_id)
    known = (recorded.read() or {})[claim_id]
    assert known["closest"] is not None, "no point has sides that differ"
    point = Point.from_json(known["closest"])
    decision = decide(claim, point)
    assert decision.outcome == "holds"
    with Operations(decision.rung).precision():
        pair = nearest(decision, claim.sign)
        past, short = (shaved(claim, pair, x) for x in (PAST, Fraction(SHORT)))
    assert decide(past, point, [decision.rung]).outcome == "refuted"
    assert decide(short, point, [decision.rung]).outcome != "refuted"
