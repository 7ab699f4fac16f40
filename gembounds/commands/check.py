"""``gembounds check [ID...]``: decide claims, and the table of verdicts."""

from __future__ import annotations

import argparse
import sys

from gembounds.commands.output import STDOUT, add_json, check_target, looks_like_claim, write_json
from gembounds.tools.errors import InputError

NAME = "check"
HELP = "decide claims on generated configurations, with certified arithmetic"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help="claims to decide; all if none")
    parser.add_argument("--seed", type=int, default=0, help="of the generator (default 0)")
    parser.add_argument("--points", type=int, help="points to draw for each claim")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    parser.add_argument(
        "--record", action="store_true", help="keep these verdicts and witnesses as the last known"
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Decide; returns 0 as recorded, 1 where a verdict differs, 3 where some are undecided."""
    ids, target = list(options.ids), options.json
    if target is not None and looks_like_claim(target):
        ids, target = [target, *ids], STDOUT  # "--json lemma-9": a claim, not a file
    for name in ("points", "jobs"):
        value = getattr(options, name)
        if value is not None and value < 1:
            raise InputError(f"--{name} is {value}: give a positive integer")
    if options.seed < 0:
        raise InputError(f"--seed is {options.seed}: give an integer that is not negative")
    check_target(target)

    from gembounds.referee import check
    from gembounds.tools.progress import Progress

    with Progress(sys.stderr) as progress:
        results = check.run(
            ids, points=options.points, seed=options.seed, jobs=options.jobs, progress=progress
        )
    if options.record:
        check.record(results)
    if target is not None:
        write_json(results, target)
    if target != STDOUT:
        sys.stdout.write(check.format_table(results))
    return int(check.exit_status(results))
