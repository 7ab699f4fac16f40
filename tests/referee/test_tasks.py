"""What a check does with one claim."""

from __future__ import annotations

from typing import Any

import pytest

from gembounds.referee import recorded, tasks
from gembounds.statements import library


def test_the_witness_that_was_confirmed_before_is_tried_before_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """``verify`` takes seconds for each, and confirms no smaller one of this claim."""
    claim, tried = library.get("eq-17b"), []
    known = recorded.witness_of(claim)
    assert known is not None

    def confirm(proof: dict[str, Any]) -> list[str]:
        tried.append(proof["point"])
        return [] if proof["point"] == known.to_json() else ["not confirmed"]

    monkeypatch.setattr(tasks, "confirm", confirm)
    proof = tasks.certified((tasks.handle_of(claim), known))
    assert proof is not None and proof["point"] == known.to_json()
    assert len(tried) == 2 and tried[0] != tried[1]
