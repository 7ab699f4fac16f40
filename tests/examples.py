"""Random mixtures for comparing evaluators: ties, ranks, scales, offsets, all kinds of weights."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from gembounds import Mixture

DIMENSIONS = (1, 2, 3, 5, 10, 50)


def random_mixture(rng: np.random.Generator, max_rank: int = 3, extreme: bool = True) -> Mixture:
    """n 2-6, d 1-50, differences of rank at most ``max_rank``; without ``extreme``, unit scale."""
    n = int(rng.integers(2, 7))
    d = int(rng.choice(DIMENSIONS))
    rank = min(int(rng.integers(1, max_rank + 1)), d, n - 1)
    basis = np.eye(d)[:rank] if rng.random() < 0.3 else rng.normal(size=(rank, d))
    coarse = rng.random() < 0.4
    core = rng.integers(-3, 4, size=(n, rank)) if coarse else rng.normal(size=(n, rank))
    means = core @ basis
    if not extreme:
        means /= max(1.0, float(np.linalg.norm(means, axis=1).max()) / 2)
        return Mixture(means, _weights(rng, n, False))
    if rng.random() < 0.5:
        means *= 10.0 ** rng.uniform(-8, 3)
    if rng.random() < 0.3:
        means += rng.normal(size=d) * 10.0 ** rng.uniform(-3, 3)
    if rng.random() < 0.2:
        means[-1] = means[0]
    if rng.random() < 0.03:
        means *= 10.0 ** rng.choice([-300, -160, 30, 100, 146])
    return Mixture(means, _weights(rng, n, True))


def line_mixture(rng: np.random.Generator) -> Mixture:
    """Rank 1 (or 0), exact rationals, n 2-5, d 1-4."""
    return _rational(rng, 1)


def plane_mixture(rng: np.random.Generator) -> Mixture:
    """Rank exactly 2, exact rationals, n = 3, d 2-5."""
    while True:
        mix = _rational(rng, 2)
        differences = mix.means[1:] - mix.means[0]
        if np.linalg.matrix_rank(differences) == 2:
            return mix


def _rational(rng: np.random.Generator, rank: int) -> Mixture:
    n = int(rng.integers(2, 6)) if rank == 1 else 3
    d = int(rng.integers(rank, rank + 4))
    most = 3 if rank == 1 else 1  # wide planes take the reference minutes
    axes = rng.integers(-most, most + 1, size=(rank, d))
    core = rng.integers(-most, most + 1, size=(n, rank))
    scale = Fraction(1, int(rng.choice([2, 3, 5, 8] if rank == 1 else [5, 7, 8])))
    rows = (core @ axes + rng.integers(-1, 2, size=d)).tolist()
    means = [[scale * x / 2 for x in row] for row in rows]
    parts = [int(x) for x in rng.integers(1, 9, size=n)]
    return Mixture(means, [Fraction(p, sum(parts)) for p in parts])


def _weights(rng: np.random.Generator, n: int, extreme: bool) -> Any:
    kind = rng.random()
    if kind < 0.4:
        return None
    if kind < 0.7 or not extreme:
        drawn = rng.dirichlet(np.ones(n)) + 1e-3
        return drawn / drawn.sum()
    if kind < 0.9:
        drawn = 10.0 ** rng.uniform(-300, 0, size=n)
        drawn[int(rng.integers(n))] = 1.0
        return drawn / drawn.sum()
    tiny = [Fraction(1, 10 ** int(rng.integers(0, 500))) for _ in range(n)]
    total = sum(tiny)
    return [x / total for x in tiny]
