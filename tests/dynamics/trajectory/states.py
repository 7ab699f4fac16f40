"""The first states of runs."""

from __future__ import annotations

import gembounds as gb
from gembounds.dynamics.trajectory.float_step import State, evaluate
from gembounds.dynamics.trajectory.start import Starts, start_of


def first(
    mix: gb.Mixture, data: gb.Mixture | None = None, rtol: float = 1e-10
) -> tuple[State, Starts]:
    """Of one run."""
    starts = Starts.of([start_of(mix, data)])
    return evaluate(starts, starts.each[0].merged.means[None], None, rtol), starts
