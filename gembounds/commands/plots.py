"""Pictures of what commands found: axes named, with units, curves told apart by their dashes."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from gembounds.tools.errors import InputError
from gembounds.tools.files import write_file

if TYPE_CHECKING:
    from gembounds.dynamics.stationary.landscape import Landscape
    from gembounds.dynamics.trajectory.record import Trajectory
    from gembounds.referee.through import Line

BLUE, ORANGE, GREEN, RED = "#0072b2", "#d55e00", "#009e73", "#b3261e"
"""Of Okabe and Ito, whom the colour-blind can follow; red fills only."""

KINDS = (".svg", ".png", ".pdf")

LETTERS = 80
"""Of a line of a title."""

WIDE = 300.0
"""Ratio of the values from which an axis is logarithmic (a choice)."""


def check_kind(option: str, place: str) -> None:
    """Before the work: :class:`InputError` where nothing can be drawn there, or at all."""
    if not place.endswith(KINDS):
        raise InputError(f"{option} {place}: give a name in {', '.join(KINDS)}")
    try:
        import matplotlib  # noqa: F401
    except ImportError:  # pragma: no cover - depends on the installation
        raise InputError("matplotlib is missing: pip install 'gembounds[report]'") from None


def draw_line(line: Line, title: str, place: Path) -> None:
    """Both sides along a line through a point, the violation shaded."""

    def paint(axes: Any) -> None:
        at = np.array(line.at)
        half = (at[1] - at[0]) / 2 if len(at) > 1 else 0.5
        for s, bad in zip(at, line.violated, strict=True):
            if bad:
                axes.axvspan(s - half, s + half, color=RED, alpha=0.18, linewidth=0)
        ends = [np.array([(np.nan, np.nan) if e is None else e for e in side])
                for side in (line.lhs, line.rhs)]  # fmt: skip
        for values, colour, dash, name in (
            (ends[0], BLUE, "-", "left side"), (ends[1], ORANGE, "--", "right side"),
        ):  # fmt: skip
            axes.plot(at, values.mean(axis=1), dash, color=colour, label=name, linewidth=2)
            axes.fill_between(at, values[:, 0], values[:, 1], color=colour, alpha=0.3)
        if any(line.violated):
            axes.fill_between([], [], color=RED, alpha=0.18, label="violated")
        axes.axvline(line.here, color="black", linestyle=":", label="the witness"
                     if any(line.violated) else "nearest to a violation")  # fmt: skip
        _log_if_wide(axes, np.concatenate(ends))
        axes.set(xlabel=line.what, ylabel="value of a side")
        axes.set_title("\n".join(wrap(title, LETTERS)), fontsize=10)

    _save(paint, place)


def draw_run(found: Trajectory, title: str, place: Path) -> None:
    """Loss, gradient and distance along a trajectory, enclosed, and the bound of its error."""
    steps = np.arange(found.steps + 1)
    kept: Mapping[str, tuple[str, str, str]] = {
        "loss": ("L (nats)", BLUE, "-"),
        "gradient_norm": ("|grad L|", ORANGE, "--"),
        "parametric_distance": ("sum of pi_i |mu_i|^2", GREEN, "-."),
    }

    def paint(axes: Any) -> None:
        for name, (label, colour, dash) in kept.items():
            ends = getattr(found, name)
            middle = 0.5 * (ends.lower + ends.upper)
            axes.plot(steps + 1, np.where(middle > 0, middle, np.nan), dash, color=colour,
                      label=label, linewidth=2)  # fmt: skip
            axes.fill_between(steps + 1, np.maximum(ends.lower, 1e-300), ends.upper, color=colour,
                              alpha=0.25)  # fmt: skip
        bound = np.where(found.distance_bound > 0, found.distance_bound, np.nan)
        axes.plot(steps + 1, bound, ":", color="black", label="distance to the exact run, at most")
        axes.set(xscale="log", yscale="log", xlabel="step t + 1", ylabel="value, enclosed",
                 title=title)  # fmt: skip

    _save(paint, place)


def draw_landscape(around: Landscape, title: str, place: Path) -> None:
    """L along the flattest direction through a stationary point, enclosed, and over a plane."""

    def line(axes: Any) -> None:
        axes.plot(around.line, 0.5 * (around.lower + around.upper), color=BLUE, linewidth=1)
        axes.fill_between(around.line, around.lower, around.upper, color=BLUE, alpha=0.3,
                          label="L, enclosed everywhere")  # fmt: skip
        axes.axvline(0, color="black", linestyle=":", label="the point")
        axes.set(xlabel="along the flattest direction (all means together)", ylabel="L (nats)")
        axes.set_title("\n".join(wrap(title, LETTERS)), fontsize=10)

    def plane(axes: Any) -> None:
        assert around.plane is not None
        levels = np.unique(np.quantile(around.plane, np.linspace(0, 1, 16)))
        if len(levels) > 1:
            drawn = axes.contourf(around.first, around.second, around.plane, levels=levels,
                                  cmap="Blues_r")  # fmt: skip
            axes.figure.colorbar(drawn, ax=axes, label="L (nats)")
        axes.plot(*around.centre, "o", color=ORANGE, label="the point")
        axes.set(xlabel=around.labels[0], ylabel=around.labels[1], aspect="equal")

    _save(line, place, *([] if around.plane is None else [plane]))


def _log_if_wide(axes: Any, values: Any) -> None:
    known = values[np.isfinite(values)]
    if known.size and known.min() > 0 and known.max() / known.min() > WIDE:
        axes.set_yscale("log")


def _save(paint: Callable[[Any], None], place: Path, *more: Callable[[Any], None]) -> None:
    """A panel for each."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    panels = (paint, *more)
    with mpl.rc_context({"svg.hashsalt": "gembounds", "svg.fonttype": "none"}):
        figure = Figure(figsize=(6.4 * len(panels), 4.4), layout="constrained")
        FigureCanvasAgg(figure)
        for draw, axes in zip(panels, figure.subplots(1, len(panels), squeeze=False)[0],
                              strict=True):  # fmt: skip
            axes.grid(alpha=0.3)
            draw(axes)
            axes.legend(frameon=False, fontsize=9)
        out = io.BytesIO()
        undated: Any = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
        figure.savefig(out, format=place.suffix[1:], dpi=130, metadata=undated.get(place.suffix))
    write_file(place, out.getvalue())
