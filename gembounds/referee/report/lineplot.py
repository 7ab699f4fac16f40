"""Both sides of a claim along a line through its witness, drawn: where the one is above the other,
and where that violates the statement."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from gembounds.referee.report import svg

LEFT, RIGHT, TOP, BOTTOM = 70.0, 350.0, 30.0, 168.0
HEIGHT = 206

DECADES = 2.5
"""Powers of ten from which positive sides are drawn on a logarithmic scale (a choice)."""

Line = Mapping[str, Any]


def lineplot(line: Line) -> str:
    """``line`` as :meth:`gembounds.referee.through.Line.to_json` gives it."""
    found = [e for name in ("lhs", "rhs") for e in line[name] if e is not None]
    if len(found) < 2:
        return ""
    scaled, words = _scale([x for ends in found for x in ends])
    values = [y for ends in found if (y := scaled(sum(ends) / 2)) is not None]
    low, high = min(values), max(values)
    pad = 0.06 * (high - low) or 0.5
    low, high = low - pad, high + pad
    known = [x for x, e in zip(line["at"], line["lhs"], strict=True) if e is not None]
    first, last = float(min(known)), float(max(known))
    wide = (last - first) or 1.0

    def across(x: float) -> float:
        return LEFT + (RIGHT - LEFT) * (x - first) / wide

    def up(y: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (y - low) / (high - low)

    parts = [*_bands(line, across), *_axes(low, high, first, last, across, up, words)]
    for name, colour, dash in (("lhs", svg.LEFT_SIDE, ""), ("rhs", svg.RIGHT_SIDE, "6 3")):
        parts += _curve(line, name, colour, dash, across, up, scaled)
    parts += _witness(line, across, up, scaled)
    parts += [
        svg.line(LEFT, 10, LEFT + 22, 10, f"stroke:{svg.LEFT_SIDE};stroke-width:2.5"),
        svg.text(LEFT + 27, 14, "left side", "start"),
        svg.line(LEFT + 92, 10, LEFT + 114, 10,
                 f"stroke:{svg.RIGHT_SIDE};stroke-width:2.5;stroke-dasharray:6 3"),
        svg.text(LEFT + 119, 14, "right side", "start"),
        f'<rect x="{LEFT + 194:g}" y="4" width="14" height="12" fill="{svg.BAD}" '
        f'fill-opacity=".22"/>',
        svg.text(LEFT + 213, 14, "violated", "start"),
        svg.text((LEFT + RIGHT) / 2, HEIGHT - 4, line["what"]),
    ]  # fmt: skip
    label = f"both sides over {line['what']}, violated at {sum(line['violated'])} of "
    return svg.picture(HEIGHT, f"{label}{len(known)} places, the witness marked", parts)


def _scale(values: Sequence[float]) -> tuple[Callable[[float], float | None], str]:
    """What is drawn of a value, and what the axis is called."""
    positive = [x for x in values if x > 0]
    if min(values) >= 0 and positive and math.log10(max(positive) / min(positive)) > DECADES:
        return (lambda x: math.log10(x) if x > 0 else None), "value of a side, log10"
    return (lambda x: x), "value of a side"


def _bands(line: Line, across: Callable[[float], float]) -> Iterator[str]:
    """A band over each run of places where the statement is violated."""
    at = line["at"]
    half = (at[1] - at[0]) / 2 if len(at) > 1 else 0.5
    for bad, run in groupby(zip(at, line["violated"], strict=True), key=lambda item: item[1]):
        places = [x for x, _ in run]
        if bad:
            x1 = max(across(places[0] - half), LEFT)
            x2 = max(min(across(places[-1] + half), RIGHT), x1 + 1.5)
            yield (f'<rect x="{x1:.4g}" y="{TOP:g}" width="{x2 - x1:.4g}" '
                   f'height="{BOTTOM - TOP:g}" fill="{svg.BAD}" fill-opacity=".22"/>')  # fmt: skip


def _axes(
    low: float, high: float, first: float, last: float,
    across: Callable[[float], float], up: Callable[[float], float], words: str,
) -> Iterator[str]:  # fmt: skip
    yield svg.line(LEFT, BOTTOM, RIGHT, BOTTOM)
    yield svg.line(LEFT, TOP, LEFT, BOTTOM)
    marks = svg.ticks(first, last)
    for x, label in svg.spaced(svg.labels(marks), [across(x) for x in marks]):
        yield svg.line(x, BOTTOM, x, BOTTOM + 3)
        yield svg.text(x, BOTTOM + 16, label)
    marks = svg.ticks(low, high, 5)
    for y, label in zip(marks, svg.labels(marks), strict=True):
        yield svg.line(LEFT - 3, up(y), LEFT, up(y))
        yield svg.text(LEFT - 6, up(y) + 4, label, "end")
    yield svg.text(11, (TOP + BOTTOM) / 2, words, turn=True)


def _curve(
    line: Line, name: str, colour: str, dash: str, across: Callable[[float], float],
    up: Callable[[float], float], scaled: Callable[[float], float | None],
) -> Iterator[str]:  # fmt: skip
    """The middles of the enclosures, joined where there is a value."""
    points = [
        None if e is None or (y := scaled(sum(e) / 2)) is None else (across(x), up(y))
        for x, e in zip(line["at"], line[name], strict=True)
    ]
    for known, run in groupby(points, key=lambda p: p is not None):
        places = [p for p in run if p is not None]
        if known:
            path = "L".join(f"{x:.4g} {y:.4g}" for x, y in places)
            style = f"stroke:{colour};stroke-width:2.5;fill:none"
            style += f";stroke-dasharray:{dash}" if dash else ""
            yield f'<path d="M{path}" style="{style}"/>'


def _witness(
    line: Line, across: Callable[[float], float], up: Callable[[float], float],
    scaled: Callable[[float], float | None],
) -> Iterator[str]:  # fmt: skip
    """A line at the witness, a dot on each side."""
    x = across(line["here"])
    yield svg.line(x, TOP, x, BOTTOM, f"stroke:{svg.INK};stroke-dasharray:2 3")
    middle = (LEFT + RIGHT) / 2
    place, anchor = (x + 4, "start") if x < middle else (x - 4, "end")
    yield svg.text(place, TOP + 11, "witness", anchor)
    k = min(range(len(line["at"])), key=lambda j: abs(line["at"][j] - line["here"]))
    for name, colour in (("lhs", svg.LEFT_SIDE), ("rhs", svg.RIGHT_SIDE)):
        ends = line[name][k]
        y = None if ends is None else scaled(sum(ends) / 2)
        if y is not None:
            yield f'<circle cx="{x:.4g}" cy="{up(y):.4g}" r="4.5" fill="{colour}"/>'
