"""The inventory and the claims: no statement of the paper is passed over in silence."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gembounds.referee.recorded import reports_directory
from gembounds.statements import library
from gembounds.tools.files import read_json

PAPER = library.collection("xu-fazel-du-2024")
ROWS: list[dict[str, Any]] = read_json(reports_directory() / "inventory.json")["rows"]

NUMBERED = (
    "Fact 1", "Theorem 2", "Remark 3", "Remark 4", "Remark 5", "Remark 6", "Theorem 7",
    "Remark 8", "Lemma 9", "Corollary 10", "Lemma 11", "Lemma 12", "Theorem 13", "Theorem 14",
    "Lemma 15", "Lemma 16", "Lemma 17", "Lemma 18", "Lemma 19", "Lemma 20",
)  # fmt: skip
"""As the paper numbers them: one sequence."""

EQUATIONS = range(1, 42)

APPENDIX, HEADING = (571, 1624), 5
"""The lines of the paper's text that hold the proofs, and the longest gap between two rows there:
headings and sentences that state nothing."""


def test_a_row_has_claims_or_says_why_not() -> None:
    for row in ROWS:
        assert set(row) == {"lines", "where", "statement", "claims", "left_out"}
        assert row["claims"] or row["left_out"], row
        assert set(row["claims"]) <= set(PAPER), row


def test_every_claim_of_what_is_printed_has_a_row() -> None:
    listed = {name for row in ROWS for name in row["claims"]}
    printed = {
        c.id for c in PAPER.values() if c.form == "printed" and not c.module.startswith("beyond")
    }
    assert printed - listed == set()


@pytest.mark.parametrize("name", NUMBERED)
def test_each_numbered_statement_stands_in_the_inventory(name: str) -> None:
    assert any(re.match(rf"{name}\b", row["where"]) for row in ROWS)


@pytest.mark.parametrize("number", EQUATIONS)
def test_each_numbered_display_stands_in_the_inventory(number: int) -> None:
    own = re.compile(rf"^(?:Theorem 13, )?\({number}[abc]?\)")
    rows = [row for row in ROWS if own.match(row["where"])]
    assert rows, f"({number}) is not listed"
    definitions = (1, 2, 4)
    assert number in definitions or any(row["claims"] for row in rows)


def test_rows_follow_the_text() -> None:
    lines = [tuple(row["lines"]) for row in ROWS]
    assert lines == sorted(lines)
    assert all(first <= last for first, last in lines)
    reached = APPENDIX[0]
    for first, last in lines:
        if first >= APPENDIX[0]:
            assert first - reached <= HEADING, f"nothing is listed from {reached} to {first}"
            reached = max(reached, last)
    assert APPENDIX[1] - reached <= HEADING
