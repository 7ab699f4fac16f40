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
from gembounds.values.enclosure import NO_RULE, Enclosure, Rule, from_balls
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
    found = Enclosure.proved(*enclose_overlaps(mix, rtol, max_nodes))
    return _refined("overlaps", mix, rtol, found)


def loss(mix: Mixture, rtol: float, max_nodes: int) -> Enclosure:
    """L, a scalar."""
    lower, upper, rule = enclose_loss(mix, rtol, max_nodes)
    found = Enclosure.proved(np.array(lower), np.array(upper), rule)
    return _refined("loss", mix, rtol, found)


@np.errstate(all="ignore")
def gradient(mix: Mixture, rtol: float, max_nodes: int) -> Enclosure:
    """sum_k E[psi_i psi_k] mu_k, (n, d)."""
    tiny = centred_gradient(mix, rtol)
    if tiny is not None:
        return _refined("gradient", mix, rtol, around(*tiny))
    lower, upper, rule = enclose_overlaps(mix, rtol, max_nodes)
    middle, off = _middle_and_error(lower, upper, gamma(mix.n + 2) + mix.means_error)
    error = np.dot(off, np.abs(mix.means))
    error *= ROUND
    error += UNDERFLOW
    return _refined("gradient", mix, rtol, around(np.dot(middle, mix.means), error, rule))


@np.errstate(all="ignore")
def psi_tilde_norm2(mix: Mixture, rtol: float, max_nodes: int) -> Enclosure:
    """sum_ik E[psi_i psi_k] <mu_i, mu_k>, a scalar >= 0."""
    value, error, rule = centred_square(mix, rtol) or _square(mix, rtol, max_nodes)
    low, high = math.nextafter(value - error, -math.inf), math.nextafter(value + error, math.inf)
    if not (math.isfinite(low) and math.isfinite(high)):
        low, high = 0.0, math.inf
    found = Enclosure.proved(np.array(max(0.0, low)), np.array(high), rule)
    return _refined("psi_tilde_norm2", mix, rtol, found)


def _square(mix: Mixture, rtol: float, max_nodes: int) -> tuple[float, float, Rule]:
    """E|psi~|^2 and its error."""
    lower, upper, rule = enclose_overlaps(mix, rtol, max_nodes)
    inexact = gamma(mix.d + mix.n * mix.n + 4) + 2.5 * mix.means_error
    middle, off = _middle_and_error(lower, upper, inexact)
    gram = np.dot(mix.means, mix.means.T)
    norms = np.sqrt(gram.diagonal())
    norms *= (1 + gamma(mix.d + 4)) * ROUND
    norms += 1e-150
    error = float(np.dot(np.dot(norms, off), norms)) * ROUND + UNDERFLOW
    return float(np.vdot(middle, gram)), error, rule


def _middle_and_error(
    lower: FloatArray, upper: FloatArray, inexact: float
) -> tuple[FloatArray, FloatArray]:
    """The middle M of [lower, upper], 0 <= lower, and at least its distance to what is inside and
    ``inexact`` M."""
    middle = lower + upper
    middle *= 0.5
    off = upper - lower
    off *= 0.5 + 4 * U
    off += upper * (inexact + 4 * U)
    return middle, off


def middle_and_radius(lower: FloatArray, upper: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Middle and radius of [lower, upper], 0 <= lower, the radius rounded up."""
    return 0.5 * (lower + upper), 0.5 * (upper - lower) * (1 + 4 * U) + 2 * U * upper


def around(value: FloatArray, error: FloatArray, rule: Rule = NO_RULE) -> Enclosure:
    """``value`` +- ``error``, rounded outward; everything where that is not finite."""
    lower = np.nextafter(value - error, -np.inf)
    upper = np.nextafter(value + error, np.inf)
    if not math.isfinite(float(np.add.reduce(upper - lower, axis=None))):
        unknown = ~(np.isfinite(lower) & np.isfinite(upper))
        lower, upper = np.where(unknown, -np.inf, lower), np.where(unknown, np.inf, upper)
    return Enclosure.proved(lower, upper, rule)
