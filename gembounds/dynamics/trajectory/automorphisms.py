"""Permutations that keep colours and a symmetric matrix of inner products."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

MAX_SIZE = 40
"""Most points looked at (a choice: the search is short for fewer)."""

MAX_TRIES = 20_000
"""Partial permutations tried in all (a choice); beyond, symmetries may be missed."""


def generators(gram: FloatArray, colours: Sequence[Hashable]) -> list[IndexArray]:
    """Permutations s, not the identity, with ``colours[s[a]] == colours[a]`` and
    ``gram[s[a], s[b]] == gram[a, b]``, that generate all of them (unless tries run out).

    One for each way in which the first moved point can move: with the points before it fixed,
    a is sent to b by some such permutation or by none.
    """
    size = len(gram)
    if size > MAX_SIZE:
        return []
    rows = [tuple(sorted(row)) for row in gram.tolist()]
    table = gram.tolist()
    kinds: list[tuple[Hashable, ...]] = [(c, table[a][a], rows[a]) for a, c in enumerate(colours)]
    tries = [MAX_TRIES]
    found = []
    for a in range(size):
        for b in range(a + 1, size):
            if kinds[a] == kinds[b]:
                s = _extended([*range(a), b], kinds, table, tries)
                if s is not None:
                    found.append(np.array(s, dtype=np.intp))
    return found


def _extended(
    start: list[int], kinds: list[tuple[Hashable, ...]], table: list[list[float]], tries: list[int]
) -> list[int] | None:
    """A permutation that begins as ``start``, by backtracking."""
    size = len(kinds)

    def fits(s: list[int], b: int) -> bool:
        a = len(s)
        return kinds[a] == kinds[b] and all(table[a][i] == table[b][s[i]] for i in range(a))

    s: list[int] = []
    for b in start:
        if b in s or not fits(s, b):
            return None
        s.append(b)

    def search() -> bool:
        if len(s) == size:
            return True
        for b in range(size):
            if b not in s and fits(s, b):
                tries[0] -= 1
                if tries[0] < 0:
                    return False
                s.append(b)
                if search():
                    return True
                s.pop()
        return False

    return s if search() else None
