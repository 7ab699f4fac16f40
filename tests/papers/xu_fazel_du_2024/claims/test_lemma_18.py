"""Lemma 18 with (12) and (13): attained at mu_max = 0, right against mpmath, all corners drawn."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import pytest

from gembounds import Mixture
from gembounds.points.point import Point
from gembounds.referee.search import draw
from gembounds.statements import library
from gembounds.statements.decide import decide
from gembounds.statements.operations import LADDER, Operations

IDS = ("lemma-18", "eq-12", "eq-13.1", "eq-13.2", "eq-13.3")
THREE = Mixture([[2, 0], ["-1/2", 1], [0, "1/3"]], ["1/2", "1/3", "1/6"])
ZEROS = Mixture([[0, 0], [0, 0]], ["1/3", "2/3"])
ONE_MEAN = Mixture([[0, 0], [0, 1]])
FAR = Mixture([[1000, 0], [-1000, 0], [0, 1000]])
GROWN = Fraction(1001, 1000)


def at(mix: Mixture, x: Any, i: int = 0, j: int = 1, t: str = "1/2") -> Point:
    place = tuple(Fraction(v) for v in x)
    return Point(mix, {"x": place, "i": i, "j": j, "t": Fraction(t)})


def outcome(claim_id: str, point: Point, **constants: Fraction) -> str:
    return decide(library.get(claim_id).with_constants(**constants), point).outcome


@pytest.mark.parametrize("claim_id", IDS)
@pytest.mark.parametrize("mix", [THREE, ZEROS, ONE_MEAN, FAR])
@pytest.mark.parametrize("x", [(1, -2), (0, "1/100000000"), (1000, 1000)])
def test_holds_at_all_scales(claim_id: str, mix: Mixture, x: Any) -> None:
    wanted = "consistent" if claim_id == "eq-13.2" else "holds"
    for t in ("-1", "0", "1/3"):
        assert outcome(claim_id, at(mix, x, 1, 1, t)) == wanted


def test_attained_where_all_means_are_zero() -> None:
    point = at(ZEROS, (3, 4))
    for claim_id in ("lemma-18", "eq-13.1"):
        decision = decide(library.get(claim_id), point)
        assert decision.pairs == ((Fraction(4, 9), Fraction(4, 9)),)
        assert outcome(claim_id, point, factor=GROWN) == "refuted"
    assert decide(library.get("eq-12"), point).pairs == ((Fraction(1, 3), Fraction(1, 3)),)


def test_the_last_link_is_attained_with_one_mean() -> None:
    point = at(ONE_MEAN, (3, 4))
    assert outcome("eq-13.3", point) == "holds"
    assert outcome("eq-13.3", point, factor=GROWN) == "refuted"


def test_shaved_constants_near_the_limit() -> None:
    close = at(Mixture([["1/100000", 0], [0, 0]]), (1, 0))
    assert outcome("lemma-18", close, factor=GROWN) == "refuted"
    assert outcome("eq-13.1", close, factor=GROWN) == "refuted"
    # psi_1(3)/pi_1 = 2/(1 + exp(9/2)) = exp(-3.8) with means 0 and 3, where 3 (3 + 3) = 18
    far = at(Mixture([[0], [3]]), (3,), 0, 0, "1")
    assert outcome("eq-12", far, rate=Fraction(22, 100)) == "holds"
    assert outcome("eq-12", far, rate=Fraction(21, 100)) == "refuted"


def test_sides_against_mpmath() -> None:
    point = at(THREE, (1, "-1/2"), 0, 2, "3/4")
    rows = [[float(v) for v in row] for row in THREE.exact_means]

    def psi(i: int, t: Any) -> Any:
        terms = [
            float(w) * mpmath.exp(-((t - r[0]) ** 2 + (-t / 2 - r[1]) ** 2) / 2)
            for w, r in zip(THREE.exact_weights, rows, strict=True)
        ]
        return terms[i] / sum(terms)

    overlap = mpmath.quad(lambda t: psi(0, t) * psi(2, t), [-1, 0, 1])
    length = mpmath.sqrt(5) / 2
    u = 4 + mpmath.mpf(5) / 4 + mpmath.mpf(1) / 9
    bound = mpmath.exp(-4 * u) / 12 * (1 - mpmath.exp(-8 * length)) / (4 * length)
    middle = mpmath.exp(-16) / 12 * 2 * (1 - mpmath.exp(-8 * length)) / (8 * length)
    for claim_id, left, right in (
        ("lemma-18", overlap, bound),
        ("eq-13.1", overlap, middle),
        ("eq-13.2", middle, middle),
        ("eq-12", psi(0, 0.75), mpmath.exp(-4 * (0.75 * length + 2)) / 2),
    ):
        claim, ops = library.get(claim_id), Operations(LADDER[2])
        with ops.precision():
            for side, value in ((claim.lhs, left), (claim.rhs, right)):
                [found] = side(ops, point, claim.constants)
                assert abs(float(found) / float(value) - 1) < 1e-12


def test_the_domain_is_the_printed_one() -> None:
    assert outcome("lemma-18", at(THREE, (0, 0))) == "outside"
    assert outcome("lemma-18", at(THREE, (1,))) == "outside"
    assert outcome("lemma-18", at(THREE, (1, 0), 3, 0)) == "outside"
    assert outcome("eq-12", at(THREE, (1, 0), t="2")) == "outside"
    assert outcome("lemma-18", at(Mixture([[1, 1]]), (1, 0), 0, 0)) == "outside"


def test_generators_reach_the_corners() -> None:
    seen: set[str] = set()

    def look(point: Point) -> None:
        ops = Operations()
        assert library.get("eq-12").inside(ops, point) is True
        length2 = sum(v * v for v in point["x"])
        for name, here in (
            ("t=0", point["t"] == 0),
            ("t=1", point["t"] == 1),
            ("t=-1", point["t"] == -1),
            ("i=j", point["i"] == point["j"]),
            ("long x", length2 >= 10**6),
            ("short x", length2 < Fraction(1, 10**12)),
            ("mu_max=0", ops.mu_max2(point.mix) == 0),
            ("long means", ops.mu_max2(point.mix) >= 10**6),
        ):
            if here:
                seen.add(name)

    draw(library.get("eq-12"), 400, 5, look)
    assert len(seen) == 8
