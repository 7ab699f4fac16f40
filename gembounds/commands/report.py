"""``gembounds report``: verdicts, constants, plots and arguments on one page."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from gembounds.errors import InputError

NAME = "report"
HELP = "write report.html, report.md and report.json under reports/"

QUICK_POINTS, QUICK_SAMPLE = 40, 20
FULL_SAMPLE = 240
"""Configurations for a claim's plot (a choice)."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", default="reports", metavar="DIR", help="where (default reports)")
    parser.add_argument("--quick", action="store_true", help="fewer points and constants")
    parser.add_argument("--seed", type=int, default=0, help="of all that is drawn (default 0)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    parser.add_argument(
        "--against", metavar="FILE", help="an earlier report.json: exit 1 if something changed"
    )


def run(options: argparse.Namespace) -> int:
    """Write the report; 1 where ``--against`` finds a difference."""
    out = Path(options.out)
    if not out.is_dir():
        raise InputError(f"--out {out}: no such directory; make it first")
    if options.seed < 0:
        raise InputError(f"--seed is {options.seed}: give an integer that is not negative")
    if options.jobs < 1:
        raise InputError(f"--jobs is {options.jobs}: give a positive integer")
    from gembounds.report import drift

    old = None if options.against is None else drift.load(Path(options.against))
    try:
        from gembounds.report import render
    except ImportError as error:  # pragma: no cover - depends on the installation
        raise InputError(f"{error.name} is missing: pip install 'gembounds[report]'") from None
    from gembounds import atlas, check
    from gembounds.files import replace_file
    from gembounds.progress import Progress
    from gembounds.report.gather import gather
    from gembounds.tightness import run as tightness

    with Progress(sys.stderr) as progress:
        results = check.run(
            points=QUICK_POINTS if options.quick else None,
            seed=options.seed, jobs=options.jobs, progress=progress,
        )  # fmt: skip
        constants = tightness.run(
            quick=options.quick, seed=options.seed, jobs=options.jobs, progress=progress
        )
        ratios = atlas.run(
            QUICK_SAMPLE if options.quick else FULL_SAMPLE,
            seed=options.seed, jobs=options.jobs, progress=progress,
        )  # fmt: skip
    data = gather(results, constants, ratios)
    replace_file(out / "report.json", json.dumps(data, indent=1, ensure_ascii=False) + "\n")
    replace_file(out / "report.html", render.html(data))
    replace_file(out / "report.md", render.markdown(data))
    changes = [] if old is None else drift.differences(old, data)
    for line in changes:
        sys.stdout.write(line + "\n")
    return 1 if changes else 0
