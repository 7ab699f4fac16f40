"""One order of the components and coordinates for all starts that differ only by that.

A start whose components are permuted, whose coordinates are permuted or whose coordinates change
their signs runs as the same float64 numbers, and its states are carried back: they are the other
start's, permuted and reflected exactly. Components are told apart by weight, size, the sorted
sizes of their entries and their inner products with the others; those that agree in all of it
keep their order.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.trajectory.sums import ordered_sum

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

MAX_COLUMNS = 4096
"""Coordinates beyond this keep their order (their signs are still normalised)."""


class Canonical(NamedTuple):
    """``rows``: the classes in canonical order; ``columns`` and ``signs`` (of the given columns)
    of the coordinates."""

    rows: IndexArray
    columns: IndexArray
    signs: FloatArray

    def of(self, means: FloatArray) -> FloatArray:
        """(k, d) in canonical order."""
        return np.ascontiguousarray((means * self.signs + 0.0)[np.ix_(self.rows, self.columns)])

    def back(self, states: FloatArray) -> FloatArray:
        """(..., k, d) in the order given."""
        out = np.empty_like(states)
        out[(..., self.rows[:, None], self.columns)] = states
        return np.asarray(out * self.signs + 0.0)


def canonical_of(means: FloatArray, weights: Any, counts: FloatArray) -> Canonical:
    """For the classes' means (k, d)."""
    k, d = means.shape
    few = d <= MAX_COLUMNS
    with np.errstate(over="ignore", invalid="ignore"):
        gram = ordered_sum(means[:, None, :] * means[None], 2) if k * k * d < 10**7 else None
    sizes = np.sort(np.abs(means), axis=1).tolist() if few else [[] for _ in range(k)]
    own = [(w, c, size) for w, c, size in zip(weights, counts.tolist(), sizes, strict=True)]
    keys: list[Any] = []
    for a in range(k):
        others = [] if gram is None else sorted((gram[a, b], own[b]) for b in range(k))
        keys.append((own[a], others))
    rows = np.array(sorted(range(k), key=lambda a: keys[a]), dtype=np.intp)
    ordered = means[rows] + 0.0
    first = np.argmax(ordered != 0, axis=0)
    signs = np.where(ordered[first, np.arange(d)] < 0, -1.0, 1.0)
    columns = np.arange(d)
    if few:
        columns = np.lexsort((ordered * signs)[::-1])
    return Canonical(rows, columns, signs)
