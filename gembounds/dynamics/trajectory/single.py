"""One step, of gradient EM or of EM proper, as an enclosure."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.trajectory.stepsize import StepSizes
from gembounds.evaluators.options import DEFAULT_BITS
from gembounds.evaluators.quantities import gradient, overlaps
from gembounds.tools.errors import InputError
from gembounds.values.enclosure import Enclosure, from_balls
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import U

FloatArray = npt.NDArray[np.float64]

GUARD = 64
"""Working bits beyond those of the gradient (a choice: subtracting loses few)."""


def step(mix: Mixture, eta: Any, **options: Any) -> Enclosure:
    """mu - eta grad L(mu), (n, d); ``data`` among the options, as the evaluators have it."""
    size = StepSizes(eta, 1)[0]
    slope = _checked(gradient, mix, options)
    if slope.balls is not None:
        return _in_balls(mix, slope, [size] * mix.n, options)
    factor = np.full((mix.n, 1), float(size))
    return _rounded(mix, slope, factor * (1 - 2 * U), factor * (1 + 2 * U))


def maximization_step(mix: Mixture, **options: Any) -> Enclosure:
    """E[psi_i x] / E psi_i = mu_i - grad_i L / sum_k P_ik, (n, d)."""
    slope, found = _checked(gradient, mix, options), _checked(overlaps, mix, options)
    if found.balls is not None:
        from flint import arb

        from gembounds.values.precision import working_precision

        with working_precision(_bits(options) + GUARD):
            factors = [1 / sum(row, arb(0)) for row in found.balls]
        return _in_balls(mix, slope, factors, options)
    grown = 4 * mix.n * U
    with np.errstate(divide="ignore"):
        low = 1 / (found.upper.sum(axis=1) * (1 + grown)) * (1 - 4 * U)
        high = 1 / (found.lower.sum(axis=1) * (1 - grown)) * (1 + 4 * U)
    return _rounded(mix, slope, low[:, None], high[:, None])


def _checked(quantity: Any, mix: Any, options: dict[str, Any]) -> Enclosure:
    if options["evaluator"] not in ("float64", "arb"):
        raise InputError(f"evaluator is {options['evaluator']!r}: choose one of float64, arb")
    found: Enclosure = quantity(mix, **options)
    return found


def _rounded(mix: Mixture, slope: Enclosure, low: FloatArray, high: FloatArray) -> Enclosure:
    """mu - f g for g in the ends of ``slope`` and f in [low, high], f > 0, rounded outward."""
    means = mix.means
    with np.errstate(over="ignore", invalid="ignore"):
        products = [f * g for f in (low, high) for g in (slope.lower, slope.upper)]
        least, most = np.minimum.reduce(products), np.maximum.reduce(products)
        room = 4 * U * np.maximum(np.abs(least), np.abs(most)) + 1e-300
        room += (2 * U + 2 * mix.means_error) * np.abs(means)
        lower = np.nextafter(means - most - 2 * room, -np.inf)
        upper = np.nextafter(means - least + 2 * room, np.inf)
    lower = np.where(np.isnan(lower), -np.inf, lower)
    return Enclosure(lower, np.where(np.isnan(upper), np.inf, upper), "float64", slope.rule)


def _in_balls(
    mix: Mixture, slope: Enclosure, factors: list[Any], options: dict[str, Any]
) -> Enclosure:
    from gembounds.values.precision import working_precision

    assert slope.balls is not None
    with working_precision(_bits(options) + GUARD):
        rows = [
            [_ball(x) - _ball(factor) * g for x, g in zip(exact, row, strict=True)]
            for exact, row, factor in zip(mix.exact_means, slope.balls, factors, strict=True)
        ]
    return from_balls(rows, slope.rule)


def _bits(options: dict[str, Any]) -> int:
    return int(options["bits"] or DEFAULT_BITS)


def _ball(x: Any) -> Any:
    """A rational as a ball at the current precision; a ball as it is."""
    from flint import arb, fmpq

    return arb(fmpq(x.numerator, x.denominator)) if isinstance(x, Fraction) else x
