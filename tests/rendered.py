"""Each paper's report.html and .md made again from report.json: nothing is searched anew.

    python -m tests.rendered        after a change of the pages, of slips, chapters or pictures

Pictures of witnesses, chapters and slips are taken from the claims and files of today; verdicts
and constants stay those that were found.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gembounds.points.point import Point
from gembounds.referee import recorded
from gembounds.referee.report import gather, render
from gembounds.referee.report.story import chapters
from gembounds.referee.through import through
from gembounds.statements import library
from gembounds.statements.paper import papers
from gembounds.tools.files import write_files

REPORTS = Path(__file__).parent.parent / "reports"


def today(data: dict[str, Any]) -> dict[str, Any]:
    """``data`` with what is no search's finding as it is today."""
    claims = [library.collection(r["paper"])[r["id"]] for r in data["claims"]]
    for row, claim in zip(data["claims"], claims, strict=True):
        if row["text"] != claim.text:
            raise SystemExit(f"{claim.id} is another statement now: gembounds report")
        row["numbered"] = gather.numbered(claim)
        witness = row["witness"]
        row["line"] = None
        if witness is not None:
            point = Point.from_json(witness["point"])
            line = through(claim, point, witness["entry"])
            row["line"] = line and line.to_json()
    for source in data["sources"]:
        paper = papers()[source["paper"]]
        source["asked"] = paper.asked
        source["chapters"] = chapters(paper, recorded.directory_of(paper))
    for row in data["survives"]:
        row["paper"] = data["sources"][0]["paper"]
    return {**data, "format": gather.FORMAT, "summary": gather.summary(data["claims"], claims)}


def places() -> list[Path]:
    """The report.json of papers that come with gembounds and have a report."""
    ours = (p for p in papers().values() if p.comes_with_gembounds)
    return [place for p in ours if (place := REPORTS / p.folder / "report.json").is_file()]


if __name__ == "__main__":
    for place in places():
        found = today(json.loads(place.read_text(encoding="utf-8")))
        write_files({
            place: json.dumps(found, indent=1, ensure_ascii=False) + "\n",
            place.with_suffix(".html"): render.html(found),
            place.with_suffix(".md"): render.markdown(found),
        })  # fmt: skip
