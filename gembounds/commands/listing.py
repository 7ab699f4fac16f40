"""``gembounds list [TARGET...]``: every claim, its form, and where it stands."""

from __future__ import annotations

import argparse
import sys

from gembounds.commands.output import STDOUT, add_json, add_targets, targets_and_json, write_json

NAME = "list"
HELP = "every claim: id, form, source"


def arguments(parser: argparse.ArgumentParser) -> None:
    add_targets(parser, "claims to list")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """List the claims; returns 0."""
    targets, target = targets_and_json(options)

    from gembounds.statements import library

    claims = library.select(targets)
    if target is not None:
        rows = [
            {"id": c.id, "paper": library.paper_of(c), "form": c.form, "source": c.source,
             "text": c.text}
            for c in claims
        ]  # fmt: skip
        write_json(rows, target)
    if target != STDOUT:
        width = max(len(c.id) for c in claims)
        for claim in claims:
            line = f"{claim.id:{width}}  {claim.form:9}  {claim.source or claim.text}"
            sys.stdout.write(f"{line}\n")
    return 0
