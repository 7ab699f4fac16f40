"""The critical value of one constant of an inequality at one point: where both sides are equal.

All other constants stay as they are. A constant enters a claim monotonically (it scales a term
that is not negative, or stands in an exponent, a power, a threshold), so a value that a point
refutes takes with it every value that makes a stronger claim. Values are counted by

    w = sense * log(c / claimed)      (sense * c where 0 is claimed),

sense +1 where a larger constant makes a stronger claim, else -1: the claim is refuted at the
point for w beyond the critical one. The margin is log(small side / large side), from the lower
end of the ball of the first over the upper end of that of the second, so a positive margin is
certain but for the root finding in float64; :mod:`gembounds.referee.tightness.certify` makes it
exact."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gembounds.evaluators.balls.radial import ball
from gembounds.points.point import Point
from gembounds.referee.margin import gaps
from gembounds.statements.claim import Claim, matched
from gembounds.statements.evaluate import Undefined, evaluate
from gembounds.statements.many import SPLIT
from gembounds.statements.operations import LADDER, Operations, Rung
from gembounds.tools.errors import InputError

ENOUGH = 6
"""Points after the first at which a constant acts that are tried for its sense (a choice)."""

REACH = 120.0
"""Values are sought within exp(REACH) of the one claimed (a choice)."""

NUDGE = Fraction(1, 64)
"""How far a constant is moved, relatively, to see which way it acts (a choice)."""

TOLERANCE = 1e-13
"""Of the root finding, in w, absolutely."""

STEPS = 80


@dataclass(frozen=True)
class Constant:
    """One constant of a claim, and its ``sense``: +1 where larger is stronger, else -1;
    ``moving`` tells which sides it enters, left and right."""

    claim: Claim
    name: str
    sense: int
    moving: tuple[bool, bool]

    @property
    def claimed(self) -> Fraction:
        return self.claim.constants[self.name]

    def value(self, w: float) -> Fraction:
        """The constant at ``w``."""
        if self.claimed == 0:
            return Fraction(self.sense * w)
        return self.claimed * Fraction(math.exp(self.sense * w))

    def place(self, value: Fraction | float) -> float:
        """``w`` of a positive value."""
        if self.claimed == 0:
            return float(self.sense * value)
        return self.sense * math.log(value / self.claimed)


class Measure:
    """The sides of a claim at one point, as functions of one constant, at one rung."""

    def __init__(self, constant: Constant, point: Point, rung: Rung = LADDER[0]) -> None:
        self.constant, self.point = constant, constant.claim.placed(point)
        self.ops = Operations(rung)
        self._fixed: dict[int, Any] = {}

    def inside(self) -> bool:
        """Whether the point is certainly in the claim's domain."""
        with self.ops.precision():
            return self.constant.claim.inside(self.ops, self.point) is True

    def sides(self, value: Fraction) -> list[tuple[Any, Any]]:
        claim = self.constant.claim
        constants = {**claim.constants, self.constant.name: value}
        found = []
        for k, side in enumerate((claim.decided.lhs, claim.decided.rhs)):
            if self.constant.moving[k]:
                found.append(evaluate(side, self.ops, self.point, constants))
            else:
                if k not in self._fixed:
                    self._fixed[k] = evaluate(side, self.ops, self.point, constants)
                found.append(self._fixed[k])
        return matched(claim.decided, *found)

    def margin(self, w: float) -> float:
        """The largest margin of all entries; positive only where refuted."""
        with self.ops.precision():
            pairs = self.sides(self.constant.value(w))
            return max(-gap for gap in gaps(pairs, self.constant.claim.sign))

    def critical(self, best: float = REACH, beyond: float = 0.0) -> float | None:
        """The smallest ``w`` that the point refutes; None where it refutes nothing up to
        ``best + beyond``, ``-REACH`` where it refutes everything."""
        high = min(best + beyond, REACH)
        if not (top := self.margin(high)) > 0:
            return None
        step, low = 0.5, high - 0.5
        while (bottom := self.margin(low)) > 0:
            high, top = low, bottom
            if low <= -REACH:
                return -REACH
            step *= 3
            low = max(low - step, -REACH)
            if low < 0 < high:
                low = 0.0  # a true claim holds there: no step beyond it into other regimes
        return self._root(low, bottom, high, top)

    def _root(self, low: float, bottom: float, high: float, top: float) -> float:
        """By the Illinois rule, halving where it is slow; the refuted end."""
        side = 0
        for k in range(STEPS):
            if high - low <= TOLERANCE * max(1.0, abs(high)):
                break
            if k % 3 == 2 or SPLIT in (top, -bottom):
                middle = (low + high) / 2
            else:
                middle = high - top * (high - low) / (top - bottom)
                margin_of_end = TOLERANCE * max(1.0, abs(high)) / 2
                middle = min(max(middle, low + margin_of_end), high - margin_of_end)
            value = self.margin(middle)
            if value > 0:
                high, top = middle, value
                bottom = bottom / 2 if side == 1 else bottom
                side = 1
            else:
                low, bottom = middle, value
                top = top / 2 if side == -1 else top
                side = -1
        return high


def with_sense(claim: Claim, name: str, points: Iterable[Point]) -> Constant | None:
    """The constant with its sense, as the first points show that it acts on; None where it acts
    on none of them. Raises :class:`InputError` if it acts both ways."""
    points = list(points)
    for rung in (LADDER[0], LADDER[2]):
        if (found := _sense_at(claim, name, points, rung)) is not None:
            return found
    return None


def _sense_at(claim: Claim, name: str, points: list[Point], rung: Rung) -> Constant | None:
    senses, moving, acted = set(), [False, False], 0
    claimed = claim.constants[name]
    other = claimed * (1 + NUDGE) if claimed else NUDGE
    for point in points:
        measure = Measure(Constant(claim, name, 1, (True, True)), point, rung)
        if not measure.inside():
            continue
        with measure.ops.precision():
            try:
                before, after = measure.sides(claimed), measure.sides(other)
            except Undefined:
                continue
            for k in (0, 1):
                moved = any(differ(a[k], b[k]) for a, b in zip(before, after, strict=True))
                moving[k] = moving[k] or moved
            for a, b in zip(before, after, strict=True):
                if change := _acts(claim.sign, a, b):
                    senses.add(change)
        acted += bool(senses)
        if acted == ENOUGH:
            break
    if len(senses) > 1:
        raise InputError(f"{claim.id}: {name} acts both ways: split it into two constants")
    return Constant(claim, name, senses.pop(), (moving[0], moving[1])) if senses else None


def differ(a: Any, b: Any) -> bool:
    """Whether two values of a side are not the same object of arithmetic."""
    a, b = ball(a), ball(b)
    return not (a.mid() == b.mid() and a.rad() == b.rad())


def _acts(relation: str, before: tuple[Any, Any], after: tuple[Any, Any]) -> int:
    """The sign of the change of small - large, 0 where it is not certain."""
    sign = 1 if relation in ("<", "<=") else -1
    left = ball(after[0]) - ball(before[0])
    right = ball(after[1]) - ball(before[1])
    if differ(before[0], after[0]) and differ(before[1], after[1]):
        change = left - right
    elif differ(before[0], after[0]):
        change = left
    else:
        change = -right
    if change > 0:
        return sign
    return -sign if change < 0 else 0
