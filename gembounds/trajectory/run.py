"""The loop: states, bounds, records, stopping."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gembounds.enclosure import Enclosure
from gembounds.errors import InputError
from gembounds.mixture import Mixture
from gembounds.trajectory import float_run
from gembounds.trajectory.classes import classes_of
from gembounds.trajectory.float_step import evaluate, norm
from gembounds.trajectory.quantities import quantities_of
from gembounds.trajectory.record import QUANTITIES, Trajectory
from gembounds.trajectory.stepsize import StepSizes
from gembounds.trajectory.stop import StoppingRule

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
    classes = classes_of(mix)
    means = mix.means[classes.first] + 0.0
    distance = norm(np.abs(means) * mix.means_error, classes) if mix.means_error else 0.0
    states, distances, etas, ends = [], [], [], []
    why = "steps"
    for t in range(steps + 1):
        state = evaluate(means, classes, rtol)
        found = quantities_of(state, classes, distance, rtol)
        states.append(means[classes.place])
        distances.append(distance)
        ends.append(found)
        if progress is not None:
            progress(t, steps, "gradient EM")
        met = rule.met(found)
        if met is not None or t == steps:
            why = met or why
            break
        etas.append(sizes[t])
        means, distance = float_run.step_gradient(state, etas[-1], distance, classes)
    recorded = {
        name: Enclosure(
            np.array([e[name][0] for e in ends]), np.array([e[name][1] for e in ends])
        )
        for name in QUANTITIES
    }
    return Trajectory(
        np.array(states), mix.weights, np.array(distances), eta=tuple(etas), kind=kind,
        evaluator=evaluator, stopped=why, **recorded,
    )  # fmt: skip
