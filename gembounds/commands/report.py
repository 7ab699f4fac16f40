"""``gembounds report [TARGET...]``: verdicts, constants, plots and arguments on one page."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from gembounds.commands.output import add_targets, check_folder, same_file, say, targets_and_json
from gembounds.tools.errors import InputError

NAME = "report"
HELP = "write report.html, report.md and report.json under reports/"

QUICK_POINTS, QUICK_EVALUATIONS, QUICK_ATLAS = 20, 20, 1000
"""With ``--quick``: points for each claim, evaluations of the optimiser from each start, and
configurations for each distribution (a choice: a minute on two cores)."""


def arguments(parser: argparse.ArgumentParser) -> None:
    add_targets(parser, "claims to report on")
    parser.add_argument("--out", default="reports", metavar="DIR", help="where (default reports)")
    parser.add_argument("--quick", action="store_true", help="fewer points, shorter searches")
    parser.add_argument(
        "--against", metavar="FILE", help="an earlier report.json: exit 1 if something changed"
    )


def run(options: argparse.Namespace) -> int:
    """Write the report; 1 where ``--against`` finds a difference."""
    targets, _ = targets_and_json(options)
    out = Path(options.out)
    if not out.parent.is_dir():
        raise InputError(f"--out {out}: no directory {out.parent}; make it first")
    check_folder("--out", out)
    from gembounds.referee.report import drift

    pages = [out / f"report.{kind}" for kind in ("json", "html", "md")]
    if options.against is not None and any(same_file(options.against, p) for p in pages):
        raise InputError(f"--against {options.against}: would be replaced; give another --out")
    old = None if options.against is None else drift.load(Path(options.against))
    try:
        import jinja2  # noqa: F401
        import latex2mathml  # noqa: F401
    except ImportError as error:  # pragma: no cover - depends on the installation
        raise InputError(f"{error.name} is missing: pip install 'gembounds[report]'") from None
    from gembounds.referee import check
    from gembounds.referee.atlas import run as atlas
    from gembounds.referee.optimise import EVALUATIONS
    from gembounds.referee.report import render
    from gembounds.referee.report.gather import gather
    from gembounds.referee.tightness import run as tightness
    from gembounds.statements import library
    from gembounds.tools.files import make_folder, write_files
    from gembounds.tools.progress import Progress

    seed, jobs = options.seed, options.jobs
    points = QUICK_ATLAS if options.quick else atlas.POINTS
    claims = library.select(targets)
    with Progress(sys.stderr) as progress:
        results = check.run(
            claims=claims,
            points=QUICK_POINTS if options.quick else None,
            evaluations=QUICK_EVALUATIONS if options.quick else EVALUATIONS,
            seed=seed, jobs=jobs, progress=progress,
        )  # fmt: skip
        constants = tightness.run(
            targets, quick=options.quick, seed=seed, jobs=jobs, progress=progress, empty=True
        )
        found = atlas.run(points, claims=claims, seed=seed, jobs=jobs, progress=progress)
        progress(0, 1, "pages")
        how = {"quick": options.quick, "seed": seed, "atlas_points": points}
        data = gather(claims, results, constants, found, how)
        texts = (
            json.dumps(data, indent=1, ensure_ascii=False) + "\n",
            render.html(data),
            render.markdown(data),
        )
        make_folder(out)
        write_files(dict(zip(pages, texts, strict=True)))
        progress(1, 1, "pages")
    changes = [] if old is None else drift.differences(old, data)
    for line in changes:
        say(line + "\n")
    return 1 if changes else 0
