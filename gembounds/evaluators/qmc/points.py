"""Randomised lattice points with a normal distribution, in independent replicates.

A replicate is a rank-1 lattice of K points with a random generating vector, shifted at random
modulo 1, mapped to normal coordinates; the caller adds the mirror image -y of each point. Each
point by itself is uniform on a fine grid, so every average is unbiased for the grid, and
``POINT_ERROR`` bounds what the grid and the inverse normal distribution function cost.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.special import ndtri

from gembounds.tools.errors import InputError
from gembounds.values.enclosure import FloatArray

SHIFT_BITS = 52
"""Points lie at the middles (s + 1/2) 2^-52 of the cells: exact in float64, never 0 or 1."""

POINT_ERROR = 2.0**-46
"""Bound on E abs(y~ - y) for a computed coordinate y~ and a standard normal y joined to it.

Put y at a uniform point of the cell of y~. An inner cell contributes its probability 2^-52 times
its length in y, in sum at most 2^-52 * 2 * 8.3; the two outermost at most 2^-52 each. That is
below 2^-47. ``ndtri`` is assumed to err by at most 2^-48 relatively (empirical, tested), which
adds at most 2^-48.
"""

MEAN_ABS = 0.8
"""Above E abs(y) = sqrt(2/pi) for a standard normal y, ``POINT_ERROR`` included."""

BLOCK = 2**15
"""Points made at a time (a choice: some megabytes)."""

SAMPLES = (2**8, 2**28)
"""Fewest samples (below, the intervals say nothing) and most (minutes)."""


def lattice_size(samples: int) -> int:
    """K, a power of two near sqrt(samples)/256, at least 1.

    An interval is the sum of a term sqrt(V/m) that longer lattices help and a term 1/m that
    more replicates m help (empirical: near the shortest intervals for samples 2^16 to 2^24).
    """
    return 1 << max((samples.bit_length() - 1) // 2 - 8, 0)


def checked_samples(samples: int) -> int:
    """``samples`` if it is a usable number, else :class:`InputError`."""
    low, high = SAMPLES
    if isinstance(samples, bool) or not isinstance(samples, int) or not low <= samples <= high:
        raise InputError(f"samples is {samples!r}: give an integer from {low} to {high}")
    return samples


def replicates(
    samples: int, size: int, dimension: int, seed: int
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Blocks of normal points (replicates, size, dimension) and uniform numbers beside them
    (replicates, size); ``2 size`` samples a replicate, counting mirror images.

    Determined by ``seed``.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    left = samples // (2 * size)
    while left > 0:
        block = min(left, max(BLOCK // size, 1))
        left -= block
        cells = _cells(generator, block, size, dimension + 1)
        uniform = (cells + 0.5) * 2.0**-SHIFT_BITS
        normal = np.asarray(ndtri(uniform[:, :, :dimension]), dtype=np.float64)
        yield normal, np.asarray(uniform[:, :, dimension], dtype=np.float64)


def _cells(
    generator: np.random.Generator, block: int, size: int, dimension: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
    """Numbers of cells: k z / size + shift modulo 1, in units of 2^-52, k = 0..size-1."""
    shape = (block, 1, dimension)
    shift = generator.integers(0, 2**SHIFT_BITS, shape, dtype=np.uint64)
    odd = 2 * generator.integers(0, max(size // 2, 1), shape, dtype=np.uint64) + np.uint64(1)
    k = np.arange(size, dtype=np.uint64)[None, :, None]
    spread = (k * odd % np.uint64(size)) * np.uint64(2**SHIFT_BITS // size)
    return (spread + shift) % np.uint64(2**SHIFT_BITS)
