"""``gembounds merge DIR...``: the stores of sweeps, together."""

from __future__ import annotations

import argparse
from pathlib import Path

from gembounds.commands.output import add_json, check_folder, check_places
from gembounds.commands.sweep import show
from gembounds.commands.work import warn

NAME = "merge"
HELP = "put the stores of sweeps together: shards, or those of several machines"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folders", nargs="+", metavar="DIR", help="stores")
    parser.add_argument("--out", metavar="DIR", help="where to (default: into the first)")
    parser.add_argument(
        "--mixed", action="store_true",
        help="also stores of different versions; the summary then says so",
    )  # fmt: skip
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Merge; 0, or :class:`InputError`."""
    folders = [Path(folder) for folder in options.folders]
    out = Path(options.out) if options.out else folders[0]
    check_folder("--out", out)
    check_places({"--json": options.json}, [out / name for name in ("plan.json", "summary.json")])

    from gembounds.referee.sweep.page import page
    from gembounds.referee.sweep.run import merge

    found = merge(folders, out, mixed=options.mixed, say=warn)
    show(found, page(found), options.json)
    return 0
