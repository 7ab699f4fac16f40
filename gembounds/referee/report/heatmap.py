"""Maps over two parameters: cells in nine shades whose lightness rises with the ratio, so that
grey prints say the same; a violation is a cross and a missing value a dot, not colours. Each map
has shades of its own, about as many cells of each, and a strip that says what they stand for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from gembounds.referee.report import svg

SHADES = (
    "#00204c", "#173865", "#3f4f73", "#5d6780", "#7b7f87", "#9c9784", "#bfb378", "#e0d26a",
    "#fdf3c4",
)  # fmt: skip

NOISE = -1e-3
"""Below this an inequality is violated, as far as estimates tell."""

LEFT, TOP = 46.0, 6.0
RIGHT = 354.0
CELL, STRIP = 13.0, 9.0


def heatmap(found: Mapping[str, Any]) -> str:
    """``found`` as in :class:`gembounds.referee.atlas.maps.Map`; the first row at the bottom."""
    rows, columns = len(found["ys"]), len(found["xs"])
    wide, bottom = (RIGHT - LEFT) / columns, TOP + CELL * rows
    known = [v for values in found["values"] for v in values if v is not None and v >= NOISE]
    bounds = bounds_of(known)
    cells: dict[int, list[str]] = {}
    crosses, dots = [], []
    for r, values in enumerate(found["values"]):
        y = bottom - CELL * (r + 1)
        for k, value in enumerate(values):
            x = LEFT + wide * k
            if value is None:
                dots.append(f"M{x + wide / 2 - 0.7:.4g} {y + CELL / 2:.4g}h1.4")
            elif value < NOISE:
                crosses.append(f"M{x + 3:.4g} {y + 3:.4g}l{wide - 6:.4g} {CELL - 6:g}"
                               f"m0 {6 - CELL:g}l{6 - wide:.4g} {CELL - 6:g}")  # fmt: skip
            else:
                cells.setdefault(shade_of(value, bounds), []).append(f"M{k} {-r}v-1h1v1z")
    parts = [f'<g transform="translate({LEFT:g} {bottom:g})scale({wide:.5g} {CELL:g})" '
             'shape-rendering="crispEdges">']  # fmt: skip
    parts += [f'<path fill="{SHADES[k]}" d="{"".join(d)}"/>' for k, d in sorted(cells.items())]
    parts.append("</g>")
    if crosses:
        parts.append(_path("none", svg.BAD, 1.6, crosses))
    if dots:
        parts.append(_path("none", svg.FAINT, 1.4, dots))
    parts.append(_frame(TOP, CELL * rows))
    at = [LEFT + wide * (k + 0.5) for k in range(columns)]
    for x, label in svg.spaced([svg.short(v) for v in found["xs"]], at):
        parts.append(svg.text(x, bottom + 13, label))
    at = [bottom - CELL * (r + 0.5) + 4 for r in range(rows)]
    for y, value in zip(at, found["ys"], strict=True):  # CELL leaves room for each
        parts.append(svg.text(LEFT - 4, y, svg.short(value), "end"))
    parts.append(svg.text((LEFT + RIGHT) / 2, bottom + 27, found["x"]))
    parts.append(svg.text(10, (TOP + bottom) / 2, found["y"], turn=True))
    height = bottom + 34
    if known:
        parts += _strip(bounds, height)
        height += STRIP + 18
    label = f"log10 ratio over {found['x']} and {found['y']}"
    return svg.picture(height, label, parts)


def bounds_of(values: Sequence[float]) -> list[float]:
    """At most eight numbers of two digits that share out the values evenly."""
    ordered = sorted(values)
    cuts = (len(ordered) * k // len(SHADES) for k in range(1, len(SHADES)))
    return sorted({float(f"{ordered[cut]:.2g}") for cut in cuts}) if ordered else []


def shade_of(value: float, bounds: Sequence[float]) -> int:
    """Fewer bounds than usual are spread over all the shades."""
    if not bounds:
        return len(SHADES) // 2
    return round(bisect_right(bounds, value) * (len(SHADES) - 1) / len(bounds))


def _strip(bounds: Sequence[float], top: float) -> list[str]:
    """The shades in order, their bounds below."""
    fields = len(bounds) + 1
    wide = (RIGHT - LEFT) / fields
    parts = []
    for k in range(fields):
        shade = SHADES[round(k * (len(SHADES) - 1) / len(bounds))] if bounds else SHADES[4]
        parts.append(f'<rect x="{LEFT + k * wide:.4g}" y="{top:g}" width="{wide:.4g}" '
                     f'height="{STRIP:g}" fill="{shade}"/>')  # fmt: skip
    parts.append(_frame(top, STRIP))
    places = [LEFT + (k + 1) * wide for k in range(len(bounds))]
    for x, label in svg.spaced([svg.short(b) for b in bounds], places):
        parts.append(svg.text(x, top + STRIP + 12, label))
    return parts


def _frame(top: float, height: float) -> str:
    return (
        f'<rect x="{LEFT:g}" y="{top:g}" width="{RIGHT - LEFT:g}" height="{height:g}" '
        f'fill="none" stroke="{svg.FAINT}"/>'
    )


def _path(fill: str, stroke: str, width: float, moves: list[str]) -> str:
    d = "".join(moves)
    return f'<path fill="{fill}" stroke="{stroke}" stroke-width="{width:g}" d="{d}"/>'
