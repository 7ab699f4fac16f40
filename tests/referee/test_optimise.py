"""The optimiser finds violations that its starts do not show, and rounds them to short numbers."""

from __future__ import annotations

from fractions import Fraction
from math import log

import pytest
from hypothesis import strategies as st

from gembounds import Mixture
from gembounds.points.limits import limits
from gembounds.points.moves import movable, moves
from gembounds.points.point import Point, repeated
from gembounds.points.short import rounded_points
from gembounds.referee import check
from gembounds.referee.margin import WORST
from gembounds.referee.optimise import EVALUATIONS, Margins, descend, margin_at, push
from gembounds.referee.search import pushed, smallest_witness
from gembounds.statements import PAIRS, U, data_means, library, mu_max, norm, real
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide
from gembounds.statements.domain import Domain

PAIR = Point(Mixture([[0, 1], [2, 1]], ["1/4", "3/4"]))


def drawn() -> st.SearchStrategy[Point]:
    shares = st.sampled_from([Fraction(1, 10), Fraction(9, 10)])
    return shares.map(lambda x: Point(parameters={"x": x}))


X = real("x", 0, 1)
HUMP = Claim(
    "hump",
    Fraction(249, 1000) >= X * (1 - X),
    over=Domain("two numbers", lambda *_: iter(()), drawn),
)
"""False within 0.04 of 1/2 only, and drawn at 1/10 and 9/10 only."""


def test_a_hump_between_the_points_drawn_is_climbed() -> None:
    found = push(HUMP, Point(parameters={"x": Fraction(1, 10)}))
    assert found.refuted is not None
    assert found.refuted.outcome == "refuted"
    assert found.point["x"] == Fraction(1, 2)
    assert found.evaluations <= EVALUATIONS + 2


def test_the_run_finds_what_the_generator_does_not() -> None:
    (result,) = check.run(claims=[HUMP], points=60)
    assert result["verdict"] == "refuted"
    assert result["certificate"]["point"] == {"parameters": {"x": "1/2"}}
    assert result["pushed"] > 0
    (again,) = check.run(claims=[HUMP], points=60)
    assert again["certificate"] == result["certificate"]


@pytest.mark.parametrize("name", ["x", "i", "k"])
def test_a_number_is_pushed_whatever_its_name(name: str) -> None:
    """Names of indices mean components only beside a mixture, and in whole numbers."""
    y = real(name, 0, 10)
    claim = Claim("far", (1000 * y - 1234) ** 2 >= Fraction(1, 100))
    assert push(claim, Point(parameters={name: Fraction(5)})).refuted is not None


def test_mixtures_are_pushed_to_a_limit() -> None:
    """U <= 19/10 mu_max^2 fails where all means are equally long, which the start is not."""
    claim = Claim("short", Fraction(19, 10) * mu_max**2 >= U)
    assert decide(claim, PAIR).outcome == "holds"
    found = push(claim, PAIR)
    assert found.refuted is not None
    assert smallest_witness(claim, found.point).mix.n == 2


def test_a_true_claim_is_not_refuted_and_its_margin_does_not_rise() -> None:
    claim = library.get("lemma-11")
    found = push(claim, PAIR)
    assert found.refuted is None
    assert 0 <= found.margin <= margin_at(claim, PAIR)
    findings = pushed(claim, [PAIR], 40)
    assert findings.witness is None
    assert findings.outcomes.total() == 0
    assert findings.ratios is not None
    assert findings.ratios.smallest.value >= 1


def test_points_that_differ_in_their_data_have_margins_of_their_own() -> None:
    claim = Claim("data", norm(data_means) <= 4 * mu_max, data=PAIRS)
    margins = Margins(claim)
    points = [Point(Mixture([[1]]), {}, Mixture([[x]])) for x in (1, 2, 2)]
    assert [round(margins(p), 9) for p in points] == [round(log(x), 9) for x in (4, 2, 2)]


def test_outside_the_domain_nothing_is_gained() -> None:
    assert margin_at(HUMP, Point(parameters={"x": Fraction(2)})) == WORST
    assert margin_at(HUMP, Point(parameters={"y": Fraction(2)})) == WORST
    over_zero = Claim("ratio", 1 / X <= 2)
    assert margin_at(over_zero, Point(parameters={"x": Fraction(0)})) == WORST


def test_limits_reach_what_they_say() -> None:
    delta = ((Fraction(1, 9),), (Fraction(1, 8),))
    point = Point(Mixture([[1], [3]], ["1/3", "2/3"]), {"delta": delta, "d": 4, "i": 1})
    found = list(limits(point))
    rows = [[row[0] for row in p.mix.exact_means] for p in found]
    assert [1, 1] in rows and [3, 3] in rows and [0, 3] in rows and [0, 0] in rows
    assert [-3, 3] in rows and [1000, 3000] in rows and [1, 3000] in rows
    assert any(min(p.mix.exact_weights) < Fraction(1, 10**11) for p in found)
    assert any(len(set(p.mix.exact_weights)) == 1 for p in found)
    assert {p["d"] for p in found} == {-4, 0, 1, 2, 3, 4, 40, 4000}
    assert all(p["i"] == 1 for p in found)
    moves = [p["delta"] for p in found]
    assert ((0,), (0,)) in moves and ((Fraction(1, 9),), (0,)) in moves
    grown = [p.mix.d for p in limits(PAIR)]
    assert {12, 1002} <= set(grown)
    assert all(p.mix.d == 1 for p in found)  # delta has vectors of R^d


def test_every_entry_moves_alone_where_ties_are_not_kept() -> None:
    point = Point(PAIR.mixture, {"x": (Fraction(0), Fraction(1, 3)), "i": 0})
    tied = {m.name for m in moves(point)}
    free = {m.name: m for m in moves(point, ties=False)}
    assert tied < set(free) and len(free) == len(tied) + 4
    turned = free["entry (0, 0)"].apply(point, 1.5)
    assert turned is not None  # a zero moves by the largest entry
    assert turned.mix.exact_means[0][0] == Fraction(1, 8)
    longer = free["entry (1, 0)"].apply(point, 2.0)
    assert longer is not None
    assert [list(map(int, row)) for row in longer.mix.exact_means] == [[0, 2], [2, 1]]
    assert longer.parameters == point.parameters


def test_a_descent_follows_a_limit_and_never_climbs() -> None:
    start = Point(Mixture([[1], ["1/2"]], ["1/4", "3/4"]))
    seen = [1.0]

    def value(point: Point, best: float) -> float | None:
        found = float(min(point.mix.exact_weights)) + abs(float(point.mix.exact_means[0][0]) - 3)
        seen.append(min(found, seen[-1]))
        return found if found < best else None

    best, place = descend(value, (2.25, start), 120, lambda p: moves(p, ties=False))
    assert best == min(seen) < 1e-3
    assert float(place.mix.exact_means[0][0]) == pytest.approx(3, abs=1e-3)
    assert len(seen) <= 121
    assert descend(value, (2.25, start), 0, moves) == (2.25, start)


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
