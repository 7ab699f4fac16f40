"""How loose an inequality is at a point: larger side over smaller side, certified from above."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

from gembounds.evaluators.balls.radial import ball
from gembounds.values.balls import float_ends
from gembounds.values.precision import working_precision

RATIO_BITS = 64
"""Precision of the ratios themselves (a choice: they are read, to three digits)."""


class Ratio(NamedTuple):
    """log10 of a ratio, rounded up, and the ratio itself, rounded up (inf beyond float64)."""

    log10: float
    value: float


class Extremes(NamedTuple):
    """The largest and the smallest ratio of a set."""

    largest: Ratio
    smallest: Ratio


def ratio(left: Any, relation: str, right: Any) -> Ratio | None:
    """Upper end of the side claimed larger over the lower end of the side claimed smaller.

    Defined where both of these ends are positive and finite, else None; None for equalities.
    At least the exact ratio, hence a witness that no constant factor beyond it can be given
    away; a ratio below 1 refutes the claim.
    """
    if relation == "==":
        return None
    small, large = (left, right) if relation in ("<", "<=") else (right, left)
    with working_precision(RATIO_BITS):
        low, high = ball(small).lower(), ball(large).upper()
        if not (low > 0 and high > 0 and high.is_finite()):
            return None
        logarithm = (high.log() - low.log()) / ball(10).log()
        return Ratio(float_ends(logarithm)[1], float_ends(high / low)[1])


def extremes(ratios: Iterable[Ratio | None]) -> Extremes | None:
    """The largest and smallest of those that are defined, None if none is."""
    known = [r for r in ratios if r is not None and math.isfinite(r.log10)]
    return Extremes(max(known), min(known)) if known else None
