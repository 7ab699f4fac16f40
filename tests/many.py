"""Batches of mixtures of one shape, extreme in one way each, for the honesty run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Rng = np.random.Generator
Batch = tuple[Any, Any]
"""Means (B, n, d) and weights (B, n), or None."""

SIZE = 256


def powers(rng: Rng, low: float, high: float) -> Any:
    """One power of 10 a mixture, (B, 1, 1)."""
    return 10.0 ** rng.uniform(low, high, size=(SIZE, 1, 1))


def core(rng: Rng) -> Any:
    """Coordinates (B, n, r) near 1: n to 6, r to 3, seldom 3."""
    n = int(rng.integers(2, 7))
    return rng.normal(size=(SIZE, n, min(n - 1, int(rng.choice([1, 1, 1, 2, 2, 2, 3])))))


def placed(rng: Rng, x: Any) -> Any:
    """As means in up to five dimensions, along the axes or turned."""
    d = int(rng.integers(x.shape[2], 6))
    means = np.concatenate((x, np.zeros((*x.shape[:2], d - x.shape[2]))), axis=2)
    return means @ np.linalg.qr(rng.normal(size=(SIZE, d, d)))[0] if rng.random() < 0.7 else means


def shares(rng: Rng, n: int) -> Any:
    """Equal weights half of the time, else down to 1e-9 or so."""
    found = rng.dirichlet(np.ones(n), size=SIZE) + 1e-9
    return None if rng.random() < 0.5 else found / found.sum(axis=1, keepdims=True)


def plain(rng: Rng) -> Batch:
    x = core(rng)
    return placed(rng, x), shares(rng, x.shape[1])


def vanishing(rng: Rng) -> Batch:
    """Weights down to 1e-300, or 1e-12."""
    x = core(rng)
    lowest = rng.choice([-300.0, -12.0])
    found = 10.0 ** rng.uniform(lowest, 0, size=x.shape[:2])
    found[:, 0] = 1.0
    return placed(rng, x), found / found.sum(axis=1, keepdims=True)


def tiny(rng: Rng) -> Batch:
    x = core(rng) * powers(rng, -12, -1)
    return placed(rng, x), shares(rng, x.shape[1])


def wide(rng: Rng) -> Batch:
    x = core(rng) * powers(rng, 0, 1.2)
    return placed(rng, x), shares(rng, x.shape[1])


def far(rng: Rng) -> Batch:
    """One of the means up to 1e8 away."""
    x = core(rng)
    x[:, 0] *= powers(rng, 0, 8)[:, 0]
    return placed(rng, x), shares(rng, x.shape[1])


def offset(rng: Rng) -> Batch:
    """All of the means up to 1e4 away."""
    x = core(rng)
    means = placed(rng, x)
    return means + rng.normal(size=(SIZE, 1, means.shape[2])) * powers(rng, -1, 4), shares(
        rng, x.shape[1]
    )


def coincident(rng: Rng) -> Batch:
    x = core(rng)
    x[:, 1] = x[:, 0]
    x[::3] = x[::3, :1]
    x[1::3, -1] = 0.0
    return placed(rng, x), shares(rng, x.shape[1])


def flat(rng: Rng) -> Batch:
    """A plane that is nearly a line, or a space that is nearly a plane."""
    x = core(rng)
    x[:, :, -1:] *= powers(rng, -13, -2)
    return placed(rng, x), shares(rng, x.shape[1])


KINDS: dict[str, tuple[Callable[[Rng], Batch], str]] = {
    "plain": (plain, "means near 1"),
    "vanishing": (vanishing, "weights to 1e-300"),
    "tiny": (tiny, "means to 1e-12"),
    "wide": (wide, "means to 30 and more"),
    "far": (far, "one mean to 1e8"),
    "offset": (offset, "all means to 1e4 from 0"),
    "coincident": (coincident, "coincident means"),
    "flat": (flat, "nearly degenerate"),
}
