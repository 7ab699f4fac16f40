"""Arguments: what they are made of, and what they show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gembounds.statements import library, mean_square, mu_max, real
from gembounds.statements.argument import Argument, Step, resolved
from gembounds.statements.claim import Claim
from gembounds.statements.displayed import displayed
from gembounds.statements.theorems import JENSEN, Theorem
from gembounds.tools.errors import InputError

ENERGY = Claim(
    "energy",
    mean_square <= mu_max**2,
    when=mu_max >= 1,
    proof=Argument(
        Step("E|psi~|^2 <= E sum_i psi_i |mu_i|^2.", by=JENSEN),
        Step("At most mu_max^2.", by=("aux", "aux2"), shows=mean_square <= mu_max**2),
        Step("Two things.", shows=[mu_max >= 1, mu_max**2 >= 1], when=mu_max <= 4),
    ),
)  # fmt: skip


def test_steps_are_numbered_claims_over_the_claims_own_domain() -> None:
    found = displayed(ENERGY)
    assert [c.id for c in found] == ["energy+2", "energy+3.1", "energy+3.2"]
    assert all(c.domain is ENERGY.domain and c.proof is None for c in found)
    assert [len(c.conditions) for c in found] == [1, 2, 2]
    assert ENERGY.proof is not None
    assert ENERGY.proof.claims == ("aux", "aux2")
    assert ENERGY.proof.theorems == (JENSEN,)
    assert ENERGY.proof.to_json()[0]["by"] == [
        "Jensen's inequality (Rudin, Real and Complex Analysis, 3rd ed., Theorem 3.3)"
    ]


def test_a_moved_constant_takes_the_proof_with_it() -> None:
    moved = library.get("theorem-14.2")
    proof = Argument(Step("It is so."))
    assert replace(moved, proof=proof).with_constants(**dict(moved.constants)).proof is None


def test_a_form_uses_what_its_argument_rests_on_and_a_printed_claim_what_the_paper_says() -> None:
    given: dict[str, Any] = {"proof": Argument(Step("As there.", by="lemma-1"))}
    relation = real("x") <= 1
    form = Claim("form", relation, form="repaired", repairs="printed", **given)
    assert form.uses == ("lemma-1",)
    assert Claim("printed", relation, form="printed", **given).uses == ()


WRONG: list[tuple[Any, dict[str, Any]]] = [
    (Step, {"text": ""}),
    (Step, {"text": "x", "by": 3}),
    (Step, {"text": "x", "shows": "x <= 1"}),
    (Step, {"text": "x", "when": True}),
    (Argument, {}),
    (Claim, {"id": "c", "relation": real("x") <= 1, "proof": "it is plain"}),
    (Theorem, {"name": "x", "says": "", "reference": "y"}),
]


@pytest.mark.parametrize(("kind", "given"), WRONG)
def test_what_is_no_argument_is_refused(kind: Any, given: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        kind(**given)


def test_ids_that_are_not_there_and_circles_are_refused_when_claims_are_loaded() -> None:
    a, b = (Claim(k, real("x") <= 1, proof=Argument(Step("y", by=other)))
            for k, other in (("a", "b"), ("b", "a")))  # fmt: skip
    with pytest.raises(InputError, match="a uses 'b', which is not a claim: correct `by`"):
        library.indexed([a])
    with pytest.raises(InputError, match="a proof uses itself"):
        library.indexed([a, b])
    assert resolved({"x": ["e"]}, ["e.1", "e.2"], "")["x"] == ("e.1", "e.2")
