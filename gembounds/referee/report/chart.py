"""A few curves over one axis, linear or logarithmic, as a small picture with a legend."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from gembounds.referee.report import svg

LEFT, RIGHT, TOP, HIGH = 70.0, 350.0, 8.0, 150.0

STYLES = (
    (svg.LEFT_SIDE, ""), (svg.RIGHT_SIDE, "7 3"), ("var(--third, #00775a)", "2 3"),
    ("var(--fourth, #a3407c)", "9 3 2 3"), (svg.INK, "1 4"),
)  # fmt: skip
"""Colour and dash of a curve: the dash alone tells them apart."""

ROW = 17.0


def chart(found: Mapping[str, Any]) -> str:
    """``found`` as :func:`gembounds.referee.report.story.chapters` has it; "" without points."""
    series = [s for s in found["series"] if s["points"]]
    if not series:
        return ""
    points = [(float(x), float(y)) for s in series for x, y in s["points"]]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    low, high = min(ys), max(ys)
    pad = 0.05 * (high - low) or 0.5
    low, high, first, last = low - pad, high + pad, min(xs), max(xs)
    bottom = TOP + HIGH

    def across(x: float) -> float:
        return LEFT + (RIGHT - LEFT) * (x - first) / ((last - first) or 1.0)

    def up(y: float) -> float:
        return bottom - HIGH * (y - low) / (high - low)

    parts = [svg.line(LEFT, bottom, RIGHT, bottom), svg.line(LEFT, TOP, LEFT, bottom)]
    marks = _marks(first, last, found["log_x"])
    for x, label in svg.spaced(_labels(marks, found["log_x"]), [across(x) for x in marks]):
        parts += [svg.line(x, bottom, x, bottom + 3), svg.text(x, bottom + 16, label)]
    marks = _marks(low, high, found["log_y"])
    for y, label in zip(marks, _labels(marks, found["log_y"]), strict=True):
        parts += [svg.line(LEFT - 3, up(y), LEFT, up(y)),
                  svg.text(LEFT - 6, up(y) + 4, label, "end")]  # fmt: skip
    parts.append(svg.text(11, (TOP + bottom) / 2, found["y_words"], turn=True))
    parts.append(svg.text((LEFT + RIGHT) / 2, bottom + 32, found["x_words"]))
    parts += _curves(series, across, up, bottom + 50)
    height = bottom + 46 + ROW * len(series)
    names = ", ".join(s["name"] for s in series)
    return svg.picture(height, f"{found['y_words']} over {found['x_words']}: {names}", parts)


def _curves(
    series: Sequence[Mapping[str, Any]],
    across: Callable[[float], float],
    up: Callable[[float], float],
    legend: float,
) -> Iterator[str]:
    for k, one in enumerate(series):
        colour, dash = STYLES[k % len(STYLES)]
        style = f"stroke:{colour};stroke-width:2;fill:none"
        style += f";stroke-dasharray:{dash}" if dash else ""
        path = "L".join(f"{across(x):.4g} {up(y):.4g}" for x, y in one["points"])
        y = legend + ROW * k
        yield f'<path d="M{path}" style="{style}"/>'
        yield svg.line(LEFT - 50, y, LEFT - 20, y, style)
        yield svg.text(LEFT - 14, y + 4, one["name"], "start")


def _marks(low: float, high: float, log: bool) -> list[float]:
    """Whole powers of ten where the axis is logarithmic and has them."""
    found = svg.ticks(low, high, 5)
    return [float(x) for x in found if x == round(x)] or found if log else found


def _labels(marks: Sequence[float], log: bool) -> list[str]:
    if not log:
        return svg.labels(marks)
    return [svg.short(10**x) if abs(x) <= 3 else f"1e{svg.short(x)}" for x in marks]
