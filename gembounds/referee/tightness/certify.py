"""A point found by the search, made short, and the exact value that it certainly refutes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from gembounds.points.point import Point
from gembounds.points.short import decimal, shortened
from gembounds.points.shrink import shrink
from gembounds.referee.tightness.critical import REACH, Constant, Measure
from gembounds.referee.tightness.seek import Found, critical_at
from gembounds.statements.decide import decide
from gembounds.statements.operations import LADDER
from gembounds.tools.errors import InputError
from gembounds.values.exact import EXACT

IN_BALLS = tuple(rung for rung in LADDER if rung.evaluator == "arb")

LOSS = 2e-5
"""Relative change of the constant that a shorter witness may cost (a choice)."""

DIGITS = (1, 2, 3, 4, 6)
"""Significant digits that a witness's numbers are tried with."""

SLACKS = (1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-6, 1e-4, 1e-2)
"""How far beyond the critical value, relatively, the refuted value is taken; the first that
the decision confirms."""

ATTEMPTS = 200
"""Smaller points tried (a choice)."""

SHOWN = 14
"""Decimal digits of the refuted value."""


@dataclass(frozen=True)
class Certified:
    """The claim with the constant at ``value`` is refuted at ``point`` (at ``value`` itself
    both sides are equal there, exactly, where ``attained``)."""

    value: Fraction
    point: Point
    attained: bool


def certify(constant: Constant, found: Found, sharp: Fraction | None = None) -> Certified | None:
    """The witness of ``found``; ``sharp`` is a value proved to hold everywhere, if any.

    Where a side is exactly equal at ``sharp``, or at the claimed value, every value beyond it is
    refuted there. None where no decision confirms the search.
    """
    points = (*_shorter(constant, found), found.point)
    for value in (sharp, constant.claimed):
        if value is None or value <= 0 or abs(constant.place(value) - found.w) > LOSS:
            continue
        for point in points:
            if _equal(constant, value, point):
                return Certified(value, point, True)
    for point in points:
        refuted = refuted_value(constant, point)
        if refuted is not None:
            return Certified(refuted, point, False)
    return None


def smaller(constant: Constant, found: Found, attempts: int = ATTEMPTS) -> Found:
    """A point of fewer components, dimensions and digits that is nearly as good."""
    limit = found.w + LOSS
    rung = LADDER[0] if critical_at(constant, found.point, limit) is not None else IN_BALLS[0]
    point = shrink(
        found.point, lambda p: critical_at(constant, p, limit, rung=rung) is not None, attempts
    )
    w = critical_at(constant, point, limit, rung=rung)
    return found if w is None else Found(w, point, found.family)


def _shorter(constant: Constant, found: Found) -> list[Point]:
    """The shortest form of the point that is nearly as good, if any is."""
    for digits in DIGITS:
        try:
            point = shortened(found.point, digits)
        except InputError:
            continue
        if critical_at(constant, point, found.w + LOSS, rung=IN_BALLS[0]) is not None:
            return [point]
    return []


def _equal(constant: Constant, value: Fraction, point: Point) -> bool:
    """Whether an entry is an equality of exact numbers, and the next value is refuted."""
    measure = Measure(constant, point)
    with measure.ops.precision():
        if not any(
            isinstance(a, EXACT) and isinstance(b, EXACT) and a == b
            for a, b in measure.sides(value)
        ):
            return False
    return _decided(constant, value * (1 + constant.sense * Fraction(1, 10**9)), point)


def refuted_value(constant: Constant, point: Point) -> Fraction | None:
    """The value just beyond the critical one at ``point`` that a decision refutes; None where
    there is none."""
    w = None
    for rung in (LADDER[2], LADDER[1], LADDER[0]):
        w = Measure(constant, point, rung).critical(REACH)
        if w is not None and w > -REACH:
            break
    if w is None:
        return None
    for slack in SLACKS:
        value = decimal(constant.value(w + slack), SHOWN)
        if _decided(constant, value, point):
            return value
    return None


def _decided(constant: Constant, value: Fraction, point: Point) -> bool:
    moved = constant.claim.with_constants(**{constant.name: value})
    if decide(moved, point, IN_BALLS).outcome == "refuted":
        return True
    return decide(moved, point).outcome == "refuted"
