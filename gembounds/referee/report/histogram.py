"""The distribution of a claim's log10 ratios, with its median and, where near, equality."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gembounds.referee.report import svg

LEFT, RIGHT, TOP, BOTTOM = 8.0, 352.0, 8.0, 96.0
HEIGHT = 132
FEWEST = 10
"""Points below which there is nothing to draw."""

BAR, VIOLATED = "#5b7fa6", "#8f1d12"


def histogram(found: Mapping[str, Any]) -> str | None:
    """``found`` as in :class:`gembounds.referee.atlas.ratios.Distribution`."""
    if found["points"] < FEWEST:
        return None
    low, high, counts = float(found["low"]), float(found["high"]), found["counts"]
    span, most = high - low, max(counts)

    def place(x: float) -> float:
        return LEFT + (RIGHT - LEFT) * (x - low) / span

    width = (RIGHT - LEFT) / len(counts)
    parts = []
    for k, count in enumerate(counts):
        if count:
            tall = max(0.8, (BOTTOM - TOP) * count / most)
            middle = low + (k + 0.5) * span / len(counts)
            colour = VIOLATED if middle < 0 else BAR
            parts.append(
                f'<rect x="{LEFT + k * width:.4g}" y="{BOTTOM - tall:.4g}" '
                f'width="{width - 0.6:.4g}" height="{tall:.4g}" fill="{colour}"/>'
            )
    parts.append(svg.line(LEFT, BOTTOM, RIGHT, BOTTOM))
    marks = [x for x in svg.ticks(low, high) if low <= x <= high]
    places = [min(max(place(x), LEFT + 12), RIGHT - 12) for x in marks]
    for at, label in svg.spaced([svg.short(x) for x in marks], places):
        parts += [svg.line(at, BOTTOM, at, BOTTOM + 3), svg.text(at, BOTTOM + 14, label)]
    if low <= 0 <= high:
        style = f"stroke:{svg.INK};stroke-width:1.5"
        parts.append(svg.line(place(0), TOP, place(0), BOTTOM, style))
    median = found["levels"]["0.5"]
    if low <= median <= high:
        style = f"stroke:{svg.INK};stroke-dasharray:4 3"
        parts.append(svg.line(place(median), TOP, place(median), BOTTOM, style))
    beyond = f" ({found['beyond']} beyond)" if found["beyond"] else ""
    words = f"log10 of larger over smaller side{beyond}"
    parts.append(svg.text((LEFT + RIGHT) / 2, HEIGHT - 6, words))
    label = f"distribution of {found['points']} log10 ratios from {svg.short(low)}"
    return svg.picture(HEIGHT, f"{label}, median {svg.short(median)}", parts)
