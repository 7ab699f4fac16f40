"""A decision in words: both sides, the point, the precision, the source, a line to paste."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from gembounds.points.point import Point
from gembounds.statements.claim import Claim
from gembounds.statements.decide import Decision

DIGITS = 20
"""Digits of the sides that are shown."""


def explain(claim: Claim, point: Point, decision: Decision) -> str:
    """Several lines that say what was decided at ``point``, and how to see it again."""
    lines = [
        f"{claim.id} ({claim.form}, {claim.source}) is {decision.outcome}",
        f"  statement: {claim.text}",
        f"  point:     {point!r}",
    ]
    if decision.pairs:
        entry = decision.entry or 0
        lhs, rhs = decision.pairs[entry]
        where = f"entry {entry}: " if len(decision.pairs) > 1 else ""
        lines.append(f"  sides:     {where}{shown(lhs)} {claim.sign} {shown(rhs)} ?")
    rung = decision.rung
    lines.append(f"  decided:   by {rung.evaluator} at {rung.bits} bits")
    lines.append(f"  again:     {again(claim, point)}")
    return "\n".join(lines)


def again(claim: Claim, point: Point) -> str:
    """A line of Python that decides the claim at the point once more."""
    return (
        "from gembounds.statements.library import get; from gembounds.statements.decide import decide; "
        f"from gembounds.points.point import Point; decide(get({claim.id!r}), {point!r})"
    )


def shown(side: Any) -> str:
    """A side as text: a rational as it is where short, else in decimal; a ball with radius."""
    if not isinstance(side, (int, Fraction)):
        return str(side.str(DIGITS))
    text = str(side)
    return text if len(text) <= 2 * DIGITS else f"{float(side)!r} (a rational number)"
