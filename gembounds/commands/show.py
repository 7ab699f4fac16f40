"""``gembounds show TARGET``: a claim in full."""

from __future__ import annotations

import argparse
import json
import sys

NAME = "show"
HELP = "a claim in full: statement, verdict, witness, why, forms, constants, what rests on it"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("targets", nargs="+", metavar="TARGET", help="claims to show")


def run(options: argparse.Namespace) -> int:
    """Show them; returns 0."""
    from gembounds.referee import recorded
    from gembounds.referee.show import in_full
    from gembounds.referee.tightness import recorded as constants
    from gembounds.statements import library

    for claim in library.select(options.targets):
        paper = library.papers().get(claim.home)
        if paper is None:
            known, rows, argument = {}, [], ""
            path = library.certificates_of(claim)
        else:
            directory = recorded.directory_of(paper)
            known = recorded.read(directory) or {}
            rows = [r for (k, _), r in constants.read(directory).items() if k == claim.id]
            argument = paper.argument(claim.module)
            path = directory / "certificates"
        file = None if path is None else path / f"{claim.id}.json"
        proof = json.loads(file.read_text("utf-8")) if file is not None and file.is_file() else None
        claims = library.collection(claim.home)
        sys.stdout.write(in_full(claim, claims, known, proof, rows, argument))
    return 0
