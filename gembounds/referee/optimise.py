"""A search that pushes an inequality toward violation from the points where it is closest.

Each start is a point that the generator drew. First its *limits* are tried, one by one and then
from the best one again: means equal, opposite or zero, far or near; one weight next to nothing;
dimensions ten and a thousand times as many; every parameter zero, turned round, far or tiny.
Where conditions restrict the domain a limit is moved until it meets them.
Then a local search moves its numbers one after another. Margins are taken in float64 on small
grids, so they cost little. A point that is violated is rounded to short rationals, the
shortest first, each decided with certification.

The same starts give the same result on every machine with the same libraries.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gembounds.points.limits import limits
from gembounds.points.moves import Move, largest_entry, moves
from gembounds.points.point import Point
from gembounds.points.short import rounded_points
from gembounds.referee.margin import WORST, margin
from gembounds.statements.claim import Claim
from gembounds.statements.decide import Decision, decide
from gembounds.statements.evaluate import Undefined
from gembounds.statements.meeting import Meeting
from gembounds.statements.operations import LADDER, Operations, Rung
from gembounds.tools.errors import InputError
from gembounds.values.columns import runs

EVALUATIONS = 100
"""Evaluations of the margin for each start (a choice), divided by the claim's cost."""

RUNG = Rung("float64", 96, 2**16)
"""Where margins are taken: the first rung with smaller grids (a choice: milliseconds)."""

STARTS = 3
"""Points that the search starts from (a choice)."""

CERTIFYING = LADDER[:3]
"""Rungs that decide points that seem violated (a choice: bounds the time)."""

REACH, SLOW_REACH = 1000, 2
"""How many times larger than at the start the means may become; for claims with a cost above 1,
whose sides take longer the farther the means are, less."""

START, LEAST, LEAST_WHOLE, MOST = math.log(2), 1e-6, 1e-2, math.log(2.0**20)
"""Logarithm of a move's first factor, of the smallest worth trying, and of the largest."""

SLOW = 3.0
"""Claims with a cost above this have their limits tried and nothing else."""


@dataclass
class Pushed:
    """The best point found, its margin, evaluations made, and a decision that refutes, if any."""

    point: Point
    margin: float
    evaluations: int = 0
    refuted: Decision | None = None


class Margins:
    """``Margins(claim)(point)`` is :func:`margin_at`, computed once for each point: searches from
    near starts meet."""

    def __init__(self, claim: Claim, graded: bool = False) -> None:
        self.claim, self.graded = claim, graded
        self.known: dict[Any, float] = {}

    def __call__(self, point: Point) -> float:
        both = (point.mixture, point.data)
        shapes = [None if mix is None else (tuple(runs(mix)), mix.exact_weights) for mix in both]
        key = *shapes, tuple(point.parameters.items())
        if key not in self.known:
            self.known[key] = margin_at(self.claim, point, self.graded)
        return self.known[key]


def push(
    claim: Claim, start: Point, evaluations: int = EVALUATIONS, margins: Margins | None = None
) -> Pushed:
    """Search from ``start``; the margin of ``Pushed.point`` is at most that of ``start``.
    ``margins`` are those known from other starts."""
    margins = margins or Margins(claim)
    found = Pushed(start, margins(start), 1)
    reach = largest_entry(start) * (REACH if claim.cost <= 1 else SLOW_REACH)
    meeting = Meeting(claim) if claim.when and claim.over is None else None
    improved = True
    while improved and found.evaluations < evaluations // 2:
        improved = False
        for limit in limits(found.point):
            if found.evaluations >= evaluations // 2:
                break
            if largest_entry(limit) > reach:
                continue
            candidate = limit if meeting is None else meeting(limit, simply=True)
            if candidate is None:
                continue
            found.evaluations += 1
            value = margins(candidate)
            if value < found.margin - 1e-9:
                found.point, found.margin, improved = candidate, value, True
    if claim.cost <= SLOW:
        _along_all(margins, found, evaluations, reach)
    if found.margin < 0:
        for candidate in rounded_points(found.point):
            decision = decide(claim, candidate, CERTIFYING)
            if decision.outcome == "refuted":
                found.point, found.refuted = candidate, decision
                break
    return found


def margin_at(claim: Claim, point: Point, graded: bool = False) -> float:
    """The margin at ``RUNG``; ``WORST`` outside the domain or where nothing is computed."""
    ops = Operations(RUNG)
    try:
        with ops.precision():
            if claim.inside(ops, point) is not True:
                return WORST
            return margin(claim.pairs(ops, point), claim.sign, graded)
    except (InputError, Undefined, ZeroDivisionError, OverflowError, IndexError):
        return WORST


def _along_all(margins: Margins, found: Pushed, evaluations: int, reach: Fraction) -> None:
    """Local search from the best point, along all its numbers."""

    def value(point: Point, best: float) -> float | None:
        if largest_entry(point) > reach:
            return None
        found.evaluations += 1
        here = margins(point)
        return here if here < best - 1e-9 else None

    left = evaluations - found.evaluations
    start = found.margin, found.point
    found.margin, found.point = descend(value, start, left, lambda p: moves(p, ties=False))


def descend(
    value: Callable[[Point, float], float | None],
    start: tuple[float, Point],
    evaluations: int,
    moves_of: Callable[[Point], list[Move]],
) -> tuple[float, Point]:
    """Local search: one move after another, each with a factor that doubles its logarithm after
    a success and turns round and shrinks after a failure, so that limits are followed.

    ``value(point, best)`` is a point's value where it improves on ``best``, else None.
    """
    (best, place), left = start, evaluations
    steps: dict[str, float] = {}
    worth = True
    while worth and left > 0:
        worth = False
        for move in moves_of(place):
            step = steps.get(move.name, START)
            if abs(step) < (LEAST_WHOLE if move.whole else LEAST) or left <= 0:
                continue
            worth, left = True, left - 1
            moved = move.apply(place, math.exp(step))
            found = None if moved is None else value(moved, best)
            if moved is not None and found is not None:
                best, place = found, moved
                steps[move.name] = max(-MOST, min(MOST, 2 * step))
            else:
                steps[move.name] = -step if step > 0 else -step / 4
    return best, place
