"""``gembounds show TARGET``: a claim in full."""

from __future__ import annotations

import argparse
from typing import Any

from gembounds.commands.output import say

NAME = "show"
HELP = "a claim in full: statement, verdict, witness, why, forms, constants, what rests on it"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("targets", nargs="+", metavar="TARGET", help="claims to show")


def run(options: argparse.Namespace) -> int:
    """Show them; returns 0."""
    from gembounds.referee import recorded
    from gembounds.referee.show import in_full
    from gembounds.referee.tightness import recorded as constants
    from gembounds.referee.verify.confirm import read
    from gembounds.statements import library
    from gembounds.statements.paper import papers

    for claim in library.select(options.targets):
        paper = papers().get(claim.home)
        if paper is None:
            known, argument = {}, ""
            rows: list[Any] = []
            path = library.certificates_of(claim)
        else:
            directory = recorded.directory_of(paper)
            known = recorded.read(directory) or {}
            rows = [r for (k, _), r in constants.read(directory).items() if k == claim.id]
            argument = paper.argument(claim.module)
            path = directory / "certificates"
        file = None if path is None else path / f"{claim.id}.json"
        there = file is not None and file.is_file()
        proof = read(file) if file is not None and there else None
        claims = library.collection(claim.home)
        say(in_full(claim, claims, known, proof, rows, argument))
    return 0
