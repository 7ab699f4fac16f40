"""A search that pushes an inequality toward violation from the points where it is closest.

Each start is a point that the generator drew. First its *limits* are tried, one by one and then
from the best one again: means equal, opposite or zero, far or near; one weight next to nothing;
dimensions ten and a thousand times as many; every parameter zero, turned round, far or tiny.
Then Nelder-Mead (``scipy.optimize``) moves all numbers together. Margins are taken in float64 on
small grids, so they cost little. A point that is violated is rounded to short rationals, the
shortest first, each decided with certification.

The same starts give the same result on every machine with the same libraries.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gembounds.points.moves import largest_entry, limits, rounded_points, variables
from gembounds.points.point import Point
from gembounds.referee.margin import WORST, margin
from gembounds.statements.claim import Claim
from gembounds.statements.decide import Decision, decide
from gembounds.statements.evaluate import Undefined
from gembounds.statements.operations import LADDER, Operations, Rung
from gembounds.tools.errors import InputError

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

SIMPLEX = 0.1
"""Size of the first simplex: numbers move by a tenth (a choice)."""

SLOW = 3.0
"""Claims with a cost above this have their limits tried and no simplex."""


@dataclass
class Pushed:
    """The best point found, its margin, evaluations made, and a decision that refutes, if any."""

    point: Point
    margin: float
    evaluations: int = 0
    refuted: Decision | None = None


def push(claim: Claim, start: Point, evaluations: int = EVALUATIONS) -> Pushed:
    """Search from ``start``; the margin of ``Pushed.point`` is at most that of ``start``."""
    found = Pushed(start, margin_at(claim, start), 1)
    reach = largest_entry(start) * (REACH if claim.cost <= 1 else SLOW_REACH)
    improved = True
    while improved and found.evaluations < evaluations // 2:
        improved = False
        for candidate in limits(found.point):
            if found.evaluations >= evaluations // 2:
                break
            if largest_entry(candidate) > reach:
                continue
            found.evaluations += 1
            value = margin_at(claim, candidate)
            if value < found.margin - 1e-9:
                found.point, found.margin, improved = candidate, value, True
    if claim.cost <= SLOW:
        _simplex(claim, found, evaluations, reach)
    if found.margin < 0:
        for candidate in rounded_points(found.point):
            decision = decide(claim, candidate, CERTIFYING)
            if decision.outcome == "refuted":
                found.point, found.refuted = candidate, decision
                break
    return found


def margin_at(claim: Claim, point: Point) -> float:
    """The margin at ``RUNG``; ``WORST`` outside the domain or where nothing is computed."""
    ops = Operations(RUNG)
    try:
        with ops.precision():
            if claim.inside(ops, point) is not True:
                return WORST
            return margin(claim.pairs(ops, point), claim.sign)
    except (InputError, Undefined, ZeroDivisionError, OverflowError, IndexError):
        return WORST


def _simplex(claim: Claim, found: Pushed, evaluations: int, reach: Fraction) -> None:
    """Nelder-Mead from the best point, all numbers together."""
    from scipy.optimize import minimize

    build, start = variables(found.point, whole_means=claim.cost > 1)
    left = evaluations - found.evaluations
    if not start or left <= len(start):
        return
    best: list[tuple[float, Point]] = [(found.margin, found.point)]

    def value(x: Any) -> float:
        try:
            candidate = build(list(map(float, x)))
        except (InputError, OverflowError, ValueError):
            return WORST
        if largest_entry(candidate) > reach:
            return WORST
        margin_here = margin_at(claim, candidate)
        if margin_here < best[0][0]:
            best[0] = (margin_here, candidate)
        return margin_here

    numbers = range(len(start))
    corners = [start, *([SIMPLEX * (k == j) for k in numbers] for j in numbers)]
    options: Any = {"maxfev": left, "initial_simplex": corners}
    result = minimize(value, start, method="Nelder-Mead", options=options)
    found.evaluations += int(result.nfev)
    found.margin, found.point = best[0]
