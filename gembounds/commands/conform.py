"""``gembounds conform MODULE[:OBJECT]...``: how many digits of a core are right."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from gembounds.commands.output import STDOUT, add_json, check_places, say, write_json
from gembounds.commands.work import add_work, check_work, work
from gembounds.tools.errors import InputError
from gembounds.tools.files import read_file, write_file

NAME = "conform"
HELP = "judge a core (yours or ours): certified digits, consistency, the paper, robustness"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("cores", nargs="*", metavar="MODULE[:OBJECT]", help="or FILE.py[:OBJECT]")
    parser.add_argument("--seed", type=int, help="of all points (default: another one each time)")
    parser.add_argument(
        "--seeds", type=int, metavar="N", help="at N seeds one after another; only what fails"
    )
    parser.add_argument("--points", type=int, metavar="N", help="N points for each check")
    parser.add_argument("--quick", action="store_true", help="a few points for each check")
    parser.add_argument(
        "--only", action="append", metavar="CHECK", help="these checks (* matches anything)"
    )
    parser.add_argument("--at", metavar="JSON", help="at this point, as a failing check shows it")
    parser.add_argument(
        "--expected-failures", metavar="FILE", help="JSON: {check: reason it fails for}"
    )
    parser.add_argument(
        "--seconds", type=float, metavar="S",
        help="that a call may take (default: what the core declares, or 30)",
    )  # fmt: skip
    parser.add_argument("--jobs", type=int, default=1, help="processes that judge (default 1)")
    parser.add_argument(
        "--against", metavar="FILE", help="an earlier --json: fails where digits or time are lost"
    )
    parser.add_argument(
        "--digits-lost", type=float, default=0.5, metavar="X",
        help="that a check may lose --against an earlier run (default 0.5)",
    )  # fmt: skip
    parser.add_argument(
        "--slower", type=float, default=2.0, metavar="X",
        help="factor by which a function may be slower, relative to our own core (default 2)",
    )  # fmt: skip
    parser.add_argument("--junit", metavar="FILE", help="the results as JUnit XML")
    parser.add_argument("--html", metavar="FILE", help="the cores side by side on one page")
    parser.add_argument("--list", action="store_true", help="the checks, and nothing else")
    add_work(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """0: all digits that each core declares are right; 1: some check failed."""
    if options.list:
        return _list(options)
    if not options.cores:
        raise InputError("no core: give MODULE, MODULE:OBJECT or FILE.py")
    check_places(
        {"--json": options.json, "--html": options.html, "--junit": options.junit},
        [
            options.expected_failures,
            options.against,
            *(c.partition(":")[0] for c in options.cores),
        ],
    )
    expected = None if options.expected_failures is None else _reasons(options.expected_failures)
    point = None if options.at is None else _json("--at", options.at)
    old = None if options.against is None else _earlier(options)

    from gembounds.conform.core import load
    from gembounds.conform.runner import run as judge
    from gembounds.tools.progress import Progress

    check_work(options)
    if options.keep is not None and options.seed is None:
        raise InputError("--keep without --seed: other points are drawn each time; give a seed")
    cores = [load(spec, options.seconds) for spec in options.cores]
    if options.seeds is not None:
        return _sweep(options, cores, expected)
    with Progress(sys.stderr) as progress, work(options) as workers:
        reports = [
            judge(
                core, seed=options.seed, quick=options.quick, only=options.only, at=point,
                points=options.points, small=True, seconds=options.seconds, jobs=workers,
                expected_failures=expected, progress=progress,
            )
            for core in cores
        ]  # fmt: skip
    if options.json is not None or old is not None:
        from gembounds.conform.speed import speed

        timed = [speed(core) for core in cores]
        reports = [replace(r, speed=s) for r, s in zip(reports, timed, strict=True)]
    if options.junit is not None:
        from gembounds.conform.junit import junit

        write_file(Path(options.junit), junit(reports))
    if options.html is not None:
        from gembounds.conform.page import html

        write_file(Path(options.html), html(reports))
    if options.json is not None:
        write_json([r.to_json() for r in reports], options.json)
    if options.json != STDOUT:
        for report in reports:
            say(report.table() + "\n" + report.failures() + report.summary() + "\n")
    lost = 0 if old is None else _compared(options, old, reports)
    return 0 if all(report.passed for report in reports) and not lost else 1


def _earlier(options: argparse.Namespace) -> list[dict[str, Any]]:
    """The earlier reports; their seed and number of points are this run's, if none is given."""
    from gembounds.conform.against import earlier

    name = f"--against {options.against}"
    found = earlier(_json(name, _text(name, options.against)), name)
    if options.seeds is not None:
        raise InputError("--against compares one run: leave out --seeds")
    options.seed = found[0]["seed"] if options.seed is None else options.seed
    options.quick = found[0]["quick"] or options.quick
    return found


def _compared(options: argparse.Namespace, old: Any, reports: Any) -> int:
    """How much got worse, which is said."""
    from gembounds.conform.against import of_core, told, worse

    count = 0
    for report in reports:
        before = of_core(old, report.core, f"--against {options.against}")
        lines = worse(before, report, options.digits_lost, options.slower)
        count += len(lines)
        (say if options.json != STDOUT else sys.stderr.write)(
            told(report.core, lines, options.digits_lost, options.slower)
        )
    return count


def _sweep(options: argparse.Namespace, cores: Any, expected: Any) -> int:
    if options.seeds < 1:
        raise InputError(f"--seeds is {options.seeds}: give a positive integer")

    from gembounds.conform.many import sweep
    from gembounds.tools.progress import Progress

    with Progress(sys.stderr) as progress, work(options) as workers:
        found = [
            sweep(
                core, options.seeds, seed=options.seed, points=options.points,
                quick=options.quick, only=options.only, expected_failures=expected,
                seconds=options.seconds, jobs=workers, progress=progress,
            )
            for core in cores
        ]  # fmt: skip
    if options.json is not None:
        write_json([f.to_json() for f in found], options.json)
    if options.json != STDOUT:
        say("".join(f.summary() for f in found))
    return 0 if all(f.passed for f in found) else 1


def _list(options: argparse.Namespace) -> int:
    from gembounds.conform.checks import select

    for check in select(options.only):
        say(f"{check.id:32} {check.kind:12} {check.text}\n")
    return 0


def _reasons(path: str) -> dict[str, str]:
    text = _text(f"--expected-failures {path}", path)
    found = _json(f"--expected-failures {path}", text)
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise InputError(f"--expected-failures {path}: give an object {{check: reason}}")
    return found


def _text(what: str, path: str) -> str:
    try:
        return read_file(path).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{what}: cannot be read ({error})") from None


def _json(what: str, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{what}: is no JSON ({error})") from None
