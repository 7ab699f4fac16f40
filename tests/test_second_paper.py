"""A paper installed from a folder outside the repository: every command knows it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gembounds.statements.paper import papers

PAPER = Path(__file__).with_name("second_paper")
NAME = "tiny-2025"
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
    done = gembounds(
        site, folder, "check", NAME, "--jobs", "2", "--points", "60", "--record", "--json"
    )
    assert done.returncode == 0, done.stderr
    return {r["id"]: r for r in json.loads(done.stdout)}


def gembounds(site: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gembounds", *words], cwd=folder, capture_output=True, text=True,
        check=False, env={**os.environ, "PYTHONPATH": str(site)},
    )  # fmt: skip


def test_its_claims_are_listed_beside_the_others(site: Path, folder: Path) -> None:
    found = gembounds(site, folder, "list", NAME, "--json")
    assert [(r["id"], r["paper"]) for r in json.loads(found.stdout)] == [(i, NAME) for i in IDS]
    everything = json.loads(gembounds(site, folder, "list", "--json").stdout)
    assert {r["paper"] for r in everything} == {NAME, *papers()}


def test_check_in_two_processes(recorded: dict[str, Any]) -> None:
    verdicts = {k: (r["paper"], r["verdict"], r["form"]) for k, r in recorded.items()}
    assert verdicts == {
        "lemma-1": (NAME, "refuted", "stated"),
        "lemma-1-repaired": (NAME, "holds", "repaired"),
        "lemma-2": (NAME, "holds", "stated"),
        "theorem-13": (NAME, "holds", "stated"),
    }


def test_one_claim_and_an_id_of_two_papers(site: Path, folder: Path) -> None:
    done = gembounds(site, folder, "check", f"{NAME}:theorem-13", "--points", "40", "--json")
    assert [r["paper"] for r in json.loads(done.stdout)] == [NAME]
    done = gembounds(site, folder, "check", "theorem-13", "--points", "40")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert f"{NAME}:theorem-13 or xu-fazel-du-2024:theorem-13" in done.stderr
    done = gembounds(site, folder, "list", "lemma-2")
    assert done.returncode == 0  # the other paper has none of that id


def test_verdicts_are_recorded_where_one_works(
    recorded: dict[str, Any], site: Path, folder: Path
) -> None:
    place = folder / "reports" / NAME
    assert set(json.loads((place / "verdicts.json").read_text())) == set(IDS)
    assert [p.name for p in (place / "certificates").iterdir()] == ["lemma-1.json"]
    assert recorded["lemma-1"]["witness"] == f"reports/{NAME}/certificates/lemma-1.json"
    again = gembounds(site, folder, "check", NAME, "--points", "40", "--json")
    assert again.returncode == 0
    assert all(r["recorded_verdict"] == r["verdict"] for r in json.loads(again.stdout))
    text = (place / "verdicts.json").read_text().replace('"refuted"', '"holds"')
    (place / "verdicts.json").write_text(text)
    assert gembounds(site, folder, "check", f"{NAME}:lemma-1", "--points", "40").returncode == 1
    (place / "verdicts.json").write_text(text.replace('"holds"', '"refuted"', 1))


def test_verify(recorded: dict[str, Any], site: Path, folder: Path) -> None:
    path = recorded["lemma-1"]["witness"]
    done = gembounds(site, folder, "verify", path)
    assert (done.returncode, done.stdout) == (0, f"{path}: confirmed (lemma-1)\n")
    assert json.loads((folder / path).read_text())["paper"] == NAME
    alone = gembounds(folder, folder, "verify", path)  # where the paper is not installed
    assert alone.returncode == 1
    assert f"the paper '{NAME}' is not installed" in alone.stdout


def test_show(recorded: dict[str, Any], site: Path, folder: Path) -> None:
    done = gembounds(site, folder, "show", f"{NAME}:lemma-1", f"{NAME}:lemma-2")
    assert done.returncode == 0
    for part in (
        "verdict: refuted (", "witness: means", "factor = 1/4", "forms: lemma-1-repaired (holds)",
        "is convex in the mixture", "T: sum_i pi_i^2 |mu_i|^2", "used by: theorem-13 (holds)",
    ):  # fmt: skip
        assert part in done.stdout


def test_tightness(site: Path, folder: Path) -> None:
    done = gembounds(site, folder, "tightness", NAME, "--quick", "--json")
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)  # the repaired form stands for the refuted one
    assert (row["claim"], row["paper"], row["constant"]) == ("lemma-1-repaired", NAME, "factor")
    assert row["certified_lower"] == row["certified_upper"] == 0.5
    assert row["attained"]


def test_report(recorded: dict[str, Any], site: Path, folder: Path) -> None:
    done = gembounds(site, folder, "report", NAME, "--quick")
    assert done.returncode == 0, done.stderr
    assert not (folder / "reports" / "report.html").exists()  # another paper's place
    html = (folder / "reports" / NAME / "report.html").read_text()
    for part in ("On two lemmas", "A. Author", "lemma-1-repaired", "is convex in the mixture"):
        assert part in html
    assert "Gradient EM" not in html
