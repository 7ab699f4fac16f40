"""Of random inequalities, many nearly equalities, none is proved that fails somewhere."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from typing import Any

import pytest

from gembounds.points.point import Point
from gembounds.referee.proving import prove
from gembounds.referee.verify.proof import confirm_proof
from gembounds.statements.decide import decide
from gembounds.statements.operations import LADDER
from gembounds.statements.tree import Parameter
from gembounds.tools.errors import InputError
from tests.proving.scalar.random_claims import random_claim

SPECIAL = tuple(map(Fraction, ("0", "1/2", "1", "-1", "1/3")))


def drawn(p: Parameter, rng: random.Random) -> Any:
    """Ends, special places, and others, as far as 50 where there is no end."""
    low, high = p.low, p.high
    if low is None:
        low = Fraction(-4) if high is None else high - rng.choice([1, 5, 50])
    if high is None:
        high = low + rng.choice([1, 5, 50])
    places = [low, high, *(x for x in SPECIAL if low <= x <= high)]
    share = Fraction(rng.randrange(10**4 + 1), 10**4)
    x = rng.choice(places) if rng.random() < 0.4 else low + (high - low) * share
    return round(x) if p.kind == "integer" else x


@pytest.mark.parametrize("start", range(0, 40, 10))
def test_what_is_proved_holds_at_random_points(start: int) -> None:
    proofs = 0
    for seed in range(start, start + 10):
        claim = random_claim(seed)
        try:
            found = prove(claim, leaves=6, seconds=1.0)
        except InputError:
            continue
        if found.verdict != "proved":
            continue
        proofs += 1
        assert confirm_proof(json.loads(json.dumps(found.certificate))) == []
        rng = random.Random(seed)
        for _ in range(15):
            values = {k: drawn(p, rng) for k, p in claim.parameters.items()}
            outcome = decide(claim, Point(parameters=values), LADDER[1:3]).outcome
            assert outcome not in ("refuted", "undefined"), (seed, claim.text, values)
    assert proofs


def test_a_sum_that_becomes_too_long_is_undecided() -> None:
    assert prove(random_claim(1602), leaves=12, seconds=2.0).verdict == "undecided"
