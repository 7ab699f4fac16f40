"""``gembounds figures`` of several papers: places, files, errors."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from gembounds.cli import main
from gembounds.statements.paper import papers

TWO = ("daskalakis-tzamos-zampetakis-2017", "dwivedi-et-al-2020")
CHEAP = ("ten_factors", "pair_balanced")


def test_each_paper_has_a_folder_and_files_are_the_same_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["figures", *TWO, "--quick", "--only", *CHEAP, "--out"]
    assert main([*words, str(tmp_path / "a"), "--json", str(tmp_path / "all.json")]) == 0
    assert main([*words, str(tmp_path / "b")]) == 0
    for paper, name in zip(TWO, CHEAP, strict=True):
        first, second = (tmp_path / k / papers()[paper].folder for k in "ab")
        wanted = {f"{name}.{kind}" for kind in ("png", "svg", "csv", "json")} | {"figures.md"}
        assert {p.name for p in first.iterdir()} == wanted
        for path in first.iterdir():
            assert path.read_bytes() == (second / path.name).read_bytes()
        rows = list(csv.DictReader((first / f"{name}.csv").read_text().splitlines()))
        assert rows and all(float(r["lower"]) <= float(r["upper"]) for r in rows)
        assert name in (first / "figures.md").read_text()
    found = json.loads((tmp_path / "all.json").read_text())
    assert [x["figure"] for x in found] == list(CHEAP)
    capsys.readouterr()


def test_one_paper_goes_where_it_is_told(tmp_path: Path) -> None:
    assert main(["figures", TWO[1], "--quick", "--only", CHEAP[1], "--out", str(tmp_path)]) == 0
    assert (tmp_path / "pair_balanced.svg").is_file()


@pytest.mark.parametrize(("words", "said"), [
    (("nobody-1999",), "'nobody-1999' is no paper with figures"),
    ((TWO[0], "--only", "pair_rate"), "--only pair_rate: no such figure"),
    (("--only", "fig9"), "--only fig9: no such figure; choose from"),
    (("--jobs", "0"), "--jobs is 0"),
])  # fmt: skip
def test_errors_are_one_line(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["figures", *words]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and said in err
