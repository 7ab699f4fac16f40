"""The rate: gradient EM and EM proper from one start for 100,000 steps, between their bounds.

The start is symmetric under mu -> -mu, so that gradient EM has a bound from below as well. L, U
and the largest distance of two means are enclosed for the exact trajectory, and kept at times
evenly spaced in log t; the bounds start again from states at these times.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024.experiments import STEP_SIZE
from gembounds.papers.xu_fazel_du_2024.rate import bounds
from gembounds.values.mixture import Mixture

MEANS = ((1, 0), (-1, 0), (0, 1), (0, -1))
WEIGHTS = ("1/3", "1/3", "1/6", "1/6")
ETA = Fraction(str(STEP_SIZE))
RTOL = 1e-12
"""Of the overlaps: L is 1e-11 in the end."""

POINTS = 120
"""Times that are kept (a choice)."""

TABLE = (100, 1000, 10_000, 100_000)
"""Times of the table; those of a shorter run that it has."""

Row = dict[str, Any]


def times(steps: int) -> list[int]:
    """0, about ``POINTS`` to ``steps``, and those of the table."""
    found = np.geomspace(1, steps, POINTS).round().astype(int).tolist()
    return sorted({0, *found, *(t for t in TABLE if t <= steps)})


def followed(arguments: dict[str, Any], k: int, before: Any) -> dict[str, Any]:
    """The whole walk in one unit: ``t``; ends of ``loss``, ``total`` (U) and ``widest``; the
    distance bound ``apart``. ``arguments``: ``kind``, ``steps``."""
    from gembounds import em

    kind, steps = arguments["kind"], arguments["steps"]
    eta = ETA if kind == "gradient" else None
    run = em.trajectory(Mixture(MEANS, WEIGHTS), eta, steps, kind=kind, rtol=RTOL)
    kept = times(steps)
    widest = bounds.widest_of(run.means[kept], run.distance_bound[kept])

    def ends(low: Any, high: Any) -> list[list[float]]:
        return [low.tolist(), high.tolist()]

    return {
        "t": kept,
        "loss": ends(run.loss.lower[kept], run.loss.upper[kept]),
        "total": ends(run.U.lower[kept], run.U.upper[kept]),
        "widest": ends(*widest),
        "apart": run.distance_bound[kept].tolist(),
    }


def rows(kind: str, unit: dict[str, Any]) -> list[Row]:
    """Of the CSV, as numbers: ``t``, ends of L, the bounds (``nan`` where there is none)."""
    from gembounds.papers.xu_fazel_du_2024.rate.run import paper_log10

    mix, t = Mixture(MEANS, WEIGHTS), unit["t"]
    start, steps = bounds.Start.of(mix), unit["t"][-1]
    wide = {name: tuple(map(_spread(t, steps), unit[name])) for name in ("total", "widest")}
    places = [0, *(x for x in t if 0 < x <= steps // 2)]
    if kind == "em":
        found = bounds.em_bounds(start, steps, wide["widest"], wide["total"][1][0], places)
    else:
        sizes = np.full(steps, float(ETA))
        found = bounds.gradient_bounds(start, sizes, wide["total"], places, paper_log10(mix))
    return [
        {
            "t": x, "lower": unit["loss"][0][k], "upper": unit["loss"][1][k],
            "apart": unit["apart"][k], "bound_below": found.lower[x],
            "bound_above": found.upper[x], "bound_from_start": found.first[x],
            "log10_theorem_2": found.paper[x],
        }
        for k, x in enumerate(t)
    ]  # fmt: skip


def _spread(t: Sequence[int], steps: int) -> Any:
    """Values at ``t`` on an array over 0, ..., steps: the others are not read."""

    def place(values: Sequence[float]) -> Any:
        out = np.full(steps + 1, np.nan)
        out[list(t)] = values
        return out

    return place
