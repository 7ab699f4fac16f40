"""A chunk of configurations that are decided one by one.

A later round evaluates as many margins as it has points: the first of them at the limits of the
nearest miss and along its numbers, the others at mutations of the nearest misses, each of which
takes its parent's place where it is nearer. What comes out nearest is decided, and so counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from gembounds.points.batches import Rng
from gembounds.points.joint import joined, parted
from gembounds.points.point import Point
from gembounds.referee import search
from gembounds.referee.margin import WORST
from gembounds.referee.optimise import Margins, push
from gembounds.referee.sweep.many import MOST
from gembounds.referee.sweep.mutate import Pools, Row, mutated, row_at
from gembounds.referee.sweep.tally import Found, Tally, point_of
from gembounds.statements.claim import Claim

MODEL = "components of the model"
"""In a row: how many there are, where those of the data follow."""

LITTER = 8
"""Mutations of one choice of a pool (a choice)."""

ENDS = 4
"""Of what came out nearest so many are decided (a choice)."""

Decide = Callable[[Point], None]
"""Decides a point, and counts it."""


def singly(
    tally: Tally, claim: Claim, size: int, k: int, key: int, starts: list[Found], single: Decide
) -> None:
    """``size`` points of round ``k``: where the search from ``starts`` ends, and drawn ones."""
    if starts and claim.sign != "==":
        margins = Margins(claim, graded=True)
        if k == 1:
            found = push(claim, point_of(starts[0].point), size, margins)
            ends, tried = [found.point], found.evaluations
        else:
            ends, tried = evolved(claim, starts, size, key, margins)
        tally.outcomes["pushed"] += tried
        for point in ends[:size]:
            single(point)
        tally.keep("nearest", starts)
        size -= len(ends[:size])
    if size:
        search.draw(claim, size, key, single)


def evolved(
    claim: Claim, starts: list[Found], evaluations: int, key: int, margins: Margins
) -> tuple[list[Point], int]:
    """The nearest misses among so many mutations of ``starts``, the nearest first, and how many
    there were: fewer where most are no parents, as where means of low rank are moved apart."""
    pools, rng = Pools(), np.random.default_rng(key)
    for start in starts:
        if (row := _row(point_of(start.point))) is not None:
            pools.put(start.margin, row)
    best: list[tuple[float, Point]] = []
    tried, left = 0, MOST * evaluations
    while tried < evaluations and left > 0 and pools.pools:
        _, pool = pools.choose(rng)
        count = min(LITTER, evaluations - tried)
        left -= count
        for row, point in _litter(claim, rng, pool, count):
            tried += 1
            if (margin := margins(point)) < WORST:
                pools.put(margin, row)
                best = sorted([*best, (margin, point)], key=lambda f: f[0])[:ENDS]
    return [point for _, point in best], tried


def _litter(
    claim: Claim, rng: Rng, pool: list[tuple[float, Row]], count: int
) -> list[tuple[Row, Point]]:
    batch = mutated(claim, rng, pool, count)
    found = []
    for b in range(count):
        point = batch.point(b)
        if (n := point.parameters.get(MODEL)) is not None:
            others = {name: x for name, x in point.parameters.items() if name != MODEL}
            point = parted(replace(point, parameters=others), n)
        if (row := _row(point)) is not None:
            found.append((row, point))
    return found


def _row(point: Point) -> Row | None:
    row = row_at(joined(point))
    if row is not None and point.data is not None:
        row[MODEL] = np.array(point.mix.n, np.int64)
    return row
