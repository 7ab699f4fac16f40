"""Ratios point by point, from a claim's own generator and exact sides: what is not batched."""

from __future__ import annotations

import hashlib

from gembounds.points.point import Point
from gembounds.referee.atlas.ratios import Distribution, summary
from gembounds.referee.ratio import extremes, ratio
from gembounds.referee.search import draw
from gembounds.statements import library
from gembounds.statements.decide import decide
from gembounds.statements.legacy import Claim
from gembounds.statements.operations import LADDER

POINTS = 200
"""Points for each claim (divided by its ``cost``)."""


def distribution(claim_id: str, points: int, seed: int, reason: str) -> Distribution:
    """At ``points`` generated points, by the first rung: float64 population quantities,
    certified as always; points that it leaves undecided have no ratio."""
    claim = library.get(claim_id)
    key = hashlib.sha256(f"atlas/{seed}/{claim_id}".encode()).digest()[:8]
    found: list[float | None] = []
    draw(claim, points, int.from_bytes(key, "big"),
         lambda point: found.append(smallest_ratio(claim, point)))  # fmt: skip
    known = [x for x in found if x is not None]
    return summary(known, len(found), "certified", "the claim's own generator", reason)


def smallest_ratio(claim: Claim, point: Point) -> float | None:
    """log10 of the smallest certified ratio of the point's entries, None without one."""
    decision = decide(claim, point, LADDER[:1])
    if not decision.decided:
        return None
    known = extremes(ratio(a, claim.sign, b) for a, b in decision.pairs)
    return None if known is None else known.smallest.log10
