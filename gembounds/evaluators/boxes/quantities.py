"""Sums over many cells: by the rule that each cell's distances ask for, in chunks that fit a
cache."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from gembounds.evaluators.boxes.cells import Cells
from gembounds.evaluators.boxes.nodes import Rule
from gembounds.evaluators.boxes.rules import Missed, class_of, rule
from gembounds.evaluators.boxes.sums import Sums, pairs
from gembounds.values.rounding import up

ENTRIES = 2**14
"""Nodes times cells that are worked on at once (a choice: some twenty such arrays fit a cache)."""

NAMES = ("L", "mean_square")


class Form(NamedTuple):
    """A quantity's finite sum T on each cell: T and its gradient at the centre, ranges over the
    cell of T (or None) and of second derivatives, all as pairs of ends, (B,); and how far T may be
    from the expectation. Where all means may be 0, that is, at means of size at most m in the
    cell, m^2/M^2 times as much, M the largest size there."""

    at: Any
    slope: list[Any]
    over: Any
    bend: dict[tuple[int, int], Any]
    missed: Any


def forms(centre: Cells, cells: Cells, names: Sequence[str]) -> dict[str, Form]:
    """The form of each quantity on each cell; ``centre`` has the cells' centres as means and
    weights.

    A cell whose means are too far apart for any rule has infinite ends.
    """
    flat = np.all((cells.mean_lo <= 0) & (cells.mean_hi >= 0), axis=(0, 1))
    axes = cells.mean_lo.shape[1]
    found = {name: _empty(cells.size, cells.variables) for name in names}
    for chunk in by_rule([centre, cells]):
        at, over = (Sums(c, chunk.rule) for c in chunk.cells)
        for name in names:
            _fill(found[name], chunk.part, name, at, over)
            if name == "L":
                error = np.where(
                    flat[chunk.part],
                    chunk.missed.flat_loss(chunk.largest, axes),
                    chunk.missed.loss(chunk.spread, chunk.largest, axes),
                )
            else:
                error = chunk.missed.square(chunk.largest)
            found[name].missed[chunk.part] = error
    return found


class Chunk(NamedTuple):
    """Some of the cells, ``part``, that one rule serves: their means are at most ``spread`` apart
    along an axis, and at most ``largest`` from 0."""

    part: Any
    cells: list[Cells]
    rule: Rule
    missed: Missed
    spread: Any
    largest: Any


def by_rule(cells: Sequence[Cells]) -> Iterator[Chunk]:
    """Cells of several kinds side by side, by the rules that the widest of them asks for; those
    whose means are too far apart for any rule are left out."""
    count, axes = cells[0].size, cells[0].mean_lo.shape[1]
    spread, largest = np.zeros(count), np.zeros(count)
    for c in cells:
        size: Any = 0.0
        for a in range(axes):
            distance = up(c.mean_hi[:, a].max(axis=0) - c.mean_lo[:, a].min(axis=0))
            spread = np.maximum(spread, distance)
            most = np.maximum(np.abs(c.mean_lo[:, a]), np.abs(c.mean_hi[:, a])).max(axis=0)
            size = up(np.hypot(size, most) * (1 + 2.0**-40))
        largest = np.maximum(largest, size)
    numbers = np.array([class_of(x) for x in spread])
    for number in np.unique(numbers[numbers >= 0]):
        nodes, missed = rule(int(number), axes)
        members = np.nonzero(numbers == number)[0]
        step = max(16, ENTRIES // len(nodes.weights))
        for k in range(0, len(members), step):
            part = members[k : k + step]
            taken = [_taken(c, part) for c in cells]
            yield Chunk(part, taken, nodes, missed, spread[part], largest[part])


def _fill(form: Form, part: Any, name: str, at: Sums, over: Sums) -> None:
    if name == "L":
        values = [at.logarithm(), *at.logarithm_slopes()]
        bends = over.logarithm_bends()
        values = [_negative(x) for x in values]
        bends = {k: _negative(x) for k, x in bends.items()}
    else:
        values = [at.square(), *at.square_slopes()]
        bends = over.square_bends()
        put(form.over, part, over.square())
    put(form.at, part, values[0])
    for target, ends in zip(form.slope, values[1:], strict=True):
        put(target, part, ends)
    for key, ends in bends.items():
        put(form.bend[key], part, ends)


def _negative(ends: Any) -> Any:
    return -ends[1], -ends[0]


def put(target: Any, part: Any, ends: Any) -> None:
    """Write ends of some cells among those of all."""
    for x, end in zip(target, ends, strict=True):
        x[part] = end


def _empty(count: int, variables: int) -> Form:
    def ends() -> Any:
        return np.full(count, -np.inf), np.full(count, np.inf)

    return Form(
        ends(), [ends() for _ in range(variables)], ends(),
        {k: ends() for k in pairs(variables)}, np.zeros(count),
    )  # fmt: skip


def _taken(cells: Cells, part: Any) -> Cells:
    same = cells.mean_lo is cells.mean_hi
    mean_lo, weight_lo = cells.mean_lo[:, :, part], cells.weight_lo[:, part]
    return cells._replace(
        mean_lo=mean_lo, mean_hi=mean_lo if same else cells.mean_hi[:, :, part],
        weight_lo=weight_lo, weight_hi=weight_lo if same else cells.weight_hi[:, part],
    )  # fmt: skip
