"""Plots as inline SVG: the same bytes for the same data."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any

SALT = "gembounds"
BINS = 30
WIDEST = 300.0
"""log10 ratios beyond this are drawn at the end: slack of that size is all the same."""

INK, BAR, WITNESS = "#222222", "#5b7fa6", "#b04a3a"


def histogram(values: Sequence[float], smallest: float | None) -> str | None:
    """A histogram of log10 ratios with a line at 0 (equality) and at the smallest one found."""
    finite = [min(max(v, -WIDEST), WIDEST) for v in values if math.isfinite(v)]
    if len(finite) < 10:
        return None
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"svg.hashsalt": SALT, "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(5.2, 1.9), layout="constrained")
        axes = figure.add_subplot()
        axes.hist(finite, bins=BINS, color=BAR, edgecolor="white", linewidth=0.4)
        axes.axvline(0, color=INK, linewidth=1.2)
        if smallest is not None and smallest > 0:
            axes.axvline(math.log10(smallest), color=WITNESS, linewidth=1.2, linestyle="--")
        axes.set_xlabel("log10 of larger side over smaller side")
        axes.set_ylabel("configurations")
        axes.spines[["top", "right"]].set_visible(False)
        return _svg(figure)


def _svg(figure: Any) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :].strip()
