"""Configurations of a claim in batches: from its domain's ensemble, with the parameters it lacks.

Displacements and means are put on one grid, so that their sums are float64 numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gembounds.points.batch import Batch, FloatArray
from gembounds.points.batches import Rng, anywhere, directions
from gembounds.points.configurations import log_uniform
from gembounds.statements.claim import Claim
from gembounds.statements.domain import NUMBERS
from gembounds.statements.tree import Parameter

GRID_BITS = 50
"""Of means and displacements beside the largest of them."""

LARGEST = 1e6
"""Of numbers without an end."""

NEAREST, SHARE = 1e-9, 0.1
"""How near an end, relatively, numbers are drawn, and how many are at one."""


def batches(claim: Claim, rng: Rng, count: int) -> Iterator[Batch]:
    """At least ``count`` configurations in all; none where the claim has no ensemble."""
    ensemble = claim.domain.ensemble
    if claim.domain is NUMBERS:
        yield filled(claim, rng, Batch(parameters={"": np.zeros(count)}))
    elif ensemble is not None:
        for batch in ensemble.draw(rng, count):
            yield filled(claim, rng, batch)


def filled(claim: Claim, rng: Rng, batch: Batch) -> Batch:
    """With parameters that the claim has beyond the ensemble's."""
    found = {k: v for k, v in batch.parameters.items() if k}
    for name, p in claim.parameters.items():
        if name not in found:
            found[name] = values(p, rng, batch)
    if batch.numbers_alone:
        return Batch(parameters=found)
    return Batch(batch.means, batch.weights, found)


def values(p: Parameter, rng: Rng, batch: Batch) -> Any:
    """A parameter at random."""
    size = len(batch)
    if p.kind == "vector":
        return anywhere(rng, batch)
    if p.kind == "displacement":
        return directions(rng, size, batch.n, batch.d) * log_uniform(
            rng, size * batch.n, 1e-6, 3
        ).reshape(size, batch.n, 1)
    low = None if p.low is None else float(p.low)
    high = None if p.high is None else float(p.high)
    whole = p.kind == "integer"
    near = log_uniform(rng, size, 1e-3 if whole else NEAREST, 1)
    if low is not None and high is not None:
        share = np.where(rng.random(size) < 0.5, rng.random(size), near)
        share = np.where(rng.random(size) < SHARE, 0.0, share)
        way = share * (high - low)
        x = np.where(rng.random(size) < 0.5, low + way, high - way)
    else:
        far = log_uniform(rng, size, 0.1 if whole else NEAREST, LARGEST)
        far = np.where(rng.random(size) < SHARE, 0.0, far)
        sign = rng.choice([-1.0, 1.0], size)
        x = low + far if low is not None else high - far if high is not None else sign * far
    return put(p, x)


def put(p: Parameter, x: FloatArray) -> Any:
    """Numbers of the parameter's kind, within its ends."""
    if p.kind == "integer":
        x = np.rint(x)
    low = -np.inf if p.low is None else up_to(p.low, p.kind == "integer")
    high = np.inf if p.high is None else -up_to(-p.high, p.kind == "integer")
    x = np.clip(x, low, high)
    return x.astype(np.int64) if p.kind == "integer" else x


def up_to(end: Any, whole: bool) -> float:
    """The least float64, or whole number, that is not below ``end``."""
    if whole:
        return float(-(-end.numerator // end.denominator))
    near = float(end)
    return near if near >= end else float(np.nextafter(near, np.inf))


def part(batch: Batch, rows: Any) -> Batch:
    """Some of the configurations."""
    found = {k: v[rows] for k, v in batch.parameters.items()}
    if batch.numbers_alone:
        return Batch(parameters=found)
    return Batch(batch.means[rows], batch.weights[rows], found)


def gridded(claim: Claim, batch: Batch) -> Batch:
    """The batch with means and displacements on one grid each, where the claim moves means."""
    names = [p.name for p in claim.parameters.values() if p.kind == "displacement"]
    if not names:
        return batch
    means, found = batch.means, dict(batch.parameters)
    top = np.abs(means).max(axis=(1, 2))
    for name in names:
        top = np.maximum(top, np.abs(found[name]).max(axis=(1, 2)))
    _, exponent = np.frexp(np.where(top > 0, top, 1.0))
    unit = np.ldexp(1.0, exponent - GRID_BITS)[:, None, None]
    for name in names:
        found[name] = np.rint(found[name] / unit) * unit
    return Batch(np.rint(means / unit) * unit, batch.weights, found)
