"""Cells that need no look: no point of the box lies there, or a symmetry moves them elsewhere.

A cell is *outside* where the turned point of no point of the box lies in it, or no displacement
of the box; it is *mirrored* where a symmetry moves each of its points to one in another cell. The
symmetries that are used keep every symbol of the vocabulary: exchanging components whose intervals
agree, and x -> -x where the box is its own mirror image, displacements included. So the component
of the largest norm comes first, the others of its kind in falling order of their first
coordinates, and that coordinate of the first is >= 0."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from gembounds.proving.boxes.box import Box
from gembounds.proving.boxes.chart import CellBatch
from gembounds.proving.boxes.ranges import Range


def alike(box: Box) -> list[list[int]]:
    """Classes of components whose intervals agree."""
    groups: dict[Any, list[int]] = {}
    for i in range(box.n):
        moved = tuple(rows[i] for rows in box.displacements.values())
        groups.setdefault((box.means[i], box.weights[i], moved), []).append(i)
    return [g for g in groups.values() if len(g) > 1]


def is_mirrored(box: Box) -> bool:
    """Whether the box is its own mirror image."""
    rows = [row for x in (box.means, *box.displacements.values()) for row in x]
    return bool(box.means) and all(low == -high for row in rows for low, high in row)


def left_out(batch: CellBatch) -> tuple[Any, Any]:
    """Which cells no point of the box reaches, and which a symmetry moves elsewhere."""
    chart, size = batch.chart, batch.size
    box = chart.box
    outside, mirrored = batch.empty.copy(), np.zeros(size, dtype=bool)
    if not box.means:
        return outside, mirrored
    if chart.displaced is not None and chart.displaced.moving:
        k = chart.index("scale")
        scale, velocities = Range(batch.lo[k], batch.hi[k]), batch.velocities(over=True)
        outside |= np.broadcast_to(chart.displaced.astray(scale, velocities), size)

    def ends(i: int, a: int = 0) -> Range:
        k = chart.index("mean", (i, a))
        if k is None:
            return Range.of(chart.coordinates[i, a][0])
        return Range(batch.lo[k], batch.hi[k])

    squares = []
    for i in range(box.n):
        total: Any = Range.of(0)
        for a in range(chart.axes):
            total = total + ends(i, a).square()
        squares.append(total)
    if chart.turned:
        k = chart.index("offset")
        offset = Range(batch.lo[k], batch.hi[k]).square()
        inner = ends(0) * ends(1) + offset
        for found, key in (
            (squares[0] + offset, (0, 0)), (squares[1] + offset, (1, 1)), (inner, (0, 1)),
        ):  # fmt: skip
            low, high = (Range.of(x) for x in chart.gram[key])
            outside |= (found.hi < low.lo) | (found.lo > high.hi)
        outside |= ends(0).hi < ends(1).lo
    for group in alike(box):
        first, *others = group
        for i in others:
            mirrored |= np.broadcast_to(squares[first].hi < squares[i].lo, size)
        if not chart.turned:
            for i, k in pairwise(others):
                mirrored |= np.broadcast_to(ends(i).hi < ends(k).lo, size)
    if is_mirrored(box) and not chart.turned:
        first = next((g[0] for g in alike(box)), 0)
        mirrored |= np.broadcast_to(ends(first).hi < 0, size)
    return outside, mirrored
