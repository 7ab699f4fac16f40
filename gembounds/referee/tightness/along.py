"""Limits: families along which a constant is approached, and an estimate of where they end.

A family of its own is a sequence of points with a growing size u (a squared norm, a dimension).
Along it the critical values are certified one by one; the limit is fitted, v(u) = v + a log(u)/u
+ b/u through the last three, and is no evidence. Other constants are followed from their witness
in the one direction (a mean, a weight, a dimension to its limit) that helps most, by Aitken's
rule on three points.
"""

from __future__ import annotations

import math

from gembounds.points import moves
from gembounds.points.point import Point
from gembounds.referee.tightness.critical import Constant
from gembounds.referee.tightness.seek import Found, critical_at

FACTORS = (0.5, 2.0)
"""Of the steps from a witness toward a limit."""

WORTH = 1e-9
"""Improvements in w below this are no direction toward a limit."""


def fitted(values: list[tuple[float, float]]) -> float | None:
    """The v of v + a log(u)/u + b/u through the last three (u, v(u)); None of fewer."""
    if len(values) < 3:
        return None
    rows = [(1.0, math.log(u) / u, 1 / u, v) for u, v in values[-3:]]
    bottom = _determinant([r[:3] for r in rows])
    if bottom == 0:
        return None
    return _determinant([(r[3], r[1], r[2]) for r in rows]) / bottom


def _determinant(rows: list[tuple[float, ...]]) -> float:
    (a, b, c), (d, e, f), (g, h, i) = rows
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def followed(constant: Constant, found: Found) -> float | None:
    """The limit that the critical values tend to from the witness in its best direction, None
    where no direction helps."""
    best: tuple[float, float] | None = None
    for move in moves.moves(found.point):
        for factor in FACTORS:
            values = [found.w]
            point: Point | None = found.point
            for _ in range(2):
                point = None if point is None else move.apply(point, factor)
                w = None if point is None else critical_at(constant, point, found.w)
                if w is None:
                    break
                values.append(w)
            if (
                len(values) == 3
                and values[0] - values[2] > WORTH
                and (best is None or values[2] < best[0])
            ):
                best = (values[2], _aitken(*values))
    return None if best is None else float(constant.value(best[1]))


def _aitken(a: float, b: float, c: float) -> float:
    bend = (c - b) - (b - a)
    return c if bend <= 0 or c >= b else c - (c - b) ** 2 / bend
