"""Figure 1: a quantity against t, certified and by Monte Carlo; below it the latter's error."""

from __future__ import annotations

from typing import Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024.experiments import FloatArray
from gembounds.referee.style import (
    GREY,
    INK,
    LOOKS,
    Look,
    column,
    spaced,
)

MARKERS, POINTS, BINS = 16, 160, 18
"""How many values of Monte Carlo, of a line, and of its error are shown (a choice)."""

Row = dict[str, Any]
Series = list[tuple[str, Look, list[list[Row]]]]
"""Label, look, and the runs."""


def by_students(rows: list[Row]) -> Series:
    numbers = sorted({row["n"] for row in rows})
    return [
        (f"n = {n:g}", look, [[row for row in rows if row["n"] == n]])
        for n, look in zip(numbers, LOOKS, strict=False)
    ]


def by_weights(rows: list[Row]) -> Series:
    weights = list(dict.fromkeys(row["weights"] for row in rows))
    found = []
    for name, look in zip(weights, LOOKS, strict=False):
        own = [row for row in rows if row["weights"] == name]
        runs = sorted({row["run"] for row in own})
        label = "weights " + ", ".join(name.split())
        found.append((label, look, [[r for r in own if r["run"] == run] for run in runs]))
    return found


def draw(series: Series, quantity: str, title: str, few: bool) -> Any:
    """``few``: Monte Carlo's values as markers on every line, else on the first run's alone."""
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.ticker import LogFormatterSciNotation

    figure = Figure(figsize=(6.4, 6.2), layout="constrained")
    top, low = figure.subplots(2, 1, sharex=True, height_ratios=(2.4, 1))
    handles = []
    for label, look, runs in series:
        for run in runs:
            _run(top, run, look, few or run is runs[0])
        _errors(low, runs, look)
        handles.append(
            Line2D([], [], color=look.color, linestyle=look.dash, marker=look.marker,
                   markerfacecolor="white", label=label)
        )  # fmt: skip
    handles.append(Line2D([], [], color=INK, label="line: certified"))
    handles.append(
        Line2D([], [], color=INK, linestyle="", marker="o", markerfacecolor="white",
               label="marker: Monte Carlo, 350,000 samples a step"
               + ("" if few else " (run 1)"))
    )  # fmt: skip
    if "standard_error" in series[0][2][0][0]:
        handles.append(Line2D([], [], color=GREY, linewidth=3, alpha=0.6,
                              label="below: two standard errors of L's estimate"))  # fmt: skip
    for axes in (top, low):
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.yaxis.set_minor_formatter(LogFormatterSciNotation(minor_thresholds=(1, 0.1)))
    least = min(row["lower"] for _, _, runs in series for run in runs for row in run)
    top.set_ylim(bottom=least / 3)  # an error bar may reach down to 0
    top.set_title(title, loc="left")
    top.set_ylabel(quantity)
    low.set_xlabel("step t of gradient EM")
    low.set_ylabel("|Monte Carlo\nless certified|")
    figure.legend(handles=handles, loc="outside lower center", ncols=2, frameon=False)
    return figure


def _run(axes: Any, run: list[Row], look: Look, marked: bool) -> None:
    run = [row for row in run if row["t"] >= 1]
    t = column(run, "t")
    middle = (column(run, "lower") + column(run, "upper")) / 2
    line = spaced(t, POINTS)
    axes.plot(t[line], middle[line], color=look.color, linestyle=look.dash)
    if not marked:
        return
    values = column(run, "monte_carlo")
    places = [k for k in spaced(t, MARKERS) if values[k] > 0]
    options: dict[str, Any] = {
        "linestyle": "", "marker": look.marker, "color": look.color, "markerfacecolor": "white",
        "capsize": 2, "elinewidth": 1,
    }  # fmt: skip
    if "standard_error" in run[0]:
        reach = 2 * column(run, "standard_error")[places]
        below = np.minimum(reach, 0.999 * values[places])
        axes.errorbar(t[places], values[places], yerr=[below, reach], **options)
    else:
        axes.plot(t[places], values[places], **{k: options[k] for k in list(options)[:4]})


def _errors(axes: Any, runs: list[list[Row]], look: Look) -> None:
    """Root mean squares of the differences, over the runs and over bins even in log t."""
    rows = [row for run in runs for row in run if row["t"] >= 1]
    t, wrong = column(rows, "t"), column(rows, "difference")
    edges = np.geomspace(1, t.max() * 1.0001, BINS + 1)
    axes.plot(*_binned(t, wrong, edges), color=look.color, linestyle=look.dash,
              marker=look.marker, markersize=3.5)  # fmt: skip
    if "standard_error" in rows[0]:
        where, size = _binned(t, 2 * column(rows, "standard_error"), edges)
        axes.plot(where, size, color=look.color, linewidth=3.5, alpha=0.3)


def _binned(t: FloatArray, x: FloatArray, edges: FloatArray) -> tuple[FloatArray, FloatArray]:
    place = np.digitize(t, edges)
    used = sorted(set(place.tolist()))
    centres = [float(np.exp(np.log(t[place == k]).mean())) for k in used]
    return np.array(centres), np.array([np.sqrt((x[place == k] ** 2).mean()) for k in used])
