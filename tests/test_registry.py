"""The registry: unique ids, links, near misses, and nothing heavy loaded to list claims."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from gembounds.statements import library
from gembounds.tools.errors import InputError


def test_ids_are_in_natural_order_and_describe_themselves() -> None:
    ids = list(library.collection("xu-fazel-du-2024"))
    assert ids.index("lemma-9.1") < ids.index("lemma-11") < ids.index("theorem-14.1")
    for claim in library.collection("xu-fazel-du-2024").values():
        assert claim.source and claim.text
        assert "\n" not in claim.text
        assert claim.min_points > 0


def test_every_claim_that_a_proof_uses_may_be_missing_but_not_itself() -> None:
    for claim in library.collection("xu-fazel-du-2024").values():
        assert claim.id not in claim.uses


def test_a_statement_selects_its_links_once() -> None:
    chosen = [c.id for c in library.select(["theorem-14", "theorem-14.2", "lemma-17"])]
    assert chosen == ["theorem-14.1", "theorem-14.2", "lemma-17"]
    assert len(library.select()) == len(library.collection("xu-fazel-du-2024"))


@pytest.mark.parametrize(
    ("wrong", "near"), [("lemma-1", "lemma-1"), ("theorm-14", "theorem-14.1"), ("eq39c", "eq-39c")]
)
def test_an_unknown_id_names_near_misses(wrong: str, near: str) -> None:
    with pytest.raises(InputError, match=f"unknown claim '{wrong}': did you mean .*{near}"):
        library.select([wrong])


def test_an_id_like_nothing_points_to_the_list() -> None:
    with pytest.raises(InputError, match="gembounds list"):
        library.get("???")


def test_a_repeated_id_and_a_repair_of_nothing_are_errors() -> None:
    claim = library.get("lemma-17")
    with pytest.raises(InputError, match="two claims have the id 'lemma-17'"):
        library.indexed([claim, claim])
    lost = replace(claim, id="lemma-17-repaired", form="repaired", repairs="lemma-0")
    with pytest.raises(InputError, match="repairs 'lemma-0'"):
        library.indexed([claim, lost])


def test_listing_claims_loads_no_evaluator() -> None:
    code = (
        "import sys; from gembounds.papers.xu_fazel_du_2024.claims import registry; library.collection("xu-fazel-du-2024"); "
        "print([m for m in ('flint', 'hypothesis', 'scipy', 'mpmath') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
