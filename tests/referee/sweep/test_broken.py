"""What is damaged, refused or mistaken: one line, and nothing is lost."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gembounds.cli import main
from gembounds.referee.sweep import store as stores
from gembounds.referee.sweep.page import unexpected
from gembounds.statements import library
from tests.referee.sweep.stores import (
    ASKED,
    CLAIMS,
    POINTS,
    one_line,
    parts_of,
    summary_of,
    sweep,
)


def test_a_damaged_part_is_computed_again(
    whole: Path, copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = parts_of(copied)[:2]
    data = first.read_bytes()
    place = data.index(b"claims.py")  # in the column of papers
    for wrong in (data[:-20], data[:place] + b"x" + data[place + 1 :], b"", second.read_bytes()):
        first.write_bytes(wrong)
        assert main(["status", str(copied)]) == 0
        out, err = capsys.readouterr()
        assert f"{POINTS} points done" not in out and "is a damaged part" in err
        assert sweep(copied) == 0
        lines = capsys.readouterr().err.splitlines()
        assert len([x for x in lines if "is a damaged part" in x and ".parquet" in x]) == 1
        assert summary_of(copied) == summary_of(whole)
        assert first.read_bytes() == data


def test_another_version_is_refused_and_marked(
    copied: Path, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = json.loads((copied / "plan.json").read_text())
    plan["versions"][0]["numpy"] = "1.0"
    (copied / "plan.json").write_text(json.dumps(plan))
    before = {p.name for p in copied.rglob("*")}
    assert sweep(copied) == 2
    assert "another version (numpy differs)" in one_line(capsys)
    both = ["merge", str(whole), str(copied), "--out", str(tmp_path / "both")]
    assert main(both) == 2
    assert "--mixed merges and marks them" in one_line(capsys)
    assert {p.name for p in copied.rglob("*")} == before | {".shard-1-of-1.lock"}
    assert main([*both, "--mixed"]) == 0
    found = json.loads(summary_of(tmp_path / "both"))
    assert [v["numpy"] for v in found.pop("mixed")] != []
    assert found == json.loads(summary_of(whole))
    capsys.readouterr()
    assert sweep(tmp_path / "both") == 2
    assert "of several versions" in one_line(capsys)


def test_two_sweeps_on_one_store(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = (copied / "plan.json").read_bytes()
    with stores.alone(copied, (1, 1)):
        assert main(["sweep", CLAIMS, "--points", "560", "--out", str(copied)]) == 2
        assert "another sweep is at work on it" in one_line(capsys)
        assert (copied / "plan.json").read_bytes() == plan
        assert sweep(copied, "--shard", "1/2") == 0


def test_a_full_disk_loses_nothing(whole: Path, tmp_path: Path) -> None:
    """No file may be longer than 3 kB: the first part does not fit."""
    out = tmp_path / "full"
    command = [sys.executable, "-m", "gembounds", "sweep", *ASKED, "--out", str(out)]

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, resource.RLIM_INFINITY))

    run = subprocess.run(
        command, preexec_fn=limit, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},  # what is cut short stays there
    )  # fmt: skip
    lines = [x for x in run.stderr.splitlines() if not re.match(r"gembounds: \d+/\d+", x)]
    assert run.returncode == 2 and len(lines) == 1 and "cannot be written" in lines[0]
    assert [p.name for p in (out / "parts").iterdir() if p.suffix == ".part"] == []
    assert sweep(out) == 0
    assert summary_of(out) == summary_of(whole)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--shard", "3/2"], "--shard is '3/2': give k/N, k from 1 to N"),
        (["--points", "0"], "--points is 0: give a positive integer"),
        (["--seconds", "-1"], "--seconds is -1: give a positive number"),
        (["--dask", "tcp://127.0.0.1:1"], "--dask tcp://127.0.0.1:1: no scheduler answers there"),
    ],
)
def test_bad_input_is_one_line(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("gembounds.tools.workers.PATIENCE", 1)
    assert main(["sweep", *ASKED, "--out", str(tmp_path / "new"), *words]) == 2
    assert said in one_line(capsys)


def test_no_store(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = copied / "plan.json"
    text = plan.read_text()
    bad = ('"points": 0,', '"points": "many",', '"points": 1, "micro": 0,', '"points": 1, "x": 1,')
    wrong = [re.sub(r'"points": \d+,', x, text, count=1) for x in bad]
    for words in ("", "{", "{}", "[]", "null", *wrong):
        plan.write_text(words)
        for command in (["status", str(copied)], ["sweep", *ASKED, "--out", str(copied)]):
            assert main(command) == 2
            assert "is no plan of a sweep; remove it" in one_line(capsys)
    plan.unlink()
    assert main(["status", str(copied)]) == 2
    assert "is no store of a sweep" in one_line(capsys)
    before = {p: p.stat().st_mtime_ns for p in parts_of(copied)}
    assert sweep(copied) == 0  # what the line said
    assert before == {p: p.stat().st_mtime_ns for p in parts_of(copied)}


def test_a_damaged_certificate_is_made_again(copied: Path) -> None:
    place = copied / "certificates" / "half.json"
    want = place.read_bytes()
    for wrong in (b"", b"[]", b"null", want[:-20]):
        place.write_bytes(wrong)
        assert sweep(copied) == 0
        assert place.read_bytes() == want


RAISES = """import gembounds as gb
from gembounds.statements import mean_square, mu_max
from gembounds.statements.tree import Symbol, call


def raises(ops, point):
    raise RuntimeError("of its own")


own = call(Symbol("own", "own", "own", raises))
CLAIMS = (gb.Claim("bad", own <= mu_max), gb.Claim("energy", mean_square <= mu_max**2))
"""


def test_a_claim_that_raises_costs_its_own_chunks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It ended the sweep, each time again."""
    (tmp_path / "raises.py").write_text(RAISES)
    asked = ["sweep", str(tmp_path / "raises.py"), "--points", "60", "--out", str(tmp_path / "s")]
    for jobs in ("1", "2"):
        assert main([*asked, "--jobs", jobs]) == 2
        line = one_line(capsys)
        assert "raises.py:bad, strand 1, chunk 1 of 1 (RuntimeError: of its own)" in line
    assert {c["id"]: c["decided"] for c in json.loads(summary_of(tmp_path / "s"))["claims"]} == {
        "bad": 0, "energy": 30,
    }  # fmt: skip


def test_files_of_one_name_are_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second took the place of the first."""
    for name in "ab":
        (tmp_path / name).mkdir()
        shutil.copy(CLAIMS, tmp_path / name / "claims.py")
    files = [str(tmp_path / name / "claims.py") for name in "ab"]
    assert main(["sweep", *files, "--points", "280", "--out", str(tmp_path / "s")]) == 2
    assert "both have a claim" in one_line(capsys)


def test_what_was_not_asked_for_is_not_unexpected() -> None:
    claims = list(library.collection(CLAIMS).values())
    found = {"claims": [
        {"id": c.id, "paper": "claims.py", "outcomes": {"refuted": 1}} for c in claims
    ]}  # fmt: skip
    assert unexpected(claims, found) == [c.id for c in claims if c.id != "half"]
    assert unexpected(claims[:1], found) == ["energy"] and unexpected(claims[1:2], found) == []
