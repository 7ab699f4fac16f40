"""The examples of claims: the file by its commands and by pytest, the notebook for real."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from gembounds.referee import check
from gembounds.statements import library
from tests.command_line import run

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
LEMMAS = EXAMPLES / "lemmas.py"

EXECUTE = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[2])
"""


def test_every_claim_has_the_verdict_that_it_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By points: what the optimiser finds besides has tests of its own."""
    monkeypatch.setattr(check, "run", partial(check.run, evaluations=10))
    words = (str(LEMMAS), "--points", "20", "--jobs", "1", "--out", str(tmp_path), "--json")
    status, out, _ = run(capsys, "check", *words)
    found = {r["id"]: r for r in json.loads(out)}
    assert status == 0
    assert all(r["checked"] >= 10 and not r["outside"] for r in found.values())
    refuted = sorted(k for k, r in found.items() if r["verdict"] == "refuted")
    assert refuted == ["descends", "half", "independent", "loss", "three"]
    assert [p.stem for p in sorted(tmp_path.iterdir())] == refuted
    status, out, _ = run(capsys, "verify", *map(str, sorted(tmp_path.iterdir())))
    assert (status, out.count(": confirmed (")) == (0, len(refuted))


def test_the_constant_of_the_loss(capsys: pytest.CaptureFixture[str]) -> None:
    words = (f"{LEMMAS}:loss", f"{LEMMAS}:loss-repaired", "--quick", "--jobs", "1", "--json")
    status, out, _ = run(capsys, "tightness", *words)
    rows = {r["claim"]: r for r in json.loads(out)}
    assert status == 0
    assert rows["loss"]["certified_lower"] == pytest.approx(0.5)
    assert rows["loss-repaired"]["slack"] == pytest.approx(1)


def test_the_file_is_collected_by_pytest() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "gembounds.referee.plugin", "-p",
         "no:cacheprovider", "-q", "--collect-only", LEMMAS],
        cwd=EXAMPLES, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )  # fmt: skip
    named = {line.rpartition("::")[2] for line in done.stdout.splitlines() if "::" in line}
    assert named == {c.id for c in library.select([str(LEMMAS)])}


def outputs(path: Path) -> list[str]:
    """What the cells of a notebook show, as text."""
    cells = json.loads(path.read_text())["cells"]
    found = [out for cell in cells for out in cell.get("outputs", ())]
    assert all(out["output_type"] == "execute_result" for out in found)
    return ["".join(out["data"]["text/plain"]) for out in found]


def verdicts(shown: list[str]) -> list[Any]:
    return [line.split() for text in shown for line in text.splitlines() if "verdict" in line]


def test_the_notebook_runs_and_shows_what_is_saved(tmp_path: Path) -> None:
    pytest.importorskip("nbclient")
    saved, made = EXAMPLES / "lemmas.ipynb", tmp_path / "made.ipynb"
    subprocess.run(
        [sys.executable, "-c", EXECUTE, saved, made], cwd=tmp_path, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    then, now = outputs(saved), outputs(made)
    assert len(then) == len(now) == 9
    assert verdicts(now) == verdicts(then)
    assert [v[1] for v in verdicts(now)] == ["refuted", "holds", "holds"]
    assert "means [[1]]; weights [1]" in now[1]
    html = [c for c in json.loads(made.read_text())["cells"] if c["cell_type"] == "code"][2]
    assert "<table><caption>loss: $L \\le" in "".join(html["outputs"][0]["data"]["text/html"])
