"""Every write of every command fails once: full disks, refused permissions, kill -9.

``python -m tests.faults writes`` lets each call of the system in :mod:`gembounds.tools.files`, and
each write to standard output, fail once inside this process; the suite takes a sample of them.
``python -m tests.faults kills NUMBER [SEED]`` starts commands in processes of their own, ends each
by SIGKILL at a random moment (half of them while it writes, which is drawn out), looks at what is
left, and lets the command run to its end.
"""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

import gembounds
from gembounds.cli import main
from gembounds.referee.verify.confirm import confirm
from gembounds.tools import files
from tests.command_line import GOOD, said

ROOT = Path(gembounds.__file__).resolve().parent.parent
PROOF = "reports/certificates/eq-39c.json"
EVIDENCE = ("eq-39c", "eq-18c", "lemma-12.1")
"""Certificates that are there, cheap to verify."""

FALSE = """from gembounds import Claim
from gembounds.statements import integer
CLAIMS = (Claim("far", integer("d", 1, 1000) <= 300),)
"""
TRUE = """from gembounds import Claim
from gembounds.statements import const, integer
d = integer("d", 1, 1000)
CLAIMS = (Claim("square", d <= const("factor", 2) * d**2),)
"""

ONE = ("--jobs", "1")
COMMANDS: dict[str, tuple[str, ...]] = {
    "eval": ("eval", "good.json", "--json", "out.json"),
    "eval to stdout": ("eval", "good.json", "--json"),
    "list": ("list", "eq-26a", "--json", "out.json"),
    "show": ("show", "eq-39c"),
    "check": ("check", "false.py", "--points", "40", *ONE, "--json", "out.json"),
    "check --out": ("check", "eq-39c", "--points", "2", *ONE, "--out", "proofs/new"),
    "check --record": ("check", "eq-39c", "eq-26a", "--points", "50", *ONE, "--record"),
    "verify": ("verify", PROOF, "--json", "out.json"),
    "tightness": ("tightness", "true.py", "--quick", *ONE, "--json", "out.json"),
    "report": ("report", "true.py", "--quick", *ONE, "--out", "pages"),
    "em": ("em", "good.json", "--steps", "12", "--checkpoint", "state", "--resume",
           "--json", "out.json"),
    "trap": ("trap", "--d", "3", "--n", "3", "--json", "out.json"),
    "rate": ("rate", "good.json", "--steps", "16", "--json", "out.json"),
    "conform": ("conform", "gembounds.conform.own", "--only", "psi-ordinary", "--points", "1",
                "--json", "out.json", "--html", "page.html", "--junit", "junit.xml"),
}  # fmt: skip
"""Each is cheap, and writes all that its command can."""

CALLS = ("open", "fsync", "fchown", "fchmod", "replace", "listdir")
ERRORS = ((28, "No space left on device"), (13, "Permission denied"), (5, "Input/output error"))


def prepare(folder: Path) -> None:
    """Inputs, records, and files that output will replace."""
    (folder / "good.json").write_text(GOOD)
    (folder / "false.py").write_text(FALSE)
    (folder / "true.py").write_text(TRUE)
    (folder / "reports" / "certificates").mkdir(parents=True)
    for name in EVIDENCE:
        place = f"reports/certificates/{name}.json"
        shutil.copy(ROOT / place, folder / place)
    shutil.copy(ROOT / "reports" / "verdicts.json", folder / "reports")
    for name in ("out.json", "page.html"):
        (folder / name).write_text("[]\n")


def contents(folder: Path) -> dict[str, bytes]:
    """Without caches: Hypothesis's is elsewhere only in a process of the program's own."""
    found = (p for p in folder.rglob("*") if p.is_file())
    apart = {"__pycache__", ".hypothesis"}
    return {str(p.relative_to(folder)): p.read_bytes() for p in found if not apart & {*p.parts}}


def whole(name: str, data: bytes, after: bytes) -> bool:
    """Whether a file has its end: what is in it depends on the time, and on what was there."""
    if name.endswith(".json") or name == "state":
        try:
            return type(json.loads(data)) is type(json.loads(after))
        except ValueError:
            return False
    return data.rstrip().endswith(b"</html>") if name.endswith("html") else data[-1:] == b"\n"


def wrong(folder: Path, before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """What is neither as ``before`` the run nor whole, and evidence that is gone."""
    found = []
    for name, data in contents(folder).items():
        same = data == before.get(name) or data == after.get(name)
        if not (same or name.endswith(".part") or whole(name, data, after.get(name, b""))):
            found.append(f"{name} is half-written")
    for name in before:
        if not (folder / name).exists():
            found.append(f"{name} is gone")
        elif "certificates" in name and confirm(json.loads((folder / name).read_text())):
            found.append(f"{name} is confirmed no longer")
    return found


class Faults:
    """Counts calls; the one numbered ``failing`` fails."""

    def __init__(self, failing: int | None, error: tuple[int, str] = ERRORS[0]) -> None:
        self.failing, self.error, self.count = failing, error, 0

    def call(self) -> None:
        self.count += 1
        if self.count == self.failing:
            raise OSError(*self.error)


class _System:
    """``os``, whose calls that write may fail."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def __getattr__(self, name: str) -> Any:
        found = getattr(os, name)
        if name not in CALLS:
            return found

        def counted(*arguments: Any, **options: Any) -> Any:
            self._faults.call()
            return found(*arguments, **options)

        return counted


class _Output(io.StringIO):
    """Standard output, each of whose writes may fail."""

    def __init__(self, faults: Faults) -> None:
        super().__init__()
        self._faults = faults

    def writelines(self, lines: Any) -> None:
        self._faults.call()
        super().writelines(lines)

    def fileno(self) -> int:  # where the program puts what nobody reads
        return os.open(os.devnull, os.O_WRONLY)


@contextmanager
def faulty(faults: Faults) -> Iterator[None]:
    """Inside, files are written by calls that may fail: those of ``os``, and ``write``."""

    def opened(*arguments: Any, **options: Any) -> Any:
        file = open(*arguments, **options)  # noqa: SIM115 - the caller closes it
        if "w" in arguments[1]:
            write = file.write

            def counted(data: bytes) -> int:
                faults.call()
                return int(write(data))

            file = mock.MagicMock(wraps=file, write=counted)
            file.__enter__.return_value = file
            file.__exit__.side_effect = lambda *_: file.close()
        return file

    with (
        mock.patch.object(files, "os", _System(faults)),
        mock.patch.object(files, "open", opened, create=True),
    ):
        yield


def run(words: Sequence[str], faults: Faults) -> tuple[int, str]:
    """Exit status and stderr of a command in this process."""
    errors = io.StringIO()
    with redirect_stdout(_Output(faults)), redirect_stderr(errors), faulty(faults):
        status = main(words)
    return status, said(errors.getvalue())


def failing(
    name: str, place: Path, chosen: Callable[[int], Iterable[int]] = lambda n: range(1, n + 1)
) -> Counter[str]:
    """Let the chosen calls of a command fail, each in a folder of its own below ``place``, which
    the caller removes; what came of it, and ``AssertionError`` for a loss."""
    words, seen = COMMANDS[name], Counter[str]()

    def fresh(k: int) -> Path:
        folder = place / str(k)
        folder.mkdir()
        prepare(folder)
        os.chdir(folder)
        return folder

    folder, counted = fresh(0), Faults(None)
    before = contents(folder)
    usual, _ = run(words, counted)
    after = contents(folder)
    assert usual in (0, 1)
    for k in chosen(counted.count):
        folder, faults = fresh(k), Faults(k, ERRORS[k % len(ERRORS)])
        status, errors = run(words, faults)
        assert faults.count >= k and "Traceback" not in errors
        if status == 2:
            # what was recorded before is said in lines of its own
            assert errors.count("gembounds: error: ") == 1 and errors.endswith("\n")
            assert errors.splitlines()[-1].startswith("gembounds: error: ")
        else:  # an owner that cannot be kept, or old halves that cannot be looked for
            assert status == usual, (k, status, errors)
        seen["refused" if status == 2 else "did without"] += 1
        assert wrong(folder, before, after) == [], (name, k)
        assert not any(n.endswith(".part") for n in contents(folder)), (name, k)
        if k % 4 == 1:  # it goes on from what is there
            assert run(words, Faults(None))[0] == usual
            assert wrong(folder, after, after) == [] and contents(folder).keys() == after.keys()
            seen["run again"] += 1
    return seen


# --- kill -9 ------------------------------------------------------------------------------------

SLOWLY = """
import os, sys, time
from gembounds.dynamics.trajectory import checkpoint
checkpoint.SECONDS = 0.0
for name in ("fsync", "replace"):
    def slow(*a, _f=getattr(os, name)):
        time.sleep(0.01); found = _f(*a); time.sleep(0.01); return found
    setattr(os, name, slow)
from gembounds.cli import main
sys.exit(main())
"""
"""The program, whose writes take long enough to be hit."""


def started(words: Sequence[str], folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SLOWLY, *words], cwd=folder, text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip


def ended(words: Sequence[str], folder: Path) -> tuple[int, str]:
    """A run to its end."""
    with started(words, folder) as process:
        _, errors = process.communicate()
    return process.returncode, errors


def kill(words: Sequence[str], folder: Path, moment: float, writing: bool) -> bool:
    """End a run after ``moment`` seconds, or as long after it first writes; whether it was hit."""
    with started(words, folder) as process:
        while writing and process.poll() is None and not any(folder.rglob("*.part")):
            time.sleep(0.002)
        end = time.monotonic() + moment
        while process.poll() is None and time.monotonic() < end:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    return process.returncode == -signal.SIGKILL


def kills(number: int, seed: int, names: Sequence[str] = tuple(COMMANDS)) -> Counter[str]:
    """``number`` runs ended at random moments; what was hit, and ``AssertionError`` for a loss."""
    rng, seen = random.Random(seed), Counter[str]()
    known: dict[str, tuple[dict[str, bytes], dict[str, bytes], tuple[int, str], float]] = {}
    for k in range(number):
        name = names[k % len(names)]
        words = COMMANDS[name]
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            prepare(folder)
            if name not in known:
                before, begin = contents(folder), time.monotonic()
                last = ended(words, folder)
                known[name] = before, contents(folder), last, time.monotonic() - begin
                shutil.rmtree(folder)
                folder.mkdir()
                prepare(folder)
            before, after, last, seconds = known[name]
            writing = rng.random() < 0.5
            moment = rng.uniform(0, 0.2) if writing else rng.uniform(0, seconds)
            hit = kill(words, folder, moment, writing)
            left = any(p.name.endswith(".part") for p in folder.rglob("*"))
            seen["killed" if hit else "too late"] += 1
            seen["killed while writing"] += hit and left
            assert not (found := wrong(folder, before, after)), (name, found)
            status, errors = ended(words, folder)
            assert "Traceback" not in errors and status == last[0], (name, status, errors)
            final = contents(folder)
            assert not any(n.endswith(".part") for n in final), (name, list(final))
            assert final.keys() == after.keys(), (name, final.keys() ^ after.keys())
            assert not (found := wrong(folder, after, after)), (name, found)
            seen["gone on to the end"] += 1
    return seen


if __name__ == "__main__":
    total = Counter[str]()
    if sys.argv[1] == "kills":
        total = kills(int(sys.argv[2]), int((sys.argv[3:] or ["0"])[0]))
    for command in COMMANDS if sys.argv[1] == "writes" else ():
        with tempfile.TemporaryDirectory() as where:
            total += failing(command, Path(where))
            os.chdir(ROOT)
    sys.stdout.write(f"{dict(total)}\n")
