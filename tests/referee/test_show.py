"""A claim in full, and the table of many: nothing that was found is missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gembounds.referee import check, recorded
from gembounds.referee.show import format_results, in_full
from gembounds.statements import U, library, log, mean_square, mu_max
from gembounds.statements.claim import Claim
from tests.command_line import run

PAPER = library.collection("xu-fazel-du-2024")


@pytest.fixture(scope="module")
def results() -> list[dict[str, Any]]:
    """One that holds, one that is refuted, one of nobody's paper; their record left out."""
    own = Claim("half", mean_square <= mu_max**2 / 2, expect="holds")
    unproved = replace(PAPER["eq-26a"], home="", proof=None)
    claims = [unproved, PAPER["eq-39c"], own]
    found = check.run(claims=claims, points=40, jobs=1)
    return [{**r, "recorded_verdict": r["verdict"]} for r in found]


def test_the_table_has_a_line_a_claim_then_what_is_refuted_then_the_counts(
    results: list[dict[str, Any]],
) -> None:
    lines = format_results(results).splitlines()
    assert lines[0].split() == [
        "claim", "statement", "verdict", "decided", "undecided", "nearest", "loosest",
    ]  # fmt: skip
    assert [line.split()[0] for line in lines[1:4]] == ["eq-26a", "eq-39c", "half"]
    assert "refuted (holds expected)" in lines[3]
    assert lines[4].startswith("refuted: eq-39c at d = 17: [4.75213649e-8, 4.75213649e-8] <= ")
    assert lines[4].count(" is false") == 1
    assert lines[5].startswith("refuted: half at means [[1]]; weights [1]: 1 <= 1/2 is false")
    assert lines[6:] == ["3 claims: 2 refuted, 1 holds"]


def test_points_where_a_side_has_no_value_are_said() -> None:
    lines = format_results(check.run(claims=[Claim("logs", log(-U) <= 0)], points=20, jobs=1))
    assert "undefined: logs: a side has no value at 20 of 20 points\n" in lines


def test_a_claim_without_a_point_is_said() -> None:
    never = Claim("never", mean_square <= 2, when=mu_max < 0)
    said = format_results(check.run(claims=[never, Claim("logs", log(-U) <= 0)], points=5, jobs=1))
    assert "no point: never: none that was drawn is in its domain" in said
    assert "no point: logs" not in said


def test_slips_are_counted_where_all_that_is_refuted_has_one(
    results: list[dict[str, Any]],
) -> None:
    tail = results[1]
    assert (tail["slip"], tail["severity"]) == ("tail of |x|", "constant") and tail["why"]
    assert results[0]["slip"] is results[0]["severity"] is None
    last = format_results([results[0], tail, {**tail, "id": "again"}]).splitlines()[-1]
    assert last == "3 claims: 2 refuted by 1 slip, 1 holds"
    other = {**tail, "slip": "another"}
    assert format_results([tail, other]).splitlines()[-1] == "2 claims: 2 refuted by 2 slips"


def test_the_nearest_ratio_shows_a_violation_that_the_loosest_hides(
    results: list[dict[str, Any]],
) -> None:
    row = format_results(results).splitlines()[2].split()
    base, _, nearest = row[-2].partition("^")
    assert base == "10" and float(nearest) < 0
    assert float(row[-1]) > 1


def test_a_verdict_that_changed_and_one_of_chance_are_told(results: list[dict[str, Any]]) -> None:
    changed = {**results[0], "recorded": True, "recorded_verdict": "refuted"}
    assert "holds (was refuted)" in format_results([changed])
    chance = {"verdict": "statistical", "statistical": "holds", "failure_probability": 1e-9}
    assert "statistical: holds but for 1e-09" in format_results([{**results[0], **chance}])


def test_a_claim_in_full() -> None:
    claim = PAPER["eq-39c"]
    known = recorded.read() or {}
    (result,) = check.run(claims=[claim], points=40, jobs=1)
    text = in_full(claim, PAPER, known, result["certificate"], [], "By hand.\n\n    x")
    assert text.startswith(f"{claim.id} (printed; {claim.source})\n\n    {claim.text}\n")
    assert "verdict: refuted" in text
    assert "slip: tail of |x| (constant): Pr[|x| > 2 sqrt(d)] <= exp(-d) is quoted" in text
    assert "instead: write exp(-4d/5)" in text
    assert "witness: d = 17\n" in text and "  left side  [4.75" in text
    assert result["certificate"]["digest"] in text
    assert "  radius = 2\n" in text and "  rate = 1\n" in text
    assert "forms: eq-39c-repaired (proved by arithmetic)" in text
    assert "used by: lemma-15 (refuted)" in text
    assert text.endswith("why:\n    By hand.\n\n        x\n")
    assert "{" not in text  # of a symbol with arguments


def test_what_a_repaired_form_replaces_and_what_is_known_of_constants() -> None:
    claim = PAPER["lemma-11"]
    row = {"constant": "denominator", "certified_lower": 4.0, "certified_upper": 4.0}
    text = in_full(claim, PAPER, {}, None, [row], "")
    assert "denominator = 40000; best 4; lemma-11-sharpened" in text
    assert "verdict: not recorded" in text and "why:" not in text
    for part in ("E|psi~|^2: psi~ = sum_i psi_i mu_i", "rests on: eq-24a", "forms: lemma-11-sh"):
        assert part in text
    assert "replaces: lemma-11 (not recorded)" in in_full(
        PAPER["lemma-11-sharpened"], PAPER, {}, None, [], ""
    )


def test_what_a_claim_is_decided_by_is_shown() -> None:
    for claim in PAPER.values():
        if claim.decided_by is not None:
            text = in_full(claim, PAPER, {}, None, [], "")
            assert f"decided by: {claim.decided_by}\n  {claim.identity}" in text


def test_the_command(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "show", "theorem-14")
    assert status == 0 and out.count("verdict: ") == 2 and "why:" in out
    (here / "mine.py").write_text(
        "import gembounds as gb\nfrom gembounds.statements import U\n"
        "CLAIMS = (gb.Claim('small', U <= 1),)\n"
    )
    status, out, _ = run(capsys, "show", "mine.py")
    assert status == 0 and "witness" not in out
    assert run(capsys, "check", "mine.py", "--points", "20", "--jobs", "1")[0] == 1
    status, out, _ = run(capsys, "show", "mine.py:small")
    assert status == 0 and "witness: means" in out and "so that <= is false there" in out
