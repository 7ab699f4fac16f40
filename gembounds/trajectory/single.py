"""One step as an enclosure."""

from __future__ import annotations

from typing import Any

import numpy as np

from gembounds.enclosure import Enclosure, from_balls
from gembounds.errors import InputError
from gembounds.mixture import Mixture
from gembounds.quantities import gradient
from gembounds.rounding import U
from gembounds.trajectory.stepsize import StepSizes


def step(mix: Mixture, eta: Any, *, evaluator: str, rtol: float | None, bits: int | None) -> Any:
    """mu - eta grad L(mu); float64: the gradient's ends, and three roundings outward."""
    size = StepSizes(eta, 1)[0]
    if evaluator not in ("float64", "arb"):
        raise InputError(f"evaluator is {evaluator!r}: choose one of float64, arb")
    slope = gradient(mix, evaluator=evaluator, rtol=rtol, bits=bits)
    if evaluator == "arb":
        return _in_balls(mix, size, slope)
    means, error = mix.means, mix.means_error
    ends = []
    with np.errstate(over="ignore", invalid="ignore"):
        for end, way in ((slope.upper, -np.inf), (slope.lower, np.inf)):
            after = means - float(size) * end
            away = (4 * U * float(size) * np.abs(end) + (2 * U + 2 * error) * np.abs(means)
                    + 4 * U * np.abs(after) + 1e-300)  # fmt: skip
            moved = after - away if way < 0 else after + away
            ends.append(np.where(np.isnan(moved), way, np.nextafter(moved, way)))
    return Enclosure(ends[0], ends[1], "float64", slope.rule)


def _in_balls(mix: Mixture, size: Any, slope: Enclosure) -> Enclosure:
    from flint import arb, fmpq

    from gembounds.balls.precision import working_precision

    precision = 4096 if slope.balls is None else 0
    rows = []
    with working_precision(max(precision, 192)):
        factor = arb(fmpq(size.numerator, size.denominator))
        assert slope.balls is not None
        for exact, row in zip(mix.exact_means, slope.balls, strict=True):
            rows.append(
                [arb(fmpq(x.numerator, x.denominator)) - factor * g
                 for x, g in zip(exact, row, strict=True)]
            )  # fmt: skip
    return from_balls(rows, slope.rule)
