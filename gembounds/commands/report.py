"""``gembounds report [TARGET...]``: verdicts, constants, plots and arguments on one page."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gembounds.commands.output import add_targets, check_folder, same_file, say, targets_and_json
from gembounds.commands.work import add_work, check_work, work
from gembounds.tools.errors import InputError

if TYPE_CHECKING:
    from gembounds.statements.claim import Claim
    from gembounds.tools.workers import Workers

NAME = "report"
HELP = "write report.html, report.md and report.json under reports/, a page a paper"

QUICK_POINTS, QUICK_EVALUATIONS, QUICK_ATLAS = 20, 20, 1000
"""With ``--quick``: points for each claim, evaluations of the optimiser from each start, and
configurations for each distribution (a choice: a minute on two cores)."""


REPORTS = "reports"


def arguments(parser: argparse.ArgumentParser) -> None:
    add_targets(parser, "claims to report on, on one page; a page a paper if none")
    parser.add_argument(
        "--out", metavar="DIR",
        help="where (default reports, of a paper its folder there); a page a paper goes into the "
        "papers' folders below",
    )  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="fewer points, shorter searches")
    parser.add_argument(
        "--against", metavar="FILE",
        help="an earlier report.json: exit 1 if something changed; of a page a paper, the others' "
        "are in their folders beside it",
    )  # fmt: skip
    add_work(parser)


class Page(NamedTuple):
    """One page: the targets it is about, its claims, its folder, the earlier page's file."""

    targets: list[str]
    claims: list[Claim]
    out: Path
    against: Path | None

    @property
    def files(self) -> list[Path]:
        return [self.out / f"report.{kind}" for kind in ("json", "html", "md")]


def run(options: argparse.Namespace) -> int:
    """Write the report; 1 where ``--against`` finds a difference."""
    targets, _ = targets_and_json(options)
    out = Path(options.out or REPORTS)
    if not out.parent.is_dir():
        raise InputError(f"--out {out}: no directory {out.parent}; make it first")
    from gembounds.referee.report import drift

    pages = _pages(targets, out, options)
    for page in pages:
        check_folder("--out", page.out)
        if page.against is not None and any(same_file(page.against, p) for p in page.files):
            raise InputError(f"--against {page.against}: would be replaced; give another --out")
    earlier = [None if p.against is None else drift.load(p.against) for p in pages]
    try:
        import jinja2  # noqa: F401
        import latex2mathml  # noqa: F401
    except ImportError as error:  # pragma: no cover - depends on the installation
        raise InputError(f"{error.name} is missing: pip install 'gembounds[report]'") from None
    check_work(options)
    changes = []
    with work(options) as workers:
        for page, old in zip(pages, earlier, strict=True):
            data = _write(page, options, workers)
            changes += [] if old is None else drift.differences(old, data)
    for line in changes:
        say(line + "\n")
    return 1 if changes else 0


def _pages(targets: list[str], out: Path, options: argparse.Namespace) -> list[Page]:
    """The page of the targets; without any, one of each paper."""
    from gembounds.statements import library
    from gembounds.statements.paper import papers

    against = None if options.against is None else Path(options.against)
    if targets:
        claims = library.select(targets)
        homes = {claim.home for claim in claims}
        own = papers().get(homes.pop()) if len(homes) == 1 else None
        if options.out is None and own is not None:
            out = out / own.folder
        return [Page(targets, claims, out, against)]
    return [
        Page(
            [name], library.select([name]), out / paper.folder,
            None if against is None else against.parent / paper.folder / against.name,
        )
        for name, paper in papers().items()
    ]  # fmt: skip


def _write(page: Page, options: argparse.Namespace, workers: Workers) -> dict[str, object]:
    """Make a page; its data."""
    from gembounds.referee import check
    from gembounds.referee.atlas import run as atlas
    from gembounds.referee.optimise import EVALUATIONS
    from gembounds.referee.report import render
    from gembounds.referee.report.gather import gather
    from gembounds.referee.tightness import run as tightness
    from gembounds.tools.files import make_folder, write_files
    from gembounds.tools.progress import Progress

    seed = options.seed
    points = QUICK_ATLAS if options.quick else atlas.POINTS
    with Progress(sys.stderr) as progress:
        results = check.run(
            claims=page.claims,
            points=QUICK_POINTS if options.quick else None,
            evaluations=QUICK_EVALUATIONS if options.quick else EVALUATIONS,
            seed=seed, jobs=workers, progress=progress,
        )  # fmt: skip
        constants = tightness.run(
            page.targets,
            quick=options.quick,
            seed=seed,
            jobs=workers,
            progress=progress,
            empty=True,
        )
        found = atlas.run(points, claims=page.claims, seed=seed, jobs=workers, progress=progress)
        progress(0, 1, "pages")
        how = {"quick": options.quick, "seed": seed, "atlas_points": points}
        data = gather(page.claims, results, constants, found, how)
        texts = (
            json.dumps(data, indent=1, ensure_ascii=False) + "\n",
            render.html(data),
            render.markdown(data),
        )
        make_folder(page.out)
        write_files(dict(zip(page.files, texts, strict=True)))
        progress(1, 1, "pages")
    return data
