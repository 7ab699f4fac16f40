"""Branch and bound: halve what is not proved, widest first, until all is, or a violation is found.

Cells wait in the order in which they were halved, so that large ones come first: a violation in a
corner is met before small cells elsewhere, and what is left when the budget ends is small. At each
round the points with the smallest margins are decided exactly; a violation ends the search."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from gembounds.points.point import Point
from gembounds.proving.boxes.leaves import OPEN, STUCK
from gembounds.proving.boxes.points import is_inside
from gembounds.proving.boxes.problem import Problem
from gembounds.proving.splits import LEAF, Splits, encode
from gembounds.statements.decide import decide

BATCH = 4096
"""Cells in one task (a choice)."""

ROUND = 16 * BATCH
"""Cells in one round at most: what is looked at before the next points are decided."""

TRIED = 6
"""Points decided a round (a choice)."""

MOST_CORNERS = 5
"""Variables up to which corners are tried."""

DEEPEST = 45
"""Halvings of one variable: a centre stays a float64 of its own."""


class Tree:
    """The splits so far, the state of every node, and dual points by node."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self.splits = Splits(dimension)
        self._states: list[tuple[Any, Any]] = []
        self.duals: dict[int, Any] = {}

    def put(self, nodes: Any, states: Any) -> None:
        self._states.append((nodes, states))

    def leaves(self) -> tuple[str, list[int], list[Any]]:
        """The tree as base64; the state of each leaf in preorder, and its dual points or None."""
        axes, nodes = self.splits.preorder()
        state = np.full(int(nodes.max()) + 1, OPEN)
        for where, what in self._states:
            state[where] = what
        ends = nodes[axes == LEAF]
        duals = [self.duals.get(int(k)) for k in ends]
        return encode(axes, self.dimension), [int(x) for x in state[ends]], duals


@dataclass
class Found:
    """``verdict`` "proved", "refuted" or "undecided"; the tree; ``volume``: the share of the unit
    cube that is undecided, and ``left``: its cells, (K, 2, m), largest first; ``point``: a
    violation, exact."""

    verdict: str
    tree: Tree
    cells: int
    leaves: int
    volume: float
    left: Any
    point: Point | None
    seconds: float
    counts: dict[int, int]


Run = Callable[[Any], list[Any]]


def search(
    problem: Problem, run: Run | None = None, most: int = 2_000_000, seconds: float = 3600.0,
    progress: Callable[[int, int], None] | None = None,
) -> Found:  # fmt: skip
    """Prove, refute or give up after ``most`` cells or so many seconds. ``run`` maps
    :meth:`Problem.answer` over tasks, in processes if it likes."""
    start = time.monotonic()
    run = run or (lambda tasks: [problem.answer(*task) for task in tasks])
    count = problem.chart.count
    tree = Tree(count)
    low, depth = np.zeros((count, 1)), np.zeros((count, 1), dtype=int)
    node = np.zeros(1, dtype=int)
    cells, leaves, stuck = 0, 0, []
    counts: dict[int, int] = {}
    while low.shape[1]:
        if cells >= most or time.monotonic() - start > seconds:
            break
        taken = min(ROUND, low.shape[1])
        now = slice(0, taken)
        t_low, t_depth, t_node = low[:, now], depth[:, now], node[now]
        low, depth, node = low[:, taken:], depth[:, taken:], node[taken:]
        width = np.ldexp(1.0, -t_depth)
        tasks = [
            (t_low[:, k : k + BATCH], (t_low + width)[:, k : k + BATCH])
            for k in range(0, taken, BATCH)
        ]
        answers = run(tasks)
        state, axis, centre, lowest, low_end, high_end, value = (
            np.concatenate([a[k] for a in answers], axis=-1) for k in range(7)
        )
        for k, answer in enumerate(answers):
            for cell, hints in answer.duals.items():
                tree.duals[int(t_node[k * BATCH + cell])] = hints
        cells += taken
        for s in np.unique(state):
            counts[int(s)] = counts.get(int(s), 0) + int(np.sum(state == s))
        leaf = state > OPEN
        stuck += [(t_low[:, i], t_depth[:, i]) for i in np.nonzero(state == STUCK)[0]]
        leaves += int(np.sum(leaf))
        tree.put(t_node[leaf], state[leaf])
        violation = _violation(problem, (centre, lowest), (low_end, high_end), value, ~leaf)
        if violation is not None:
            done = time.monotonic() - start
            return Found("refuted", tree, cells, leaves, 1.0, None, violation, done, counts)
        open_ = np.nonzero(state == OPEN)[0]
        if not len(open_):
            continue
        axis = axis[open_]
        too_deep = t_depth[axis, open_] >= DEEPEST if count else np.ones(len(open_), dtype=bool)
        if np.any(too_deep):
            stuck += [(t_low[:, i], t_depth[:, i]) for i in open_[too_deep]]
            open_, axis = open_[~too_deep], axis[~too_deep]
        lower = tree.splits.split(t_node[open_], axis)
        new_low = np.repeat(t_low[:, open_], 2, axis=1)
        new_depth = np.repeat(t_depth[:, open_], 2, axis=1)
        columns = np.arange(2 * len(open_))
        both = np.repeat(axis, 2)
        new_depth[both, columns] += 1
        odd = columns % 2 == 1
        new_low[both[odd], columns[odd]] += np.ldexp(1.0, -new_depth[both[odd], columns[odd]])
        low = np.concatenate([low, new_low], axis=1)
        depth = np.concatenate([depth, new_depth], axis=1)
        node = np.concatenate([node, np.stack([lower, lower + 1], axis=1).ravel()])
        if progress is not None:
            progress(leaves, low.shape[1])
    left = [(low[:, k], depth[:, k]) for k in range(low.shape[1])] + stuck
    done = time.monotonic() - start
    if not left:
        return Found("proved", tree, cells, leaves, 0.0, None, None, done, counts)
    lows = np.stack([a for a, _ in left], axis=1)
    widths = np.ldexp(1.0, -np.stack([b for _, b in left], axis=1))
    volumes = np.prod(widths, axis=0)
    order = np.argsort(-volumes)
    ends = np.stack([lows, lows + widths], axis=1)[:, :, order]
    return Found("undecided", tree, cells, leaves, float(volumes.sum()), ends, None, done, counts)


def _violation(problem: Problem, tried: Any, corners: Any, value: Any, open_: Any) -> Point | None:
    """An exact violation where the margin is smallest, at centres or where it seems to be least.

    Looked at: the cells in which it is below 0 at the centre, or one, where a tie may be one,
    and its corners. A point that misses a condition of the claim is moved until it meets it,
    if it stays in the box."""
    where = np.nonzero(open_ & (value < np.inf))[0]
    where = where[np.argsort(value[where])][:TRIED]
    for rank, i in enumerate(where[: max(1, int(np.sum(value[where] < 0)))]):
        places = [x[:, i] for x in tried]
        if not rank and problem.chart.count <= MOST_CORNERS:
            ends = [(low[i], high[i]) for low, high in zip(*corners, strict=True)]
            places += [np.array(x) for x in product(*ends)]
        for place in places:
            point = problem.point(place)
            if point is None:
                continue
            outcome = decide(problem.claim, point).outcome
            if outcome == "outside":
                moved = problem.meeting(point, simply=True)
                if moved is None or not is_inside(problem.box, moved):
                    continue
                point, outcome = moved, decide(problem.claim, moved).outcome
            if outcome == "refuted":
                return point
    return None
