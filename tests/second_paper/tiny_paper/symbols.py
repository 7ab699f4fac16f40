"""What this paper alone speaks of, and how every arithmetic gets it."""

from fractions import Fraction
from typing import Any

from gembounds.points.point import Point
from gembounds.statements.tree import Symbol, call


def _twice_weighted(ops: Any, point: Point) -> Any:
    """Exact: the squares of norms are rational numbers."""
    pairs = zip(ops.norms2(point.mix), ops.weights(point.mix), strict=True)
    return sum((w * w * q for q, w in pairs), Fraction(0))


twice_weighted = call(
    Symbol(
        "twice_weighted", "T", "T", _twice_weighted, meaning="sum_i pi_i^2 |mu_i|^2",
        home="tiny-2025",
        estimate=lambda batch: (batch.weights**2 * batch.norms**2).sum(axis=1),
    )
)  # fmt: skip
