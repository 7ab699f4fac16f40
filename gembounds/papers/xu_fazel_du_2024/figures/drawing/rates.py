"""L along a trajectory between its bounds, both axes logarithmic."""

from __future__ import annotations

import math
from typing import Any

from gembounds.referee.style import GREY, INK, LOOKS, spaced

POINTS = 240
"""Of a line (a choice)."""

FLOOR, CEILING = 1e-3, 1e6
"""What the picture leaves out: this times the least value of L, and times its largest one; bounds
far above would leave no room for L (a choice)."""

Row = dict[str, Any]


def draw(steps: list[Row], limit: float | None, title: str) -> Any:
    """``steps``: t, loss (two ends), upper, lower, upper_from_start and paper_log10 (None where
    there is none); ``limit`` of t^2 L."""
    import numpy as np
    from matplotlib.figure import Figure

    rows = [row for row in steps if row["t"] >= 1]
    rows = [rows[k] for k in spaced(np.array([row["t"] for row in rows], dtype=float), POINTS)]
    figure = Figure(figsize=(6.4, 5.4), layout="constrained")
    axes = figure.subplots()
    truth = [math.sqrt(row["loss"][0] * row["loss"][1]) or math.nan for row in rows]
    known = [x for x in truth if x > 0]
    low, high = FLOOR * min(known, default=1.0), CEILING * max(known, default=1.0)
    dark, warm, light = LOOKS
    lines: list[tuple[str, list[float], dict[str, Any]]] = [
        ("Theorem 2", [_power(row["paper_log10"]) for row in rows], {"color": GREY}),
        ("proved, from the start", [_value(row["upper_from_start"]) for row in rows],
         {"color": warm.color, "linestyle": warm.dash}),
        ("proved, with restarts at states to t/2", [_value(row["upper"]) for row in rows],
         {"color": warm.color}),
        ("L, certified", truth, {"color": dark.color, "linewidth": 2.4}),
        ("proved from below", [_value(row["lower"]) for row in rows],
         {"color": light.color, "linestyle": light.dash, "linewidth": 2.0}),
    ]  # fmt: skip
    if limit is not None:
        values = [limit / row["t"] ** 2 for row in rows]
        lines.append((f"{limit:.4g} / t^2", values, {"color": INK, "linestyle": ":"}))
    for label, values, look in lines:
        inside = [x if low <= x <= high else math.nan for x in values]
        if any(math.isfinite(x) for x in inside):
            axes.plot([row["t"] for row in rows], inside, label=label, **look)
        elif any(x > high for x in values):
            least = min(x for x in values if x > high)
            power = "beyond 10^300" if math.isinf(least) else f"{least:.1g} at least"
            axes.plot([], [], label=f"{label}: {power}", **look)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("step t")
    axes.set_ylabel("loss L (nats)")
    axes.set_title(title, loc="left")
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    return figure


def _value(x: float | None) -> float:
    return math.nan if x is None else x


def _power(x: float | None) -> float:
    if x is None:
        return math.nan
    return 10**x if x < 300 else math.inf
