"""``gembounds tightness [TARGET...]``: how loose each constant is."""

from __future__ import annotations

import argparse
import sys

from gembounds.commands.output import (
    STDOUT,
    add_json,
    add_targets,
    check_places,
    say,
    targets_and_json,
    write_json,
)

NAME = "tightness"
HELP = "how loose each constant of the inequalities is: both ends of the best value"
STATUS = (
    "exit status: 0, 1 if an interval is disjoint from the one recorded in reports/report.json, "
    "2 for bad input"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = STATUS
    add_targets(parser, "claims to look at")
    parser.add_argument("--quick", action="store_true", help="a shorter search")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Search and certify; 1 where an interval is disjoint from the recorded one, else 0. Raises
    :class:`InputError` for bad input."""
    targets, target = targets_and_json(options)

    from gembounds.referee import recorded as reports
    from gembounds.referee.tightness import record, recorded
    from gembounds.referee.tightness import run as tightness
    from gembounds.statements import library
    from gembounds.statements.paper import papers
    from gembounds.tools.progress import Progress

    directories = [reports.directory_of(paper) for paper in papers().values()]
    read = [*map(library.file_of, targets), *(d / recorded.FILE for d in directories)]
    check_places({"--json": target}, read)
    known = {
        (name, *key): row
        for name, paper in papers().items()
        for key, row in recorded.read(reports.directory_of(paper)).items()
    }
    with Progress(sys.stderr) as progress:
        rows = tightness.run(
            targets, seed=options.seed, quick=options.quick, jobs=options.jobs, progress=progress
        )
    if target is not None:
        write_json(rows, target)
    if target != STDOUT:
        say(record.format_table(rows))
    changed = recorded.differences(rows, known)
    sys.stderr.writelines(f"{line}\n" for line in changed)
    return 1 if changed else 0
