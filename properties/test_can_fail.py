"""Inequalities can fail: with a factor past its closest witness, each is refuted there."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from gembounds import recorded
from gembounds.claims import registry
from gembounds.decide import decide
from gembounds.logic import flat
from gembounds.point import Point
from gembounds.ratio import ratio

PAST = Fraction(1001, 1000)
KNOWN = recorded.read() or {}
NO_QUOTIENT = ("eq-31prime.1", "eq-32-sharpened")
"""Closest by difference where the smaller side may be 0: no factor moves it."""

HOLDING = [
    name
    for name, row in KNOWN.items()
    if name not in NO_QUOTIENT
    and row["verdict"] == "holds"
    and row.get("closest")
    and (row.get("min_ratio") or 0) > 0
]


def test_enough_inequalities_have_a_finite_closest_ratio() -> None:
    assert len(HOLDING) >= 60


@pytest.mark.parametrize("name", HOLDING)
def test_past_its_witness_a_claim_is_refuted(name: str) -> None:
    claim, point = registry.get(name), Point.from_json(KNOWN[name]["closest"])
    pairs = decide(claim, point).pairs
    found = [r.value for a, b in pairs if (r := ratio(a, claim.relation, b)) is not None]
    assert found and math.isfinite(min(found)), "the closest point has no quotient: see HOLDING"
    factor = Fraction(min(found)) * PAST
    smaller_left = claim.relation in ("<", "<=")
    true: Any = claim.lhs if smaller_left else claim.rhs

    def larger(ops: Any, where: Any, constants: Any) -> Any:
        return [ops.ball(factor) * ops.ball(x) for x in flat(true(ops, where, constants))]

    moved = replace(claim, lhs=larger) if smaller_left else replace(claim, rhs=larger)
    assert decide(moved, point).outcome == "refuted"
