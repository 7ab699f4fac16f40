"""What the first pages of the report tell, of each paper or file for itself: what was asked, what
survives, the slips with a picture and a witness each, the constants that matter, its chapters."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gembounds.points.point import Point
from gembounds.points.shrink import size
from gembounds.statements.chapter import Chart
from gembounds.statements.paper import Paper

Data = Mapping[str, Any]

CONSTANTS = 10
"""Constants of a story's table at most."""

MATTERS = 1.5
"""Factor by which a constant must be loose to be in it."""

MOST = 48
"""Points of a curve: more are not seen."""


def chapters(paper: Paper, folder: Path) -> list[dict[str, Any]]:
    """The paper's chapters with the data of their charts; a chart whose file is not in ``folder``
    is left out."""
    return [
        {
            "title": chapter.title,
            "text": chapter.text,
            "charts": [found for c in chapter.charts if (found := _chart(c, folder)) is not None],
        }
        for chapter in paper.chapters
    ]


def _chart(chart: Chart, folder: Path) -> dict[str, Any] | None:
    try:
        with (folder / chart.file).open(encoding="utf-8", newline="") as file:
            rows = [r for r in csv.DictReader(file)
                    if all(r[k] == v for k, v in chart.where.items())]  # fmt: skip
    except FileNotFoundError:
        return None
    series = [
        {"name": name, "points": list(_thinned(_points(chart, rows, column), chart.log_x))}
        for column, name in chart.ys.items()
    ]
    return {
        "title": chart.title, "x_words": chart.x_words, "y_words": chart.y_words,
        "log_x": chart.log_x, "log_y": chart.log_y, "series": series,
    }  # fmt: skip


def _points(chart: Chart, rows: Sequence[Data], column: str) -> Iterator[tuple[float, float]]:
    """(x, y), or the logarithm of y where its axis is logarithmic."""
    for row in rows:
        if row[column] == "" or row[chart.x] == "":
            continue
        x, y = float(row[chart.x]), float(row[column])
        if chart.log_x and x <= 0:
            continue
        if chart.log_y and column not in chart.log10_columns:
            if y <= 0:
                continue
            y = math.log10(y)
        yield (math.log10(x) if chart.log_x else x), y


def _thinned(points: Iterator[tuple[float, float]], even: bool) -> Iterator[tuple[float, float]]:
    """At most ``MOST``, evenly along x as drawn, rounded to what is seen."""
    kept = list(points)
    if not kept:
        return
    wide = (kept[-1][0] - kept[0][0]) / MOST if even or len(kept) > MOST else 0.0
    last = -math.inf
    for k, (x, y) in enumerate(kept):
        if x - last >= wide or k == len(kept) - 1:
            last = x
            yield float(f"{x:.5g}"), float(f"{y:.5g}")


def stories(data: Data) -> list[dict[str, Any]]:
    """One a source, in order; see the module."""
    out = []
    for source in data["sources"]:
        mine = set(source["modules"])
        rows = [r for r in data["claims"] if r["statement"] in mine]
        printed = [r for r in rows if r["form"] in ("printed", "stated")]
        out.append({
            "source": source,
            "survives": [r for r in data["survives"] if r["paper"] == source["paper"]],
            "printed": sum(r["form"] == "printed" for r in rows),
            "all": rows,
            "rows": printed,
            "refuted": [r for r in printed if r["verdict"] == "refuted"],
            "slips": _slips(data, rows),
            "constants": _constants(rows),
            "asked": source["asked"],
            "chapters": source["chapters"],
        })  # fmt: skip
    return out


def _slips(data: Data, rows: Sequence[Data]) -> list[dict[str, Any]]:
    """The slips, each with the refuted claim whose witness is the smallest; a refuted claim that
    has none stands for itself."""
    by_id = {r["id"]: r for r in rows}
    out = []
    for slip in data["summary"]["slips"]:
        claims = [by_id[k] for k in slip["claims"] if k in by_id]
        if claims:
            out.append({**slip, "rows": claims, "shown": min(claims, key=_size)})
    alone = [r for r in rows if r["verdict"] == "refuted" and not r["slip"] and r["witness"]]
    for row in alone:
        out.append({"name": row["id"], "severity": "", "why": "", "mend": "",
                    "claims": [row["id"]], "rows": [row], "shown": row})  # fmt: skip
    return out


def _size(row: Data) -> Any:
    if row["witness"] is None:
        return (math.inf,)
    return size(Point.from_json(row["witness"]["point"]))


def _constants(rows: Sequence[Data]) -> list[dict[str, Any]]:
    """The constants of results whose best value is known to be far from what is printed."""
    found = [
        {**c, "source": row["source"], "bar": math.log10(c["slack"])}
        for row in rows if row["form"] in ("printed", "stated") and row["numbered"]
        for c in row["tightness"] if c["slack"] is not None and c["slack"] > MATTERS
    ]  # fmt: skip
    found.sort(key=lambda c: (-c["slack"], c["claim"], c["constant"]))
    return found[:CONSTANTS]
