"""Nearest misses in float64, and thousands of configurations near them.

Those of one shape make a pool; what comes of a pool is a parent with some of its numbers changed,
by amounts of all sizes, or moved along the difference of two others: what leads nearer to a
violation takes its parent's place, so that sizes and directions follow.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gembounds.evaluators.reduction.exact import exact_rank
from gembounds.points.batch import Batch, FloatArray
from gembounds.points.batches import Rng
from gembounds.points.configurations import LARGEST, LEAST_WEIGHT
from gembounds.points.point import Point
from gembounds.referee.sweep.draws import put
from gembounds.statements.claim import Claim

POOL = 32
"""Parents of a shape."""

SHAPES = 4
"""Pools that are kept: those with the nearest misses."""

MOST_ENTRIES = 3000
"""Numbers of a configuration, beyond which it is no parent."""

SIZES = -8.0, 0.5
"""log10 of the relative sizes of changes."""

Row = dict[str, FloatArray]
"""A configuration: "means" (n, d) and "weights" (n,), and its parameters."""


class Pools:
    """The nearest misses, by shape."""

    def __init__(self) -> None:
        self.pools: dict[Any, list[tuple[float, Row]]] = {}

    def add(self, margins: FloatArray, batch: Batch, rows: Any) -> None:
        """Configurations of a batch: those at ``rows``."""
        found = [(float(margins[b]), row_of(batch, b)) for b in rows]
        for margin, row in found:
            self.put(margin, row)

    def put(self, margin: float, row: Row) -> None:
        shape = tuple(sorted((k, v.shape, v.dtype.kind) for k, v in row.items()))
        pool = self.pools.setdefault(shape, [])
        if any(m == margin for m, _ in pool):
            return
        pool.append((margin, row))
        pool.sort(key=lambda f: f[0])
        del pool[POOL:]
        if len(self.pools) > SHAPES:
            worst = max(self.pools, key=lambda k: (self.pools[k][0][0], repr(k)))
            del self.pools[worst]

    def bar(self) -> float:
        """Margins from which on nothing is added: none, while there is room."""
        if len(self.pools) < SHAPES:
            return np.inf
        return max(p[-1][0] if len(p) == POOL else np.inf for p in self.pools.values())

    def choose(self, rng: Rng) -> tuple[Any, list[tuple[float, Row]]]:
        """A shape and its pool: that of the nearest miss every second time."""
        order = sorted(self.pools, key=lambda k: (self.pools[k][0][0], repr(k)))
        k = 0 if rng.random() < 0.5 else int(rng.integers(len(order)))
        return order[k], self.pools[order[k]]


def row_of(batch: Batch, b: int) -> Row:
    found = {k: np.asarray(v[b]) for k, v in batch.parameters.items()}
    if not batch.numbers_alone:
        found |= {"means": batch.means[b], "weights": batch.weights[b]}
    return found


def row_at(point: Point) -> Row | None:
    """A point as float64 numbers; None where it is too large, or would go one by one."""
    found: dict[str, Any] = {}
    if point.mixture is not None:
        if point.mixture.n * point.mixture.d > MOST_ENTRIES or exact_rank(point.mixture) > 3:
            return None
        found = {"means": point.mixture.means, "weights": point.mixture.weights}
    try:
        for name, value in point.parameters.items():
            found[name] = np.array(value, np.int64) if isinstance(value, int) else _floats(value)
    except OverflowError:
        return None
    ok = all(np.isfinite(v).all() for v in found.values())
    return found if ok and (found.get("weights", np.ones(1)) > 0).all() else None


def _floats(value: Any) -> FloatArray:
    if isinstance(value, tuple):
        return np.array([_floats(v) for v in value])
    return np.array(float(value))


def mutated(claim: Claim, rng: Rng, pool: list[tuple[float, Row]], count: int) -> Batch:
    """``count`` configurations near those of a pool, the nearest misses the most often."""
    places = np.minimum((len(pool) * rng.random(count) ** 2).astype(int), len(pool) - 1)
    others = rng.integers(0, len(pool), (2, count))
    along = (rng.random(count) < 0.3) & (len(pool) > 2)
    size = 10 ** rng.uniform(*SIZES, count)
    part = rng.choice([1.0, 0.5, 0.2], count)
    found: dict[str, Any] = {}
    for name in pool[0][1]:
        values = np.stack([row[name] for _, row in pool])
        parent, apart = values[places], values[others[0]] - values[others[1]]
        if parent.dtype.kind in "iu" and name not in claim.parameters:
            found[name] = parent
            continue
        shape = parent.shape
        wide = (count,) + (1,) * (len(shape) - 1)
        if name == "weights":
            change = rng.normal(size=shape) * size.reshape(wide)
            ratio = np.log(values[others[0]] / values[others[1]]) * rng.normal(size=wide)
            change = np.where(along.reshape(wide), ratio, change)
            x = parent * np.exp(np.clip(_some(rng, change, part, wide), -30, 30))
            x = np.maximum(x, LEAST_WEIGHT)
            found[name] = x / x.sum(axis=1, keepdims=True)
            continue
        largest = np.abs(parent).reshape(count, -1).max(axis=1).reshape(wide)
        own = np.where(rng.random(shape) < 0.5, np.abs(parent), largest)
        own = np.where(parent == 0, largest * (rng.random(wide) < 0.2), own)
        change = rng.normal(size=shape) * own * size.reshape(wide)
        change = np.where(along.reshape(wide), apart * rng.normal(size=wide), change)
        x = parent + _some(rng, change, part, wide)
        if name == "means":
            x = _within_reach(_at_limits(rng, x), parent)
        found[name] = x
    return _batch(claim, found)


def _some(rng: Rng, change: FloatArray, part: FloatArray, wide: tuple[int, ...]) -> FloatArray:
    """The change of some numbers, the others kept."""
    return np.where(rng.random(change.shape) < part.reshape(wide), change, 0.0)


def _at_limits(rng: Rng, means: FloatArray) -> FloatArray:
    """Some with a mean 0, equal or opposite to another, or all scaled."""
    count, n, _ = means.shape
    rows = np.arange(count)
    kind, i, k = rng.integers(0, 16, count), *rng.integers(0, n, (2, count))
    out = means.copy()
    factor = np.select([kind == 0, kind == 1, kind == 2], [0.0, 1.0, -1.0], np.nan)
    some = ~np.isnan(factor)
    out[rows[some], i[some]] = factor[some, None] * means[rows[some], k[some]]
    scale = np.where(kind == 3, np.exp(rng.normal(size=count)), 1.0)
    return out * scale[:, None, None]


def _within_reach(means: FloatArray, parent: FloatArray) -> FloatArray:
    """No farther than the parent, or than twice what ensembles draw: far means take long."""
    some = int((means != 0).any(axis=(0, 1)).sum())
    far = 2 * LARGEST[max(1, min(3, means.shape[1] - 1, some))]
    top, before = (np.sqrt((x**2).sum(axis=2).max(axis=1)) for x in (means, parent))
    factor = np.minimum(1.0, np.maximum(far, before) / np.where(top > 0, top, 1.0))
    found: FloatArray = means * factor[:, None, None]
    return found


def _batch(claim: Claim, found: dict[str, Any]) -> Batch:
    means, weights = found.pop("means", None), found.pop("weights", None)
    known = claim.parameters
    for name, value in found.items():
        if name in known and known[name].kind in ("real", "integer"):
            found[name] = put(known[name], value)
    return Batch(means, weights, found)
