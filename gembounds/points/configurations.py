"""Random mixtures for the atlas: several shapes, norms over decades, five geometries.

mu_max is log-uniform; weights are Dirichlet with concentrations from 0.3 to 10, or even. The
means span at most three coordinates, the first ones: turning R^d changes no side of any claim,
and d itself enters them as a number only. Far means in a plane or in space are left out, where
a grid would take long: mu_max goes to ``LARGEST`` by the rank.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from gembounds.points.batch import Batch

FloatArray = npt.NDArray[np.float64]
Rng = np.random.Generator

SHAPES = (
    (2, 1), (2, 2), (2, 5), (2, 30), (2, 300), (3, 1), (3, 2), (3, 10), (3, 100),
    (4, 1), (4, 2), (4, 3), (4, 20), (6, 1), (6, 2), (10, 1), (10, 3),
)  # fmt: skip
"""(n, d)."""

GEOMETRIES = ("isotropic", "collinear", "coincident", "one far", "symmetric", "shifted")

LARGEST = {1: 30.0, 2: 5.0, 3: 2.0}
"""mu_max by rank (a choice: grids stay below a millisecond or so)."""

SMALLEST = 1e-3
CONCENTRATIONS = (0.3, 1.0, 10.0, np.inf)
LEAST_WEIGHT = 1e-9


def mixtures(
    rng: Rng, count: int, shapes: tuple[tuple[int, int], ...] = SHAPES, *,
    rank: int = 3, largest: float = np.inf,
) -> Iterator[Batch]:  # fmt: skip
    """At least ``count`` mixtures in all, a batch a shape, mu_max up to ``largest``."""
    each = -(-count // len(shapes))
    for n, d in shapes:
        yield Batch(means(rng, each, n, d, rank, largest), weights(rng, each, n))


def means(rng: Rng, count: int, n: int, d: int, rank: int, largest: float) -> FloatArray:
    """(count, n, d), the geometries in turn."""
    rank = min(rank, d, 3 if n <= 4 else 2)
    out = np.zeros((count, n, d))
    for k, name in enumerate(GEOMETRIES):
        rows = slice(k, count, len(GEOMETRIES))
        m = 1 if name == "collinear" else rank
        core = geometry(rng, name, len(out[rows]), n, m)
        top = np.sqrt((core**2).sum(axis=2).max(axis=1))
        scale = log_uniform(rng, len(core), SMALLEST, min(largest, LARGEST[m])) / top
        out[rows, :, :m] = core * scale[:, None, None]
    return out


def geometry(rng: Rng, name: str, count: int, n: int, m: int) -> FloatArray:
    """``count`` times n means in R^m, of no particular size."""
    core = rng.normal(size=(count, n, m))
    if name == "coincident" and n > 2:  # two places or more, several means at some
        place = rng.integers(0, 2, size=(count, n))
        place[:, :2] = (0, 1)
        core = np.take_along_axis(core, place[:, :, None], axis=1)
    elif name == "one far":
        core[:, 1:] *= log_uniform(rng, count, 1e-3, 0.5)[:, None, None]
    elif name == "symmetric":
        half = n // 2
        core[:, half : 2 * half] = -core[:, :half]
        core[:, 2 * half :] = 0
    elif name == "shifted":
        core = (
            rng.normal(size=(count, 1, m))
            + core * log_uniform(rng, count, 0.01, 0.5)[:, None, None]
        )
    return core


def weights(rng: Rng, count: int, n: int) -> FloatArray:
    """(count, n), the concentrations in turn."""
    out = np.empty((count, n))
    for k, a in enumerate(CONCENTRATIONS):
        rows = slice(k, count, len(CONCENTRATIONS))
        size = len(out[rows])
        out[rows] = 1.0 / n if np.isinf(a) else rng.dirichlet(np.full(n, a), size)
    out = np.maximum(out, LEAST_WEIGHT)
    shares: FloatArray = out / out.sum(axis=1, keepdims=True)
    return shares


def log_uniform(rng: Rng, count: int, low: float, high: float) -> FloatArray:
    return np.exp(rng.uniform(np.log(low), np.log(high), size=count))
