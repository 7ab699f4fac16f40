"""``gembounds erratum PAPER``: a page for the paper's authors, from what is recorded."""

from __future__ import annotations

import argparse
from pathlib import Path

from gembounds.commands.output import check_folder, say
from gembounds.tools.errors import InputError

NAME = "erratum"
HELP = (
    "write erratum.md and erratum.html: a paper's slips, with witnesses and what to write instead"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paper", metavar="PAPER", help="an installed paper")
    parser.add_argument("--out", metavar="DIR", help="where (default: where its verdicts are)")


def run(options: argparse.Namespace) -> int:
    """Write both; returns 0."""
    from gembounds.referee import recorded
    from gembounds.statements.paper import papers

    paper = papers().get(options.paper)
    if paper is None:
        raise InputError(f"{options.paper!r} is no installed paper: give {' or '.join(papers())}")
    out = recorded.directory_of(paper) if options.out is None else Path(options.out)
    check_folder("--out", out)
    from gembounds.referee.report.erratum import pages
    from gembounds.tools.files import make_folder, write_files

    text, html = pages(paper)
    make_folder(out)
    write_files({out / "erratum.md": text, out / "erratum.html": html})
    say(f"{out / 'erratum.md'} and erratum.html: {text.count('**') // 2} slips\n")
    return 0
