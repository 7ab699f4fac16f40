"""Shrinking keeps the violation and ends at few components, dimensions and digits."""

from __future__ import annotations

from fractions import Fraction

from gembounds import Mixture
from gembounds.points.point import Point, repeated
from gembounds.points.shrink import ATTEMPTS, shrink, size
from gembounds.values.columns import gram, runs

THIRD = Fraction(1, 3)


def test_the_smallest_dimension_is_found() -> None:
    start = Point(parameters={"d": 987_654})
    assert shrink(start, lambda p: p["d"] >= 17)["d"] == 17


def test_rationals_become_short() -> None:
    start = Point(parameters={"d": 4, "c": Fraction(5419, 65536)})
    found = shrink(start, lambda p: p["d"] >= 1 and Fraction(1, 20) < p["c"] < Fraction(1, 11))
    assert found["d"] == 1
    assert found["c"].denominator <= 20


def test_mixtures_lose_components_dimensions_and_digits() -> None:
    rows = [["1/7", 3, 0, 0], [2, 5, 0, 0], ["12/5", 5, 1, 1], [2, 5, 0, 0]]
    start = Point(Mixture(rows, ["1/10", "2/10", "3/10", "4/10"]))

    def violated(point: Point) -> bool:
        mix = point.mix
        return mix.n >= 2 and max(gram(runs(mix))[i][i] for i in range(mix.n)) >= 4

    found = shrink(start, violated)
    assert violated(found)
    assert (found.mix.n, found.mix.d) == (2, 1)
    assert found.mix.exact_weights == (Fraction(1, 2), Fraction(1, 2))
    assert max(abs(x) for entries, _ in runs(found.mix) for x in entries) <= 3
    assert size(found) < size(start)


def test_vectors_and_rows_follow_the_mixture() -> None:
    start = Point(
        Mixture([[1, 2], [3, 4], [5, 6]]),
        {"x": (Fraction(1), Fraction(2)), "delta": tuple((Fraction(k), THIRD) for k in range(3))},
    )

    def violated(point: Point) -> bool:
        mix = point.mix
        shapes = len(point["x"]) == mix.d and len(point["delta"]) == mix.n
        return shapes and all(len(row) == mix.d for row in point["delta"])

    found = shrink(start, violated)
    assert (found.mix.n, found.mix.d) == (1, 1)
    assert found["x"] == (0,)
    assert found["delta"] == ((0,),)


def test_a_million_dimensions_shrink_without_being_written_out() -> None:
    start = Point(repeated([[1, 2], [0, 0]], [1, 10**6]))
    assert shrink(start, lambda p: True).mix.d == 1


def test_attempts_are_bounded() -> None:
    tried: list[Point] = []

    def never(point: Point) -> bool:
        tried.append(point)
        return False

    shrink(Point(parameters={"d": 10**6}), never)
    assert 0 < len(tried) <= ATTEMPTS


def test_integers_come_before_unit_fractions() -> None:
    start = Point(Mixture([["3/7"], [0]]), {"x": Fraction(1, 999_999_999)})
    found = shrink(start, lambda p: p["x"] > 0 and max(p.mix.exact_means)[0] > 0)
    assert found["x"] == 1
    assert sorted(row[0] for row in found.mix.exact_means) == [0, 1] or found.mix.n == 1


def test_a_bounded_number_ends_at_a_short_fraction() -> None:
    start = Point(parameters={"x": Fraction(12345, 1234567)})
    assert shrink(start, lambda p: 0 < p["x"] < Fraction(1, 5))["x"] == Fraction(1, 6)
    found = shrink(start, lambda p: 0 < p["x"] < Fraction(1, 60))["x"]
    assert found.numerator == 1
    assert len(str(found)) <= len("1/61")


def test_means_become_equal_where_that_keeps_the_violation() -> None:
    start = Point(Mixture([["12.5", 11], [14, "-11.25"]], ["1/5", "4/5"]))
    found = shrink(
        start, lambda p: p.mix.n == 2 and min(sum(x * x for x in r) for r in p.mix.exact_means) > 9
    )
    assert len(set(found.mix.exact_means)) == 1
    assert found.mix.d == 1
    assert len(set(found.mix.exact_weights)) == 1


def test_a_heavy_component_may_save_a_dimension() -> None:
    start = Point(Mixture([[1, 1, 1], [1, 1, 1]]))

    def violated(point: Point) -> bool:
        return point.mix.n == 2 and point.mix.d * max(point.mix.exact_weights) >= Fraction(3, 2)

    found = shrink(start, violated)
    assert found.mix.d == 2
    assert max(found.mix.exact_weights) <= Fraction(9, 10)


def test_a_needlessly_tiny_weight_becomes_a_plain_one() -> None:
    start = Point(Mixture([[0], [1]], [Fraction(1, 10**94), 1 - Fraction(1, 10**94)]))
    found = shrink(start, lambda p: p.mixture is not None and min(p.mix.exact_weights) < 1 / 4)
    assert found.mix.exact_weights == (Fraction(1, 5), Fraction(4, 5))
