"""``gembounds check [TARGET...]``: decide claims, and the table of verdicts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gembounds.commands import plots
from gembounds.commands.output import (
    STDOUT,
    add_json,
    add_targets,
    check_folder,
    check_places,
    say,
    taken,
    targets_and_json,
    write_json,
)
from gembounds.commands.work import add_work, check_work, work
from gembounds.tools.errors import InputError

if TYPE_CHECKING:
    from gembounds.statements.claim import Claim

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
    parser.add_argument(
        "--plot", nargs="?", const="", metavar="FILE",
        help="draw both sides along a line through the witness, or the nearest miss, of each "
        "claim: ID.svg where certificates go, else here; FILE (.svg, .png, .pdf) for one claim",
    )  # fmt: skip
    add_work(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Decide; see ``STATUS``."""
    targets, target = targets_and_json(options)
    targets, plot = taken(targets, options.plot, "")
    out = None if options.out is None else Path(options.out)

    from gembounds.referee import check, keep
    from gembounds.referee.show import format_results
    from gembounds.statements import library
    from gembounds.tools.progress import Progress

    claims = library.select(targets)
    pictures = [] if plot is None else _pictures(claims, plot, out)
    check_work(options)
    _check(
        claims, targets, {"--json": target, "--plot": plot or None}, pictures, out, options.record
    )
    with Progress(sys.stderr) as progress, work(options) as workers:
        results = check.run(
            claims=claims,
            points=options.points,
            seed=options.seed,
            jobs=workers,
            progress=progress,
        )
    said = keep.write(results) if options.record else []
    for claim, result in zip(claims, results, strict=True):
        place = out or library.certificates_of(claim)
        if result["certificate"] is not None and place is not None:
            said += keep.keep(result, place / f"{claim.id}.json")
    sys.stderr.writelines(f"gembounds: {line}\n" for line in said)
    if target is not None:
        write_json(results, target)
    drawn = [_draw(*found) for found in zip(claims, results, pictures, strict=False)]
    if target != STDOUT:
        say(format_results(results) + "".join(drawn))
    return int(check.exit_status(results))


def _pictures(claims: Sequence[Claim], plot: str, out: Path | None) -> list[Path]:
    """Where each claim's picture goes."""
    from gembounds.statements import library

    if plot and len(claims) > 1:
        raise InputError(f"--plot {plot}: one name for {len(claims)} claims; leave it out")
    plots.check_kind("--plot", plot or "ID.svg")
    if plot:
        return [Path(plot)]
    folders = [out or library.certificates_of(claim) or Path() for claim in claims]
    for folder in set(folders):
        check_folder("--plot", folder)
    return [folder / f"{claim.id}.svg" for claim, folder in zip(claims, folders, strict=True)]


def _draw(claim: Claim, result: dict[str, Any], place: Path) -> str:
    """Draw the claim; a line that says so, or why not."""
    from gembounds.points.point import Point
    from gembounds.referee.through import through
    from gembounds.tools.files import make_folder, typed

    proof = result["certificate"]
    where, entry = (result["closest"], 0) if proof is None else (proof["point"], proof["entry"])
    if where is None:
        return f"{claim.id}: no picture: no point is near a violation\n"
    line = through(claim, Point.from_json(where), entry)
    if line is None:
        return f"{claim.id}: no picture: it is about no mixture and no number that could move\n"
    make_folder(place.parent)
    plots.draw_line(line, f"{claim.id}: {claim.text}", place)
    return (
        f"{claim.id}: both sides along a line through the "
        f"{'nearest miss' if proof is None else 'witness'}: {typed(place)}\n"
    )


def _check(
    claims: Sequence[Claim], targets: Sequence[str], outputs: Mapping[str, str | None],
    pictures: Sequence[Path], out: Path | None, record: bool,
) -> None:  # fmt: skip
    """Before the work: raise :class:`InputError` where something cannot be written."""
    from gembounds.referee import recorded
    from gembounds.statements import library
    from gembounds.statements.paper import papers

    twice = [c.id for k, c in enumerate(claims) if c.id in {d.id for d in claims[:k]}]
    if out is not None and twice:
        raise InputError(f"--out {out}: two claims are called {twice[0]}; check one at a time")
    directories = {recorded.directory_of(papers()[c.home]) for c in claims if c.home in papers()}
    beside = {library.certificates_of(c) for c in claims} - {None} if out is None else {out}
    for folder in beside:
        check_folder("--out", folder)
    for folder in directories if record else ():
        check_folder("--record:", folder / "certificates")
    kept = [recorded.place_of(c) for c in claims]
    kept += [out / f"{c.id}.json" for c in claims] if out is not None else []
    read = [*map(library.file_of, targets), *(d / recorded.VERDICTS for d in directories), *kept]
    read += pictures if outputs["--plot"] is None else ()
    check_places(outputs, read)
