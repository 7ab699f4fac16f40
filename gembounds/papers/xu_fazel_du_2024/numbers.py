"""Ensembles of statements about numbers alone: dimensions, rates, times, step sizes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gembounds.points.batch import Batch, FloatArray
from gembounds.points.batches import INSIDE, Ensemble, Found
from gembounds.points.configurations import log_uniform

Rng = np.random.Generator

MAX_D = 10**6

RATE_DIMENSIONS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 30, 50, 100, 1000, 10**6)
RATE_SHARES = (1e-3, 0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def dimensions(rng: Rng, count: int) -> Iterator[Batch]:
    """d from 1 to 10^6: the first ones all, the others log-uniform."""
    yield Batch(parameters={"d": drawn_dimensions(rng, count)})


def drawn_dimensions(rng: Rng, count: int, largest: int = MAX_D) -> np.ndarray:
    d = np.rint(log_uniform(rng, count, 0.5, largest + 0.4)).astype(np.int64)
    return np.clip(d, 1, largest)


def rates(rng: Rng, count: int) -> Iterator[Batch]:
    """d, c from 1e-6/(3d) to 1/(3d), xi from 0 to c, r from 1 to 1e3."""
    d = drawn_dimensions(rng, count)
    yield Batch(parameters=with_rate(rng, d, log_uniform(rng, count, 1e-6, 1)))


def with_rate(rng: Rng, d: np.ndarray, share: FloatArray) -> dict[str, np.ndarray]:
    c = share * INSIDE / (3 * d)
    xi = c * rng.random(len(d)) * INSIDE
    return {"d": d, "c": c, "xi": xi, "r": 1 + log_uniform(rng, len(d), 1e-6, 1e3)}


def dimension_and_rate(rng: Rng) -> Found:
    """A map over d and c in units of 1/(3d)."""
    d = np.array(RATE_DIMENSIONS)
    rows = [Batch(parameters=with_rate(rng, d, np.full(len(d), share))) for share in RATE_SHARES]
    return rows, "d", "3 d c", [float(x) for x in d], [float(x) for x in RATE_SHARES]


def unit(rng: Rng, count: int) -> Iterator[Batch]:
    """x in [0, 1]."""
    yield Batch(parameters={"x": rng.random(count)})


def times(rng: Rng, count: int) -> Iterator[Batch]:
    """t from 1e-6 to 1e6."""
    yield Batch(parameters={"t": log_uniform(rng, count, 1e-6, 1e6)})


LARGEST_EXPONENT = 100
"""d of trajectories goes to this."""


def trajectories(rng: Rng, count: int) -> Iterator[Batch]:
    """d to 100, n to 10^6, eta from 1e-6 to 1e-2, t in [1, exp(d)/(30 eta)] and at most 2^62."""
    d = drawn_dimensions(rng, count, LARGEST_EXPONENT)
    n = np.rint(log_uniform(rng, count, 3, 1e6)).astype(np.int64)
    eta = log_uniform(rng, count, 1e-6, 1e-2)
    last = np.minimum(np.exp(d.astype(float)) / (30 * eta) * INSIDE, 2.0**62)
    t = np.floor(np.exp(rng.random(count) * np.log(last))).astype(np.int64)
    yield Batch(parameters={"d": d, "n": n, "eta": eta, "t": np.maximum(t, 1)})


DIMENSIONS = Ensemble("dimensions", dimensions)
RATES = Ensemble("rates", rates, places={"dimension and rate": dimension_and_rate})
UNIT = Ensemble("unit", unit)
TIMES = Ensemble("times", times)
TRAJECTORIES = Ensemble("trajectories", trajectories)
