"""One order of the components and coordinates for all starts that differ only by that.

A start whose components are permuted, whose coordinates are permuted or whose coordinates change
their signs runs as the same float64 numbers, and its states are carried back: they are the other
start's, permuted and reflected exactly. Components are told apart by weight, size, the sorted
sizes of their entries and their inner products with the others. Of those that agree in all of
it, as mu and -mu may, each is put first in turn, and the rest are told apart by inner products
with it; of all orders that come of this, the one whose means are least as bytes is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby, islice
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.trajectory.sums import ordered_sum

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

MAX_COLUMNS = 4096
"""Coordinates beyond this keep their order (their signs are still normalised)."""


MAX_ORDERS = 120
"""Most orders of components compared (a choice: all of five). Beyond, starts with many symmetries
that differ by a permutation may run as other float64 numbers."""


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
    groups = _split(list(range(k)), lambda a: keys[a])
    if gram is None or not few or len(groups) == k:
        return _ordered(means, [a for group in groups for a in group], few)
    found = [_ordered(means, rows, few) for rows in islice(_orders(groups, gram), MAX_ORDERS)]
    return min(found, key=lambda c: c.of(means).tobytes())


def _split(members: list[int], key: Callable[[int], Any]) -> list[list[int]]:
    """Groups of equal keys, by increasing key."""
    return [list(group) for _, group in groupby(sorted(members, key=key), key)]


def _orders(groups: list[list[int]], gram: FloatArray) -> Iterator[list[int]]:
    """Orders of the components, ``groups`` one after another: in the first group of more than
    one, each member comes first in turn, and all groups are split by their products with it."""
    at = next((i for i, group in enumerate(groups) if len(group) > 1), None)
    if at is None:
        yield [a for group in groups for a in group]
        return
    for first in groups[at]:
        rest = [a for a in groups[at] if a != first]
        finer = [*groups[:at], [first], rest, *groups[at + 1 :]]
        products = gram[first].tolist()
        split = [part for group in finer for part in _split(group, products.__getitem__)]
        yield from _orders(split, gram)


def _ordered(means: FloatArray, order: list[int], few: bool) -> Canonical:
    """The components in this order; the coordinates as that makes them."""
    rows = np.array(order, dtype=np.intp)
    ordered = means[rows] + 0.0
    columns = np.arange(means.shape[1])
    signs = np.where(ordered[np.argmax(ordered != 0, axis=0), columns] < 0, -1.0, 1.0)
    if few:
        columns = np.lexsort((ordered * signs)[::-1])
    return Canonical(rows, columns, signs)
