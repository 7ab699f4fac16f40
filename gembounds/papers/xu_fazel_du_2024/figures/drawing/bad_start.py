"""Figure 2, left: the gradient norm at the start of Theorem 7 against d, in log scale."""

from __future__ import annotations

import math
from typing import Any

from gembounds.referee.style import GREY, INK, LOOKS, column

LEAST = -323.3
"""log10 of the least positive float64."""

Row = dict[str, Any]


def draw(rows: list[Row], fits: dict[str, Any]) -> Any:
    """``fits``: the slopes by constant, see ``figures.summary``."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.6, 4.9), layout="constrained")
    panels = figure.subplots(1, 2)
    for axes, c in zip(panels, sorted({row["constant"] for row in rows}), strict=True):
        own = [row for row in rows if row["constant"] == c]
        _panel(axes, own, fits[f"{c:g}"], "the paper's figure" if c == 2 else "Theorem 7")
    handles: dict[str, Any] = {}
    for axes in panels:
        lines, labels = axes.get_legend_handles_labels()
        handles |= zip(labels, lines, strict=True)
    figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=2,
                  frameon=False)  # fmt: skip
    figure.suptitle("Figure 2, left: the gradient's norm at the bad start, n = 3", fontsize=11)
    return figure


def _panel(axes: Any, rows: list[Row], fit: dict[str, Any], what: str) -> None:
    from matplotlib.ticker import MaxNLocator

    c, d = rows[0]["constant"], column(rows, "d")
    exact, sampled, other = LOOKS
    axes.plot(d, column(rows, "log10_norm"), linestyle="", marker=exact.marker,
              color=exact.color, markersize=4, label="certified")  # fmt: skip
    axes.plot(d, column(rows, "ln_asymptote") / math.log(10), color=INK, linewidth=0.9,
              label=r"exact asymptote $\sqrt{\pi/4}\,\exp(-c^2 d/8)$")  # fmt: skip
    for name, look, label in (
        ("definition", sampled, r"Monte Carlo of $\psi_i\,(\mu_i - x)$, the paper's (3)"),
        ("lemma_9", other, r"Monte Carlo of $\psi_i \sum_k \psi_k \mu_k$, Lemma 9"),
    ):
        shown = [row for row in rows if row[name] > 0]
        axes.plot(column(shown, "d"), [math.log10(row[name]) for row in shown], linestyle="",
                  marker=look.marker, color=look.color, markersize=4.5, markerfacecolor="white",
                  label=label)  # fmt: skip
    axes.plot(d, [math.log10(x) for x in column(rows, "noise")], color=GREY, linestyle="--",
              linewidth=1.2, label="expected noise of (3) with 350,000 samples")  # fmt: skip
    if column(rows, "log10_norm").min() < LEAST:
        axes.axhline(LEAST, color=GREY, linestyle=":", linewidth=1.4,
                     label="least positive float64")  # fmt: skip
    slopes = f"fitted slope {fit['fitted_slope']:.4f} in ln, exact {fit['exact']:g}"
    axes.set_title(f"c = {c:g} ({what})\n{slopes}", loc="left", fontsize=10)
    axes.set_xlabel("dimension d")
    axes.set_ylabel(r"$\|\nabla L\|$, all $n$ means ($\sigma = 1$)")
    axes.yaxis.set_major_locator(MaxNLocator(7, integer=True))
    axes.yaxis.set_major_formatter(lambda y, _: f"$10^{{{y:.0f}}}$")
