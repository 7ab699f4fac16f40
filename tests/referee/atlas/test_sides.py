"""Every claim's ratios over batches against its own certified sides, at points that were drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from gembounds.evaluators.balls.radial import ball
from gembounds.points.batch import Batch
from gembounds.points.batches import Ensemble
from gembounds.points.point import Point
from gembounds.referee.atlas.ratios import log10_ratios
from gembounds.referee.atlas.run import unbatched
from gembounds.statements import library
from gembounds.statements.claim import Claim, sides
from gembounds.statements.operations import LADDER, Operations
from gembounds.values.balls import float_ends

DRAWN = 17
"""One mixture of each shape."""

SLOW = {"eq-17a": 3, "eq-17b": 3, "eq-17b-repaired": 3}
"""Points where sides are integrated by cells."""

WIDE = {"eq-17a", "eq-17b", "eq-17b-repaired", "rate-gradient-lower", "theorem-2-sharpened"}
"""Claims whose certified sides leave the ratio open by a factor: they bound, and are not sharp; or
whose trajectories balls do not follow at every rank."""

NEGATIVE = {"eq-29-case-b.1", "eq-29-recursion", "eq-33.2"}
"""Claims with a side that is never positive: no ratio."""

INEQUALITIES = [c for c in library.select() if c.sign != "=="]
REASONS = {c.id: why for c in INEQUALITIES if (why := unbatched(c)) is not None}
BATCHED = [c.id for c in INEQUALITIES if c.id not in REASONS]


@cache
def batches(ensemble: Ensemble) -> list[Batch]:
    return list(ensemble.draw(np.random.default_rng(11), DRAWN))


@cache
def point_of(ensemble: Ensemble, k: int, b: int) -> Point:
    """A point of a batch: what is evaluated there for one claim serves the others."""
    return batches(ensemble)[k].point(b)


def of(claim: Claim) -> list[Batch]:
    assert claim.domain.ensemble is not None
    return batches(claim.domain.ensemble)


def certified_range(claim: Claim, point: Point) -> tuple[float, float]:
    """Ends of log10 of the smallest ratio over the entries, in balls of 64 bits."""
    ops, lows, highs = Operations(LADDER[1]), [], []
    with ops.precision():
        assert claim.inside(ops, point) is True
        for a, b in sides(claim.relation, ops, point, claim.constants):
            small, large = (a, b) if claim.relation.sign in ("<", "<=") else (b, a)
            small, large = ball(small), ball(large)
            if not (small.upper() > 0 and large.upper() > 0):
                continue
            ten = ball(10).log()
            low, high = -math.inf, math.inf
            if large > 0:
                low = float_ends((large.lower() / small.upper()).log() / ten)[0]
            if small > 0:
                high = float_ends((large.upper() / small.lower()).log() / ten)[1]
            lows.append(low)
            highs.append(high)
    if not lows:  # no entry that balls of this rung tell from 0: nothing is known
        return -math.inf, math.inf
    return min(lows), min(highs)


def samples(claim: Claim, most: int) -> Iterator[tuple[float, Point]]:
    """Up to ``most`` points with their estimated ratios, spread over the shapes."""
    found = []
    for k, batch in enumerate(of(claim)):
        values = log10_ratios(claim, batch)
        found += [(float(v), k, b) for b, v in enumerate(values) if np.isfinite(v)]
    assert bool(found) == (claim.id not in NEGATIVE), "ratios, or none anywhere"
    assert claim.domain.ensemble is not None
    for value, k, b in found[:: max(1, len(found) // most)]:
        yield value, point_of(claim.domain.ensemble, k, b)


@pytest.mark.parametrize("claim_id", BATCHED)
def test_an_estimated_ratio_lies_where_the_claim_puts_it(claim_id: str) -> None:
    claim, tight, seen = library.get(claim_id), 0, 0
    for value, point in samples(claim, SLOW.get(claim_id, 8)):
        low, high = certified_range(claim, point)
        slack = 1e-6 * (1 + abs(value))
        assert low - slack <= value <= high + slack, point
        tight += high - low < 0.01
        seen += 1
    assert claim_id in WIDE | NEGATIVE or tight > 0.8 * seen


def test_most_inequalities_of_the_paper_are_batched_and_the_others_say_why_not() -> None:
    assert len(BATCHED) >= 95
    for why in REASONS.values():
        assert why.endswith("batches") or why.startswith(
            ("the left side is a second-order term", "over data, points are drawn one by one")
        )


def test_a_changed_constant_changes_the_estimate() -> None:
    for claim_id in BATCHED:
        claim = library.get(claim_id)
        some = not claim.relation.constants or claim_id in NEGATIVE
        for batch in of(claim)[:4]:
            before = log10_ratios(claim, batch)
            for name, value in claim.relation.constants.items():
                moved = claim.with_constants(**{name: value * 2 + 1})
                after = log10_ratios(moved, batch)
                some |= bool(np.any(np.isfinite(after) & (after != before)))
        assert some, claim_id


def test_a_wrong_side_is_seen() -> None:
    claim = library.get("lemma-19")
    value, point = next(samples(claim, 4))
    doubled = claim.with_constants(factor=2 * claim.constants["factor"])
    low, high = certified_range(doubled, point)
    assert not low - 1e-6 <= value <= high + 1e-6
