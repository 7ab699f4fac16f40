"""``gembounds status DIR``: how far a sweep is, and what it found."""

from __future__ import annotations

import argparse
from pathlib import Path

from gembounds.commands.output import add_json, check_places
from gembounds.commands.sweep import show
from gembounds.commands.work import warn

NAME = "status"
HELP = "how far a sweep is: done, left, rate, time left, refuted so far, nearest misses"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", help="the store")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Say it; 0, or :class:`InputError`."""
    folder = Path(options.folder)
    check_places({"--json": options.json}, [folder / n for n in ("plan.json", "summary.json")])

    from gembounds.referee.sweep.page import progress_lines
    from gembounds.referee.sweep.status import status

    found = status(folder, warn)
    show(found, progress_lines(found), options.json)
    return 0
