"""Many runs at once: those of one structure take each step together.

A step is what it is for one run (:mod:`gembounds.dynamics.trajectory.float_step` and the maps have
the runs as their first axis); overlaps, L and fourth-order overlaps come from batches, and what
those leave from the evaluators of single mixtures, as where there are too few runs of a structure.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from gembounds.dynamics.trajectory.float_engine import FloatEngine, Run
from gembounds.dynamics.trajectory.record import Trajectories, Trajectory
from gembounds.dynamics.trajectory.run import one_thread
from gembounds.dynamics.trajectory.settings import Settings
from gembounds.dynamics.trajectory.start import start_of
from gembounds.values.mixture import Mixture

TOGETHER = 1 << 11
"""Mixtures, over the components of the data too, that are taken at a time: more are no quicker,
and what is kept of runs under way takes twice the memory of their results (empirical)."""


def trajectories(
    settings: Settings,
    mixes: Sequence[Mixture],
    progress: Callable[[int, int, str], None] | None = None,
) -> Trajectories:
    """See :func:`gembounds.em.trajectories`; ``settings`` are those of all but for ``mix``."""
    runs = []
    for b, mix in enumerate(mixes):
        one = start_of(mix, settings.data)
        runs.append(Run(replace(settings, mix=mix), one, f"means[{b}]: "))
    found: list[Trajectory | None] = [None] * len(runs)
    etas: list[Fraction] = []
    done, total = 0, settings.steps * len(runs)

    def took(steps: int) -> None:
        nonlocal done
        done += steps
        if progress is not None:
            progress(done, total, settings.label)

    took(0)
    with one_thread(settings):
        for index in _groups(runs):
            for place, run in _together(settings, [runs[b] for b in index], etas, took):
                found[index[place]] = run
    single = np.array([run.single for run in runs])
    return Trajectories(tuple(run for run in found if run is not None), single)


def _groups(runs: Sequence[Run]) -> Iterator[list[int]]:
    """The runs that go together."""
    alike: dict[Hashable, list[int]] = {}
    for b, run in enumerate(runs):
        alike.setdefault(run.start.structure(), []).append(b)
    step = max(1, TOGETHER // len(runs[0].start.data.mix.means))
    for index in alike.values():
        for first in range(0, len(index), step):
            yield index[first : first + step]


def _together(
    settings: Settings, runs: list[Run], etas: list[Fraction], took: Callable[[int], None]
) -> Iterator[tuple[int, Trajectory]]:
    """Each run when it ends, and which it is; ``etas`` are the step sizes asked for so far."""
    engine, rule = FloatEngine(settings, runs), settings.rule
    places = np.arange(len(runs))
    engine.begin()
    for t in range(settings.steps + 1):
        ends: dict[str, Any] = engine.lasts() if rule.levels else {}
        met = [rule.met({name: (low[b], high[b]) for name, (low, high) in ends.items()})
               for b in range(len(places))]  # fmt: skip
        last = np.array([why is not None or t == settings.steps for why in met])
        for b in np.flatnonzero(last).tolist():
            took(settings.steps - t)
            yield int(places[b]), engine.runs[b].result(etas[:t], met[b] or "steps")
            engine.runs[b].kept.clear()
        if last.all():
            return
        if last.any():
            places = places[~last]
            engine.keep(np.flatnonzero(~last))
        if t == len(etas):
            etas.append(settings.sizes[t])
        engine.advance(etas[t])
        took(len(places))
