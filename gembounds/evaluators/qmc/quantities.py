"""The population quantities by randomised quasi-Monte-Carlo, as statistical intervals.

The keyword arguments of each function: ``samples``, points used at most; and
``failure_probability``, the probability over the points drawn from ``seed`` that *any* of the
intervals returned misses its value. :class:`InputError` for one that is out of range.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gembounds.evaluators.qmc.averages import Average, mean_log_sum, pair_products, squared_mean
from gembounds.evaluators.qmc.plane import Plane, plane_of
from gembounds.evaluators.qmc.points import checked_samples
from gembounds.tools.errors import InputError
from gembounds.values.enclosure import FloatArray
from gembounds.values.estimates import StatisticalInterval
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import TINY, U, down, gamma, up

SAMPLES = 2**16
"""Points by default (a choice: intervals near 0.005 for overlaps, in a fraction of a second)."""

FAILURE = 1e-6
"""Failure probability by default (a choice)."""


def overlaps(
    mix: Mixture, *, samples: int = SAMPLES, failure_probability: float = FAILURE, seed: int = 0
) -> StatisticalInterval:
    """E[psi_i psi_k], (n, n), for any n, d and rank.

    Empirical Bernstein over independent replicates, as psi lies in [0, 1], with a bound of the
    mean effect of rounding added. Keyword arguments and errors: see the module.
    """
    plane = _plane(mix, samples, failure_probability, seed)
    merged = len(plane.halves)
    if merged == 1:
        average = Average(np.ones(1), np.zeros(1), 0)
    else:
        average = pair_products(plane, samples, failure_probability, seed)
    low = np.maximum(average.middle - average.radius, 0.0)
    high = np.minimum(average.middle + average.radius, 1.0)
    lower, middle, upper = (
        _symmetric(x, merged)[np.ix_(plane.group, plane.group)]
        for x in (low, average.middle, high)
    )
    # component i is share[i] of its merged one; a share errs by 2 U, or by TINY where tiny
    part = np.outer(plane.share, plane.share)
    whole = part == 1.0
    lower = np.where(whole, lower, np.maximum(down(lower * part * (1.0 - 8.0 * U)) - TINY, 0.0))
    upper = np.where(whole, upper, np.minimum(up(upper * part * (1.0 + 8.0 * U)) + TINY, 1.0))
    return StatisticalInterval(
        lower, upper, middle * part, failure_probability, average.samples, seed
    )


def gradient(
    mix: Mixture, *, samples: int = SAMPLES, failure_probability: float = FAILURE, seed: int = 0
) -> StatisticalInterval:
    """grad L, (n, d): sum_k E[psi_i psi_k] mu_k from the intervals of :func:`overlaps`.

    Those hold at once except with ``failure_probability``, hence so do these, however many
    they are. Keyword arguments and errors: see the module.
    """
    p = overlaps(mix, samples=samples, failure_probability=failure_probability, seed=seed)
    half = 0.5 * (p.upper + p.lower)
    radius = up(np.maximum(p.upper - half, half - p.lower))
    sizes = np.abs(mix.means)
    with np.errstate(over="ignore", invalid="ignore"):
        middle = half @ mix.means
        # products and sums round by gamma(n + 2), means by means_error, underflow by TINY
        relative = gamma(mix.n + 8.0) + 2.0 * mix.means_error
        width = (radius @ sizes) * (1.0 + relative) + relative * (half @ sizes)
        width = width + 8 * mix.n * TINY
        estimate = p.estimate @ mix.means
    finite = np.isfinite(middle) & np.isfinite(width)
    lower = np.where(finite, down(middle - width), -math.inf)
    upper = np.where(finite, up(middle + width), math.inf)
    return StatisticalInterval(lower, upper, estimate, failure_probability, p.samples, seed)


def psi_tilde_norm2(
    mix: Mixture, *, samples: int = SAMPLES, failure_probability: float = FAILURE, seed: int = 0
) -> StatisticalInterval:
    """E|psi~|^2, a scalar: |c|^2 + E|sum_i psi_i u_i|^2 in the reduced space.

    The second variable over max |u_i|^2 lies in [0, 1]: empirical Bernstein over replicates.
    Keyword arguments and errors: see the module.
    """
    plane = _plane(mix, samples, failure_probability, seed)
    lower, middle, upper, used = _square(plane, samples, failure_probability, seed, scaled=False)
    return StatisticalInterval(
        np.array(lower), np.array(upper), np.array(middle), failure_probability, used, seed
    )


def loss(
    mix: Mixture, *, samples: int = SAMPLES, failure_probability: float = FAILURE, seed: int = 0
) -> StatisticalInterval:
    """L, a scalar: two intervals intersected, each with half the failure probability.

    1. L(t mu) has the derivative t E|psi~_t|^2 in t, psi~_t = sum_i psi_i(x | t mu) mu_i. So
       L = E|psi~_T|^2 / 2 for a random T of density 2t on [0, 1]: bounded, hence empirical
       Bernstein. The narrower where the means are short.
    2. L = |c|^2/2 - E log S(y), S(y) = sum_i pi_i exp(<y,u_i> - |u_i|^2/2). The mean of log S
       at y and -y has Lipschitz constant max |u_i - u_k| / 2, for its gradient is half a
       difference of two points of the hull of the u_i: Gaussian concentration. The narrower
       where they are long.

    Keyword arguments and errors: see the module.
    """
    plane = _plane(mix, samples, failure_probability, seed)
    half = 0.5 * failure_probability
    low, middle, high, used = _square(plane, samples, half, seed, scaled=True)
    low, middle, high = 0.5 * low, 0.5 * middle, 0.5 * high
    logs = mean_log_sum(plane, samples, half, seed)
    mean, radius = float(logs.middle[0]), float(logs.radius[0])
    other_low = float(down(down(0.5 * plane.least2[0] - mean) - radius))
    other_high = float(up(up(0.5 * plane.least2[1] - mean) + radius))
    if other_high - other_low < high - low:
        middle = 0.5 * (plane.least2[0] + plane.least2[1]) * 0.5 - mean
    lower, upper = max(low, other_low), min(high, other_high)
    if lower > upper:  # one of the two missed: cover both
        lower, upper = min(low, other_low), max(high, other_high)
    estimate = min(max(middle, lower), upper)
    return StatisticalInterval(
        np.array(lower), np.array(upper), np.array(estimate), failure_probability, used, seed
    )


def _square(
    plane: Plane, samples: int, failure: float, seed: int, *, scaled: bool
) -> tuple[float, float, float, int]:
    """Lower end, estimate, upper end of |c|^2 + E|sum_i psi_i u_i|^2, and the samples used."""
    low, high = plane.offset2
    if plane.size == 0.0:
        return low, 0.5 * (low + high), high, 0
    average = squared_mean(plane, samples, failure, seed, scaled=scaled)
    middle, radius = float(average.middle[0]), float(average.radius[0])
    square = plane.size * plane.size
    least, most = max(middle - radius, 0.0) * (1.0 - 8.0 * U), min(middle + radius, 1.0)
    lower = low if least == 0.0 else float(down(low + down(least * square)))
    upper = float(up(high + up(up(most * up(square)))))
    return max(lower, low), 0.5 * (low + high) + middle * square, upper, average.samples


def _plane(mix: Mixture, samples: int, failure: float, seed: int) -> Plane:
    checked_failure(failure)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise InputError(f"seed is {seed!r}: give an integer that is not negative")
    checked_samples(samples)
    return mix.kept("qmc plane", lambda: plane_of(mix))


def checked_failure(failure: Any) -> float:
    """A failure probability; :class:`InputError` for anything else."""
    if not isinstance(failure, float) or not 0.0 < failure < 1.0:
        raise InputError(f"failure_probability is {failure!r}: give a number between 0 and 1")
    return failure


def _symmetric(values: FloatArray, size: int) -> FloatArray:
    rows, columns = np.triu_indices(size)
    out = np.empty((size, size))
    out[rows, columns] = out[columns, rows] = values
    return out
