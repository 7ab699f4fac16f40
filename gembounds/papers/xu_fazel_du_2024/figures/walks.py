"""Figure 1: gradient EM from one start, by Monte Carlo and by the certified core.

Monte Carlo, as the paper: each step from ``SAMPLES`` fresh points, L at each state from as many
others, from a stream of its own for every t.

Certified, two ways. :func:`followed` is :func:`gembounds.em.trajectory`: a bound of the distance
to the exact trajectory is carried along, and values are enclosed for the exact trajectory.
:func:`stepped` encloses the values at the states computed, each of which is one step from the one
before up to ``step_error``: with ten components in five dimensions no bound of the distance that
was found stays finite over a thousand steps.

A unit is ``stride`` steps; the last one adds the state at ``steps``.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024.experiments import STEP_SIZE, FloatArray, generator
from gembounds.papers.xu_fazel_du_2024.figures.monte_carlo import fresh, gradient, loss

STREAM = 8
"""Of random numbers: the second word of the key."""

ETA = Fraction(str(STEP_SIZE))

Unit = dict[str, Any]


def units_of(steps: int, stride: int) -> int:
    return max(1, -(-steps // stride))


def sampled(arguments: dict[str, Any], k: int, before: Unit | None) -> Unit:
    """A unit by Monte Carlo: ``t``, ``loss``, ``loss_error``, ``distance`` of its states,
    ``means`` after the last.

    ``arguments``: ``means`` (n, d) and ``weights`` (n,) at the start, ``seed``, ``key``,
    ``steps``, ``stride``.
    """
    weights = np.array([float(Fraction(w)) for w in arguments["weights"]])
    means = np.array(arguments["means"] if before is None else before["means"])
    rows: Unit = {"t": [], "loss": [], "loss_error": [], "distance": []}
    for t, moves in _span(arguments, k):
        rng = generator(arguments["seed"], STREAM, *arguments["key"], t)
        value, error = loss(means, weights, fresh(rng, means.shape[1]))
        _add(rows, t=t, loss=value, loss_error=error, distance=distance(means, weights))
        if moves:
            means = means - STEP_SIZE * gradient(means, weights, fresh(rng, means.shape[1]))
    return {**rows, "means": means.tolist()}


def followed(arguments: dict[str, Any], k: int, before: Unit | None) -> Unit:
    """The whole walk in one unit: ``t``; ends of ``loss`` and ``distance``, ``*_lower`` and
    ``*_upper``, for the exact trajectory; ``apart``, the bound of the distance to it.

    ``arguments``: ``means``, ``weights`` (numbers or texts, exact), ``steps``, ``rtol``.
    """
    from gembounds import em
    from gembounds.values.mixture import Mixture

    mix = Mixture(arguments["means"], arguments["weights"])
    found = em.trajectory(mix, ETA, arguments["steps"], rtol=arguments["rtol"])
    return {
        "t": list(range(arguments["steps"] + 1)),
        "loss_lower": found.loss.lower.tolist(),
        "loss_upper": found.loss.upper.tolist(),
        "distance_lower": found.parametric_distance.lower.tolist(),
        "distance_upper": found.parametric_distance.upper.tolist(),
        "apart": found.distance_bound.tolist(),
    }


def stepped(arguments: dict[str, Any], k: int, before: Unit | None) -> Unit:
    """A unit: ``t``; the same ends for the states computed; ``step_error``, a bound of the error
    of the step from there (Euclidean, all n d entries), relative to the step; ``means`` after
    the last. ``arguments``: as :func:`followed`, ``stride``."""
    from gembounds.evaluators.quantities import loss as enclosed_loss
    from gembounds.evaluators.quantities import overlaps
    from gembounds.values.mixture import Mixture

    means = np.array(arguments["means"] if before is None else before["means"])
    names = ("t", "loss_lower", "loss_upper", "distance_lower", "distance_upper", "step_error")
    rows: Unit = {name: [] for name in names}
    rounding = (means.size + 8) * 2.0**-52
    for t, moves in _span(arguments, k):
        mix = Mixture(means, arguments["weights"])
        value = enclosed_loss(mix, rtol=arguments["rtol"])
        p = overlaps(mix, rtol=arguments["rtol"])
        slope = p.mid @ means
        # |sum_k (P_ik - mid_ik) mu_k| <= sum_k rad_ik |mu_k|; two products, two roundings
        wrong = p.rad @ np.abs(means) + rounding * (p.mid @ np.abs(means) + np.abs(means))
        square = distance(means, mix.weights)
        _add(rows, t=t, loss_lower=float(value.lower), loss_upper=float(value.upper),
             distance_lower=square * (1 - rounding), distance_upper=square * (1 + rounding),
             step_error=float(np.linalg.norm(wrong) / np.linalg.norm(slope)) * (1 + rounding),
             )  # fmt: skip
        if moves:
            means = means - STEP_SIZE * slope
    return {**rows, "means": means.tolist()}


def distance(means: FloatArray, weights: FloatArray) -> float:
    """sum_i pi_i |mu_i|^2."""
    return float(weights @ (means * means).sum(axis=1))


def _span(arguments: dict[str, Any], k: int) -> Iterator[tuple[int, bool]]:
    """The states of unit k, and whether a step follows: in the last one, not after ``steps``."""
    steps, stride = arguments["steps"], arguments["stride"]
    for t in range(k * stride, min((k + 1) * stride, steps)):
        yield t, True
    if (k + 1) * stride >= steps:
        yield steps, False


def _add(rows: Unit, **values: float) -> None:
    for name, value in values.items():
        rows[name].append(value)


def joined(units: list[Unit]) -> Unit:
    """The rows of all units in one."""
    names = [name for name in units[0] if name != "means"]
    return {name: [value for unit in units for value in unit[name]] for name in names}
