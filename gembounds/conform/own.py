"""Our own evaluators as a core: what users plug in, we plug in too.

    gembounds conform gembounds.conform.own              float64 enclosures
    gembounds conform gembounds.conform.own:batched      the batch of them, many alike at once

The middles of float64 enclosures; of balls, where float64 is too wide for what is promised.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import gembounds as gb
from gembounds import batch
from gembounds.conform.case import Case
from gembounds.conform.density import Density
from gembounds.conform.protocol import EXPECTATIONS, OVER, FloatArray
from gembounds.conform.truth import BALL_NODES, ball_nodes, both, least_of_pairs, narrow
from gembounds.evaluators.float64.pointwise import posteriors
from gembounds.values.enclosure import Enclosure

rtol = 1e-10
max_rank = dict.fromkeys((*EXPECTATIONS, *OVER), 5)
max_norm = dict.fromkeys(max_rank, 2000.0)

ASKED, ENOUGH = 1e-11, 5e-11
"""Accuracy asked of the rule, and the width beyond which balls take over."""

NODES, BITS = 2**23, 64


def _mixture(means: Any, weights: Any) -> gb.Mixture:
    shares = np.array(weights, dtype=np.float64)
    return gb.Mixture(np.array(means, dtype=np.float64), shares / shares.sum())


def psi(x: Any, means: Any, weights: Any) -> FloatArray:
    mix = _mixture(means, weights)
    places, rows = np.unique(np.asarray(x, dtype=np.float64), axis=0, return_inverse=True)
    found = posteriors(mix, places)
    value = found.mid.copy()
    for k in np.flatnonzero(np.any(found.upper - found.lower > ENOUGH * found.upper, axis=1)):
        value[k] = gb.psi(mix, places[k].tolist()).mid
    return np.asarray(value[rows.ravel()])


def log_prob(x: Any, means: Any, weights: Any) -> FloatArray:
    shares = np.array(weights, dtype=np.float64)
    density = Density(Case(means, shares / shares.sum(), 0, x))
    return density.enclosed(ENOUGH * density.size).mid


def loss(means: Any, weights: Any) -> FloatArray:
    mix = _mixture(means, weights)
    half = 0.5 * float(np.dot(mix.weights, np.sum(mix.means**2, axis=1)))
    found: Enclosure = gb.loss(mix, rtol=ASKED, max_nodes=NODES)
    if not narrow(found, ENOUGH, np.asarray(half)):
        found = both(found, gb.loss(mix, evaluator="arb", bits=BITS, max_nodes=BALL_NODES))
    return found.mid


def overlaps(means: Any, weights: Any) -> FloatArray:
    mix = _mixture(means, weights)
    found: Enclosure = gb.overlaps(mix, rtol=ASKED, max_nodes=NODES)
    if not narrow(found, ENOUGH, least_of_pairs(found.upper)):
        found = both(
            found, gb.overlaps(mix, evaluator="arb", bits=BITS, max_nodes=ball_nodes(mix.n))
        )
    return found.mid


def gradient(means: Any, weights: Any) -> FloatArray:
    return overlaps(means, weights) @ np.asarray(means, dtype=np.float64)


def psi_tilde_norm2(means: Any, weights: Any) -> FloatArray:
    means = np.asarray(means, dtype=np.float64)
    return np.asarray(np.sum(overlaps(means, weights) * (means @ means.T)))


def em_step(means: Any, weights: Any, eta: float) -> FloatArray:
    return np.asarray(means, dtype=np.float64) - eta * gradient(means, weights)


def _over(name: str, means: Any, weights: Any, data_means: Any, data_weights: Any) -> FloatArray:
    mix, data = _mixture(means, weights), _mixture(data_means, data_weights)
    quantity: Any = getattr(gb, name)
    found: Enclosure = quantity(mix, data=data, rtol=ASKED, max_nodes=NODES)
    if narrow(found, ENOUGH, np.abs(found.mid)):
        return found.mid
    better = quantity(mix, data=data, evaluator="arb", bits=BITS, max_nodes=BALL_NODES)
    return both(found, better).mid


def loss_over(means: Any, weights: Any, data_means: Any, data_weights: Any) -> FloatArray:
    return _over("loss", means, weights, data_means, data_weights)


def gradient_over(means: Any, weights: Any, data_means: Any, data_weights: Any) -> FloatArray:
    return _over("gradient", means, weights, data_means, data_weights)


def overlaps_over(means: Any, weights: Any, data_means: Any, data_weights: Any) -> FloatArray:
    return _over("overlaps", means, weights, data_means, data_weights)


def psi_tilde_norm2_over(
    means: Any, weights: Any, data_means: Any, data_weights: Any
) -> FloatArray:
    return _over("psi_tilde_norm2", means, weights, data_means, data_weights)


def em_step_over(
    means: Any, weights: Any, data_means: Any, data_weights: Any, eta: float
) -> FloatArray:
    step = gradient_over(means, weights, data_means, data_weights)
    return np.asarray(means, dtype=np.float64) - eta * step


class Batched:
    """:mod:`gembounds.batch`, a mixture among ``COPIES`` of itself, each a little smaller, so that
    they share a grid; no psi.

    Norms to 10, which is where it is not too wide for what is promised.
    """

    COPIES = 4
    rtol = 1e-9
    max_rank = 3
    max_norm = 10.0
    min_weight = 1e-6

    def _one(self, quantity: Any, means: Any, weights: Any) -> FloatArray:
        means = np.asarray(means, dtype=np.float64)
        shares = np.array(weights, dtype=np.float64)
        copies = np.stack([means * (1 - k / 64) for k in range(self.COPIES)])
        found: FloatArray = quantity(copies, shares / shares.sum(), rtol=ASKED).mid[0]
        return found

    def loss(self, means: Any, weights: Any) -> FloatArray:
        return self._one(batch.loss, means, weights)

    def overlaps(self, means: Any, weights: Any) -> FloatArray:
        return self._one(batch.overlaps, means, weights)

    def gradient(self, means: Any, weights: Any) -> FloatArray:
        return self._one(batch.gradient, means, weights)

    def psi_tilde_norm2(self, means: Any, weights: Any) -> FloatArray:
        return self._one(batch.psi_tilde_norm2, means, weights)


batched = Batched()
