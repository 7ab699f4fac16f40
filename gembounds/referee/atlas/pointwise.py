"""Ratios point by point, from a claim's own generator and exact sides: what is not batched."""

from __future__ import annotations

from gembounds.points.point import Point
from gembounds.referee.atlas.ratios import Distribution, summary
from gembounds.referee.ratio import extremes, ratio
from gembounds.referee.search import draw
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide
from gembounds.statements.operations import LADDER
from gembounds.tools.seeds import seed_of

POINTS = 200
"""Points for each claim (divided by its ``cost``)."""


def distribution(claim: Claim, points: int, seed: int, reason: str) -> Distribution:
    """At ``points`` generated points, by the first rung: float64 population quantities,
    certified as always; points that it leaves undecided have no ratio."""
    found: list[float | None] = []
    draw(claim, points, seed_of("atlas", seed, claim.id),
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
