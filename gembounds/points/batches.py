"""Ensembles: what is drawn in batches of thousands, for distributions and maps.

An ensemble's batches have at least as many configurations in all as asked for. One that ``fill``s
can also take mixtures that are given, which is what maps need: it adds parameters to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from gembounds.points.batch import Batch, FloatArray
from gembounds.points.configurations import SHAPES, log_uniform, mixtures

Rng = np.random.Generator
Fill = Callable[[Rng, Batch], Batch]
Found = tuple[list[Batch], str, str, list[float], list[float]]
"""Of a map: a batch a row, the names of both axes, and their values."""

INSIDE = 1 - 1e-9
"""What keeps a float64 number that is meant to be at an end just inside."""


@dataclass(frozen=True, eq=False)
class Ensemble:
    """``draw(rng, count)`` gives batches; ``places`` are maps of its own by name, see
    :mod:`gembounds.referee.atlas.maps`; ``fill``, ``largest`` (of mu_max) and ``rank`` are those
    of an ensemble of general mixtures, see :func:`filled`."""

    name: str
    draw: Callable[[Rng, int], Iterator[Batch]]
    fill: Fill | None = None
    largest: float = np.inf
    rank: int = 3
    places: Mapping[str, Callable[[Rng], Found]] = field(default_factory=dict)


def filled(
    name: str, fill: Fill, largest: float = np.inf, rank: int = 3, most: int = 10
) -> Ensemble:
    """Mixtures of up to ``most`` components, with what ``fill`` adds."""

    def draw(rng: Rng, count: int) -> Iterator[Batch]:
        shapes = tuple(shape for shape in SHAPES if shape[0] <= most)
        for batch in mixtures(rng, count, shapes, rank=rank, largest=largest):
            yield fill(rng, batch)

    return Ensemble(name, draw, fill, largest, rank)


def plain(rng: Rng, batch: Batch) -> Batch:
    """Nothing is added."""
    return batch


def directions(rng: Rng, size: int, n: int, d: int) -> FloatArray:
    """Unit vectors in the first two coordinates, (size, n, d), the same for all n in every third
    row."""
    m = min(d, 2)
    u = rng.normal(size=(size, n, m))
    u[::3] = u[::3, :1]
    out = np.zeros((size, n, d))
    out[:, :, :m] = u / np.sqrt((u**2).sum(axis=2, keepdims=True))
    return out


def anywhere(rng: Rng, batch: Batch) -> FloatArray:
    """A vector x for each configuration, 1e-2 to 1e2 times a normal one, (B, d)."""
    size, _, d = batch.means.shape
    x = np.zeros((size, d))
    x[:, : min(d, 3)] = rng.normal(size=(size, min(d, 3)))
    return x * log_uniform(rng, size, 1e-2, 1e2)[:, None]


def _opposite(rng: Rng, count: int) -> Iterator[Batch]:
    shapes = tuple(shape for shape in SHAPES if shape[0] == 2)
    for batch in mixtures(rng, count, shapes, rank=1):
        means = batch.means.copy()
        means[:, 1] = -means[:, 0]
        yield Batch(means, batch.weights)


def _size_and_weight(rng: Rng) -> Found:
    sizes, rows = np.geomspace(0.01, 10, 19), []
    for w in (0.5, 0.45, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01, 1e-3, 1e-4, 1e-5):
        means = np.stack([sizes, -sizes], 1)[:, :, None]
        rows.append((w, Batch(means, np.tile([w, 1 - w], (len(sizes), 1)))))
    rows.sort(key=lambda row: row[0])
    places = [float(f"{v:.4g}") for v in sizes]
    return [b for _, b in rows], "mu_max", "weight", places, [w for w, _ in rows]


OPPOSITE = Ensemble("opposite", _opposite, rank=1, places={"size and weight": _size_and_weight})
"""Two means mu and -mu."""

PLAIN = filled("plain", plain)
PLANE = filled("plane", plain, 2.0, 2, 6)
