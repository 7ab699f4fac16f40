"""The page for a paper's authors: every slip, its smallest witness, and nothing that drifts."""

from __future__ import annotations

from pathlib import Path

import pytest

from gembounds.points.point import Point
from gembounds.points.shrink import size
from gembounds.referee import recorded
from gembounds.referee.report.erratum import gathered, pages
from gembounds.referee.verify.confirm import read
from gembounds.statements import library
from gembounds.statements.paper import papers
from tests.command_line import run

PAPER = papers()["xu-fazel-du-2024"]
CLAIMS = library.collection(PAPER.name)


def test_the_committed_pages_are_those_of_today() -> None:
    folder = recorded.directory_of(PAPER)
    for text, kind in zip(pages(PAPER), ("md", "html"), strict=True):
        committed = (folder / f"erratum.{kind}").read_text(encoding="utf-8")
        assert committed == text, "run gembounds erratum xu-fazel-du-2024"


def test_each_slip_has_its_smallest_witness_and_what_to_write() -> None:
    data = gathered(PAPER)
    text, html = pages(PAPER)
    slips = {c.slip.name: c.slip for c in CLAIMS.values() if c.slip is not None}
    assert {p["slip"].name for p in data["points"]} == set(slips)
    for point in data["points"]:
        slip, own = point["slip"], [c for c in CLAIMS.values() if c.slip is point["slip"]]
        assert [c.source for c in own] == point["where"]
        assert slip.mend in text and f"**{slip.name}** ({slip.severity})" in text
        assert html.count(f"<b>{slip.name}</b>") == 1
        found = size(Point.from_json(point["proof"]["point"]))
        for claim in own:
            path = recorded.place_of(claim)
            assert path is not None and found <= size(Point.from_json(read(path)["point"]))
    assert data["refuted"] == sum(c.slip is not None for c in CLAIMS.values())


def test_it_is_short_enough_for_two_pages() -> None:
    text, html = pages(PAPER)
    assert len(text) < 9000  # 8.8 point: some 75 lines of 110 characters a page
    assert "@page" in html and "</html>" in html


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "erratum", PAPER.name, "--out", str(tmp_path / "new"))
    assert status == 0 and "12 slips" in out
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == ["erratum.html", "erratum.md"]
    status, _, err = run(capsys, "erratum", "smith-2025")
    assert status == 2 and f"no installed paper: give {' or '.join(papers())}" in err
