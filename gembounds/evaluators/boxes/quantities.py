"""Sums over many cells: by the rule that each cell's distances ask for, in chunks that fit a
cache."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from gembounds.evaluators.boxes.cells import Cells
from gembounds.evaluators.boxes.rules import class_of, rule
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
    count, variables = cells.size, cells.variables
    found = {name: _empty(count, variables) for name in names}
    spread = np.zeros(count)
    largest = np.zeros(count)
    for a in range(cells.mean_lo.shape[1]):
        distance = up(cells.mean_hi[:, a].max(axis=0) - cells.mean_lo[:, a].min(axis=0))
        spread = np.maximum(spread, distance)
        size = np.maximum(np.abs(cells.mean_lo[:, a]), np.abs(cells.mean_hi[:, a])).max(axis=0)
        largest = up(np.hypot(largest, size) * (1 + 2.0**-40))
    flat = np.all((cells.mean_lo <= 0) & (cells.mean_hi >= 0), axis=(0, 1))
    numbers = np.array([class_of(x) for x in spread])
    axes = cells.mean_lo.shape[1]
    for number in np.unique(numbers):
        if number < 0:
            continue
        nodes, missed = rule(int(number), axes)
        members = np.nonzero(numbers == number)[0]
        step = max(16, ENTRIES // len(nodes.weights))
        for k in range(0, len(members), step):
            part = members[k : k + step]
            at, over = (Sums(_taken(c, part), nodes) for c in (centre, cells))
            for name in names:
                _fill(found[name], part, name, at, over)
                size = largest[part]
                if name == "L":
                    error = np.where(
                        flat[part],
                        missed.flat_loss(size, axes),
                        missed.loss(spread[part], size, axes),
                    )
                else:
                    error = missed.square(size)
                found[name].missed[part] = error
    return found


def _fill(form: Form, part: Any, name: str, at: Sums, over: Sums) -> None:
    if name == "L":
        values = [at.logarithm(), *at.logarithm_slopes()]
        bends = over.logarithm_bends()
        values = [_negative(x) for x in values]
        bends = {k: _negative(x) for k, x in bends.items()}
    else:
        values = [at.square(), *at.square_slopes()]
        bends = over.square_bends()
        _put(form.over, part, over.square())
    _put(form.at, part, values[0])
    for target, ends in zip(form.slope, values[1:], strict=True):
        _put(target, part, ends)
    for key, ends in bends.items():
        _put(form.bend[key], part, ends)


def _negative(ends: Any) -> Any:
    return -ends[1], -ends[0]


def _put(target: Any, part: Any, ends: Any) -> None:
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
