"""``gembounds tightness [ID...]``: how loose each constant is."""

from __future__ import annotations

import argparse
import sys

from gembounds.commands.output import STDOUT, add_json, check_target, looks_like_claim, write_json
from gembounds.tools.errors import InputError

NAME = "tightness"
HELP = "how loose each constant of the inequalities is: both ends of the best value"
STATUS = (
    "exit status: 0, 1 if an interval is disjoint from the one recorded in reports/report.json, "
    "2 for bad input"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = STATUS
    parser.add_argument("ids", nargs="*", metavar="ID", help="claims to look at; all if none")
    parser.add_argument("--seed", type=int, default=0, help="of the search (default 0)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--quick", action="store_true", help="a shorter search")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Search and certify; 1 where an interval is disjoint from the recorded one, else 0. Raises
    :class:`InputError` for bad input."""
    ids, target = list(options.ids), options.json
    if target is not None and looks_like_claim(target):
        ids, target = [target, *ids], STDOUT  # "--json lemma-9": a claim, not a file
    if options.jobs < 1:
        raise InputError(f"--jobs is {options.jobs}: give a positive integer")
    if options.seed < 0:
        raise InputError(f"--seed is {options.seed}: give an integer that is not negative")
    check_target(target)

    from gembounds.referee.tightness import record, recorded
    from gembounds.referee.tightness import run as tightness
    from gembounds.tools.progress import Progress

    known = recorded.read()
    with Progress(sys.stderr) as progress:
        rows = tightness.run(
            ids, seed=options.seed, quick=options.quick, jobs=options.jobs, progress=progress
        )
    if target is not None:
        write_json(rows, target)
    if target != STDOUT:
        sys.stdout.write(record.format_table(rows))
    changed = recorded.differences(rows, known)
    sys.stderr.writelines(f"{line}\n" for line in changed)
    return 1 if changed else 0
