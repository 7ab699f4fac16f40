"""A picture of what a proof over a box left undecided: its pieces, two variables at a time."""

from __future__ import annotations

from itertools import combinations

from gembounds.referee.proving import Proved
from gembounds.referee.report.svg import line, picture, short, spaced, text, ticks

LEFT, SIDE, GAP = 60.0, 240.0, 46.0
"""Pixels: where a panel begins, how large it is, what is between two."""

MOST_PANELS = 6

INK = "fill:#b03a2e;fill-opacity:.35;stroke:#b03a2e;stroke-width:.5"


def undecided_picture(found: Proved) -> str:
    """An SVG image; "" where nothing is undecided."""
    if not found.undecided:
        return ""
    names = list(found.undecided[0])
    pairs = list(combinations(names, 2))[:MOST_PANELS] or [(names[0], names[0])]
    parts = []
    for k, (x, y) in enumerate(pairs):
        parts += _panel(found, x, y, 14 + k * (SIDE + GAP))
    label = f"pieces of the box on which {found.claim.id} is undecided"
    return picture(14 + len(pairs) * (SIDE + GAP), label, parts)


def _panel(found: Proved, x: str, y: str, top: float) -> list[str]:
    def place(value: float, name: str) -> float:
        low, high = found.ends[name]
        return SIDE * (value - low) / (high - low)

    bottom = top + SIDE
    parts = []
    for cell in found.undecided:
        (a, b), (c, d) = cell[x], cell[y]
        left, upper = LEFT + place(a, x), bottom - place(d, y)
        width, height = place(b, x) - place(a, x), place(d, y) - place(c, y)
        parts.append(
            f'<rect x="{left:.5g}" y="{upper:.5g}" width="{max(width, 1):.4g}" '
            f'height="{max(height, 1):.4g}" style="{INK}"/>'
        )
    for ends in (
        (LEFT, top, LEFT + SIDE, top), (LEFT, bottom, LEFT + SIDE, bottom),
        (LEFT, top, LEFT, bottom), (LEFT + SIDE, top, LEFT + SIDE, bottom),
    ):  # fmt: skip
        parts.append(line(*ends))
    marks = ticks(*found.ends[x])
    places = [LEFT + place(v, x) for v in marks]
    parts += [text(p, bottom + 14, s) for p, s in spaced([short(v) for v in marks], places)]
    for value in ticks(*found.ends[y]):
        parts.append(text(LEFT - 6, bottom - place(value, y) + 4, short(value), "end"))
    parts.append(text(LEFT + SIDE / 2, bottom + 28, x))
    parts.append(text(14, top + SIDE / 2, y, turn=True))
    return parts
