"""Points and columns: exact, through JSON and back, a million dimensions at little cost."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from gembounds import Mixture
from gembounds.points.point import Point, repeated
from gembounds.tools.errors import InputError
from gembounds.values.columns import Run, distinct_columns, gram, runs

THIRD = Fraction(1, 3)


def through_json(point: Point) -> Point:
    return Point.from_json(json.loads(json.dumps(point.to_json())))


@pytest.mark.parametrize(
    "point",
    [
        Point(parameters={"d": 17, "c": THIRD}),
        Point(Mixture([["1/3", 0], [0.1, 2]], ["1e-300", "1"]), {"i": 1}),
        Point(Mixture([[1.0], [2.0]]), {"x": (THIRD, Fraction(2)), "delta": ((THIRD,), (THIRD,))}),
        Point(repeated([[1, 2], ["1/4", 0]], [1, 10**6])),
        Point(repeated([["1/3", 2]], [30])),
    ],
)
def test_json_keeps_every_number(point: Point) -> None:
    back = through_json(point)
    assert back.parameters == point.parameters
    assert (back.mixture is None) == (point.mixture is None)
    if point.mixture is not None:
        assert runs(back.mix) == runs(point.mix)
        assert back.mix.exact_weights == point.mix.exact_weights
    assert len(json.dumps(point.to_json())) < 1500
    assert eval(repr(point), {"Point": Point}).parameters == point.parameters


def test_integers_and_rationals_stay_apart() -> None:
    back = through_json(Point(parameters={"d": 3, "c": Fraction(3)}))
    assert type(back["d"]) is int
    assert type(back["c"]) is Fraction


def test_a_point_without_what_is_asked_says_so() -> None:
    with pytest.raises(InputError, match="no mixture"):
        _ = Point().mix
    with pytest.raises(InputError, match="no parameter 'x'"):
        _ = Point()["x"]
    with pytest.raises(InputError, match="unknown key 'mix'"):
        Point.from_json({"mix": {}})
    with pytest.raises(InputError, match="no means"):
        Point.from_json({"mixture": {"weights": ["1"]}})


def test_columns_count_what_is_equal() -> None:
    mix = Mixture([[1, 1, 2, 1], [0, 0, "1/3", 0]])
    assert [length for _, length in runs(mix)] == [2, 1, 1]
    one, two = (Fraction(1), Fraction(0)), (Fraction(2), THIRD)
    assert distinct_columns(mix) == [Run(one, 3), Run(two, 1)]
    assert gram(distinct_columns(mix)) == [[7, 2 * THIRD], [2 * THIRD, THIRD**2]]


def test_gram_is_the_matrix_of_inner_products() -> None:
    rows = [[Fraction(i * k - 3, 7) for k in range(5)] for i in range(4)]
    expected = [[sum(a * b for a, b in zip(r, s, strict=True)) for s in rows] for r in rows]
    assert gram(distinct_columns(Mixture(rows))) == expected
