"""Maps of log10 ratios over two natural parameters.

* "size and dimension": mu_max and d; at each place the smallest ratio of a few random mixtures
  of three components, the same everywhere, scaled to just that mu_max;
* "separation and weight": two means a distance apart in R^2, one of a given weight, sum_i pi_i
  mu_i = 0;
* "dimension and rate": d and c in units of 1/(3d), for statements about |x| alone.

Other parameters (x, delta, step size) are drawn, a few for each place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024.ensembles import FILLED, Rng
from gembounds.papers.xu_fazel_du_2024.numbers import with_rate
from gembounds.papers.xu_fazel_du_2024.sides.record import Sides
from gembounds.points.batch import Batch, FloatArray
from gembounds.points.configurations import GEOMETRIES, geometry, weights
from gembounds.referee.atlas.ratios import log10_ratios
from gembounds.statements.legacy import Claim

SIZES = np.geomspace(0.01, 10, 19)
DIMENSIONS = (1, 2, 3, 5, 10, 30, 100, 300, 1000)
SEPARATIONS = np.geomspace(0.01, 10, 19)
WEIGHTS = (1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5)
RATE_DIMENSIONS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 30, 50, 100, 1000, 10**6)
RATE_SHARES = (1e-3, 0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)

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

    def __init__(self, name: str, ensemble: str, rng: Rng, repeats: int) -> None:
        self.name = name
        self.rows, self.x, self.y, self.xs, self.ys = PLACES[name](rng, ensemble, repeats)

    def map(self, claim: Claim, sides: Sides) -> Map:
        values = []
        for batch in self.rows:
            found = log10_ratios(claim, sides, batch).reshape(-1, len(self.xs))
            least = np.where(np.isfinite(found), found, np.inf).min(axis=0)
            values.append([float(f"{v:.4g}") if np.isfinite(v) else None for v in least])
        repeats = len(self.rows[0]) // len(self.xs)
        return Map(self.x, self.y, self.xs, self.ys, repeats, values)


Found = tuple[list[Batch], str, str, list[float], list[float]]


def size_and_dimension(rng: Rng, ensemble: str, repeats: int) -> Found:
    fill, largest, rank, _ = FILLED[ensemble]
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


def separation_and_weight(rng: Rng, ensemble: str, repeats: int) -> Found:
    fill, largest, _, _ = FILLED[ensemble]
    apart = SEPARATIONS[largest * (1 + 1e-9) >= SEPARATIONS]
    repeats = 1 if ensemble in ("plain", "plane") else repeats
    rows = []
    for w in WEIGHTS:
        s = np.tile(apart, repeats)
        means = np.zeros((len(s), 2, 2))
        means[:, 0, 0], means[:, 1, 0] = s * (1 - w), -s * w
        shares = np.tile([w, 1 - w], (len(s), 1))
        rows.append(fill(rng, Batch(means, shares)))
    return rows, "separation", "weight", _short(apart), [float(w) for w in WEIGHTS]


def dimension_and_rate(rng: Rng, ensemble: str, repeats: int) -> Found:
    d = np.array(RATE_DIMENSIONS)
    rows = [Batch(parameters=with_rate(rng, d, np.full(len(d), share))) for share in RATE_SHARES]
    return rows, "d", "3 d c", [float(x) for x in d], [float(x) for x in RATE_SHARES]


PLACES = {
    "size and dimension": size_and_dimension,
    "separation and weight": separation_and_weight,
    "dimension and rate": dimension_and_rate,
}


def maps_of(
    claims: Mapping[str, Claim], sides: Mapping[str, Sides], ensemble: str, rng: Rng,
    repeats: int = REPEATS,
) -> dict[str, dict[str, Map]]:  # fmt: skip
    """All maps of the claims of one ensemble, by claim and name of the map."""
    out: dict[str, dict[str, Map]] = {}
    for name in PLACES:
        chosen = [k for k in claims if name in sides[k].maps]
        if chosen:
            places = Places(name, ensemble, rng, repeats)
            for k in chosen:
                out.setdefault(k, {})[name] = places.map(claims[k], sides[k])
    return out


def _short(values: FloatArray) -> list[float]:
    return [float(f"{v:.4g}") for v in values]
