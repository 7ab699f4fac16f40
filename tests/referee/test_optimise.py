"""The optimiser finds violations that its starts do not show, and rounds them to short numbers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import strategies as st

from gembounds import Mixture
from gembounds.points.moves import limits, movable, rounded_points, variables
from gembounds.points.point import Point, repeated
from gembounds.referee import check
from gembounds.referee.margin import WORST
from gembounds.referee.optimise import EVALUATIONS, margin_at, push
from gembounds.referee.search import pushed, smallest_witness
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide

PAIR = Point(Mixture([[0, 1], [2, 1]], ["1/4", "3/4"]))


def claim_about(lhs: Any, rhs: Any, domain: Any, **options: Any) -> Claim:
    return Claim(
        id="eq-1",
        source="a test",
        text="lhs <= rhs",
        relation="<=",
        lhs=lambda ops, p, k: lhs(ops, p),
        rhs=lambda ops, p, k: rhs(ops, p),
        domain=lambda ops, p: domain(p),
        generator=lambda: st.sampled_from([Fraction(1, 10), Fraction(9, 10)]).map(
            lambda x: Point(parameters={"x": x})
        ),
        **options,
    )


HUMP = claim_about(
    lambda ops, p: p["x"] * (1 - p["x"]),
    lambda ops, p: Fraction(249, 1000),
    lambda p: 0 < p["x"] < 1,
)
"""x (1 - x) <= 249/1000: false within 0.03 of 1/2 only, and drawn at 1/10 and 9/10 only."""


def test_a_hump_between_the_points_drawn_is_climbed() -> None:
    found = push(HUMP, Point(parameters={"x": Fraction(1, 10)}))
    assert found.refuted is not None
    assert found.refuted.outcome == "refuted"
    assert found.point["x"] == Fraction(1, 2)
    assert found.evaluations <= EVALUATIONS + 2


def test_the_run_finds_what_the_generator_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "all_claims", lambda: {"eq-1": HUMP})
    (result,) = check.run(points=60, jobs=1)
    assert result["verdict"] == "refuted"
    assert result["certificate"]["point"] == {"parameters": {"x": "1/2"}}
    assert result["pushed"] > 0
    (again,) = check.run(points=60, jobs=1)
    assert again["certificate"] == result["certificate"]


def test_mixtures_are_pushed_to_a_limit() -> None:
    """U <= 4 mu_max^2 n/(n+1) fails where all means are equally long, which no start is."""
    base = library.get("theorem-14.2")
    claim = replace(
        base,
        lhs=lambda ops, p, k: ops.U(p.mix),
        rhs=lambda ops, p, k: ops.mu_max2(p.mix) * Fraction(19, 10),
    )
    assert decide(claim, PAIR).outcome == "holds"
    found = push(claim, PAIR)
    assert found.refuted is not None
    assert smallest_witness(claim, found.point).mix.n == 2


def test_a_true_claim_is_not_refuted_and_its_margin_does_not_rise() -> None:
    claim = library.get("lemma-11")
    found = push(claim, PAIR)
    assert found.refuted is None
    assert 0 <= found.margin <= margin_at(claim, PAIR)
    findings = pushed(claim, PAIR, 40)
    assert findings.witness is None
    assert findings.outcomes.total() == 0
    assert findings.ratios is not None
    assert findings.ratios.smallest.value >= 1


def test_outside_the_domain_nothing_is_gained() -> None:
    assert margin_at(HUMP, Point(parameters={"x": Fraction(2)})) == WORST
    assert margin_at(HUMP, Point(parameters={"y": Fraction(2)})) == WORST


def test_limits_reach_what_they_say() -> None:
    delta = ((Fraction(1, 9),), (Fraction(1, 8),))
    point = Point(Mixture([[1], [3]], ["1/3", "2/3"]), {"delta": delta, "d": 4, "i": 1})
    found = list(limits(point))
    rows = [[row[0] for row in p.mix.exact_means] for p in found]
    assert [1, 1] in rows and [3, 3] in rows and [0, 3] in rows and [0, 0] in rows
    assert [-3, 3] in rows and [1000, 3000] in rows and [1, 3000] in rows
    assert any(min(p.mix.exact_weights) < Fraction(1, 10**11) for p in found)
    assert any(len(set(p.mix.exact_weights)) == 1 for p in found)
    assert {p["d"] for p in found} == {1, 2, 3, 4, 40, 4000}
    assert all(p["i"] == 1 for p in found)
    moves = [p["delta"] for p in found]
    assert ((0,), (0,)) in moves and ((Fraction(1, 9),), (0,)) in moves
    grown = [p.mix.d for p in limits(PAIR)]
    assert {12, 1002} <= set(grown)
    assert all(p.mix.d == 1 for p in found)  # delta has vectors of R^d


def test_variables_start_where_the_point_is() -> None:
    point = Point(PAIR.mixture, {"x": (Fraction(0), Fraction(1, 3)), "i": 0})
    build, start = variables(point)
    assert build(start) == point
    moved = build([0.5] * len(start))
    assert moved.mix.exact_means[1][0] == 3
    assert moved.mix.exact_means[0][0] == 1  # a zero moves by the largest entry
    assert moved["x"] == (Fraction(1, 6), Fraction(1, 2))
    assert moved["i"] == 0
    whole, start = variables(point, whole_means=True)
    turned = whole([1.0, 0.0] + [0.0] * (len(start) - 2)).mix.exact_means
    assert [list(map(int, row)) for row in turned] == [[0, 2], [2, 1]]


def test_rounding_starts_with_the_shortest() -> None:
    point = Point(Mixture([["0.4999"], ["1.98"]], ["0.3", "0.7"]), {"x": Fraction(2001, 1000)})
    found = list(rounded_points(point))
    assert [row[0] for row in found[0].mix.exact_means] == [0, 2]
    assert found[0]["x"] == 2
    assert found[-1] == point


def test_a_million_coordinates_are_not_moved() -> None:
    assert movable(PAIR)
    assert not movable(Point(repeated([[1, 2]], [10**6])))
    assert movable(Point(parameters={"d": 10**6}))
