"""Maps of log10 ratios over two natural parameters.

* "size and dimension": mu_max and d; at each place the smallest ratio of a few random mixtures
  of three components, the same everywhere, scaled to just that mu_max;
* "separation and weight": two means a distance apart in R^2, one of a given weight, sum_i pi_i
  mu_i = 0;
* others that an ensemble brings of its own (``Ensemble.places``).

Other parameters (x, delta, step size) are drawn, a few for each place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import numpy as np

from gembounds.points.batch import Batch, FloatArray
from gembounds.points.batches import Ensemble, Found, Rng, plain
from gembounds.points.configurations import GEOMETRIES, geometry, weights
from gembounds.referee.atlas.ratios import log10_ratios
from gembounds.statements.claim import Claim

SIZES = np.geomspace(0.01, 10, 19)
DIMENSIONS = (1, 2, 3, 5, 10, 30, 100, 300, 1000)
SEPARATIONS = np.geomspace(0.01, 10, 19)
WEIGHTS = (1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5)

REPEATS = 12
"""Configurations for each place of a map, where they are drawn, unless asked otherwise."""


@dataclass(frozen=True)
class Map:
    """``values[row][column]``: the smallest log10 ratio at ``ys[row]``, ``xs[column]``, null
    where none is resolved or nothing is in the domain; the smallest of ``repeats``."""

    x: str
    y: str
    xs: list[float]
    ys: list[float]
    repeats: int
    values: list[list[float | None]]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Places:
    """The batches of one map for one ensemble, a row a batch: claims of the ensemble share what
    is computed there."""

    def __init__(self, name: str, ensemble: Ensemble, rng: Rng, repeats: int) -> None:
        self.name = name
        if name in ensemble.places:
            found: Found = ensemble.places[name](rng)
        else:
            found = PLACES[name](rng, ensemble, repeats)
        self.rows, self.x, self.y, self.xs, self.ys = found

    def map(self, claim: Claim) -> Map:
        values = []
        for batch in self.rows:
            found = log10_ratios(claim, batch).reshape(-1, len(self.xs))
            least = np.where(np.isfinite(found), found, np.inf).min(axis=0)
            values.append([float(f"{v:.4g}") if np.isfinite(v) else None for v in least])
        repeats = len(self.rows[0]) // len(self.xs)
        return Map(self.x, self.y, self.xs, self.ys, repeats, values)


Key = TypeVar("Key")


def size_and_dimension(rng: Rng, ensemble: Ensemble, repeats: int) -> Found:
    fill, largest, rank = ensemble.fill or plain, ensemble.largest, ensemble.rank
    sizes = SIZES[largest * (1 + 1e-9) >= SIZES]
    names = [GEOMETRIES[k % len(GEOMETRIES)] for k in range(repeats)]
    cores = np.concatenate([geometry(rng, name, 1, 3, 2) for name in names])
    shares = np.repeat(rng.permutation(weights(rng, repeats, 3)), len(sizes), axis=0)
    rows = []
    for d in DIMENSIONS:
        m = min(d, rank, 2)
        core = np.repeat(cores[:, :, :m], len(sizes), axis=0)
        top = np.sqrt((core**2).sum(axis=2).max(axis=1))
        means = np.zeros((len(core), 3, d))
        means[:, :, :m] = core * (np.tile(sizes, repeats) / top)[:, None, None]
        rows.append(fill(rng, Batch(means, shares)))
    return rows, "mu_max", "d", _short(sizes), [float(d) for d in DIMENSIONS]


def separation_and_weight(rng: Rng, ensemble: Ensemble, repeats: int) -> Found:
    fill, largest = ensemble.fill or plain, ensemble.largest
    apart = SEPARATIONS[largest * (1 + 1e-9) >= SEPARATIONS]
    repeats = 1 if fill is plain else repeats
    rows = []
    for w in WEIGHTS:
        s = np.tile(apart, repeats)
        means = np.zeros((len(s), 2, 2))
        means[:, 0, 0], means[:, 1, 0] = s * (1 - w), -s * w
        shares = np.tile([w, 1 - w], (len(s), 1))
        rows.append(fill(rng, Batch(means, shares)))
    return rows, "separation", "weight", _short(apart), [float(w) for w in WEIGHTS]


PLACES = {
    "size and dimension": size_and_dimension,
    "separation and weight": separation_and_weight,
}


def maps_of(
    claims: Mapping[Key, Claim], rng: Rng, repeats: int = REPEATS
) -> dict[Key, dict[str, Map]]:
    """All maps of claims of one ensemble, by claim and name of the map."""
    out: dict[Key, dict[str, Map]] = {}
    for name in dict.fromkeys(name for claim in claims.values() for name in claim.maps):
        chosen = [k for k, claim in claims.items() if name in claim.maps]
        if chosen:
            ensemble = claims[chosen[0]].domain.ensemble
            assert ensemble is not None
            places = Places(name, ensemble, rng, repeats)
            for k in chosen:
                out.setdefault(k, {})[name] = places.map(claims[k])
    return out


def _short(values: FloatArray) -> list[float]:
    return [float(f"{v:.4g}") for v in values]
