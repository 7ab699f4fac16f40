"""Every batched side against the claim's own certified sides, at points that were drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from gembounds.evaluators.balls.radial import ball
from gembounds.points.point import Point
from gembounds.points.batch import Batch
from gembounds.papers.xu_fazel_du_2024.ensembles import ENSEMBLES
from gembounds.papers.xu_fazel_du_2024.numbers import NUMBERS
from gembounds.referee.atlas.ratios import log10_ratios
from gembounds.papers.xu_fazel_du_2024.sides.table import REASONS, SIDES
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.logic import paired
from gembounds.statements.operations import LADDER, Operations
from gembounds.values.enclosure import float_ends

DRAWN = 17
"""One mixture of each shape."""

SLOW = {"eq-17b": 3, "eq-17b-repaired": 3}
"""Points where sides are integrated by cells."""

WIDE = {"eq-17b", "eq-17b-repaired", "theorem-2-sharpened"}
"""Claims whose certified sides leave the ratio open by a factor: they bound, and are not sharp."""


@cache
def batches(ensemble: str) -> list[Batch]:
    draw = {**ENSEMBLES, **NUMBERS}[ensemble]
    return list(draw(np.random.default_rng(11), DRAWN))


def certified_range(claim: Claim, point: Point) -> tuple[float, float]:
    """Ends of log10 of the smallest ratio over the entries, in balls of 64 bits."""
    ops, lows, highs = Operations(LADDER[1]), [], []
    with ops.precision():
        assert claim.inside(ops, point) is True
        left = claim.lhs(ops, point, claim.constants)
        for a, b in paired(left, claim.rhs(ops, point, claim.constants)):
            small, large = (a, b) if claim.sign in ("<", "<=") else (b, a)
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
    return min(lows, default=math.inf), min(highs, default=math.inf)


def samples(claim: Claim, most: int) -> Iterator[tuple[float, Point]]:
    """Up to ``most`` points with their batched ratios, spread over the shapes."""
    sides = SIDES[claim.id]
    found = []
    for batch in batches(sides.ensemble):
        values = log10_ratios(claim, sides, batch)
        found += [(float(v), batch, b) for b, v in enumerate(values) if np.isfinite(v)]
    assert found, "no ratio anywhere"
    for value, batch, b in found[:: max(1, len(found) // most)]:
        yield value, batch.point(b)


@pytest.mark.parametrize("claim_id", SIDES)
def test_a_batched_ratio_lies_where_the_claim_puts_it(claim_id: str) -> None:
    claim, tight, seen = library.get(claim_id), 0, 0
    for value, point in samples(claim, SLOW.get(claim_id, 8)):
        low, high = certified_range(claim, point)
        slack = 1e-6 * (1 + abs(value))
        assert low - slack <= value <= high + slack, point
        tight += high - low < 0.01
        seen += 1
    assert claim_id in WIDE or tight > 0.8 * seen


def test_sides_and_reasons_are_of_inequalities_that_exist() -> None:
    inequalities = {c.id for c in library.select() if c.sign != "=="}
    assert set(SIDES) | set(REASONS) <= inequalities and not set(SIDES) & set(REASONS)


def test_numbered_inequalities_of_the_paper_are_batched_or_say_why_not() -> None:
    for claim in library.select():
        words = ("lemma", "theorem", "eq", "remark", "footnote", "corollary", "fact")
        if claim.form == "printed" and claim.sign != "==" and claim.id.startswith(words):
            assert claim.id in SIDES or claim.id in REASONS, claim.id


def test_a_changed_constant_changes_the_batched_side() -> None:
    for claim_id, sides in SIDES.items():
        claim = library.get(claim_id)
        if not claim.constants or claim_id == "eq-31prime.1":  # whose sides do not read it
            continue
        some = False
        for batch in batches(sides.ensemble)[:4]:
            before = log10_ratios(claim, sides, batch)
            for name, value in claim.constants.items():
                moved = claim.with_constants(**{name: value * 2 + 1})
                after = log10_ratios(moved, sides, batch)
                some |= bool(np.any(np.isfinite(after) & (after != before)))
        assert some, claim_id


def test_a_wrong_side_is_seen() -> None:
    claim = library.get("lemma-19")
    value, point = next(samples(claim, 4))
    doubled = claim.with_constants(factor=2 * claim.constants["factor"])
    low, high = certified_range(doubled, point)
    assert not low - 1e-6 <= value <= high + 1e-6
