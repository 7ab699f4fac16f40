"""Each paper's inventory: no statement is passed over in silence, no claim hangs in the air."""

from __future__ import annotations

import pytest

from gembounds.referee.recorded import directory_of
from gembounds.statements import library
from gembounds.statements.paper import papers
from gembounds.tools.files import read_json

NAMES = [name for name, paper in papers().items() if paper.comes_with_gembounds]


@pytest.mark.parametrize("name", NAMES)
def test_a_row_has_claims_or_says_why_not(name: str) -> None:
    claims = library.collection(name)
    rows = read_json(directory_of(papers()[name]) / "inventory.json")["rows"]
    for row in rows:
        assert row["where"] and row["statement"]
        assert row["claims"] or row["left_out"], row
        assert set(row["claims"]) <= set(claims), row


@pytest.mark.parametrize("name", NAMES)
def test_every_statement_in_our_words_has_a_row(name: str) -> None:
    claims = library.collection(name)
    rows = read_json(directory_of(papers()[name]) / "inventory.json")["rows"]
    listed = {claim for row in rows for claim in row["claims"]}
    if not any(c.form == "printed" for c in claims.values()):
        assert {c.id for c in claims.values() if c.form == "stated"} <= listed
