"""The report's data as one HTML page and as Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from gembounds.report.formulas import mathml
from gembounds.report.plots import histogram

Data = Mapping[str, Any]

VERDICT_ORDER = ("refuted", "holds", "proved", "consistent", "undecided")


def html(data: Data) -> str:
    """A page that needs nothing else: styles, formulas (MathML) and plots (SVG) are inside."""
    page = _environment().get_template("page.html.j2")
    return str(page.render(**_context(data), plot=_plot))


def markdown(data: Data) -> str:
    """The same without plots, formulas as plain text."""
    text = _environment().get_template("page.md.j2").render(**_context(data))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loaded = Environment(
        loader=PackageLoader("gembounds.report"),
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name) and ".html" in str(name),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    loaded.filters.update(
        number=number, point=point, paragraphs=paragraphs, mathml=mathml, interval=interval,
        title=title, cell=cell,
    )  # fmt: skip
    return loaded


def _context(data: Data) -> dict[str, Any]:
    sections: dict[str, list[Any]] = {}
    for row in data["claims"]:
        sections.setdefault(row["statement"], []).append(row)
    return {"data": data, "sections": sections, "verdicts": VERDICT_ORDER}


def _plot(row: Mapping[str, Any]) -> str:
    return histogram(row["ratios"], row["smallest_ratio"]) or ""


def number(value: Any) -> str:
    """Four significant digits; powers of ten for large and small ones; a dash for none."""
    if value is None:
        return "\u2013"
    return f"{float(value):.4g}"


def interval(constant: Mapping[str, Any]) -> str:
    low, high = constant["certified_lower"], constant["certified_upper"]
    if low is None and high is None:
        return "\u2013"
    if low is None:
        return f"at most {float(high):.10g}"
    if high is None:
        return f"at least {float(low):.10g}"
    return f"[{float(low):.10g}, {float(high):.10g}]"


def point(found: Mapping[str, Any]) -> str:
    """A witness in one line: short numbers as they are."""
    parts = []
    mixture = found.get("mixture")
    if mixture:
        for key, value in mixture.items():
            parts.append(f"{key} {_short(value)}")
    for key, value in found.get("parameters", {}).items():
        parts.append(f"{key} = {_short(value)}")
    return "; ".join(parts)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False).replace('"', "")
    return text if len(text) <= 300 else text[:297] + "..."


def cell(text: str) -> str:
    """Text that may stand in a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")


def title(module: str) -> str:
    """``lemma_11_steps`` as "Lemma 11, steps"."""
    words = module.split("_")
    head = " ".join(words[:2]).capitalize() if len(words) > 1 else module.capitalize()
    rest = " ".join(words[2:])
    return f"{head}, {rest}" if rest else head


def paragraphs(text: str) -> list[tuple[bool, str]]:
    """A docstring's paragraphs; indented ones (formulas) are marked to keep their lines."""
    out = []
    for block in text.split("\n\n"):
        if block.strip():
            formula = block.startswith("    ")
            out.append((formula, block if formula else " ".join(block.split())))
    return out
