"""Moving an inequality's constant just past a point: what shows that a claim can be refuted.

At a point with the sides S <= L the claim with S multiplied by (L/S)(1 + 1/1000), or, where the
sides are not both positive, with 1001/1000 of L - S added to S, is false. The ends of the
enclosures are taken such that it is certainly so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from gembounds.evaluators.balls.radial import ball
from gembounds.points.point import Point
from gembounds.statements.claim import Claim, Constants, Side
from gembounds.statements.decide import Pair
from gembounds.statements.logic import flat
from gembounds.statements.operations import Operations
from gembounds.tools.errors import InputError

PAST = Fraction(1001, 1000)
"""How far past the witness: one part in a thousand."""


def shaved(claim: Claim, pair: Pair, past: Fraction = PAST) -> Claim:
    """``claim`` with the side claimed smaller moved to ``past`` times what ``pair`` (an entry of
    both sides, as decided somewhere) leaves room for. Raises :class:`InputError` for equalities.
    """
    if claim.sign == "==":
        raise InputError(f"{claim.id} is an equality: it has no room to move")
    left_is_small = claim.sign in ("<", "<=")
    small, large = pair if left_is_small else pair[::-1]
    low, high = ball(small).lower(), ball(large).upper()
    if low > 0:
        factor = (high / low).upper() * ball(past)
        moved = _changed(claim.lhs if left_is_small else claim.rhs, lambda x: ball(x) * factor)
    else:
        gap = (high - low).upper() * ball(past)
        moved = _changed(claim.lhs if left_is_small else claim.rhs, lambda x: ball(x) + gap)
    return replace(claim, lhs=moved) if left_is_small else replace(claim, rhs=moved)


def _changed(side: Side, change: Callable[[Any], Any]) -> Side:
    def changed(ops: Operations, point: Point, constants: Constants) -> list[Any]:
        return [change(x) for x in flat(side(ops, point, constants))]

    return changed
