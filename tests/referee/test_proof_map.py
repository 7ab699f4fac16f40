"""The map of the proof: ids exist, no proof uses itself, refuted steps mark what rests on them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gembounds.referee.proof_map import below, graph, standings
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.tools.errors import InputError

BASE = library.get("theorem-14.1")


def claim(name: str, *uses: str, repairs: str | None = None, form: str = "repaired") -> Claim:
    return replace(
        BASE, id=name, uses=uses, repairs=repairs, form="printed" if repairs is None else form
    )


def indexed(*claims: Claim) -> dict[str, Claim]:
    return {c.id: c for c in claims}


CHAIN = indexed(
    claim("a"), claim("b", "a"), claim("c", "b"), claim("other"), claim("d", "c", "other")
)
HOLDS = dict.fromkeys(("a", "b", "c", "d", "other", "a-repaired", "b-sharpened"), "holds")


def test_every_used_id_exists_and_no_proof_uses_itself() -> None:
    claims = library.collection("xu-fazel-du-2024")
    uses = graph(claims)
    assert set(uses) == set(claims)
    assert all(set(used) <= set(claims) for used in uses.values())
    assert all(name not in below(name, uses) for name in claims)


def test_a_refuted_step_marks_all_that_rests_on_it_and_nothing_else() -> None:
    found = standings(CHAIN, {**HOLDS, "a": "refuted"})
    assert {k: s.status for k, s in found.items()} == {
        "a": "refuted", "b": "affected", "c": "affected", "d": "affected", "other": "sound",
    }  # fmt: skip
    assert found["d"].broken == ("a",)
    assert found["d"].through == ("c",)
    assert found["d"].open == ("a",)
    assert found["d"].carried_by == ()


def test_nothing_refuted_leaves_all_sound() -> None:
    assert {s.status for s in standings(CHAIN, HOLDS).values()} == {"sound"}


def test_a_repaired_step_closes_what_was_open_without_carrying_the_conclusion() -> None:
    claims = {**CHAIN, **indexed(claim("a-repaired", repairs="a"))}
    found = standings(claims, {**HOLDS, "a": "refuted"})
    assert found["a"].carried_by == ("a-repaired",)
    assert found["c"].open == ()
    assert found["c"].carried_by == ()  # no form of c has been argued from it


def test_a_claim_that_is_proved_carries_itself_past_its_printed_proof() -> None:
    found = standings(CHAIN, {**HOLDS, "a": "refuted", "c": "proved"})
    assert (found["c"].status, found["c"].carried_by) == ("affected", ("c",))
    assert found["d"].carried_by == ()


def test_a_form_with_its_own_argument_carries_the_conclusion() -> None:
    sharpened = claim("b-sharpened", "other", repairs="b", form="sharpened")
    claims = {**CHAIN, **indexed(sharpened)}
    found = standings(claims, {**HOLDS, "a": "refuted"})
    assert found["b"].carried_by == ("b-sharpened",)
    assert found["c"].status == "affected"


@pytest.mark.parametrize("verdict", ["refuted", "undecided"])
def test_a_form_that_does_not_hold_carries_nothing(verdict: str) -> None:
    claims = {**CHAIN, **indexed(claim("a-repaired", repairs="a"))}
    found = standings(claims, {**HOLDS, "a": "refuted", "a-repaired": verdict})
    assert found["a"].carried_by == ()
    assert found["b"].open == ("a",)


def test_a_form_that_rests_on_the_refuted_step_carries_nothing() -> None:
    sharpened = claim("b-sharpened", "a", repairs="b", form="sharpened")
    claims = {**CHAIN, **indexed(sharpened)}
    assert standings(claims, {**HOLDS, "a": "refuted"})["b"].carried_by == ()


def test_a_statement_stands_for_its_links() -> None:
    claims = indexed(claim("e.1"), claim("e.2"), claim("f", "e"))
    assert graph(claims)["f"] == ("e.1", "e.2")


def test_mistakes_in_uses_are_named() -> None:
    with pytest.raises(InputError, match="b uses 'nowhere'"):
        graph(indexed(claim("b", "nowhere")))
    with pytest.raises(InputError, match="a proof uses itself: "):
        graph(indexed(claim("a", "b"), claim("b", "a")))


SLIPS = ("fact-1", "lemma-9.2", "corollary-10.1", "corollary-10.2", "theorem-13",
         "eq-33.2", "eq-36", "eq-29-case-a")  # fmt: skip


@pytest.mark.parametrize("refuted", SLIPS)
def test_theorem_2_is_affected_by_each_refuted_step_and_carried_past_it(refuted: str) -> None:
    claims = library.collection("xu-fazel-du-2024")
    verdicts = dict.fromkeys(claims, "holds") | {refuted: "refuted"}
    found = standings(claims, verdicts)["theorem-2"]
    assert found.status == "affected"
    assert refuted in found.broken
    assert found.carried_by == ("theorem-2-sharpened",)


def test_theorem_2_falls_with_what_its_shorter_proof_uses() -> None:
    claims = library.collection("xu-fazel-du-2024")
    verdicts = dict.fromkeys(claims, "holds") | {"eq-8": "refuted"}
    assert standings(claims, verdicts)["theorem-2"].carried_by == ()
