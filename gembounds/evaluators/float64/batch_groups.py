"""Which mixtures share a grid: those whose keys are alike, in groups that are large enough."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.batch_plan import Plan

Keys = npt.NDArray[np.int64]
Index = npt.NDArray[np.intp]

SPAN, LAST_SPAN = 7, 14
"""Most that the keys of a group differ by, even if it stays small: ranges by a factor of 2; and
the last, on which the number of nodes hardly depends (a choice)."""

SHARED = 64, 64, 8
"""Mixtures of rank 1, 2, 3 that share a grid, where there are as many: more would need more nodes,
fewer more grids (empirical)."""

COMPONENTS = math.inf, 40, 20
"""Mixtures of rank 1, 2, 3 with more components are left to the single way, whose larger matrix
products are quicker (empirical)."""

FEWEST = 3
"""Groups smaller than this are left to the single way, which takes as long (empirical)."""


class Groups(NamedTuple):
    """``order``: mixtures in the order of their groups; ``parts``: where each is, and its grid;
    ``left``: mixtures that have none."""

    order: Index
    parts: list[tuple[slice, Plan]]
    left: Index

    def spread(self, value: Callable[[Plan], Any]) -> Any:
        """``value`` of each mixture's grid, mixtures last."""
        sizes = [part.stop - part.start for part, _ in self.parts]
        return np.repeat(np.array([value(plan) for _, plan in self.parts]).T, sizes, axis=-1)


def grouped(
    keys: Keys, index: Index, n: int, plan_of: Callable[[tuple[int, ...]], Plan | None]
) -> Groups:
    """Of the mixtures ``index`` of n components, whose ``keys`` (r + 1, m) are those of their
    ranges and one more; ``plan_of`` gives the grid for keys, or less, or none."""
    order, left, parts, start = [index[:0]], [index[:0]], [], 0
    rank = len(keys) - 1
    if n > COMPONENTS[rank - 1]:
        return Groups(index[:0], [], index)
    for some, largest in cuts(keys, SHARED[rank - 1]):
        plan = plan_of(largest) if len(some) >= FEWEST else None
        if plan is None:
            left.append(index[some])
        else:
            order.append(index[some])
            parts.append((slice(start, start + len(some)), plan))
            start += len(some)
    return Groups(np.concatenate(order), parts, np.concatenate(left))


def cuts(keys: Keys, least: int) -> Iterator[tuple[Index, tuple[int, ...]]]:
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
    starts, enough = [0], len(index) / parts
    span = SPAN if level < len(keys) - 1 else LAST_SPAN
    for end in (np.flatnonzero(np.diff(mine)) + 1).tolist():
        if end - starts[-1] >= enough or mine[end] - mine[starts[-1]] > span:
            starts.append(end)
    last = len(starts) > 1 and len(index) - starts[-1] < FEWEST
    if last and mine[-1] - mine[starts[-2]] <= span:  # too few alone
        starts.pop()
    for start, end in zip(starts, [*starts[1:], len(index)], strict=True):
        yield from _cut(keys, index[order[start:end]], level + 1, least)
