"""``gembounds check [TARGET...]``: decide claims, and the table of verdicts."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from gembounds.commands.output import STDOUT, add_json, add_targets, targets_and_json, write_json
from gembounds.tools.errors import InputError

NAME = "check"
HELP = "decide claims on generated configurations, with certified arithmetic"
STATUS = (
    "exit status: 0 where every verdict is the one recorded (a paper's claims) or expected (a "
    "file's), 1 where one is not, 2 for bad input, 3 where nothing is unexpected but something "
    "stays undecided"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = STATUS
    add_targets(parser, "claims to decide")
    parser.add_argument("--points", type=int, help="points to draw for each claim")
    parser.add_argument(
        "--record", action="store_true",
        help="keep the verdicts and witnesses of papers' claims as the last known",
    )  # fmt: skip
    parser.add_argument(
        "--out", metavar="DIR",
        help="where certificates go (default: FILE.certificates beside a FILE.py)",
    )  # fmt: skip
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Decide; see ``STATUS``."""
    targets, target = targets_and_json(options)
    out = None if options.out is None else Path(options.out)
    if out is not None and out.exists() and not out.is_dir():
        raise InputError(f"--out {out}: is no directory; give one")

    from gembounds.referee import check, recorded
    from gembounds.referee.show import format_results
    from gembounds.statements import library
    from gembounds.tools.progress import Progress

    claims = library.select(targets)
    with Progress(sys.stderr) as progress:
        results = check.run(
            claims=claims, points=options.points, seed=options.seed, jobs=options.jobs,
            progress=progress,
        )  # fmt: skip
    if options.record:
        recorded.write(results)
    try:
        for claim, result in zip(claims, results, strict=True):
            place = out or library.certificates_of(claim)
            if result["certificate"] is not None and place is not None:
                recorded.keep(result, place / f"{claim.id}.json")
    except OSError as error:
        raise InputError(f"certificates cannot be written ({error}); give another --out") from None
    if target is not None:
        write_json(results, target)
    if target != STDOUT:
        sys.stdout.write(format_results(results))
    return int(check.exit_status(results))
