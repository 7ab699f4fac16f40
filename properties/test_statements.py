"""The papers' statements: each claim decided on generated points, the verdict as recorded."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest

from gembounds.referee import recorded
from gembounds.referee.optimise import EVALUATIONS
from gembounds.referee.search import Findings, alike, pushed, search_all, smallest_witness
from gembounds.referee.tasks import again
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide
from gembounds.statements.drawing import drawing
from gembounds.statements.paper import papers

UNDECIDED_SHARE = 0.02
"""Of the points drawn for a claim, how many may stay undecided (and one always)."""


RARE = ("eq-39b", "lemma-15")
"""False for n >= 3 only where means coincide and the others weigh next to nothing, which is
seldom drawn: their witness, which `check` decides as well, is among the points."""

PAPERS = {name: paper for name, paper in papers().items() if paper.comes_with_gembounds}

SHARED = alike(
    [claim for name in PAPERS for claim in library.collection(name).values()],
    lambda c: (c.home, drawing(c), c.cost),
)
"""Claims with the same points, which `check` draws once for all of them."""


def known_of(name: str) -> dict[str, Any]:
    """The recorded results of a paper."""
    return recorded.read(recorded.directory_of(PAPERS[name])) or {}


@lru_cache(maxsize=1)
def searched(group: int, points: int, seed: int) -> dict[str, Findings]:
    """What is found of the claims of a group, whose tests follow one another."""
    claims = SHARED[group]
    found = search_all(claims, max(20, round(points / claims[0].cost)), seed)
    return {claim.id: one for claim, one in zip(claims, found, strict=True)}


@pytest.mark.parametrize(
    ("group", "claim_id"),
    [pytest.param(k, claim.id, id=claim.id) for k, group in enumerate(SHARED) for claim in group],
)
def test_claim(group: int, claim_id: str, points: int, seed: int) -> None:
    claim = next(c for c in SHARED[group] if c.id == claim_id)
    known = known_of(claim.home).get(claim_id)
    assert known is not None, f"no verdict of {claim_id} is recorded: gembounds check --record"

    found = searched(group, points, seed)[claim_id]
    drawn = found.outcomes.total()
    assert drawn > 0, "no point was drawn"
    assert found.outcomes["outside"] == 0, "the generator left the domain"
    assert found.decided >= min(claim.min_points, drawn - drawn // 10), "too few were decided"
    if found.undecided:
        point = found.undecided[0]
        assert found.outcomes["undecided"] <= max(1, UNDECIDED_SHARE * drawn), (
            f"{claim.id}: {claim.text} at {point!r}: {decide(claim, point)}"
        )
    if claim.failure_probability:
        assert ("refuted" if found.witness is not None else "holds") == known["statistical"]
    elif found.witness is not None and known["verdict"] != "refuted":
        witness = smallest_witness(claim, found.witness)
        pytest.fail(f"{claim.id}: {claim.text} at {witness!r}: {decide(claim, witness)}")
    if claim_id in RARE:
        found.merge(again((claim, recorded.stored(claim, None))))
    told = verdict(claim, found, known["verdict"] == "proved")
    assert told == at_points(claim, known["verdict"])


def verdict(claim: Claim, found: Findings, proved: bool) -> str:
    """The verdict of what was found; what no point refutes is pushed first, as `check` does: there
    from three points on every run, here a proved claim from the nearest one alone."""
    if claim.failure_probability:
        return "statistical"
    if claim.sign == "==":
        return "refuted" if found.witness is not None else "consistent"
    if found.witness is None:
        starts = found.starts[:1] if proved else found.starts
        found.merge(pushed(claim, starts, round(EVALUATIONS / claim.cost)))
    return "refuted" if found.witness is not None else "holds"


def at_points(claim: Claim, recorded_verdict: str) -> str:
    """What points alone say of a claim that is recorded as proved."""
    if recorded_verdict != "proved":
        return recorded_verdict
    return "consistent" if claim.sign == "==" else "holds"


@pytest.mark.parametrize("paper", PAPERS)
def test_every_recorded_verdict_belongs_to_a_claim(paper: str) -> None:
    known = known_of(paper)
    assert known, "nothing is recorded: gembounds check --record"
    assert set(known) == set(library.collection(paper))


@pytest.mark.parametrize("paper", PAPERS)
def test_every_recorded_refutation_has_its_certificate(paper: str) -> None:
    for claim_id, result in known_of(paper).items():
        place = recorded.certificate_path(claim_id, recorded.directory_of(PAPERS[paper]))
        assert place.is_file() == (result["verdict"] == "refuted"), claim_id


@pytest.mark.parametrize("paper", PAPERS)
def test_every_refuted_statement_has_a_form_that_holds(paper: str) -> None:
    known = known_of(paper)
    forms: dict[str, list[str]] = {}
    for claim in library.collection(paper).values():
        if claim.repairs is not None:
            forms.setdefault(claim.repairs, []).append(known[claim.id]["verdict"])
    for claim_id, result in known.items():
        if result["verdict"] == "refuted":
            assert {"holds", "consistent", "proved"} & set(forms.get(claim_id, ())), claim_id
            assert "refuted" not in forms[claim_id], claim_id
