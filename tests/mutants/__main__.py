"""`python -m tests.mutants`: plant the bugs of a sample one by one and run the tests that should
see each. What was found is kept in a file, a line a mutant, so that a run can be cut off and
taken up again; `--table` prints the summary of that file alone.

A mutant runs in a copy of the repository, in a process of its own with a time limit.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.mutants.rooms import quick_tests
from tests.mutants.sample import Mutant, Source, drawn

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("gembounds", "tests", "properties", "examples", "reports", "pyproject.toml", "README.md")
SLOWER = 4.0
"""A mutant whose tests take this many times as long as without one counts as found out: it is
caught in a loop (a choice)."""

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
        limits: dict[tuple[str, ...], float] = {}
        for path, number in sample:
            mutant = sources[path].mutant(number)
            key = digest(mutant)
            if key in kept and not (args.again and kept[key]["end"] == "survived"):
                continue
            run = tests[path]
            if run not in limits:
                started = time.monotonic()
                if passes(copy, run, None) != "survived":
                    sys.stderr.write(f"{' '.join(run)} fails without a mutant: mend that first\n")
                    return 2
                limits[run] = SLOWER * (time.monotonic() - started) + 10
            end = tried(mutant, copy, run, limits[run])
            found = {"key": key, "path": path, "number": number, "end": end,
                     "change": mutant.change}  # fmt: skip
            kept[key] = found
            with args.state.open("a") as file:
                file.write(json.dumps(found) + "\n")
            sys.stdout.write(f"{end:9} {path} {number}\n")
            sys.stdout.flush()
    sys.stdout.write(table(kept))
    return 0


def _kept(state: Path) -> dict[str, dict[str, Any]]:
    lines = state.read_text().splitlines() if state.exists() else []
    return {found["key"]: found for found in map(json.loads, lines)}


def digest(mutant: Mutant) -> str:
    """The mutant by its whole source: another source of the module, another mutant."""
    return hashlib.sha256(f"{mutant.path}\n{mutant.code}".encode()).hexdigest()[:16]


def tried(mutant: Mutant, copy: Path, tests: tuple[str, ...], limit: float) -> str:
    """The end of the tests with the mutant in its place."""
    place = copy / mutant.path
    place.write_text(mutant.code)
    try:
        return passes(copy, tests, limit)
    finally:
        shutil.copy2(ROOT / mutant.path, place)


def passes(copy: Path, tests: tuple[str, ...], limit: float | None) -> str:
    """ "survived", "killed", or "timeout", which counts as killed."""
    try:
        end = subprocess.run(
            [sys.executable, "-B", "-m", "pytest", *PYTEST, *tests],
            cwd=copy, timeout=limit, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "timeout"
    return "survived" if end.returncode == 0 else "killed"


def table(kept: dict[str, dict[str, Any]]) -> str:
    """Mutants tried, killed, stopped and surviving, by module."""
    ends: dict[str, Counter[str]] = {}
    for found in kept.values():
        ends.setdefault(found["path"], Counter())[found["end"]] += 1
    ends["all"] = sum(ends.values(), Counter())
    rows = [
        f"| {path} | {sum(c.values())} | {c['killed']} | {c['timeout']} | {c['survived']} |\n"
        for path, c in sorted(ends.items(), key=lambda row: (row[0] == "all", row[0]))
    ]
    head = (
        "| module | tried | killed | stopped | survived |\n| --- | ---: | ---: | ---: | ---: |\n"
    )
    return head + "".join(rows)


if __name__ == "__main__":
    raise SystemExit(main())
