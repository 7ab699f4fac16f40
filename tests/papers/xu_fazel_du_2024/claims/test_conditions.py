"""Domains as named conditions: their truth, their order, and what a certificate shows."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
from flint import arb

from gembounds import Mixture
from gembounds.points.point import Point
from gembounds.statements.claim import has_mixture
from gembounds.statements.conditions import Part, conditions, domain_parts, part
from gembounds.statements.logic import Tri
from gembounds.statements.operations import Operations

OPS = Operations()


@conditions
def positive_root(ops: Operations, point: Point) -> Iterator[Part]:
    """x > 0 and x^2 <= 2."""
    yield part("x > 0", point["x"], ">", 0)
    yield part("1/x >= 1/2", 1 / point["x"], ">=", Fraction(1, 2))


def at(x: int | Fraction) -> Point:
    return Point(parameters={"x": x})


@pytest.mark.parametrize(("x", "wanted"), [(1, True), (2, True), (3, False), (0, False)])
def test_all_conditions_must_hold_and_none_is_tried_after_a_false_one(x: int, wanted: Tri) -> None:
    assert positive_root(OPS, at(Fraction(x))) is wanted


def test_parts_are_shown_with_exact_values() -> None:
    assert domain_parts(positive_root, OPS, at(Fraction(2, 3))) == [
        {"part": "x > 0", "left": "2/3", "relation": ">", "right": "0", "holds": True},
        {"part": "1/x >= 1/2", "left": "3/2", "relation": ">=", "right": "1/2", "holds": True},
    ]
    assert len(domain_parts(positive_root, OPS, at(Fraction(0)))) == 1


def test_what_balls_leave_open_is_unknown() -> None:
    @conditions
    def open_one(ops: Operations, point: Point) -> Iterator[Part]:
        yield part("ball <= 1", arb("1 +/- 0.5"), "<=", 1)
        yield part("x > 0", point["x"], ">", 0)

    assert open_one(OPS, at(1)) is None
    assert open_one(OPS, at(-1)) is False
    first = domain_parts(open_one, OPS, at(1))[0]
    assert (first["left"], first["holds"]) == (None, None)


def test_a_plain_function_is_one_part_named_by_its_docstring() -> None:
    def plain(ops: Operations, point: Point) -> Tri:
        """x is
        one."""
        return bool(point["x"] == 1)

    assert domain_parts(plain, OPS, at(1)) == [{"part": "x is one.", "holds": True}]


def test_the_setting_of_the_paper() -> None:
    assert has_mixture(OPS, Point()) is False
    assert has_mixture(OPS, Point(Mixture([[1]]))) is False
    assert has_mixture(OPS, Point(Mixture([[1], [1]]))) is True
    assert has_mixture.__doc__ is not None
    assert "n >= 2" in has_mixture.__doc__
