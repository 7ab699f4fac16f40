"""Spurious optima of EM on populations, certified, and drawn.

    python -m examples.spurious [FOLDER]      three pictures, docs/pictures by default

1. Data 0.7 N(2, 1) + 0.3 N(-2, 1), a model of two components with the weights 0.7 and 0.3 fixed:
   L = KL(data || model) has a second strict local minimum, where each mean sits at the wrong
   component. Two minima and a saddle between them, proved.
2. Data of three components, two near each other and one far, and a model of three: one mean
   serves the two, and two share the far one. With the weights fixed at 1/3 that is a strict local
   minimum, proved. With the weights free there is a degenerate point: where the two means
   coincide, weight moves between them for nothing.
3. Which minimum EM goes to from where, in the setting of 1, and a run from a random start.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import gembounds as gb
from gembounds import batch, em

FloatArray = npt.NDArray[np.float64]

SHARES = ["7/10", "3/10"]
TWO = gb.Mixture([["2"], ["-2"]], SHARES)
THREE = gb.Mixture([["-1"], ["1"], ["8"]])

GUESSES = ([[2], [-2]], [[-1.5], [2]], [[1], [1]])
"""Near the three stationary points of 1."""

SIDE = np.linspace(-4.0, 4.0, 81)
STARTS = np.linspace(-4.0, 4.0, 41)
STEPS = 60
SEED = 1
"""Of the random start."""

FIRST, SECOND = "#1f6fb4", "#c8561b"


def points() -> list[gb.StationaryPoint]:
    """Those of 1, each alone in its box."""
    return [gb.stationary(gb.Mixture(g, SHARES), data=TWO, kind="em") for g in GUESSES]


def shared(weights: str) -> gb.StationaryPoint:
    """That of 2, where two means share the far component; with free weights, where they coincide
    (a guess whose means coincide keeps them so)."""
    pair = ([8], [8]) if weights == "free" else ([7.8], [8.2])
    return gb.stationary(gb.Mixture([[0], *pair]), data=THREE, weights=weights, kind="em")


def landscape(axes: Any, found: list[gb.StationaryPoint]) -> None:
    """L over both means, and what is proved of it."""
    grid = np.stack(np.meshgrid(SIDE, SIDE), axis=-1).reshape(-1, 2, 1)
    shares = np.tile([0.7, 0.3], (len(grid), 1))
    values = batch.loss(grid, shares, data=TWO, rtol=1e-6).mid.reshape(len(SIDE), -1)
    levels = [0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.6, 0.9, 1.2, 1.6, 2.2, 3, 4]
    axes.contourf(SIDE, SIDE, values, levels=[0, *levels], cmap="Blues_r", extend="max")
    axes.contour(SIDE, SIDE, values, levels=levels, colors="white", linewidths=0.5)
    for point in found:
        mark(axes, point)
    axes.set(title="L = KL(data || model)", **LABELS)


BOX = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.5}

LABELS: dict[str, Any] = {
    "xlabel": "mean of the component of weight 0.7", "ylabel": "mean of the one of weight 0.3",
    "aspect": "equal",
}  # fmt: skip


def mark(axes: Any, point: gb.StationaryPoint) -> None:
    assert point.means is not None and point.loss is not None
    x, y = point.means.mid.ravel()
    saddle = point.nature == "saddle"
    axes.plot(x, y, "x" if saddle else "o", color="black", markersize=7)
    text = f"{point.nature}\nL = {float(point.loss.mid):.3g}"
    axes.annotate(text, (x, y), (8, -30), textcoords="offset points", fontsize=9,
                  bbox=BOX)  # fmt: skip


def degenerate(axes: Any) -> None:
    """L less its value at the coincident means, over how far apart these are and how they share
    their weight; their common mean, and the other component, stay."""
    here = shared("free")
    assert here.means is not None and here.weights is not None and here.loss is not None
    one, far = here.means.mid[:2, 0]
    pair = float(here.weights.mid[1:].sum())
    apart, share = np.linspace(-2, 2, 81), np.linspace(0.02, 0.98, 61)
    s, q = (a.ravel() for a in np.meshgrid(apart, share))
    means = np.stack([np.full_like(s, one), far + (1 - q) * s, far - q * s], axis=1)[..., None]
    weights = np.stack([np.full_like(q, 1 - pair), pair * q, pair * (1 - q)], axis=1)
    weights /= weights.sum(axis=1, keepdims=True)
    over = batch.loss(means, weights, data=THREE, rtol=1e-10).mid - float(here.loss.mid)
    values = 1e3 * over.reshape(len(share), -1)
    levels = [-3, -1, -0.3, 0, 0.3, 1, 3, 10, 30]
    axes.contourf(apart, share, values, levels=[-6, *levels], cmap="Blues_r", extend="max")
    drawn = axes.contour(apart, share, values, levels=levels, colors="white", linewidths=0.6)
    axes.clabel(drawn, fontsize=8)
    axes.axvline(0, color="black", linewidth=1)
    words = "all of this line is stationary:\nsingular, no isolated point"
    axes.annotate(words, (0, 0.88), (6, 0), textcoords="offset points", fontsize=9, bbox=BOX)
    axes.set(title=f"1000 (L - {float(here.loss.mid):.4f})", ylabel="how they share their weight",
             xlabel="distance of the two means at the far component")  # fmt: skip


def basins(axes: Any, found: list[gb.StationaryPoint]) -> None:
    """Where EM is after 60 steps from each of 41 x 41 starts, and a run from a random one."""
    starts = np.stack(np.meshgrid(STARTS, STARTS), axis=-1).reshape(-1, 2, 1)
    runs = em.trajectories(starts, [0.7, 0.3], steps=STEPS, kind="em", data=TWO, rtol=1e-6)
    ends = np.stack([run.means[-1, :, 0] for run in runs])
    minima = np.stack([p.means.mid.ravel() for p in found[:2] if p.means is not None])
    which = np.linalg.norm(ends[:, None] - minima, axis=2).argmin(axis=1)
    axes.pcolormesh(STARTS, STARTS, which.reshape(len(STARTS), -1), shading="nearest", alpha=0.35,
                    cmap=two_colours(), rasterized=True)  # fmt: skip
    start = np.random.default_rng(SEED).uniform(-4, 4, size=(2, 1))
    run = em.trajectory(gb.Mixture(start, SHARES), kind="em", steps=STEPS, data=TWO)
    axes.plot(run.means[:, 0, 0], run.means[:, 1, 0], ".-", color="black", linewidth=1)
    axes.annotate("a random start", start.ravel(), (6, 4), textcoords="offset points", fontsize=9)
    for point in found:
        mark(axes, point)
    axes.set(title=f"where EM is after {STEPS} steps", **LABELS)


def two_colours() -> Any:
    from matplotlib.colors import ListedColormap

    return ListedColormap([FIRST, SECOND])


def main(folder: Path) -> None:
    """Draw, and say what is proved."""
    from matplotlib.figure import Figure

    found = points()
    pictures: dict[str, Callable[[Any], None]] = {
        "landscape": lambda axes: landscape(axes, found),
        "degenerate": degenerate,
        "basins": lambda axes: basins(axes, found),
    }
    for name, draw in pictures.items():
        figure = Figure(figsize=(5.6, 5.0), layout="constrained")
        draw(figure.subplots())
        folder.mkdir(parents=True, exist_ok=True)
        figure.savefig(folder / f"{name}.png", dpi=110, metadata={"Software": None})
    for point in (*found, shared("fixed"), shared("free")):
        means = (
            "" if point.means is None else " ".join(f"{x:.6}" for row in point.means for x in row)
        )
        sys.stdout.write(f"{means}\n    {point.nature}: {point.reason}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures"))
