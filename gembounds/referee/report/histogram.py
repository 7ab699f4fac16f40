"""The distribution of a claim's log10 ratios: a histogram, or, where they run over many powers of
ten, the shares below each; what is violated is marked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from gembounds.referee.report import svg

LEFT, RIGHT, TOP, BOTTOM = 40.0, 352.0, 20.0, 100.0
HEIGHT = 134
FEWEST = 10
"""Points below which there is nothing to draw."""

WIDE = 40.0
"""Powers of ten from which a histogram would be one bar (a choice)."""

WORDS = "larger over smaller side, log10 (0: equal)"


def histogram(found: Mapping[str, Any]) -> str | None:
    """``found`` as in :class:`gembounds.referee.atlas.ratios.Distribution`."""
    if found["points"] < FEWEST:
        return None
    wide = float(found["high"]) - float(found["low"]) > WIDE
    parts = _shares(found) if wide else _bars(found)
    if found["violations"]:
        share = 100 * found["violations"] / found["points"]
        words = f"violated: {share:.2g} % of the configurations"
        parts.append(svg.text(LEFT, 12, words, "start", fill=svg.BAD))
    parts.append(svg.line(LEFT, BOTTOM, RIGHT, BOTTOM))
    beyond = f"; {found['beyond']} beyond" if found["beyond"] else ""
    parts.append(svg.text((LEFT + RIGHT) / 2, HEIGHT - 4, f"{WORDS}{beyond}"))
    parts.append(
        svg.text(11, (TOP + BOTTOM) / 2, "share below" if wide else "how many", turn=True)
    )
    level = found["levels"]
    label = (f"distribution of {found['points']} ratios, log10 from {svg.short(level['0'])} to "
             f"{svg.short(level['1'])}, median {svg.short(level['0.5'])}")  # fmt: skip
    return svg.picture(HEIGHT, label, parts)


def _bars(found: Mapping[str, Any]) -> list[str]:
    low, high, counts = float(found["low"]), float(found["high"]), found["counts"]
    most, wide = max(counts), (RIGHT - LEFT) / len(counts)
    paths: dict[bool, list[str]] = {False: [], True: []}
    for k, count in enumerate(counts):
        if count:
            tall = max(0.8, (BOTTOM - TOP) * count / most)
            bad = low + (k + 0.5) * (high - low) / len(counts) < 0
            paths[bad].append(f"M{k} 0v-{tall:.2g}h.9v{tall:.2g}z")

    def place(x: float) -> float:
        return LEFT + (RIGHT - LEFT) * (x - low) / (high - low)

    parts = [f'<path transform="translate({LEFT:g} {BOTTOM:g})scale({wide:.4g} 1)" '
             f'd="{"".join(d)}" fill="{svg.BAD if bad else svg.BAR}"/>'
             for bad, d in paths.items() if d]  # fmt: skip
    marks = [x for x in svg.ticks(low, high) if low <= x <= high]
    places = [min(max(place(x), LEFT + 12), RIGHT - 12) for x in marks]
    for at, label in svg.spaced(svg.labels(marks), places):
        parts += [svg.line(at, BOTTOM, at, BOTTOM + 3), svg.text(at, BOTTOM + 16, label)]
    if low <= 0 <= high:
        style = f"stroke:{svg.INK};stroke-width:1.5"
        parts.append(svg.line(place(0), TOP, place(0), BOTTOM, style))
    median = found["levels"]["0.5"]
    if low <= median <= high:
        x, style = place(median), f"stroke:{svg.INK};stroke-dasharray:4 3"
        parts.append(svg.line(x, TOP, x, BOTTOM, style))
        anchor, side = ("start", 4) if x < (LEFT + RIGHT) / 2 else ("end", -4)
        parts.append(svg.text(x + side, TOP + 9, "median", anchor))
    return parts


def _shares(found: Mapping[str, Any]) -> list[str]:
    """What share of the configurations has a ratio below each, on an axis of +-log10(1 + |x|)."""
    levels = [(float(share), float(x)) for share, x in found["levels"].items()]
    first, last = _bent(levels[0][1]), _bent(levels[-1][1])

    def place(x: float) -> float:
        return LEFT + (RIGHT - LEFT) * (_bent(x) - first) / ((last - first) or 1.0)

    parts = []
    if first < 0:
        wide = min(place(0.0), RIGHT) - LEFT
        box = f'x="{LEFT:g}" y="{TOP:g}" width="{wide:.4g}" height="{BOTTOM - TOP:g}"'
        parts.append(f'<rect {box} fill="{svg.BAD}" fill-opacity=".22"/>')
    path = "L".join(f"{place(x):.4g} {BOTTOM - (BOTTOM - TOP) * s:.4g}" for s, x in levels)
    parts.append(f'<path d="M{path}" style="stroke:{svg.BAR};stroke-width:2.5;fill:none"/>')
    tens = [0.0, *(sign * 10.0**k for k in range(18) for sign in (1, -1))]
    marks = sorted(x for x in tens if levels[0][1] <= x <= levels[-1][1])
    for at, label in svg.spaced([svg.short(x) for x in marks], [place(x) for x in marks]):
        parts += [svg.line(at, BOTTOM, at, BOTTOM + 3), svg.text(at, BOTTOM + 16, label)]
    for share in (0.0, 0.5, 1.0):
        y = BOTTOM - (BOTTOM - TOP) * share
        parts += [svg.line(LEFT - 3, y, LEFT, y), svg.text(LEFT - 5, y + 4, f"{share:g}", "end")]
    return parts


def _bent(x: float) -> float:
    return math.copysign(math.log10(1 + abs(x)), x)
