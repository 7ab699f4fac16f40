"""True scalar statements are proved and the proofs verify; false ones, however nearly, are not."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import pytest

import gembounds as gb
from gembounds.points.point import Point
from gembounds.referee.proving import Proved
from gembounds.referee.verify.proof import confirm_proof
from gembounds.statements import NUMBERS
from gembounds.statements.decide import decide
from tests.proving.scalar.claims import FALSE, TRUE, t, z

BY_ID = {c.id: c for c in (*TRUE, *FALSE)}


def proof(name: str, leaves: int = 400) -> Proved:
    return gb.prove(BY_ID[name], leaves=leaves, seconds=20.0)


@pytest.mark.parametrize("name", [c.id for c in TRUE])
def test_true_statements_are_proved_and_the_proofs_verify(name: str) -> None:
    found = proof(name)
    assert (found.verdict, found.by, found.undecided_volume) == ("proved", "arithmetic", 0)
    assert found.certificate is not None
    if found.certificate["paper"] is None and not any(
        s.home for s in BY_ID[name].symbols.values()
    ):
        assert confirm_proof(json.loads(json.dumps(found.certificate))) == []


@pytest.mark.parametrize("name", [c.id for c in FALSE])
def test_false_statements_are_not_proved(name: str) -> None:
    found = proof(name, leaves=60)
    assert found.verdict != "proved" and found.certificate is None
    if found.verdict == "refuted":
        point = Point(found.witness, found.parameters)
        assert decide(BY_ID[name], point).outcome == "refuted"


@pytest.mark.parametrize("name", ["narrow", "narrow-2", "product-", "one", "one-", "growing-"])
def test_narrow_violations_are_found(name: str) -> None:
    assert proof(name, leaves=4000).verdict == "refuted"


def test_a_box_cuts_the_domain() -> None:
    claim = BY_ID["line-"]
    assert gb.prove(claim, {"parameters": {"x": ["0", "0.99"]}}).verdict == "proved"
    with pytest.raises(gb.InputError, match="'w'"):
        gb.prove(claim, {"parameters": {"w": [0, 1]}})
    with pytest.raises(gb.InputError, match="lower end"):
        gb.prove(claim, {"parameters": {"x": [1, 0]}})
    with pytest.raises(gb.InputError, match="leave means"):
        gb.prove(claim, {"means": [["0"]]})


def test_a_box_cuts_a_number_whose_ends_depend_on_others() -> None:
    claim = gb.Claim("cut", 0 * t + z <= 1, (z >= 0, z <= t, t >= 0, t <= 2), over=NUMBERS)
    found = gb.prove(claim, {"parameters": {"z": [0, 1]}})
    assert found.verdict == "proved" and found.certificate is not None
    assert confirm_proof(json.loads(json.dumps(found.certificate))) == []
    assert gb.prove(claim, {"parameters": {"z": [0, "1.01"]}}).verdict != "proved"
    witness = gb.prove(claim, {"parameters": {"z": ["3/2", "8/5"]}}).parameters
    assert Fraction(3, 2) <= witness["z"] <= Fraction(8, 5)


def test_what_is_no_statement_about_numbers() -> None:
    from gembounds.statements import L, Y, equals

    with pytest.raises(gb.InputError, match="L is in it"):
        gb.prove(gb.Claim("mine", L <= Y / 2))
    with pytest.raises(gb.InputError, match="equality"):
        gb.prove(gb.Claim("mine", equals(Y, Y)))


def test_true_statements_hold_at_random_points() -> None:
    rng = random.Random(1)
    for claim in TRUE:
        if claim.domain.name != "numbers":
            continue
        for _ in range(5):
            values = {}
            for p in claim.parameters.values():
                low = Fraction(-3) if p.low is None else p.low
                high = low + 6 if p.high is None else p.high
                share = Fraction(rng.randrange(1001), 1000)
                x = low + (high - low) * share
                values[p.name] = round(x) if p.kind == "integer" else x
            assert decide(claim, Point(parameters=values)).outcome in ("holds", "outside")
