"""``gembounds report`` as a whole on a few claims: files, drift, interruption, the same bytes."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gembounds.cli import main
from gembounds.commands.report import _pages
from gembounds.referee import check
from gembounds.referee.atlas import run as atlas
from gembounds.statements.paper import papers

IDS = ("lemma-17", "eq-39c", "eq-39c-repaired", "theorem-14.2")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few points, and one process."""
    whole, points = check.run, 12
    monkeypatch.setattr(
        check, "run", lambda **options: whole(**{**options, "points": points, "jobs": 1})
    )
    drawn = atlas.run
    monkeypatch.setattr(atlas, "run", lambda _, **options: drawn(40, **{**options, "jobs": 1}))


def report(out: Path, *words: str) -> int:
    return main(["report", *IDS, "--quick", "--jobs", "1", "--out", str(out), *words])


def changed(path: Path, change: Callable[[dict[str, Any]], Any]) -> str:
    """A copy of a report in which the rows by id were changed."""
    data = json.loads(path.read_text())
    change({row["id"]: row for row in data["claims"]})
    target = path.with_name("changed.json")
    target.write_text(json.dumps(data))
    return str(target)


def test_two_runs_give_the_same_bytes_and_drift_is_an_exit_status(
    quick: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    assert report(first) == 0
    old = first / "report.json"
    assert report(second, "--against", str(old)) == 0
    names = sorted(path.name for path in first.iterdir())
    assert names == ["report.html", "report.json", "report.md"]
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes()

    def change(rows: dict[str, Any]) -> None:
        rows["theorem-14.2"]["verdict"] = "refuted"
        [constant] = rows["lemma-17"]["tightness"]
        constant.update(certified_lower=1.2, certified_upper=1.3)

    capsys.readouterr()
    assert report(second, "--against", changed(old, change)) == 1
    assert capsys.readouterr().out.splitlines() == [
        "lemma-17, factor: the certified intervals are disjoint",
        "theorem-14.2: refuted before, proved by hand now",
    ]


def test_without_targets_there_is_a_page_a_paper(tmp_path: Path) -> None:
    options = argparse.Namespace(out=str(tmp_path), against=str(tmp_path / "old" / "report.json"))
    pages = _pages([], tmp_path, options)
    assert [p.targets for p in pages] == [[name] for name in papers()]
    for page, (name, paper) in zip(pages, papers().items(), strict=True):
        assert page.out == tmp_path / paper.folder
        assert page.against == tmp_path / "old" / paper.folder / "report.json"
        assert {c.home for c in page.claims} == {name}
    assert len({p.out for p in pages}) == len(pages) > 1


def test_an_interrupted_run_leaves_what_was_there(
    quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "report.json").write_text("old")

    def interrupted(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(atlas, "run", interrupted)
    assert report(tmp_path) == 130
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]
    assert (tmp_path / "report.json").read_text() == "old"


def test_a_report_on_a_file_of_claims(
    quick: None, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "mine.py").write_text(
        "'''Why it holds.'''\nimport gembounds as gb\n"
        "from gembounds.statements import mean_square, mu_max, real, U\n"
        "CLAIMS = (gb.Claim('energy', mean_square <= mu_max**2),\n"
        "          gb.Claim('half', mean_square <= mu_max**2 / 2, expect='refuted'),\n"
        "          gb.Claim('share', real('c', 0, 1) * U <= U, source='<i>me</i>'))\n"
    )
    words = ["report", "mine.py", "--quick", "--jobs", "1", "--out", "pages"]
    assert main(words) == 0
    data = json.loads((here / "pages" / "report.json").read_text())
    assert [row["id"] for row in data["claims"]] == ["energy", "half", "share"]
    assert {row["paper"] for row in data["claims"]} == {None}
    assert data["claims"][1]["verdict"] == "refuted"
    assert data["claims"][0]["command"] == "gembounds check mine.py:energy --seed 0"
    page = (here / "pages" / "report.html").read_text()
    assert '<a href="#at:slip-1">half</a>' in page  # no link within a link
    assert "Why it holds." in page and ' id="half" data-verdict="refuted"' in page
    assert "<i>me</i>" not in page and "&lt;i&gt;me&lt;/i&gt;" in page
    assert "half" in (here / "pages" / "report.md").read_text()
