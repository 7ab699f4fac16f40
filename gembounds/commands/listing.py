"""``gembounds list``: every claim, its form, and where it stands."""

from __future__ import annotations

import argparse
import sys

from gembounds.commands.output import STDOUT, add_json, check_target, write_json

NAME = "list"
HELP = "every claim: id, form, source"


def arguments(parser: argparse.ArgumentParser) -> None:
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """List the claims; returns 0."""
    check_target(options.json)

    from gembounds.statements import library

    claims = library.select()
    if options.json is not None:
        rows = [{"id": c.id, "form": c.form, "source": c.source, "text": c.text} for c in claims]
        write_json(rows, options.json)
    if options.json != STDOUT:
        width = max(len(c.id) for c in claims)
        for claim in claims:
            sys.stdout.write(f"{claim.id:{width}}  {claim.form:9}  {claim.source}\n")
    return 0
