"""Figures that are curves with certified ends: CSV, numbers, pictures, a page of all.

A figure is a function of ``quick`` that returns a :class:`Chart`; files have the same bytes for
the same figure and size.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from gembounds.referee.style import GREY, LOOKS, saved
from gembounds.tools.files import write_file, write_files
from gembounds.values.balls import float_ends
from gembounds.values.precision import working_precision

Point = tuple[float, float, float]
"""x, and the ends of what is enclosed there, rounded outward."""


@dataclass(frozen=True)
class Curve:
    """``points`` by x; ``stated``: what a paper says, drawn apart; ``steps``: a staircase."""

    name: str
    points: Sequence[Point]
    stated: bool = False
    steps: bool = False


@dataclass(frozen=True)
class Chart:
    """Curves over one axis, and ``numbers`` worth a line."""

    title: str
    x: str
    y: str
    curves: Sequence[Curve]
    log_y: bool = False
    log_x: bool = False
    numbers: Mapping[str, Any] = field(default_factory=dict)


Charts = Mapping[str, Callable[[bool], Chart]]
Progress = Callable[[int, int, str], None]


def at(x: Any, ball: Any) -> Point:
    """A point of a curve from a ball."""
    return (float(x), *float_ends(ball))


def curve(name: str, xs: Iterable[Any], f: Callable[[Any], Any], bits: int, **more: Any) -> Curve:
    """The ball f(x) at each x, by that many bits."""
    with working_precision(bits):
        return Curve(name, [at(x, f(x)) for x in xs], **more)


@dataclass(frozen=True)
class Figures:
    """What a paper's module has as ``figures``: makes them, nothing drawn at random, by one
    process. Its ``NAMES`` are those of the charts."""

    title: str
    charts: Charts

    def __call__(
        self, out: Path, *, only: Sequence[str] | None = None, quick: bool = False, seed: int = 0,
        jobs: int = 1, progress: Progress | None = None,
    ) -> list[str]:  # fmt: skip
        """In ``out``, an existing directory; the names of those made."""
        names = [name for name in self.charts if not only or name in only]
        for done, name in enumerate(names):
            if progress is not None:
                progress(done, len(names), name)
            chart = self.charts[name](quick)
            picture, vector = saved(lambda chart=chart: draw(chart))  # type: ignore[misc]
            write_files({
                out / f"{name}.csv": _csv(chart), out / f"{name}.png": picture,
                out / f"{name}.svg": vector, out / f"{name}.json": _json(name, chart, quick),
            })  # fmt: skip
        write_file(out / "figures.md", _page(self.title, self.charts, out))
        if progress is not None:
            progress(len(names), len(names), "")
        return names


def draw(chart: Chart) -> Any:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.6), layout="constrained")
    axes = figure.subplots()
    own = 0
    for curve in chart.curves:
        look: dict[str, Any] = {"color": GREY, "linestyle": (0, (6, 2))}
        if not curve.stated:
            chosen = LOOKS[own % len(LOOKS)]
            look, own = {"color": chosen.color, "linestyle": chosen.dash}, own + 1
        x = [p[0] for p in curve.points]
        middle = [(p[1] + p[2]) / 2 for p in curve.points]
        if curve.steps:
            axes.step(x, middle, where="post", label=curve.name, **look)
        else:
            axes.plot(x, middle, label=curve.name, **look)
            axes.fill_between(
                x, [p[1] for p in curve.points], [p[2] for p in curve.points],
                color=look["color"], alpha=0.25, linewidth=0,
            )  # fmt: skip
    if chart.log_y:
        axes.set_yscale("log")
    if chart.log_x:
        axes.set_xscale("log")
    axes.set_xlabel(chart.x)
    axes.set_ylabel(chart.y)
    axes.set_title(chart.title, loc="left")
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    return figure


def _csv(chart: Chart) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("curve", "x", "lower", "upper"))
    for curve in chart.curves:
        writer.writerows((curve.name, *map(repr, point)) for point in curve.points)
    return text.getvalue()


def _json(name: str, chart: Chart, quick: bool) -> str:
    versions = {k: version(k) for k in ("numpy", "python-flint", "matplotlib")}
    data = {
        "figure": name, "title": chart.title, "x": chart.x, "y": chart.y,
        "curves": {c.name: len(c.points) for c in chart.curves}, "numbers": dict(chart.numbers),
        "settings": {"quick": quick}, "versions": versions,
    }  # fmt: skip
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _page(title: str, charts: Charts, out: Path) -> str:
    from gembounds.tools.files import read_json

    lines = [
        f"# {title}", "",
        "Made by `gembounds figures`. Each curve's ends are certified, in the .csv beside it.",
    ]  # fmt: skip
    for name in charts:
        path = out / f"{name}.json"
        if path.is_file():
            found = read_json(path)
            lines += ["", f"## {found['title']}", "", f"![{name}]({name}.png)", ""]
            lines += [f"- {key}: {value}" for key, value in found["numbers"].items()]
    return "\n".join(lines) + "\n"
