"""The report's data as one HTML page and as Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from gembounds.referee.proofs import said
from gembounds.referee.report import text
from gembounds.referee.report.chart import chart
from gembounds.referee.report.heatmap import heatmap
from gembounds.referee.report.histogram import histogram
from gembounds.referee.report.lineplot import lineplot
from gembounds.referee.report.proofmap import proofmap
from gembounds.referee.report.story import stories
from gembounds.referee.report.survives import markdown as markdown_table
from gembounds.referee.report.survives import route
from gembounds.statements.printing import mathml
from gembounds.statements.slip import SEVERITIES

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
        rational=text.rational, ends=text.ends, histogram=_histogram, heatmap=heatmap,
        lineplot=lineplot, chart=chart, worst=worst, slack=slack, loosest=loosest, said=said,
        carriers=carriers, sign=text.sign, sentence=text.sentence,
    )  # fmt: skip
    return loaded


def _context(data: Data) -> dict[str, Any]:
    ids = [row["id"] for row in data["claims"]]
    heads = sections(data["claims"], _order(data))
    tales = stories(data)
    return {
        "stories": tales,
        "maps": [proofmap(story["all"]) for story in tales],
        "route": lambda row: text.prose(route(row), ids),
        "links": lambda names: ", ".join(_link(k, ids) for k in names),
        "severities": SEVERITIES,
        "modules": list(dict.fromkeys(row["statement"] for row in data["claims"])),
        "data": data,
        "prose": lambda words: text.prose(words, ids),
        "sections": heads,
        "forms": forms(data["claims"]),
        "first": first_uses(data["claims"], _order(data)),
        "verdicts": VERDICT_ORDER,
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


def loosest(row: Row) -> str:
    """The largest slack of its constants, "" where none is known."""
    found = [c["slack"] for c in row["tightness"] if c["slack"] is not None]
    return f"{max(found):.6g}" if found else ""


def _link(name: str, ids: Sequence[str]) -> str:
    """To a claim, of a statement of several links to the first."""
    first = next((k for k in ids if k == name or k.startswith(f"{name}.")), None)
    return name if first is None else f'<a href="#{first}">{name}</a>'


def _histogram(atlas: Mapping[str, Any] | None) -> str:
    found = None if atlas is None else atlas["distribution"]
    return "" if found is None else histogram(found) or ""
