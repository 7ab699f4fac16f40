"""What survives: the first table says what claims and verdicts say, and the docs have it."""

from __future__ import annotations

from typing import Any

import pytest

from gembounds.referee import proof_map, recorded
from gembounds.referee.report.survives import COLUMNS, cells, survives
from gembounds.statements import library, mean_square, mu_max
from gembounds.statements.claim import Claim
from gembounds.statements.paper import papers
from gembounds.statements.slip import Slip
from tests import readme

PAPER = papers()["xu-fazel-du-2024"]
CLAIMS = library.collection(PAPER.name)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return readme.rows(PAPER)


def test_each_result_of_the_paper_has_a_row(rows: list[dict[str, Any]]) -> None:
    assert [row["result"] for row in rows] == list(PAPER.results)
    theorems = {c.id.split(".")[0] for c in CLAIMS.values() if c.id.startswith("theorem-")
                and c.form == "printed"}  # fmt: skip
    assert theorems <= set(PAPER.results)
    assert {k for row in rows for k in row["links"]} <= set(CLAIMS)


def test_the_rows_agree_with_claims_and_verdicts(rows: list[dict[str, Any]]) -> None:
    verdicts = {k: v["verdict"] for k, v in (recorded.read() or {}).items()}
    found = proof_map.standings(CLAIMS, verdicts)
    for row in rows:
        refuted = [k for k in row["links"] if verdicts[k] == "refuted"]
        assert bool(row["slips"]) == bool(refuted)
        affected = [k for k in row["links"] if found[k].broken]
        assert bool(row["proof_rests_on"]) == bool(affected)
        for form in row["carried_by"]:
            if form in row["links"]:
                assert verdicts[form] == "proved"
            else:
                assert CLAIMS[form].repairs in row["links"] and found[form].status == "sound"
        assert all(verdicts[s["id"]] in proof_map.CARRYING for s in row["strongest"])
        assert all(found[s["id"]].status == "sound" for s in row["strongest"])


def test_the_page_has_the_tables() -> None:
    assert PAPER in readme.ours()
    text = readme.PAGE.read_text(encoding="utf-8")
    assert readme.written(text) == text, "run python -m tests.readme"


def test_a_row_in_words() -> None:
    slip = Slip("a slip", "constant", "why", "mend")
    claims = {
        "a": Claim("a", mean_square <= mu_max**2 / 2, form="printed", slip=slip),
        "a-repaired": Claim("a-repaired", mean_square <= mu_max**2, form="repaired", repairs="a"),
        "b": Claim("b", mean_square <= 2 * mu_max**2, form="printed", uses=("a",)),
    }
    known: dict[str, dict[str, Any]] = {
        "a": {"verdict": "refuted"},
        "a-repaired": {"verdict": "holds"},
        "b": {"verdict": "proved", "by": "hand", "paper": None},
    }
    found = survives({"a": ("a-repaired",), "b": (), "c": ()}, claims, known, {})
    assert len(COLUMNS) == len(cells(found[0])) == 6
    assert cells(found[0])[:4] == ["A", "refuted: a slip (constant)", "does not give it",
                                   "a-repaired"]  # fmt: skip
    assert cells(found[0])[5] == "a-repaired (holds)"
    assert cells(found[1])[:4] == ["B", "proved by hand", "rests on a slip (constant)",
                                   "an argument of its own"]  # fmt: skip
    known["b"] = {"verdict": "holds"}
    found = survives({"b": ()}, claims, known, {})
    assert cells(found[0])[3] == "the forms of what it rests on"
    without = survives({"a": ()}, {"a": claims["a"]}, known, {})
    assert cells(without[0])[3] == "nothing yet, for a"
