"""The README's table of what survives, made from claims, recorded verdicts and constants.

python -m tests.readme puts the table of today into the README.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from gembounds.referee import recorded
from gembounds.referee.report.survives import markdown, survives
from gembounds.referee.tightness.recorded import read
from gembounds.statements import library
from gembounds.statements.paper import papers

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- made by python -m tests.readme -->\n", "<!-- end -->\n"


def rows() -> list[dict[str, Any]]:
    """What survives of the paper, as recorded."""
    paper = papers()["xu-fazel-du-2024"]
    constants = defaultdict(list)
    for (name, _), row in read().items():
        constants[name].append(row)
    claims = library.collection(paper.name)
    return survives(paper.results, claims, recorded.read() or {}, constants)


def written(text: str) -> str:
    """``text``, a README, with the table of today between its two marks."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{markdown(rows())}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
