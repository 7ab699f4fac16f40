"""Lemmas 19 and 20: both hypotheses by construction, their ends, and shaved constants."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from gembounds import Mixture
from gembounds.papers.xu_fazel_du_2024.claims.placing import near
from gembounds.points.point import Point
from gembounds.referee.search import draw
from gembounds.statements import library
from gembounds.statements.decide import decide
from gembounds.statements.operations import Operations

HALF_WAY = Mixture([[2], [1]])
"""|mu_2 - mu_1| is mu_max/2 exactly."""

CLOSE = Mixture([[2, 0], [1 + Fraction(1, 10**9), 0]])
TIED = Mixture([[1, 0], [0, 1], [1, 0]])
GROWN, SHAVED = Fraction(1001, 1000), Fraction(999, 1000)


def outcome(claim_id: str, point: Point, **constants: Fraction) -> str:
    return decide(library.get(claim_id).with_constants(**constants), point).outcome


def test_the_two_hypotheses_part_at_one_half() -> None:
    assert outcome("lemma-19", Point(HALF_WAY)) == "holds"
    assert outcome("lemma-20", Point(HALF_WAY)) == "outside"
    assert outcome("lemma-19", Point(CLOSE)) == "outside"
    assert outcome("lemma-20", Point(CLOSE)) == "holds"
    zeros = Point(Mixture([[0], [0]]))
    assert outcome("lemma-19", zeros) == "holds"
    assert outcome("lemma-20", zeros) == "outside"


def test_lemma_19_has_a_factor_of_two_to_spare() -> None:
    point = Point(HALF_WAY)  # spread 1/2, pi_min mu_max^2/8 = 1/4
    assert decide(library.get("lemma-19"), point).pairs == ((Fraction(1, 2), Fraction(1, 4)),)
    assert outcome("lemma-19", point, factor=Fraction(1, 4)) == "holds"
    assert outcome("lemma-19", point, factor=GROWN / 4) == "refuted"


def test_the_links_of_lemma_19_are_attained() -> None:
    point = Point(Mixture([[2], [1], ["3/2"]]), {"imax": 0, "k": 1})
    assert outcome("lemma-19-proof.1", point) == "holds"
    assert outcome("lemma-19-proof.2", point) == "holds"
    assert outcome("lemma-19-proof.2", point, factor=GROWN / 2) == "refuted"
    assert outcome("lemma-19-proof.2", Point(point.mixture, {"imax": 0, "k": 2})) == "outside"
    assert outcome("lemma-19-proof.2", Point(point.mixture, {"imax": 1, "k": 0})) == "outside"


def test_a_tie_of_longest_means_leaves_the_choice_open() -> None:
    assert outcome("lemma-19", Point(TIED)) == "holds"
    assert outcome("lemma-19-proof.1", Point(TIED, {"imax": 1, "k": 2})) == "holds"
    assert outcome("eq-20", Point(TIED, {"imax": 0})) == "outside"


def test_lemma_20_and_its_steps_are_tight_at_the_edge() -> None:
    rare = Fraction(1, 10**6)
    edge = Mixture([[2, 0], [1 + Fraction(1, 10**9), 0]], [rare, 1 - rare])
    assert outcome("lemma-20", Point(edge)) == "holds"
    assert outcome("lemma-20", Point(edge), factor=GROWN / 4) == "refuted"
    assert outcome("eq-20", Point(edge, {"imax": 0})) == "holds"
    assert outcome("eq-20", Point(edge, {"imax": 0}), factor=GROWN / 2) == "refuted"
    back = Point(edge, {"x": (Fraction(-100), Fraction(5))})
    assert outcome("eq-21", back) == "holds"
    assert outcome("eq-21", back, factor=GROWN / 2) == "refuted"
    assert outcome("eq-21", Point(edge, {"x": (Fraction(1),)})) == "outside"


def test_moves_stay_near_the_base() -> None:
    base = [Fraction(3), Fraction(-4)]
    moves = [[Fraction(x), Fraction(y)] for x in (-5, 0, 1, 9) for y in (-9, 0, 2)]
    for row in near(base, moves)[1:]:
        assert sum(x * x for x in row) <= 25
        assert 4 * sum((x - b) ** 2 for x, b in zip(row, base, strict=True)) < 25


@pytest.mark.parametrize(
    "claim_id",
    ["lemma-19", "lemma-19-proof.1", "lemma-20", "eq-20", "eq-21", "lemma-12-case-1",
     "lemma-12-case-2.2"],
)  # fmt: skip
def test_generators_reach_their_hypothesis_and_its_corners(claim_id: str) -> None:
    claim = library.get(claim_id)
    seen: set[str] = set()

    def look(point: Point) -> None:
        ops = Operations()
        assert claim.inside(ops, point) is True
        norms = ops.norms2(point.mix)
        edges = [
            abs(4 * ops.distances2(point.mix)[i][k] / top - 1)
            for i, top in enumerate(norms)
            for k in range(point.mix.n)
            if top == max(norms) > 0
        ]
        for name, here in (
            ("edge", bool(edges) and min(edges) < Fraction(1, 100)),
            ("tie", norms.count(max(norms)) > 1),
            ("n>=5", point.mix.n >= 5),
            ("rare", min(point.mix.exact_weights) < Fraction(1, 10**100)),
            ("short", 0 < max(norms) < Fraction(1, 10**12)),
            ("large d", point.mix.d > 1000),
        ):
            if here:
                seen.add(name)

    wanted: set[Any] = {"edge", "tie", "n>=5", "rare", "short", "large d"}
    wanted -= {"large d"} if claim_id == "eq-21" else set()
    for key in range(6):  # of 40 points, as `check` draws them, until all is seen
        if not wanted <= seen:
            draw(claim, 40, key, look)
    assert wanted <= seen
