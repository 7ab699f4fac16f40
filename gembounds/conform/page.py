"""Reports of one or several cores side by side, as one self-contained HTML page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from gembounds.conform.report import Report, Result, shown
from gembounds.tools.errors import InputError

POINT = 200
"""Characters of a point that the page shows; the line to paste has all of it."""


def html(reports: Sequence[Report]) -> str:
    """The page. Raises :class:`InputError` where jinja2 is missing."""
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError:  # pragma: no cover - depends on the installation
        raise InputError("jinja2 is missing: pip install 'gembounds[report]'") from None
    environment = Environment(
        loader=PackageLoader("gembounds.conform"), undefined=StrictUndefined, autoescape=True,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(digits=shown, point=point, mark=mark)
    template = environment.get_template("conform.html.j2")
    return template.render(reports=reports, rows=rows(reports), details=details(reports))


def rows(reports: Sequence[Report]) -> dict[str, list[tuple[str, str, list[Result | None]]]]:
    """By kind, each check of what some core offers: its id, what it says, and its result for each
    core."""
    found: dict[str, list[tuple[str, str, list[Result | None]]]] = {}
    indexed = [{r.id: r for r in report.results} for report in reports]
    seen: dict[str, Result] = {}
    for report in reports:
        for result in report.offered:
            seen.setdefault(result.id, result)
    for check_id, one in seen.items():
        line = (check_id, one.text, [results.get(check_id) for results in indexed])
        found.setdefault(one.kind, []).append(line)
    return found


def details(reports: Sequence[Report]) -> list[tuple[str, list[Result]]]:
    """What failed, as expected or not, by core."""
    told = ("failed", "error", "expected")
    return [(r.core, [x for x in r.results if x.status in told]) for r in reports]


def mark(result: Result | None) -> str:
    """A result in one word and, where digits were counted, the digits."""
    if result is None or result.status == "absent":
        return "\u2013"
    if result.digits_worst is None or result.status == "error":
        return result.status
    return f"{shown(result.digits_worst)} / {shown(result.digits_median)}"


def point(found: dict[str, Any] | None) -> str:
    """A point in one line, cut where it is long."""
    if found is None:
        return ""
    text = json.dumps(found)
    return text if len(text) <= POINT else text[: POINT - 3] + "..."
