"""One look for all figures, and files with the same bytes for the same data.

Series differ in lightness, dash and marker at once, so that they can be told apart in greyscale.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

INK, GREY = "#222222", "#8a8a8a"
DPI = 130

SETTINGS: Any = {
    "svg.hashsalt": "gembounds",
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "mathtext.fontset": "dejavusans",
    "axes.titlesize": 11,
    "axes.labelsize": 10.5,
    "legend.fontsize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.6,
    "lines.markersize": 5,
    "path.simplify": True,
}


class Look(NamedTuple):
    color: str
    dash: Any
    marker: str


LOOKS = (
    Look("#12355b", "-", "o"),
    Look("#bf5b17", (0, (5, 2)), "s"),
    Look("#86c995", (0, (1.5, 1.5)), "^"),
)
"""Dark blue, orange, light green: lightness L* about 22, 50 and 75, and three dashes."""


def style() -> AbstractContextManager[None]:
    from matplotlib import rc_context

    return rc_context(SETTINGS)


def saved(make: Callable[[], Any]) -> tuple[bytes, str]:
    """PNG and SVG of the figure that ``make`` draws."""
    with style():
        figure = make()
        picture, text = io.BytesIO(), io.StringIO()
        figure.savefig(picture, format="png", dpi=DPI, metadata={"Software": None})
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    lines = (line.rstrip() for line in text.getvalue().splitlines())
    return picture.getvalue(), "\n".join(lines) + "\n"


def column(rows: list[dict[str, Any]], name: str) -> FloatArray:
    return np.array([row[name] for row in rows], dtype=np.float64)


def spaced(t: FloatArray, number: int) -> list[int]:
    """Indices of about ``number`` entries of the increasing t >= 1, even in log t."""
    wanted = np.geomspace(max(t[0], 1.0), t[-1], number)
    return sorted({int(np.abs(t - w).argmin()) for w in wanted})
