"""All points of a claim whose domain is finite."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

from gembounds.points.point import Point
from gembounds.statements.domain import NUMBERS

if TYPE_CHECKING:
    from gembounds.statements.claim import Claim

MOST = 10_000
"""Points up to which all are decided (a choice: seconds for most claims)."""


def every_point(claim: Claim) -> Sequence[Point] | None:
    """All points of the claim's domain, and perhaps some that its conditions leave out; None where
    they are not finite in number, or more than ``MOST``."""
    if claim.domain.every is not None:
        found = claim.domain.every()
        return found if 0 < len(found) <= MOST else None
    count = points_of(claim)
    if count is None or count > MOST:
        return None
    names = list(claim.parameters)
    ranges = (range(math.ceil(p.low), math.floor(p.high) + 1) for p in claim.parameters.values())
    return [Point(parameters=dict(zip(names, t, strict=True))) for t in product(*ranges)]


def points_of(claim: Claim) -> int | None:
    """How many points a claim about whole numbers between two ends has; of others, None."""
    if claim.domain is not NUMBERS:
        return None
    size = 1
    for p in claim.parameters.values():
        if p.kind != "integer" or p.low is None or p.high is None:
            return None
        size *= math.floor(p.high) - math.ceil(p.low) + 1
    return size
