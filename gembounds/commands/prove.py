"""``gembounds prove TARGET...``: claims over their whole domain, or over a box of it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from gembounds.commands.output import STDOUT, add_json, check_places, say, write_json
from gembounds.tools.errors import InputError

NAME = "prove"
HELP = "prove inequalities over their whole domain, or over a box, by arithmetic"
STATUS = (
    "exit status: 0 proved, 1 if one is refuted, 3 if one stays undecided, 2 for bad input. "
    "A proof is written as a certificate that `gembounds verify` checks: beside a file of claims "
    "in FILE.proofs, for a paper's claims with --record in reports/proofs, or where --out says"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = STATUS
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help="claims: ID, PAPER:ID, FILE.py or FILE.py:ID"
    )
    parser.add_argument("--box", metavar="BOX.json", help='{"parameters": {"c": ["0", "1"]}}')
    parser.add_argument("--leaves", type=int, default=20_000, help="at most (default 20000)")
    parser.add_argument("--seconds", type=float, default=600.0, help="a claim (default 600)")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where certificates go")
    parser.add_argument("--record", action="store_true", help="keep proofs in reports/proofs")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Prove; the exit status. Raises :class:`InputError` for bad input."""
    from gembounds.proving.answer import prove
    from gembounds.referee.proofs import place_of
    from gembounds.statements import library
    from gembounds.tools.files import make_folder, read_json, write_file

    targets, target = list(options.targets), options.json
    if target not in (None, STDOUT) and library.is_target(target, targets):
        targets, target = [*targets, target], STDOUT
    if not targets:
        raise InputError("no TARGET: name a claim")
    check_places({"--json": target}, [*map(library.file_of, targets), options.box])
    try:
        box = None if options.box is None else read_json(options.box)
    except OSError as error:
        raise InputError(f"{options.box}: cannot be read ({error.strerror})") from None
    found = []
    for claim in library.select(targets):
        proof = prove(claim, box, max_leaves=options.leaves, seconds=options.seconds)
        place = place_of(claim, options.out, options.record)
        result = {"claim": claim.id, **proof.to_json(), "certificate": None}
        if proof.certificate is not None and place is not None:
            make_folder(place.parent)
            write_file(place, json.dumps(proof.certificate, separators=(",", ":")) + "\n")
            result["certificate"] = str(place)
        found.append(result)
        if target != STDOUT:
            say(_line(result))
    if target is not None:
        write_json(found[0] if len(found) == 1 else found, target)
    verdicts = {r["verdict"] for r in found}
    return 1 if "refuted" in verdicts else 3 if "undecided" in verdicts else 0


def _line(r: dict[str, Any]) -> str:
    if r["verdict"] == "proved":
        said = f"proved by arithmetic, {r['leaves']} leaves"
    elif r["verdict"] == "refuted":
        said = f"refuted at {json.dumps(r['witness'])}"
    else:
        said = f"undecided, {r['undecided_volume']:.3g} of its domain's cubes open"
    place = f": {r['certificate']}" if r["certificate"] else ""
    return f"{r['claim']}: {said} ({r['seconds']:.2f} s){place}\n"
