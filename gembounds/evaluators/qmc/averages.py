"""Averages of bounded statistics over the random points: middle, radius, samples used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gembounds.evaluators.qmc.bounds import Moments, bernstein_radius, gaussian_radius
from gembounds.evaluators.qmc.plane import Plane, log_sum_exp, posterior
from gembounds.evaluators.qmc.points import lattice_size, replicates
from gembounds.values.enclosure import FloatArray
from gembounds.values.rounding import gamma

Statistic = Callable[[FloatArray, FloatArray], FloatArray]
"""From points y (m, K, r) and uniform numbers (m, K) to one mean a replicate: (m, entries)."""


@dataclass(frozen=True)
class Average:
    """``abs(middle - expectation) <= radius`` in every entry, except with the failure
    probability that was asked for."""

    middle: FloatArray
    radius: FloatArray
    samples: int


def pair_products(plane: Plane, samples: int, failure: float, seed: int) -> Average:
    """E[psi_i psi_k] of the merged components, i <= k in the order of ``np.triu_indices``."""
    rows, columns = np.triu_indices(len(plane.halves))

    def statistic(y: FloatArray, _: FloatArray) -> FloatArray:
        psi = posterior(plane.logits(y))
        pairs = np.swapaxes(psi, -1, -2) @ psi
        means = pairs.mean(axis=0)[:, rows, columns] / psi.shape[2]
        return np.asarray(np.minimum(means, 1.0))

    # psi_i psi_k is 1-Lipschitz in the logits, in the maximum norm; each factor is at most 1
    # and errs relatively by posterior_error
    bias = plane.logit_error + 3.0 * plane.posterior_error
    return _bounded(plane, statistic, rows.size, bias, samples, failure, seed)


def squared_mean(
    plane: Plane, samples: int, failure: float, seed: int, *, scaled: bool
) -> Average:
    """E|sum_i psi_i u_i|^2 / size^2; ``scaled``: psi at means T times as long, T of density 2t."""
    unit = plane.coordinates / plane.size
    merged, rank = unit.shape

    def statistic(y: FloatArray, uniform: FloatArray) -> FloatArray:
        psi = posterior(plane.logits(y, np.sqrt(uniform) if scaled else None))
        squares = np.minimum(((psi @ unit) ** 2).sum(axis=-1), 1.0)
        return np.asarray(squares.mean(axis=(0, 2))[:, None])

    # the vector sum_i psi_i u_i / size is 2-Lipschitz in the logits and at most 1 long
    bias = 4.0 * (plane.logit_error + plane.posterior_error + gamma(merged + rank + 8.0))
    return _bounded(plane, statistic, 1, bias, samples, failure, seed)


def mean_log_sum(plane: Plane, samples: int, failure: float, seed: int) -> Average:
    """E log sum_i exp(logit_i(y)); one antithetic pair a replicate, for only replicates count."""

    def statistic(y: FloatArray, _: FloatArray) -> FloatArray:
        value = log_sum_exp(plane.logits(y)).mean(axis=0)[:, 0]
        return np.stack([value, np.abs(value)], axis=1)

    if not plane.logit_error < 1.0:
        return Average(np.zeros(1), np.full(1, np.inf), 0)
    moments = _moments(plane, statistic, samples, 1, seed)
    middle, magnitude = moments.mean
    # log sum exp is 1-Lipschitz in the logits; what exp, sum and log add is posterior_error,
    # and the roundings of the largest logit and of the average are relative
    rounding = 2.0 * plane.logit_error + 4.0 * plane.posterior_error
    rounding += 2.0 * gamma(4.0 * moments.count) * magnitude
    radius = gaussian_radius(0.5 * plane.diameter, moments.count, failure) + rounding
    return Average(np.array([middle]), np.array([radius]), 2 * moments.count)


def _bounded(
    plane: Plane, statistic: Statistic, entries: int, bias: float, samples: int, failure: float,
    seed: int,
) -> Average:  # fmt: skip
    if not plane.logit_error < 1.0:  # rounding hides everything: [0, 1] without looking
        return Average(np.full(entries, 0.5), np.full(entries, 0.5), 0)
    size = lattice_size(samples)
    moments = _moments(plane, statistic, samples, size, seed)
    radius = bernstein_radius(moments, failure) + bias
    return Average(moments.mean, radius, 2 * size * moments.count)


def _moments(plane: Plane, statistic: Statistic, samples: int, size: int, seed: int) -> Moments:
    total: Moments | None = None
    for y, uniform in replicates(samples, size, plane.coordinates.shape[1], seed):
        part = Moments.of(statistic(y, uniform))
        total = part if total is None else total.joined(part)
    if total is None:
        raise ValueError(f"{samples} samples make no replicate of {2 * size}")
    return total
