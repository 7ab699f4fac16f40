"""``gembounds list [TARGET...]``: every claim, its form, and where it stands."""

from __future__ import annotations

import argparse

from gembounds.commands.output import (
    STDOUT,
    add_json,
    add_targets,
    check_places,
    say,
    targets_and_json,
    write_json,
)

NAME = "list"
HELP = "every claim: id, form, way in which it is to be proved, source"


def arguments(parser: argparse.ArgumentParser) -> None:
    add_targets(parser, "claims to list")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """List the claims; returns 0."""
    targets, target = targets_and_json(options)

    from gembounds.referee.proofs import proved_by
    from gembounds.statements import library

    claims = library.select(targets)
    check_places({"--json": target}, map(library.file_of, targets))
    if target is not None:
        rows = [
            {"id": c.id, "paper": library.paper_of(c), "form": c.form, "source": c.source,
             "text": c.text, "proof": proved_by(c)}
            for c in claims
        ]  # fmt: skip
        write_json(rows, target)
    if target != STDOUT:
        width = max(len(c.id) for c in claims)
        for claim in claims:
            where = claim.source or claim.text
            say(f"{claim.id:{width}}  {claim.form:9}  {proved_by(claim) or '-':11}  {where}\n")
    return 0
