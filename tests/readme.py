"""The table of what survives, of each paper, made from claims, recorded verdicts and constants.

python -m tests.readme puts the tables of today into docs/survives.md.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from gembounds.referee import recorded
from gembounds.referee.report.survives import markdown, survives
from gembounds.referee.tightness.recorded import read
from gembounds.statements import library
from gembounds.statements.paper import Paper, papers

PAGE = Path(__file__).parent.parent / "docs" / "survives.md"
BEGIN, END = "<!-- made by python -m tests.readme -->\n", "<!-- end -->\n"


def ours() -> list[Paper]:
    """The papers that come with gembounds and say what their results are."""
    return [p for p in papers().values() if p.comes_with_gembounds and p.results]


def rows(paper: Paper) -> list[dict[str, Any]]:
    """What survives of the paper, as recorded."""
    constants = defaultdict(list)
    folder = recorded.directory_of(paper)
    for (name, _), row in read(folder).items():
        constants[name].append(row)
    known = recorded.read(folder) or {}
    return survives(paper.results, library.collection(paper.name), known, constants)


def written(text: str) -> str:
    """``text``, the page, with the tables of today between its two marks."""
    before, rest = text.split(BEGIN)
    made = "".join(
        f"\n## {paper.title}\n\n{paper.authors}, {paper.where}.\n\n{markdown(rows(paper))}"
        for paper in ours()
    )
    return f"{before}{BEGIN}{made}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
