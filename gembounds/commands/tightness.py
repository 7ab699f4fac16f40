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
from gembounds.commands.work import add_work, check_work, work
from gembounds.tools.errors import InputError

NAME = "tightness"
HELP = "how loose each constant of the inequalities is: both ends of the best value"
STATUS = (
    "exit status: 0, 1 if an interval is disjoint from the one recorded in reports/report.json, "
    "2 for bad input, with --box 3 where an end was not reached"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = STATUS
    add_targets(parser, "claims to look at")
    parser.add_argument("--quick", action="store_true", help="a shorter search")
    parser.add_argument(
        "--box", metavar="BOX.json",
        help="the best value on a box of means, weights and parameters, certified from both sides",
    )  # fmt: skip
    parser.add_argument("--constant", metavar="NAME", help="with --box: one of several")
    parser.add_argument(
        "--width", type=float, default=1e-3, help="with --box: how far apart the ends may be"
    )
    add_work(parser)
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
    check_places({"--json": target}, [*read, options.box])
    check_work(options)
    if options.box is not None:
        return _on_box(options, targets, target)
    known = {
        (name, *key): row
        for name, paper in papers().items()
        for key, row in recorded.read(reports.directory_of(paper)).items()
    }
    with Progress(sys.stderr) as progress, work(options) as workers:
        rows = tightness.run(
            targets, seed=options.seed, quick=options.quick, jobs=workers, progress=progress
        )
    if target is not None:
        write_json(rows, target)
    if target != STDOUT:
        say(record.format_table(rows))
    changed = recorded.differences(rows, known)
    sys.stderr.writelines(f"{line}\n" for line in changed)
    return 1 if changed else 0


def _on_box(options: argparse.Namespace, targets: list[str], target: str | None) -> int:
    """Both ends on a box; 3 where one was not reached."""
    from gembounds.commands.prove import read_box
    from gembounds.referee.bracket import bracket
    from gembounds.statements import library
    from gembounds.tools.progress import Progress

    if not targets:
        raise InputError("no claim is named: give PAPER:ID or FILE.py:ID with --box")
    box = read_box(options.box)
    with Progress(sys.stderr) as progress, work(options) as workers:
        found = [
            bracket(
                claim, options.constant, box, width=options.width, jobs=workers, progress=progress
            )
            for claim in library.select(targets)
        ]
    if target is not None:
        write_json([one.to_json() for one in found], target)
    if target != STDOUT:
        say("".join(f"{one}\n" for one in found))
    return 0 if all(one.width is not None for one in found) else 3
