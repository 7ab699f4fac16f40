"""Global then local search for the point at which a constant is tightest.

Global: the claim's own generator, the structured families, and the best point of the family
that a constant has of its own. Local: a little from the best point of every family and size, as a
limit that starts well may end badly, first with equal numbers moved together and then alone, as
the best of tied numbers need not be the best of all; then more from the best of these. One move
follows another (:mod:`gembounds.points.moves`), each with a factor that doubles its logarithm
after a success and turns round and shrinks after a failure, so that limits (means to 0, a weight
to 0, d to infinity) are followed. Points are compared by their critical value in float64
arithmetic; a point costs one evaluation unless it comes near the best. Everything follows from
the seed.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from gembounds.points import moves
from gembounds.points.point import Point
from gembounds.referee.optimise import descend
from gembounds.referee.search import draw
from gembounds.referee.tightness.critical import REACH, Constant, Measure
from gembounds.statements.claim import Claim
from gembounds.statements.operations import LADDER, Rung
from gembounds.tools.errors import InputError

IN_BALLS = LADDER[1]
"""Where the last local search is done: small means lose float64's digits by cancellation."""

NEAR = 1.0
"""Points whose critical value is within exp(NEAR) of the best are looked at closely (a choice)."""


@dataclass(frozen=True)
class Effort:
    """How much a search does: points drawn, starts tried a little, starts, evaluations of each
    local search; a trial has ``TRIAL`` of them twice, ties kept and loosened."""

    drawn: int
    tried: int
    starts: int
    local: int
    quick: bool


TRIAL = Fraction(1, 10)

FULL = Effort(drawn=160, tried=32, starts=3, local=300, quick=False)
QUICK = Effort(drawn=20, tried=2, starts=2, local=24, quick=True)
SHORT = Effort(drawn=12, tried=1, starts=1, local=12, quick=True)
"""For slow claims whose ends are both proved, where a witness only illustrates."""


@dataclass(frozen=True)
class Found:
    """The critical ``w`` at a point, and the family that it was found from."""

    w: float
    point: Point
    family: str


def seek(
    constant: Constant,
    drawn: list[Point],
    made: list[tuple[str, Point]],
    known: Found | None,
    effort: Effort,
) -> Found | None:
    """The best point found, from those drawn, those ``made`` of families, and one that is
    ``known``; None where none refutes any value within reach."""
    cost = max(1.0, constant.claim.cost)
    best = {_kind(known.family, known.point): known} if known else {}
    top = known.w if known else REACH
    for family, point in _candidates(drawn, made, effort, cost):
        w = critical_at(constant, point, top, NEAR)
        if w is None:
            continue
        top = min(top, w)
        kind = _kind(family, point)
        if kind not in best or w < best[kind].w:
            best[kind] = Found(w, point, family)
    starts = sorted(best.values(), key=lambda f: f.w)[: effort.tried]
    more = effort.tried > effort.starts
    if more:
        short = round(TRIAL * effort.local / cost)
        trials = [climb(constant, climb(constant, f, short), short, ties=False) for f in starts]
        starts = sorted(trials, key=lambda f: f.w)[: effort.starts]
    results = [climb(constant, f, round(effort.local / cost), ties=not more) for f in starts]
    found = min(results, key=lambda f: f.w, default=None)
    if found is None or found.point.mixture is None or effort.quick:
        return found
    w = critical_at(constant, found.point, rung=IN_BALLS)
    if w is None:
        return found
    refined = Found(w, found.point, found.family)
    return climb(constant, refined, round(effort.local / cost / 4), IN_BALLS)


def _kind(family: str, point: Point) -> tuple[str, int]:
    """The family, and the decade of the largest entry of the means."""
    rows = point.mixture.exact_means if point.mixture is not None else ()
    largest = max((abs(x) for row in rows for x in row), default=0)
    return family, math.floor(math.log10(largest)) if largest else 0


def drawn_points(claim: Claim, number: int, key: int) -> list[Point]:
    """Points of the claim's generator."""
    out: list[Point] = []
    draw(claim, number, key, out.append)
    return out


def _candidates(
    drawn: list[Point], made: list[tuple[str, Point]], effort: Effort, cost: float
) -> Iterator[tuple[str, Point]]:
    limit = round((3 * effort.drawn if effort.quick else 800) / cost)
    if len(made) > limit:
        made = random.Random(len(made)).sample(made, limit)
    yield from made
    for point in drawn:
        yield "generated", point


def critical_at(
    constant: Constant,
    point: Point,
    best: float = REACH,
    beyond: float = 0.0,
    rung: Rung = LADDER[0],
) -> float | None:
    """The critical ``w`` at ``point``, None outside the domain, where nothing up to
    ``best + beyond`` is refuted, or where the sides cannot be evaluated."""
    measure = Measure(constant, point, rung)
    try:
        return measure.critical(best, beyond) if measure.inside() else None
    except (InputError, ArithmeticError):
        return None


def climb(
    constant: Constant,
    start: Found,
    evaluations: int,
    rung: Rung = LADDER[0],
    ties: bool = True,
) -> Found:
    """Local search from ``start``, along numbers that are equal together unless ``ties`` are
    loosened."""

    def value(point: Point, best: float) -> float | None:
        return critical_at(constant, point, best - gain(best), rung=rung)

    def loosened(point: Point) -> list[moves.Move]:
        return [*moves.moves(point, ties=False), *moves.single_weights(point)]

    along = moves.moves if ties else loosened
    w, point = descend(value, (start.w, start.point), evaluations, along)
    return Found(w, point, start.family)


def gain(w: float) -> float:
    """The least improvement that counts."""
    return 1e-11 * max(1.0, abs(w))
