"""The report's data as one HTML page and as Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from gembounds.referee.proofs import said
from gembounds.referee.report import text
from gembounds.referee.report.heatmap import heatmap
from gembounds.referee.report.histogram import histogram
from gembounds.referee.report.survives import COLUMNS, cells
from gembounds.referee.report.survives import markdown as markdown_table
from gembounds.statements.printing import mathml

Data = Mapping[str, Any]
Row = Mapping[str, Any]

VERDICT_ORDER = ("refuted", "holds", "proved", "consistent", "statistical", "undecided")


def html(data: Data) -> str:
    """A page that needs nothing else: styles, formulas (MathML) and plots (SVG) are inside."""
    page = environment().get_template("page.html.j2")
    return str(page.render(**_context(data)))


def markdown(data: Data) -> str:
    """The same without plots, formulas as plain text."""
    page = environment().get_template("page.md.j2").render(**_context(data))
    return re.sub(r"\n{3,}", "\n\n", page).strip() + "\n"


def environment() -> Any:
    """The templates, with the filters that they use."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loaded = Environment(
        loader=PackageLoader("gembounds.referee.report"),
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name) and ".html" in str(name),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    loaded.filters.update(
        number=text.number, point=text.point, prose=text.prose, paragraphs=text.paragraphs,
        mathml=mathml, interval=text.interval, title=text.title, cell=text.cell,
        rational=text.rational, cells=cells, ends=text.ends, histogram=_histogram,
        heatmap=heatmap, worst=worst, slack=slack, said=said, carriers=carriers,
    )  # fmt: skip
    return loaded


def _context(data: Data) -> dict[str, Any]:
    ids = {row["id"] for row in data["claims"]}
    return {
        "data": data,
        "prose": lambda words: text.prose(words, ids),
        "sections": sections(data["claims"], _order(data)),
        "forms": forms(data["claims"]),
        "first": first_uses(data["claims"], _order(data)),
        "verdicts": VERDICT_ORDER,
        "columns": COLUMNS,
        "survives_table": markdown_table(data["survives"]),
    }


def _order(data: Data) -> list[str]:
    return [module for source in data["sources"] for module in source["modules"]]


def sections(rows: Sequence[Row], order: Sequence[str] = ()) -> dict[str, list[Row]]:
    """The claims by module, in ``order``; a form stands with the claim that it repairs, for
    itself only where that is missing."""
    known = {row["id"] for row in rows}
    out: dict[str, list[Row]] = {module: [] for module in order}
    for row in rows:
        if row["repairs"] is None or row["repairs"] not in known:
            out.setdefault(row["statement"], []).append(row)
    return {module: found for module, found in out.items() if found}


def forms(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The repaired and sharpened forms of each printed claim."""
    out: dict[str, list[Row]] = {}
    for row in rows:
        if row["repairs"] is not None:
            out.setdefault(row["repairs"], []).append(row)
    return out


def first_uses(rows: Sequence[Row], order: Sequence[str] = ()) -> dict[str, str]:
    """For a module of forms alone, the form at which its argument is shown."""
    heads = sections(rows, order)
    out: dict[str, str] = {}
    for module in heads:
        for row in heads[module]:
            for form in forms(rows).get(row["id"], ()):
                if form["statement"] not in heads:
                    out.setdefault(form["statement"], form["id"])
    return out


def worst(row: Row) -> str:
    """The configuration that shows the verdict or comes nearest to a violation, in short."""
    if row["witness"] is not None:
        return text.point(row["witness"]["point"])
    if row["closest"] is not None:
        return text.point(row["closest"])
    return text.DASH


def carriers(row: Row) -> str:
    """What carries a claim whose printed proof rests on a refuted one."""
    own = "an argument of its own"
    return ", ".join(own if name == row["id"] else name for name in row["carried_by"])


def slack(constant: Mapping[str, Any]) -> str:
    return text.DASH if constant["slack"] is None else text.number(constant["slack"])


def _histogram(atlas: Mapping[str, Any] | None) -> str:
    found = None if atlas is None else atlas["distribution"]
    return "" if found is None else histogram(found) or ""
