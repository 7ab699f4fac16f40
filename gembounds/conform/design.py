"""Covering designs: which stratum of each axis comes with which, over a number of points.

Axes varied one at a time, or all independently, leave corners empty. Rows are chosen one after
the other, each the best of ``CANDIDATES`` random ones by how many triples of strata it has that no
row before it had: the first rows have nearly all pairs, some hundreds have nearly all triples.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

CANDIDATES = 24
"""Rows that compete for each place (a choice: more change little)."""


def covering(
    sizes: Sequence[int], count: int, rng: np.random.Generator, strength: int = 3
) -> npt.NDArray[np.int64]:
    """``count`` rows of strata, one of ``range(sizes[a])`` for each axis a, (count, axes)."""
    strata = np.array(sizes)
    axes = np.array(list(combinations(range(len(strata)), strength)))
    stride = np.cumprod(np.hstack([np.ones((len(axes), 1), int), strata[axes][:, :-1]]), axis=1)
    cells = np.prod(strata[axes], axis=1)
    base = np.cumsum(cells) - cells
    seen = np.zeros(int(cells.sum()), dtype=bool)
    rows = np.empty((count, len(strata)), dtype=np.int64)
    for k in range(count):
        tried = rng.integers(strata, size=(CANDIDATES, len(strata)))
        places = base + np.sum(tried[:, axes] * stride, axis=2)
        best = int(np.argmin(seen[places].sum(axis=1)))
        rows[k] = tried[best]
        seen[places[best]] = True
        if seen.all():
            seen[:] = False
    return rows
