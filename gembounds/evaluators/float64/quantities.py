"""The float64 quantities: enclosures from the overlaps and the loss.

With P in [low, high] entry by entry, M its middle and R its radius, a sum ``sum_k P_ik a_k`` lies
within ``R |a|`` of ``M a``, and M a is computed to gamma_n M |a|.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.centred_slopes import centred_gradient, centred_square
from gembounds.evaluators.float64.coordinates import ROUND
from gembounds.evaluators.float64.loss import enclose_loss
from gembounds.evaluators.float64.overlaps import enclose_overlaps
from gembounds.values.enclosure import Enclosure, Rule, from_balls
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import U, gamma

FloatArray = npt.NDArray[np.float64]

UNDERFLOW = 1e-300
"""Absolute error for products that underflow (a few 2^-1074 each, far fewer than 2^60)."""


FINE = 5e-13
"""For an rtol below this balls are asked too: float64's own rounding is near it (a choice)."""

FINE_WORK = 1 << 16
"""Nodes times pairs of components up to which balls are quick, tens of milliseconds (a choice)."""


def _refined(name: str, mix: Mixture, rtol: float, found: Enclosure) -> Enclosure:
    """Where an accuracy beyond float64's rounding is asked for and balls are quick, the
    intersection with theirs."""
    if not rtol < FINE or min(mix.n - 1, mix.d) > 2:
        return found
    from gembounds.evaluators.balls import quantities as balls
    from gembounds.evaluators.balls.expectations import grid_fits
    from gembounds.evaluators.reduction.exact import reduce_exactly

    bits, nodes = math.ceil(-math.log2(rtol)) + 3, 2 * FINE_WORK // (mix.n * (mix.n + 1))
    if not grid_fits(reduce_exactly(mix), bits, nodes):
        return found
    sure = from_balls(*getattr(balls, name)(mix, bits, bits + 32, nodes))
    lower = np.asarray(np.maximum(found.lower, sure.lower))
    return Enclosure(lower, np.asarray(np.minimum(found.upper, sure.upper)), "float64", found.rule)


def overlaps(mix: Mixture, rtol: float, max_nodes: int) -> Enclosure:
    """E[psi_i psi_k], (n, n)."""
    lower, upper, rule = enclose_overlaps(mix, rtol, max_nodes)
    return _refined("overlaps", mix, rtol, Enclosure(lower, upper, "float64", rule))


def loss(mix: Mixture, rtol: float, max_nodes: int) -> Enclosure:
    """L, a scalar."""
    lower, upper, rule = enclose_loss(mix, rtol, max_nodes)
    found = Enclosure(np.asarray(lower), np.asarray(upper), "float64", rule)
    return _refined("loss", mix, rtol, found)


@np.errstate(all="ignore")
def gradient(mix: Mixture, rtol: float, max_nodes: int) -> Enclosure:
    """sum_k E[psi_i psi_k] mu_k, (n, d)."""
    tiny = centred_gradient(mix, rtol)
    if tiny is not None:
        return _refined("gradient", mix, rtol, around(*tiny))
    lower, upper, rule = enclose_overlaps(mix, rtol, max_nodes)
    middle, radius = middle_and_radius(lower, upper)
    size = np.abs(mix.means)
    value = middle @ mix.means
    inexact = gamma(mix.n + 2) + mix.means_error
    error = (radius + inexact * middle) @ size * ROUND + UNDERFLOW
    return _refined("gradient", mix, rtol, around(value, error, rule))


@np.errstate(all="ignore")
def psi_tilde_norm2(mix: Mixture, rtol: float, max_nodes: int) -> Enclosure:
    """sum_ik E[psi_i psi_k] <mu_i, mu_k>, a scalar."""
    tiny = centred_square(mix, rtol)
    if tiny is not None:
        return _square(mix, rtol, around(np.asarray(tiny[0]), np.asarray(tiny[1]), tiny[2]))
    lower, upper, rule = enclose_overlaps(mix, rtol, max_nodes)
    middle, radius = middle_and_radius(lower, upper)
    with np.errstate(over="ignore", invalid="ignore"):
        gram = mix.means @ mix.means.T
        norms = np.sqrt(np.diag(gram)) * ((1 + gamma(mix.d + 4)) * ROUND) + 1e-150
        size = np.outer(norms, norms)
        inexact = gamma(mix.d + mix.n * mix.n + 4) + 2.5 * mix.means_error
        value = np.sum(middle * gram)
        error = np.sum((radius + inexact * middle) * size) * ROUND + UNDERFLOW
    return _square(mix, rtol, around(np.asarray(value), np.asarray(error), rule))


def _square(mix: Mixture, rtol: float, found: Enclosure) -> Enclosure:
    """Not below 0."""
    lower = np.asarray(np.maximum(found.lower, 0.0))
    found = Enclosure(lower, found.upper, "float64", found.rule)
    return _refined("psi_tilde_norm2", mix, rtol, found)


def middle_and_radius(lower: FloatArray, upper: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Middle and radius of [lower, upper], 0 <= lower, the radius rounded up."""
    return 0.5 * (lower + upper), 0.5 * (upper - lower) * (1 + 4 * U) + 2 * U * upper


def around(value: FloatArray, error: FloatArray, rule: Rule | None = None) -> Enclosure:
    """``value`` +- ``error``, rounded outward; everything where that is not finite."""
    with np.errstate(invalid="ignore", over="ignore"):
        lower = np.nextafter(value - error, -np.inf)
        upper = np.nextafter(value + error, np.inf)
    unknown = ~(np.isfinite(lower) & np.isfinite(upper))
    return Enclosure(
        np.where(unknown, -np.inf, lower), np.where(unknown, np.inf, upper), "float64",
        rule or Rule(),
    )  # fmt: skip
