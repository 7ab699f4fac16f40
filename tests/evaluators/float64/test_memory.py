"""Memory of the float64 grids: below 512 MiB, whatever the number of components."""

from __future__ import annotations

import tracemalloc

import numpy as np

import gembounds as gb


def test_many_components_stay_within_the_bound() -> None:
    """A circle and a narrow third axis: blocks of few columns and many rows, times n^2/2 pairs."""
    n = 50
    rng = np.random.default_rng(0)
    angle, height = rng.uniform(0, 2 * np.pi, n), rng.uniform(-1, 1, n)
    mix = gb.Mixture(np.stack((7.3 * np.cos(angle), 7.3 * np.sin(angle), height), axis=1))
    tracemalloc.start()
    try:
        found = gb.overlaps(mix, rtol=1e-3, max_nodes=2**19)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert float(found.upper.max()) < 1.0
    assert peak < 256 * 2**20
