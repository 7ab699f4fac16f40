"""Our own evaluators as a core: what users plug in, we plug in too.

    gembounds conform gembounds.conform.own

The middles of float64 enclosures; of balls, where float64 is too wide for what is promised.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import gembounds as gb
from gembounds.conform.protocol import FloatArray
from gembounds.conform.truth import both, least_of_pairs, narrow
from gembounds.enclosure import Enclosure

rtol = 1e-10
max_rank = dict.fromkeys(("loss", "gradient", "psi_tilde_norm2", "overlaps", "em_step"), 5)
max_norm = dict.fromkeys(max_rank, 2000.0)

ASKED, ENOUGH = 1e-11, 5e-11
"""Accuracy asked of the rule, and the width beyond which balls take over."""

NODES, BALL_NODES, BITS = 2**24, 2**15, 64


def _mixture(means: Any, weights: Any) -> gb.Mixture:
    shares = np.array(weights, dtype=np.float64)
    return gb.Mixture(np.array(means, dtype=np.float64), shares / shares.sum())


def psi(x: Any, means: Any, weights: Any) -> FloatArray:
    mix = _mixture(means, weights)
    return np.array([gb.psi(mix, row).mid for row in np.asarray(x, dtype=np.float64).tolist()])


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
        found = both(found, gb.overlaps(mix, evaluator="arb", bits=BITS, max_nodes=BALL_NODES))
    return found.mid


def gradient(means: Any, weights: Any) -> FloatArray:
    return overlaps(means, weights) @ np.asarray(means, dtype=np.float64)


def psi_tilde_norm2(means: Any, weights: Any) -> FloatArray:
    means = np.asarray(means, dtype=np.float64)
    return np.asarray(np.sum(overlaps(means, weights) * (means @ means.T)))


def em_step(means: Any, weights: Any, eta: float) -> FloatArray:
    return np.asarray(means, dtype=np.float64) - eta * gradient(means, weights)
