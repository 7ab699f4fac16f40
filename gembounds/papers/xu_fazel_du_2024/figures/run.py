"""All of ``gembounds figures``: work, CSV, numbers, pictures.

Files beside each other, for each figure: .csv, .json (settings and numbers), .png, .svg; and
figures.md for all whose .json is there. They depend on the figure, the size and the seed alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gembounds.papers.xu_fazel_du_2024.figures import plan, tables
from gembounds.papers.xu_fazel_du_2024.figures.drawing import (
    bad_start,
    rates,
    statistical,
    walks,
)
from gembounds.papers.xu_fazel_du_2024.figures.page import page
from gembounds.papers.xu_fazel_du_2024.figures.summary import settings_of, steps_of_rate, summary
from gembounds.papers.xu_fazel_du_2024.figures.units import Kept, Progress, run
from gembounds.referee import style
from gembounds.tools.files import read_json, write_file
from gembounds.tools.workers import Workers

KEPT = ".units"
"""The directory of finished units, below that of the figures; gone when all is done."""

NAMES = plan.FIGURES
"""Of all figures, in the order of the paper."""

LOSS, DISTANCE = r"loss $\mathcal{L}$ (nats)", r"$\sum_i \pi_i |\mu_i|^2$, in units of $\sigma^2$"

Row = dict[str, Any]


def figures(
    out: Path,
    *,
    only: Sequence[str] | None = None,
    quick: bool = False,
    seed: int = 0,
    jobs: int | Workers = 2,
    progress: Progress | None = None,
) -> list[str]:
    """Make them in ``out``, an existing directory; the names of the figures made.

    Interrupted, it goes on from the units in ``out/.units`` when called again with the same
    arguments (``jobs`` aside), and ends in the same bytes.
    """
    names, size = plan.chosen(only), plan.QUICK if quick else plan.FULL
    results = run(plan.chains(names, size, seed), out / KEPT, jobs=jobs, progress=progress)
    for name in names:
        write_file(out / f"{name}.csv", tables.to_csv(tables.table(name, results, size, seed)))
        if name == "fig2_right":
            text = tables.to_csv(tables.run_rows(results, size))
            write_file(out / "fig2_right_runs.csv", text)
        settings = settings_of(name, size, seed, quick)
        write_file(out / f"{name}.json", _json(summary(name, *_rows(out, name), settings)))
        draw(out, name)
    write_file(out / "figures.md", page(_summaries(out)))
    Kept(out / KEPT).remove()
    return list(names)


def draw(out: Path, name: str) -> None:
    """The pictures of a figure from its .csv and .json in ``out``."""
    rows, runs = _rows(out, name)
    numbers = read_json(out / f"{name}.json")["numbers"]
    picture, text = style.saved(lambda: _figure(name, rows, runs, numbers))
    write_file(out / f"{name}.png", picture)
    write_file(out / f"{name}.svg", text)


def _figure(name: str, rows: list[Row], runs: list[Row], numbers: Any) -> Any:
    if name == "fig1_left":
        title = "Figure 1, left: loss, d = 5, eta = 0.7"
        return walks.draw(walks.by_students(rows), LOSS, title, few=True)
    if name == "fig1_middle":
        title = "Figure 1, middle: parametric distance, d = 5, eta = 0.7"
        return walks.draw(walks.by_students(rows), DISTANCE, title, few=True)
    if name == "fig1_right":
        title = "Figure 1, right: loss, n = 3, d = 5, eta = 0.7, 4 runs each"
        return walks.draw(walks.by_weights(rows), LOSS, title, few=False)
    if name == "fig2_left":
        return bad_start.draw(rows, numbers)
    if name in plan.RATES:
        return rates.draw(*steps_of_rate(rows, plan.RATES[name]))
    return statistical.draw(rows, runs, numbers["all sizes"])


def _rows(out: Path, name: str) -> tuple[list[Row], list[Row]]:
    def read(stem: str) -> list[Row]:
        return tables.from_csv((out / f"{stem}.csv").read_text(encoding="utf-8"))

    return read(name), read("fig2_right_runs") if name == "fig2_right" else []


def _summaries(out: Path) -> list[dict[str, Any]]:
    paths = [out / f"{name}.json" for name in plan.FIGURES]
    return [read_json(path) for path in paths if path.is_file()]


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
