"""`python -m tests.mutants`: plant the bugs of a sample one by one and run the tests that should
see each. What was found is kept in a file, a line a mutant, so that a run can be cut off and
taken up again; `--table` prints the summary of that file alone.

A mutant runs in a copy of the repository, in a process of its own with a limit of its time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import resource
import shutil
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import flint  # noqa: F401  # loaded once for all mutants, as the next ones
import mpmath  # noqa: F401
import pytest
import scipy.special  # noqa: F401

from tests.mutants.rooms import quick_tests
from tests.mutants.sample import Mutant, Source, drawn

ROOT = Path(__file__).resolve().parents[2]
COPIED = (
    "gembounds",
    "tests",
    "properties",
    "examples",
    "docs",
    "reports",
    "pyproject.toml",
    "README.md",
)
LIMIT = 120
"""Seconds of a processor after which the tests of a mutant are stopped, several times what they
take without one: it counts as found out, being caught in a loop (a choice)."""

FORK = multiprocessing.get_context("fork")

PYTEST = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly")


def main() -> int:
    """Exit status 0: every mutant of the sample was tried (whether killed or not)."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--size", type=int, default=600, help="mutants in all (600)")
    parser.add_argument("--seed", type=int, default=2026, help="of the sample (2026)")
    parser.add_argument("--only", default="", help="files whose path contains this")
    parser.add_argument("--state", type=Path, default=ROOT / "mutants" / "state.jsonl")
    parser.add_argument("--table", action="store_true", help="only sum up what is kept")
    parser.add_argument("--again", action="store_true", help="try survivors again")
    args = parser.parse_args()
    kept = _kept(args.state)
    if args.table:
        sys.stdout.write(table(kept))
        return 0
    tests = quick_tests()
    sources = {path: Source(path, (ROOT / path).read_text()) for path in tests}
    args.state.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy2)(ROOT / name, copy / name)
        sample = [x for x in drawn(sources, args.size, args.seed) if args.only in x[0]]
        for path, number in sample:
            mutant = sources[path].mutant(number)
            key = digest(mutant)
            if key in kept and not (args.again and kept[key]["end"] == "survived"):
                continue
            end = tried(mutant, copy, tests[path])
            found = {"key": key, "path": path, "number": number, "end": end,
                     "change": mutant.change}  # fmt: skip
            kept[key] = found
            with args.state.open("a") as file:
                file.write(json.dumps(found) + "\n")
            sys.stdout.write(f"{end:9} {path} {number}\n")
            sys.stdout.flush()
        for run in {tests[path] for path, _ in sample} - lived(kept, tests):
            if ended(copy, run) != "survived":
                sys.stderr.write(
                    f"{' '.join(run)} fails without a mutant: mend that, start anew\n"
                )
                return 2
    sys.stdout.write(table(kept))
    return 0


def lived(
    kept: dict[str, dict[str, Any]], tests: dict[str, tuple[str, ...]]
) -> set[tuple[str, ...]]:
    """The tests that passed with some mutant: these pass without one."""
    return {tests[x["path"]] for x in kept.values() if x["end"] == "survived"}


def _kept(state: Path) -> dict[str, dict[str, Any]]:
    lines = state.read_text().splitlines() if state.exists() else []
    return {found["key"]: found for found in map(json.loads, lines)}


def digest(mutant: Mutant) -> str:
    """The mutant by its whole source: another source of the module, another mutant."""
    return hashlib.sha256(f"{mutant.path}\n{mutant.code}".encode()).hexdigest()[:16]


def tried(mutant: Mutant, copy: Path, tests: tuple[str, ...]) -> str:
    """The end of the tests with the mutant in its place."""
    place = copy / mutant.path
    place.write_text(mutant.code)
    try:
        return ended(copy, tests)
    finally:
        shutil.copy2(ROOT / mutant.path, place)


def ended(copy: Path, tests: tuple[str, ...]) -> str:
    """Killed, survived, or stopped (which counts as killed): in a fork of this process, which has
    loaded the libraries but nothing of gembounds."""
    child = FORK.Process(target=_run, args=(copy, tests))
    child.start()
    child.join()
    if child.exitcode in (-signal.SIGXCPU, -signal.SIGKILL):
        return "stopped"
    return "survived" if child.exitcode == 0 else "killed"


def _run(copy: Path, tests: tuple[str, ...]) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT + 10))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.chdir(copy)
    sys.path[:] = [str(copy), *(x for x in sys.path if x not in ("", str(ROOT)))]
    os._exit(int(pytest.main([*PYTEST, *tests])))


def table(kept: dict[str, dict[str, Any]]) -> str:
    """Mutants tried, killed, stopped and surviving, by module."""
    ends: dict[str, Counter[str]] = {}
    for found in kept.values():
        ends.setdefault(found["path"], Counter())[found["end"]] += 1
    ends["all"] = sum(ends.values(), Counter())
    rows = [
        f"| {path} | {sum(c.values())} | {c['killed']} | {c['stopped']} | {c['survived']} |\n"
        for path, c in sorted(ends.items(), key=lambda row: (row[0] == "all", row[0]))
    ]
    head = (
        "| module | tried | killed | stopped | survived |\n| --- | ---: | ---: | ---: | ---: |\n"
    )
    return head + "".join(rows)


if __name__ == "__main__":
    raise SystemExit(main())
