"""What long commands keep: a run that was killed goes on to the same bytes, and takes nothing that
is of anything else."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import gembounds as gb
from gembounds.cli import main
from gembounds.proving.boxes.problem import Problem
from gembounds.referee.origin import version
from gembounds.referee.proving import prove
from gembounds.referee.tasks import searched
from gembounds.statements import L, U, mean_square
from gembounds.tools.errors import InputError
from gembounds.tools.kept import Results
from gembounds.tools.versions import file_digest
from gembounds.tools.workers import processes

ROOT = Path(__file__).parent.parent

CLAIMS = """
import gembounds as gb
from gembounds.statements import L, Y, mean_square, mu_max
from beside import FACTOR

CLAIMS = (
    gb.Claim("energy", mean_square <= mu_max**2, cost=20.0),
    gb.Claim("part", L <= Y / FACTOR, cost=20.0),
)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(CLAIMS)
    Path("beside.py").write_text("FACTOR = 3\n")
    return tmp_path


def check(keep: str, name: str = "now.json", *more: str) -> Any:
    """What a check finds, certificates apart from the file, which the next would begin with."""
    line = ["check", "mine.py", "--points", "80", "--out", "certificates", "--json", name]
    assert main([*line, "--jobs", "1", "--keep", keep, *more]) in (0, 1)
    return json.loads(Path(name).read_text())


def lines(keep: str) -> list[str]:
    found = sorted(Path(keep).glob("*.jsonl")) if Path(keep).is_dir() else []
    return [line for path in found for line in path.read_text().splitlines(keepends=True)]


def test_killed_anywhere_it_goes_on_to_the_same_bytes(folder: Path) -> None:
    command = [sys.executable, "-m", "gembounds", "check", "mine.py", "--points", "80", "--out",
               "certificates", "--json", "killed.json", "--keep", "killed"]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as run:
        while len(lines("killed")) < 3 and run.poll() is None:
            time.sleep(0.02)
        run.kill()
    before = [line for line in lines("killed") if line.endswith("\n")]
    check("whole", "whole.json")
    check("killed", "killed.json")
    assert Path("killed.json").read_bytes() == Path("whole.json").read_bytes()
    assert before and lines("killed")[: len(before)] == before
    assert {x for x in lines("killed") if x.endswith("\n")} == set(lines("whole"))
    there = set(folder.rglob("*"))
    check("whole", "again.json")
    assert Path("again.json").read_bytes() == Path("whole.json").read_bytes()
    assert set(folder.rglob("*")) == there | {folder / "again.json"}  # nothing was computed


def test_other_claims_are_other_results(folder: Path) -> None:
    """Of a file that was changed, or of one that it imports; wherever they are."""
    results = Results(folder / "keep", {}, pytest.fail)

    def name(*arguments: Any) -> str:
        file_digest.cache_clear()  # as another process
        return results.name(searched, arguments)

    names = [name(str(folder / "mine.py"), "part")]
    Path("beside.py").write_text("FACTOR = 2\n")
    names.append(name(str(folder / "mine.py"), "part"))
    Path("mine.py").write_text(CLAIMS.replace("Y / FACTOR", "Y / 3"))
    names += [name(str(folder / "mine.py"), "part"), name(str(folder / "mine.py"), "energy")]
    assert len(set(names)) == len(names)
    (folder / "other").mkdir()
    for file in ("mine.py", "beside.py"):
        shutil.move(file, folder / "other" / file)
    assert name(str(folder / "other" / "mine.py"), "energy") == names[-1]
    assert Results(folder / "keep", {"numpy": "0"}, pytest.fail).name(searched, ()) != name()


def test_a_damaged_line_is_said_and_computed_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = check("keep")
    (path,) = Path("keep").iterdir()
    text = path.read_text()
    first, second, *rest = text.splitlines(keepends=True)
    swapped = second[:30] + first[30:]
    for wrong, said in (
        (first.replace("pushed", "pulled"), "altered kept result, its digest does not fit"),
        (swapped, "altered kept result"),
        ("nonsense\n", "a line is no kept result"),
    ):
        path.write_text("".join([wrong, second, *rest]))
        capsys.readouterr()
        assert check("keep") == found
        told = [x for x in capsys.readouterr().err.splitlines() if "kept result" in x]
        assert len(told) == 1 and said in told[0] and str(path) in told[0]
        (new,) = set(Path("keep").iterdir()) - {path}
        assert new.read_text() == first
        new.unlink()


def test_a_full_disk_is_one_line_and_loses_nothing(folder: Path) -> None:
    """No file may be longer than 3 kB."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, resource.RLIM_INFINITY))

    command = [sys.executable, "-m", "gembounds", "check", "mine.py", "--points", "80", "--jobs",
               "1", "--out", "certificates", "--keep", "keep"]  # fmt: skip
    run = subprocess.run(
        command, preexec_fn=limit, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},  # what is cut short stays there
    )  # fmt: skip
    assert run.returncode == 2 and "make room, and run the same command again" in run.stderr
    before = lines("keep")
    assert all(x.endswith("\n") for x in before)
    assert check("keep") == check("other", "other.json")
    assert lines("keep")[: len(before)] == before


def test_after_a_line_that_was_cut_short_others_are_kept(tmp_path: Path) -> None:
    """By a full disk, while other processes end their tasks."""

    def text() -> str:
        raise NotImplementedError

    results, hard = Results(tmp_path, {}, pytest.fail), resource.getrlimit(resource.RLIMIT_FSIZE)
    with closing(results):
        results.store("1" * 32, text, "first")
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, hard[1]))
        try:
            with pytest.raises(InputError, match="make room"):
                results.store("2" * 32, text, "x" * 4000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, hard)
        results.store("3" * 32, text, "third")
    again = Results(tmp_path, {}, pytest.fail)
    found = [again.load(str(k) * 32, text) for k in (1, 2, 3)]
    assert found == [("first",), None, ("third",)]


def test_a_place_that_is_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "mine.py", "--keep", "mine.py"]) == 2
    assert "--keep mine.py: is no directory" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("verify", str(ROOT / "reports/proofs/eq-18c-repaired.json")),
        ("conform", str(ROOT / "tests/conform/plain.py"), "--only", "psi-one-component",
         "--points", "2", "--seed", "1"),
    ],
    ids=lambda words: words[0],
)  # fmt: skip
def test_what_was_kept_is_not_computed_again(
    words: tuple[str, ...], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--keep", "keep"]) == 0
    first, before = capsys.readouterr().out, lines("keep")
    assert before and main([*words, "--keep", "keep"]) == 0
    assert capsys.readouterr().out == first and lines("keep") == before


def test_a_proof_over_a_box_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupted half way; then no piece is looked at again, but the one where that was."""
    monkeypatch.setattr("gembounds.proving.boxes.workers.ALONE", 0)
    monkeypatch.setattr("gembounds.proving.boxes.search.BATCH", 4)
    claim = gb.Claim("ratio", 5 * L <= 3 * mean_square, when=U >= Fraction(1, 8))
    box = {"means": [[["-1", "1"]], [["-1", "1"]]]}
    asked: list[bytes] = []
    answer, stop = Problem.answer, 0

    def counted(problem: Problem, low: Any, high: Any) -> Any:
        asked.append(low.tobytes() + high.tobytes())
        if len(asked) == stop:
            raise KeyboardInterrupt
        return answer(problem, low, high)

    monkeypatch.setattr(Problem, "answer", counted)

    def proof(keep: Path) -> Any:
        with processes(1) as workers:
            workers.version, workers.kept = version, Results(keep, version(), pytest.fail)
            with closing(workers.kept):
                return prove(claim, box, jobs=workers).to_json()

    whole = proof(tmp_path / "whole")
    assert whole["verdict"] == "proved"
    once, asked[:], stop = set(asked), [], len(asked) // 2
    with pytest.raises(KeyboardInterrupt):
        proof(tmp_path / "keep")
    before, asked[:], stop = set(asked), [], 0
    assert proof(tmp_path / "keep") == whole
    assert before | set(asked) == once and len(before & set(asked)) == 1
