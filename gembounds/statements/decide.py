"""Deciding a claim at a point: escalate until both sides are apart, and say so when they stay.

An inequality *holds* or is *refuted* at a point when every entry is certain, one entry certainly
violated. An equality is *refuted* when the sides are disjoint and *consistent* when they overlap
at a stated relative width. Everything else is *undecided*, or *outside* the claim's domain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gembounds.evaluators.balls.radial import ball
from gembounds.points.point import Point
from gembounds.statements.claim import Claim, sides
from gembounds.statements.evaluate import Undefined, evaluate
from gembounds.statements.logic import all_of, compare, flat
from gembounds.statements.operations import LADDER, Operations, Rung
from gembounds.tools.errors import InputError, RankError

EQUALITY_WIDTH = 2.0**-30
"""Widths, relative to the claim's ``scale`` or else the largest entry of the sides, at which an
equality that cannot be told apart counts as consistent (a choice, stated in reports)."""

Pair = tuple[Any, Any]


@dataclass(frozen=True)
class Decision:
    """What was decided at a point.

    ``outcome`` is "holds", "refuted", "consistent", "undecided", "outside" the domain, or
    "undefined" where a side has no value (a division by 0). ``pairs`` are the
    entries of the sides (Fractions or balls) as last evaluated, at ``rung``; ``entry`` is the
    position of the first violated one, when refuted.
    """

    outcome: str
    rung: Rung
    pairs: tuple[Pair, ...] = ()
    entry: int | None = None

    @property
    def decided(self) -> bool:
        return self.outcome in ("holds", "refuted", "consistent")


def decide(claim: Claim, point: Point, ladder: Sequence[Rung] = LADDER) -> Decision:
    """The decision at ``point``, by the first rung of ``ladder`` that reaches one.

    Errors of the claim's own code propagate; a rung that cannot evaluate the sides at all
    (:class:`RankError`) decides nothing, and one whose grid was cut short is the last.
    """
    decision, point = Decision("undecided", ladder[0]), claim.placed(point)
    for rung in ladder:
        ops = Operations(rung)
        with ops.precision():
            try:
                inside = claim.inside(ops, point)
                if inside is False:
                    return Decision("outside", rung)
                if inside:
                    decision = _decided(claim, ops, point)
            except RankError:
                continue
        if decision.decided or ops.cut or decision.outcome == "undefined":
            break
    return decision


def _decided(claim: Claim, ops: Operations, point: Point) -> Decision:
    try:
        pairs = tuple(claim.pairs(ops, point))
    except Undefined:
        return Decision("undefined", ops.rung)
    truths = [compare(a, claim.sign, b) for a, b in pairs]
    together = all_of(truths)
    if together is not None and claim.decided_by is not None:
        _check_meaning(claim, ops, point, together)
    if together is False:
        return Decision("refuted", ops.rung, pairs, truths.index(False))
    if claim.sign == "==":
        scale = claim.scale
        if scale is not None:
            scale = evaluate(scale, ops, point, claim.constants)
        outcome = "consistent" if together or _narrow(pairs, scale) else "undecided"
    else:
        outcome = "holds" if together else "undecided"
    return Decision(outcome, ops.rung, pairs)


def _check_meaning(claim: Claim, ops: Operations, point: Point, decided: bool) -> None:
    """Raises :class:`InputError` where what a claim is decided by is no other form of it."""
    try:
        pairs = sides(claim.relation, ops, point, claim.constants)
    except (Undefined, RankError):
        return
    own = all_of(compare(a, claim.relation.sign, b) for a, b in pairs)
    if own is not None and own is not decided:
        raise InputError(
            f"{claim.id}: {claim.relation} is {str(own).lower()} at {point!r}, and decided_by, "
            f"{claim.decided_by}, is not: give a relation that comes to the same"
        )


def _narrow(pairs: tuple[Pair, ...], scale: Any) -> bool:
    """Whether every ball's width is within ``EQUALITY_WIDTH`` of the scale."""
    balls = [ball(x) for x in flat(pairs)]
    if scale is None:
        scale = balls[0].abs_upper()
        for x in balls[1:]:
            scale = scale.max(x.abs_upper())
    limit = ball(scale) * EQUALITY_WIDTH
    return bool(limit.is_finite()) and all(2 * x.rad() <= limit for x in balls)
