"""Which mixtures share a grid: those whose keys are alike, in groups that are large enough."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.int64]
Index = npt.NDArray[np.intp]

SPAN = 7
"""Most that the keys of a group differ by, even if it stays small: ranges by a factor of 2 (a
choice)."""


def groups(keys: Keys, least: int) -> Iterator[tuple[Index, tuple[int, ...]]]:
    """The columns of ``keys`` (m, B) in groups of about ``least``, where there are as many alike,
    each with the largest of its keys: cut by the first key, then by the next in each part."""
    if keys.size:
        yield from _cut(keys, np.arange(keys.shape[1]), 0, least)


def _cut(
    keys: Keys, index: Index, level: int, least: int
) -> Iterator[tuple[Index, tuple[int, ...]]]:
    if level == len(keys):
        yield index, tuple(keys[:, index].max(axis=1).tolist())
        return
    order = np.argsort(keys[level, index], kind="stable")
    mine = keys[level, index[order]]
    parts = max(1.0, len(index) / least) ** (1 / (len(keys) - level))
    start, enough = 0, len(index) / parts
    for end in [*(np.flatnonzero(np.diff(mine)) + 1).tolist(), len(index)]:
        if end == len(index) or end - start >= enough or mine[end] - mine[start] > SPAN:
            yield from _cut(keys, index[order[start:end]], level + 1, least)
            start = end
