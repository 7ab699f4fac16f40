"""Domains as named conditions: their truth, their order, and what a certificate shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import pytest
from flint import arb
from hypothesis import strategies as st

from gembounds import Mixture
from gembounds.points.point import Point
from gembounds.statements.conditions import Part, part
from gembounds.statements.domain import LINES, MIXTURES, SEVERAL, Domain
from gembounds.statements.logic import Tri, all_of
from gembounds.statements.operations import Operations

OPS = Operations()


def domain(test: Callable[[Any, Point], Iterator[Part]]) -> Domain:
    return Domain("tested", test, lambda: st.just(Point()))


def inside(where: Domain, point: Point) -> Tri:
    return all_of(p.holds for p in where.parts(OPS, point))


def shown(where: Domain, point: Point) -> list[dict[str, Any]]:
    return [p.to_json() for p in where.parts(OPS, point)]


@domain
def positive_root(ops: Operations, point: Point) -> Iterator[Part]:
    yield part("x > 0", point["x"], ">", 0)
    yield part("1/x >= 1/2", 1 / point["x"], ">=", Fraction(1, 2))


def at(x: int | Fraction) -> Point:
    return Point(parameters={"x": x})


@pytest.mark.parametrize(("x", "wanted"), [(1, True), (2, True), (3, False), (0, False)])
def test_all_conditions_must_hold_and_none_is_tried_after_a_false_one(x: int, wanted: Tri) -> None:
    assert inside(positive_root, at(Fraction(x))) is wanted


def test_parts_are_shown_with_exact_values() -> None:
    assert shown(positive_root, at(Fraction(2, 3))) == [
        {"part": "x > 0", "left": "2/3", "relation": ">", "right": "0", "holds": True},
        {"part": "1/x >= 1/2", "left": "3/2", "relation": ">=", "right": "1/2", "holds": True},
    ]
    assert len(shown(positive_root, at(Fraction(0)))) == 1


def test_what_balls_leave_open_is_unknown() -> None:
    @domain
    def open_one(ops: Operations, point: Point) -> Iterator[Part]:
        yield part("ball <= 1", arb("1 +/- 0.5"), "<=", 1)
        yield part("x > 0", point["x"], ">", 0)

    assert inside(open_one, at(1)) is None
    assert inside(open_one, at(-1)) is False
    first = shown(open_one, at(1))[0]
    assert (first["left"], first["holds"]) == (None, None)


def test_a_part_may_be_a_truth_alone() -> None:
    @domain
    def plain(ops: Operations, point: Point) -> Iterator[Part]:
        yield Part("x is one", bool(point["x"] == 1))

    assert shown(plain, at(1)) == [{"part": "x is one", "holds": True}]


def test_the_ready_domains() -> None:
    one, two = Point(Mixture([[1]])), Point(Mixture([[1], [1]]))
    plane = Point(Mixture([[0, 0], [1, 0], [0, 1]]))
    assert [inside(MIXTURES, p) for p in (Point(), one, two)] == [False, True, True]
    assert [inside(SEVERAL, p) for p in (Point(), one, two)] == [False, False, True]
    assert [inside(LINES, p) for p in (two, plane)] == [True, False]
