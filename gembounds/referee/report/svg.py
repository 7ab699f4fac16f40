"""Small pictures as SVG text: the same bytes for the same numbers, readable at 360 pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

WIDTH = 360

LETTER, GAP = 7.2, 5.0
"""Width of a digit and the least gap between labels, in pixels (empirical)."""

INK, FAINT = "currentColor", "var(--faint, #767676)"
"""The page's own colours, so that a dark page has light letters."""

LEFT_SIDE, RIGHT_SIDE, BAD = "var(--left, #0072b2)", "var(--right, #b35900)", "var(--bad, #b3261e)"
BAR = "var(--bar, #4a76a8)"
"""Told apart by the colour-blind too, and by their dashes (after Okabe and Ito)."""


def picture(height: float, label: str, parts: Iterable[str]) -> str:
    """An image with a name that a screen reader can say."""
    body = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" '
        f'width="{WIDTH}" height="{height:g}" role="img" aria-label="{escape(label)}">{body}</svg>'
    )


def text(
    x: float, y: float, words: str, anchor: str = "middle", turn: bool = False, fill: str = INK
) -> str:
    turned = f' transform="rotate(-90 {x:g} {y:g})"' if turn else ""
    return (
        f'<text x="{x:.4g}" y="{y:.4g}" text-anchor="{anchor}" font-size="12" fill="{fill}"'
        f"{turned}>{escape(words)}</text>"
    )


def line(x1: float, y1: float, x2: float, y2: float, style: str = f"stroke:{FAINT}") -> str:
    return f'<line x1="{x1:.4g}" y1="{y1:.4g}" x2="{x2:.4g}" y2="{y2:.4g}" style="{style}"/>'


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers in [low, high], at most ``most``."""
    span = high - low
    if not (span > 0 and math.isfinite(span)):
        return [low]
    step = 10.0 ** math.floor(math.log10(span / most))
    for factor in (1, 2, 5, 10, 20):
        if span / (step * factor) <= most - 1:
            step *= factor
            break
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


def short(x: float, digits: int = 3) -> str:
    """A number on an axis."""
    shown = f"{x:.{digits}g}"
    return shown.replace("e+0", "e").replace("e-0", "e-").replace("e+", "e").replace("-", "\u2212")


def labels(values: Sequence[float]) -> list[str]:
    """Numbers on one axis, with the digits that tell them apart, at most seven."""
    for digits in range(3, 8):
        out = [short(x, digits) for x in values]
        if len(set(out)) == len(set(values)):
            break
    return out


def spaced(labels: Sequence[str], places: Sequence[float]) -> list[tuple[float, str]]:
    """Those labels, from the first on, that do not run into the one before, in a row."""
    out: list[tuple[float, str]] = []
    for label, place in zip(labels, places, strict=True):
        if not out or abs(place - out[-1][0]) >= LETTER * (len(label) + len(out[-1][1])) / 2 + GAP:
            out.append((place, label))
    return out
