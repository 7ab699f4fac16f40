"""Both sides of a claim along a line through a point: what a picture of a witness shows.

The line scales what the claim turns on: a displacement, else the means, else a number; s = 1 is
the point itself. Every value is an enclosure; where the claim is not meant there is none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from gembounds.evaluators.balls.radial import ball
from gembounds.points.point import Point
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide
from gembounds.statements.logic import compare
from gembounds.statements.operations import LADDER
from gembounds.values.balls import float_ends
from gembounds.values.mixture import Mixture

STEPS = 32
"""Points on either side of the witness at most (a choice: a smooth line, a second or two)."""

RUNGS = LADDER[:4]
"""Where a picture's points are evaluated: more bits are not seen."""

Ends = tuple[float, float] | None


@dataclass(frozen=True)
class Line:
    """``at`` are the numbers of the line, ``here`` that of the point; ``lhs`` and ``rhs`` the ends
    of one entry of the sides, None where there is no value; ``violated`` where it certainly is;
    ``what`` says what runs along the line."""

    what: str
    at: list[float]
    here: float
    lhs: list[Ends]
    rhs: list[Ends]
    violated: list[bool]

    def to_json(self) -> dict[str, Any]:
        return {
            "what": self.what, "at": self.at, "here": self.here,
            "lhs": [None if e is None else list(e) for e in self.lhs],
            "rhs": [None if e is None else list(e) for e in self.rhs],
            "violated": self.violated,
        }  # fmt: skip


def through(claim: Claim, point: Point, entry: int = 0) -> Line | None:
    """The line of ``claim`` through ``point``, of the entry ``entry`` of its sides; None where the
    point has nothing that could run."""
    if point.mixture is None and not claim.parameters.keys() & point.parameters.keys():
        return None
    what, here, places = _line(claim, point)
    at: list[float] = []
    sides: list[tuple[Ends, Ends]] = []
    violated: list[bool] = []
    for s, place in places:
        found = decide(claim, place, RUNGS)
        pair = found.pairs[entry] if entry < len(found.pairs) else None
        at.append(float(s))
        sides.append((None, None) if pair is None else (_ends(pair[0]), _ends(pair[1])))
        violated.append(pair is not None and compare(pair[0], claim.sign, pair[1]) is False)
    return Line(what, at, here, [a for a, _ in sides], [b for _, b in sides], violated)


def _ends(value: Any) -> Ends:
    low, high = float_ends(ball(value))
    return (low, high) if math.isfinite(low) and math.isfinite(high) else None


def _line(claim: Claim, point: Point) -> tuple[str, float, Iterator[tuple[Fraction, Point]]]:
    """What runs, where the point is on it, and the places."""
    kinds = {name: p for name, p in claim.parameters.items() if name in point.parameters}
    moved = [k for k, p in kinds.items() if p.kind == "displacement" and _nonzero(point[k])]
    scales = [Fraction(k, STEPS) for k in range(2 * STEPS + 1)]
    if moved:
        name = moved[0]
        return (f"{name}, in multiples of the witness's", 1.0,
                ((s, _with(point, name, _times(point[name], s))) for s in scales))  # fmt: skip
    if point.mixture is not None:
        rows = point.mix.exact_means
        if _nonzero(rows):
            return ("the means, in multiples of the witness's", 1.0,
                    ((s, _means(point, _times(rows, s))) for s in scales if s))  # fmt: skip
        first = point.mix.exact_weights[0]
        shares = [Fraction(k, STEPS) for k in range(1, STEPS)]
        return ("the first weight", float(first), ((s, _weights(point, s)) for s in shares))
    name, parameter = next(iter(kinds.items()))
    value = Fraction(point[name])
    low = -math.inf if parameter.low is None else parameter.low
    high = math.inf if parameter.high is None else parameter.high
    reach = max(abs(value), Fraction(1))
    if parameter.kind == "integer":
        start = math.ceil(max(low, value - min(STEPS, math.floor(reach))))
        numbers = [Fraction(start + k) for k in range(2 * STEPS + 1)]
    else:
        numbers = [value - reach + s * reach for s in scales]
    return (name, float(value), ((s, _with(point, name, int(s) if parameter.kind == "integer"
            else s)) for s in numbers if low <= s <= high))  # fmt: skip


def _nonzero(value: Any) -> bool:
    return any(map(_nonzero, value)) if isinstance(value, tuple) else bool(value)


def _times(value: Any, s: Fraction) -> Any:
    return tuple(_times(v, s) for v in value) if isinstance(value, tuple) else s * value


def _with(point: Point, name: str, value: Any) -> Point:
    return replace(point, parameters={**point.parameters, name: value})


def _means(point: Point, rows: Any) -> Point:
    return replace(point, mixture=Mixture([list(row) for row in rows], point.mix.exact_weights))


def _weights(point: Point, first: Fraction) -> Point:
    """With that first weight, the others in proportion."""
    old, *others = point.mix.exact_weights
    weights = [first, *(w * (1 - first) / (1 - old) for w in others)] if others else [old]
    return replace(point, mixture=Mixture([list(r) for r in point.mix.exact_means], weights))
