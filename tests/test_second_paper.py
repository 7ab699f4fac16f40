"""A paper installed from a folder outside the repository: every command knows it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from gembounds.cli import main
from gembounds.statements.paper import papers
from tests.command_line import said

PAPER = Path(__file__).with_name("second_paper")
NAME = "tiny-2025"
FEW = ("--points", "40", "--jobs", "1")
IDS = ["lemma-1", "lemma-1-repaired", "lemma-2", "theorem-13"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the paper is installed, from a copy of its repository."""
    place = tmp_path_factory.mktemp("paper")
    shutil.copytree(PAPER, place / "copy", ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--no-deps", "--no-index", "--no-build-isolation", "--target", place / "site",
         place / "copy"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return place / "site"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory to work in, empty at first."""
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def recorded(site: Path, folder: Path) -> dict[str, Any]:
    """All its claims checked in two processes, and recorded."""
    words = ("check", NAME, "--jobs", "2", "--points", "60", "--record", "--json")
    status, out, err = process(site, folder, *words)
    assert status == 0, err
    return {r["id"]: r for r in json.loads(out)}


@pytest.fixture(scope="module", autouse=True)
def installed(site: Path) -> Iterator[None]:
    """The paper is installed in this process too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(site)
        papers.cache_clear()
        yield
    papers.cache_clear()


def process(site: Path, folder: Path, *words: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "gembounds", *words], cwd=folder, capture_output=True, text=True,
        check=False, env={**os.environ, "PYTHONPATH": str(site)},
    )  # fmt: skip
    return done.returncode, done.stdout, said(done.stderr)


def gembounds(folder: Path, *words: str) -> tuple[int, str, str]:
    """The command in this process: exit status, stdout, stderr."""
    out, err = StringIO(), StringIO()
    with chdir(folder), redirect_stdout(out), redirect_stderr(err):
        status = main(words)
    return status, out.getvalue(), said(err.getvalue())


def test_its_claims_are_listed_beside_the_others(folder: Path) -> None:
    _, out, _ = gembounds(folder, "list", NAME, "--json")
    assert [(r["id"], r["paper"]) for r in json.loads(out)] == [(i, NAME) for i in IDS]
    everything = json.loads(gembounds(folder, "list", "--json")[1])
    assert {r["paper"] for r in everything} == {NAME, *papers()}


def test_check_in_two_processes(recorded: dict[str, Any]) -> None:
    verdicts = {k: (r["paper"], r["verdict"], r["form"]) for k, r in recorded.items()}
    assert verdicts == {
        "lemma-1": (NAME, "refuted", "stated"),
        "lemma-1-repaired": (NAME, "holds", "repaired"),
        "lemma-2": (NAME, "holds", "stated"),
        "theorem-13": (NAME, "holds", "stated"),
    }


def test_one_claim_and_an_id_of_two_papers(folder: Path) -> None:
    _, out, _ = gembounds(folder, "check", f"{NAME}:theorem-13", *FEW, "--json")
    assert [r["paper"] for r in json.loads(out)] == [NAME]
    status, out, err = gembounds(folder, "check", "theorem-13", *FEW)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert f"{NAME}:theorem-13 or xu-fazel-du-2024:theorem-13" in err
    assert gembounds(folder, "list", "lemma-2")[0] == 0  # the other paper has none of that id


def test_verdicts_are_recorded_where_one_works(recorded: dict[str, Any], folder: Path) -> None:
    place = folder / "reports" / NAME
    assert set(json.loads((place / "verdicts.json").read_text())) == set(IDS)
    assert [p.name for p in (place / "certificates").iterdir()] == ["lemma-1.json"]
    assert recorded["lemma-1"]["witness"] == f"reports/{NAME}/certificates/lemma-1.json"
    status, out, _ = gembounds(folder, "check", NAME, *FEW, "--json")
    assert status == 0
    assert all(r["recorded_verdict"] == r["verdict"] for r in json.loads(out))
    text = (place / "verdicts.json").read_text().replace('"refuted"', '"holds"')
    (place / "verdicts.json").write_text(text)
    assert gembounds(folder, "check", f"{NAME}:lemma-1", *FEW)[0] == 1
    (place / "verdicts.json").write_text(text.replace('"holds"', '"refuted"', 1))


def test_verify(recorded: dict[str, Any], site: Path, folder: Path) -> None:
    path = recorded["lemma-1"]["witness"]
    assert process(site, folder, "verify", path)[:2] == (0, f"{path}: confirmed (lemma-1)\n")
    assert json.loads((folder / path).read_text())["paper"] == NAME
    alone = process(folder, folder, "verify", path)  # where the paper is not installed
    assert alone[0] == 1 and f"the paper '{NAME}' is not installed" in alone[1]


def test_show(recorded: dict[str, Any], folder: Path) -> None:
    status, out, _ = gembounds(folder, "show", f"{NAME}:lemma-1", f"{NAME}:lemma-2")
    assert status == 0
    for part in (
        "verdict: refuted (", "witness: means", "factor = 1/4", "forms: lemma-1-repaired (holds)",
        "is convex in the mixture", "T: sum_i pi_i^2 |mu_i|^2", "used by: theorem-13 (holds)",
    ):  # fmt: skip
        assert part in out


def test_tightness(folder: Path) -> None:
    status, out, err = gembounds(folder, "tightness", NAME, "--quick", "--jobs", "1", "--json")
    assert status == 0, err
    (row,) = json.loads(out)  # the repaired form stands for the refuted one
    assert (row["claim"], row["paper"], row["constant"]) == ("lemma-1-repaired", NAME, "factor")
    assert row["certified_lower"] == row["certified_upper"] == 0.5
    assert row["attained"]


def test_report(recorded: dict[str, Any], folder: Path) -> None:
    status, _, err = gembounds(folder, "report", NAME, "--quick", "--jobs", "1")
    assert status == 0, err
    assert not (folder / "reports" / "report.html").exists()  # another paper's place
    html = (folder / "reports" / NAME / "report.html").read_text()
    for part in ("On two lemmas", "A. Author", "lemma-1-repaired", "is convex in the mixture"):
        assert part in html
    assert "Gradient EM" not in html
