"""``gembounds prove TARGET...``: claims over their whole domain, or over a box of it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gembounds.commands.output import STDOUT, add_json, check_places, say, taken, write_json
from gembounds.commands.work import add_work, check_work, work
from gembounds.tools.errors import InputError

if TYPE_CHECKING:
    from gembounds.proving.boxes.box import Box
    from gembounds.referee.proving import Proved

NAME = "prove"
HELP = "prove inequalities over their whole domain, or over a box, by arithmetic"
STATUS = (
    "exit status: 0 proved, 1 if one is refuted, 3 if one stays undecided, 2 for bad input. "
    "What was found is written as a certificate that `gembounds verify` checks: beside a file of "
    "claims in FILE.proofs, for a paper's claims with --record in reports/proofs, or where --out "
    "says; on a box as ID.box.json, and what stays undecided of it is drawn in ID.undecided.svg"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = STATUS
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help="claims: ID, PAPER:ID, FILE.py or FILE.py:ID"
    )
    parser.add_argument(
        "--box", metavar="BOX.json",
        help='{"means": [[["-3", "3"]], ...], "weights": [["1/20", "19/20"], null], "parameters": '
        '{"c": ["0", "1"]}}: an interval or a number each; - for standard input',
    )  # fmt: skip
    parser.add_argument("--leaves", type=int, help="pieces at most (a choice by default)")
    parser.add_argument("--seconds", type=float, default=600.0, help="a claim (default 600)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where certificates go")
    parser.add_argument("--record", action="store_true", help="keep proofs in reports/proofs")
    add_work(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Prove; the exit status. Raises :class:`InputError` for bad input."""
    from gembounds.proving.boxes.problem import Problem
    from gembounds.referee.proofs import place_of
    from gembounds.referee.proving import prove
    from gembounds.referee.undecided import undecided_picture
    from gembounds.statements import library
    from gembounds.tools.files import make_folder, write_file
    from gembounds.tools.progress import Progress

    targets, target = taken(options.targets, options.json, STDOUT)
    if not targets:
        raise InputError("no TARGET: name a claim")
    claims = library.select(targets)
    places = [place_of(claim, options.out, options.record) for claim in claims]
    if options.box is not None:
        places = [None if p is None else p.with_name(f"{p.stem}.box.json") for p in places]
    check_places({"--json": target}, [*map(library.file_of, targets), options.box, *places])
    check_work(options)
    box = None if options.box is None else read_box(options.box)
    if box is not None and box.means:
        for claim in claims:  # what cannot be proved is said before anything is
            Problem(claim, box)
    found = []
    with Progress(sys.stderr) as progress, work(options) as workers:
        for claim, place in zip(claims, places, strict=True):
            proof = prove(
                claim, box, leaves=options.leaves, seconds=options.seconds, jobs=workers,
                progress=progress,
            )  # fmt: skip
            result = {**proof.to_json(), "certificate": None}
            if proof.certificate is not None and place is not None:
                make_folder(place.parent)
                text = json.dumps(proof.certificate, separators=(",", ":"), ensure_ascii=False)
                write_file(place, text + "\n")
                result["certificate"] = str(place)
            if place is not None and proof.undecided:
                make_folder(place.parent)
                drawn = place.with_name(f"{claim.id}.undecided.svg")
                write_file(drawn, undecided_picture(proof))
                result["picture"] = str(drawn)
            found.append(result)
            if target != STDOUT:
                say(_line(proof, result))
    if target is not None:
        write_json(found[0] if len(found) == 1 else found, target)
    verdicts = {r["verdict"] for r in found}
    return 1 if "refuted" in verdicts else 3 if "undecided" in verdicts else 0


def _line(proof: Proved, r: dict[str, Any]) -> str:
    from gembounds.tools.files import typed

    if r["verdict"] == "proved":
        said = f"proved by arithmetic, {r['leaves']} leaves"
    elif r["verdict"] == "refuted":
        said = f"refuted at {json.dumps(r['witness'])}"
    else:
        said = f"undecided, {r['undecided_volume']:.3g} of it open{proof.where}"
    written = r["certificate"] or r.get("picture")
    place = f": {typed(written)}" if written else ""
    took = "" if r["seconds"] is None else f" ({r['seconds']:.2f} s)"
    return f"{r['claim']}: {said}{took}{place}\n"


def read_box(name: str) -> Box:
    """The box in a file, "-" for standard input; raises :class:`InputError` for none."""
    from gembounds.proving.boxes.box import Box
    from gembounds.tools.files import read_json

    try:
        return Box.from_json(read_json(Path("/dev/stdin" if name == STDOUT else name)))
    except OSError as error:
        said = f"cannot be read ({error.strerror}); give a file"
        raise InputError(f"--box {name}: {said}") from None
    except InputError as error:
        raise InputError(f"--box {name}: {error}") from None
