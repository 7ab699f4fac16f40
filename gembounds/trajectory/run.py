"""The loop: states, bounds, records, stopping."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.enclosure import Enclosure
from gembounds.errors import InputError
from gembounds.mixture import Mixture
from gembounds.trajectory.float_run import gradient_step
from gembounds.trajectory.float_step import State, evaluate, norm
from gembounds.trajectory.growth import Growth
from gembounds.trajectory.quantities import quantities_of
from gembounds.trajectory.record import QUANTITIES, Trajectory
from gembounds.trajectory.start import Start, start_of
from gembounds.trajectory.stepsize import StepSizes
from gembounds.trajectory.stop import StoppingRule

FloatArray = npt.NDArray[np.float64]

MAX_STEPS = 10**7


def trajectory(
    mix: Mixture,
    eta: Any,
    steps: int,
    *,
    evaluator: str,
    rtol: float,
    bits: int | None,
    kind: str,
    stop: Any,
    checkpoint: Any,
    progress: Callable[[int, int, str], None] | None,
) -> Trajectory:
    """See :func:`gembounds.em.trajectory`."""
    if isinstance(steps, bool) or not isinstance(steps, int) or not 0 <= steps <= MAX_STEPS:
        raise InputError(f"steps is {steps!r}: choose a whole number from 0 to {MAX_STEPS}")
    if evaluator != "float64":
        raise InputError(f"evaluator is {evaluator!r}: choose float64")
    sizes, rule = StepSizes(eta, steps), StoppingRule.of(stop)
    start = start_of(mix)
    state = evaluate(start.merged, start, rtol)
    distance = norm(np.abs(state.mix.means) * start.error, start.counts) if start.error else 0.0
    growth, kept, why = Growth(start, steps), _Kept(), "steps"
    etas: list[Fraction] = []
    while True:
        kept.add(state, distance)
        if progress is not None:
            progress(len(etas), steps, "gradient EM")
        met = rule.met(kept.last(start)) if rule.levels else None
        if met is not None or len(etas) == steps:
            why = met or why
            break
        etas.append(sizes[len(etas)])
        means, distance = gradient_step(state, etas[-1], distance, growth)
        state = evaluate(state.mix.moved(means), start, rtol)
    found = kept.quantities(start, slice(None))
    recorded = {name: Enclosure(*found[name]) for name in QUANTITIES}
    return Trajectory(
        start.back(np.array(kept.means)), mix.weights, np.array(kept.distance), eta=tuple(etas),
        kind=kind, evaluator=evaluator, stopped=why, **recorded,
    )  # fmt: skip


class _Kept:
    """The states so far."""

    def __init__(self) -> None:
        self.means: list[FloatArray] = []
        self.slopes: list[FloatArray] = []
        self.errors: list[FloatArray] = []
        self.losses: list[tuple[float, float]] = []
        self.distance: list[float] = []

    def add(self, state: State, distance: float) -> None:
        self.means.append(state.mix.means)
        self.slopes.append(state.gradient)
        self.errors.append(state.error)
        self.losses.append(state.loss)
        self.distance.append(distance)

    def quantities(self, start: Start, some: slice) -> dict[str, tuple[FloatArray, FloatArray]]:
        means, slopes, errors = (np.array(x[some]) for x in (self.means, self.slopes, self.errors))
        losses, distance = np.array(self.losses[some]), np.array(self.distance[some])
        return quantities_of(means, slopes, errors, losses, distance, start)

    def last(self, start: Start) -> dict[str, tuple[float, float]]:
        found = self.quantities(start, slice(-1, None))
        return {name: (float(a[0]), float(b[0])) for name, (a, b) in found.items()}
