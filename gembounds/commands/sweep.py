"""``gembounds sweep [TARGET...]``: millions of configurations, kept as they are decided."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any

from gembounds.commands.output import (
    STDOUT,
    add_json,
    add_targets,
    check_folder,
    check_places,
    say,
    targets_and_json,
    write_json,
)
from gembounds.commands.work import add_dask, warn
from gembounds.tools.errors import InputError

NAME = "sweep"
HELP = "decide millions of configurations in chunks that are kept; run it again to go on"
STATUS = (
    "exit status: 0, 1 where a claim is refuted that is not known to be, 2 for bad input and "
    "where chunks could not be computed, 3 where --seconds ended it before all was done"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = STATUS
    add_targets(parser, "claims to decide")
    parser.add_argument(
        "--points", type=int, required=True,
        help="configurations in all, shared out so that each claim takes about the same time",
    )  # fmt: skip
    parser.add_argument(
        "--out", metavar="DIR", required=True, help="the store; made if it is not there"
    )
    parser.add_argument(
        "--shard", metavar="k/N", default="1/1", help="the k-th of N parts of the work"
    )
    parser.add_argument("--seconds", type=float, help="begin nothing that would not end by then")
    add_dask(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Sweep; see ``STATUS``."""
    targets, target = targets_and_json(options)
    shard, out = _shard(options.shard), Path(options.out)
    if options.seconds is not None and not options.seconds > 0:
        raise InputError(f"--seconds is {options.seconds:g}: give a positive number")
    check_folder("--out", out)
    check_places({"--json": target}, [out / name for name in ("plan.json", "summary.json")])

    from gembounds.referee.sweep.page import page, unexpected
    from gembounds.referee.sweep.parts import arrow
    from gembounds.referee.sweep.run import certificates, sweep
    from gembounds.statements import library
    from gembounds.tools.progress import Progress

    with Progress(sys.stderr) as progress:
        progress(0, options.points, "points")
        arrow()
        claims = library.select(targets)
        found = sweep(
            claims, options.points, out, seed=options.seed, shard=shard, jobs=options.jobs,
            dask=options.dask, seconds=options.seconds, progress=progress, say=warn,
        )  # fmt: skip
        proofs = certificates(claims, found, out)
    show(found, page(found, proofs), target)
    if unexpected(claims, found):
        return 1
    return 3 if found["points"] < found["asked"] and options.seconds is not None else 0


def _shard(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+)/(\d+)", text)
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise InputError(f"--shard is {text!r}: give k/N, k from 1 to N")
    return int(match[1]), int(match[2])


def show(found: dict[str, Any], text: str, target: str | None) -> None:
    """A summary as JSON, or as text."""
    if target is not None:
        write_json(found, target)
    if target != STDOUT:
        say(text)
