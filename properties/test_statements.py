"""The paper's statements: each claim decided on generated points, the verdict as recorded."""

from __future__ import annotations

import pytest

from gembounds import recorded
from gembounds.claims import registry
from gembounds.decide import decide
from gembounds.explain import explain
from gembounds.search import search, smallest_witness

UNDECIDED_SHARE = 0.02
"""Most points that may stay undecided on these few; `gembounds check` shows the numbers."""


@pytest.mark.parametrize("claim_id", list(registry.all_claims()))
def test_claim(claim_id: str, points: int, seed: int) -> None:
    claim = registry.get(claim_id)
    known = (recorded.read() or {}).get(claim_id)
    assert known is not None, f"no verdict of {claim_id} is recorded: gembounds check --record"

    found = search(claim, max(20, round(points / claim.cost)), seed)
    drawn = found.outcomes.total()
    assert drawn > 0, "no point was drawn"
    assert found.outcomes["outside"] == 0, "the generator left the domain"
    if found.witness is not None and known["verdict"] != "refuted":
        witness = smallest_witness(claim, found.witness)
        pytest.fail(explain(claim, witness, decide(claim, witness)))
    if known["verdict"] == "refuted":
        assert found.witness is not None, "the recorded refutation was not found again"
    if found.undecided:
        point = found.undecided[0]
        assert found.outcomes["undecided"] <= max(1, UNDECIDED_SHARE * drawn), explain(
            claim, point, decide(claim, point)
        )
    assert found.decided >= min(claim.min_points, drawn // 2), "too few points were decided"


def test_every_recorded_verdict_belongs_to_a_claim() -> None:
    known = recorded.read()
    assert known, "nothing is recorded: gembounds check --record"
    assert set(known) <= set(registry.all_claims())


def test_every_recorded_refutation_has_its_certificate() -> None:
    for claim_id, result in (recorded.read() or {}).items():
        has_one = recorded.certificate_path(claim_id).is_file()
        assert has_one == (result["verdict"] == "refuted"), claim_id
