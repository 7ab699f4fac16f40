"""The parts of the tightness search: proofs about |x|, critical values, moves, certification."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import pytest

from gembounds.papers.xu_fazel_du_2024.arithmetic import best_radial as radial
from gembounds.points import moves
from gembounds.points.point import Point
from gembounds.points.short import decimal, shortened
from gembounds.referee.tightness import along, families
from gembounds.referee.tightness.certify import certify, refuted_value
from gembounds.referee.tightness.critical import Constant, Measure, with_sense
from gembounds.referee.tightness.seek import Found, critical_at, drawn_points
from gembounds.statements import library
from gembounds.statements.decide import decide
from gembounds.values.mixture import Mixture

HALF_AS_LONG = Point(Mixture([[1], ["1/2"]]))


def growth(d: int) -> mpmath.mpf:
    """3 sqrt(d) (E exp(|x|/(3d)) - 1) by quadrature of the chi density."""
    c = mpmath.mpf(1) / (3 * d)

    def density(r: mpmath.mpf) -> mpmath.mpf:
        return r ** (d - 1) * mpmath.exp(-r * r / 2)

    total = mpmath.quad(density, [0, math.sqrt(d), 3 + math.sqrt(d), 30])
    moment = mpmath.quad(
        lambda r: density(r) * mpmath.expm1(c * r), [0, math.sqrt(d), 3 + math.sqrt(d), 30]
    )
    return 3 * mpmath.sqrt(d) * moment / total


def test_lemma_17_is_tightest_in_seven_dimensions() -> None:
    best, d = radial.exponential_moment()
    assert d == 7
    assert float(best.rad()) < 1e-12
    with mpmath.workdps(30):
        values = {k: growth(k) for k in (1, 2, 5, 6, 7, 8, 9, 20)}
    assert abs(float(best.mid()) - float(values[7])) < 1e-13
    assert max(values, key=lambda k: values[k]) == 7
    assert float(radial._beyond(radial.LAST + 1).upper()) < float(best.mid())


def test_26a_is_tightest_on_the_line() -> None:
    best, d = radial.inner_probability()
    assert d == 1
    assert abs(float(best.mid()) - math.erfc(0.5 / math.sqrt(2))) < 1e-15
    assert float(best.rad()) < 1e-12


def test_tail_constants_by_other_means() -> None:
    assert abs(float(radial.tail_rate().mid()) - (1.5 - math.log(2))) < 1e-15
    r = float(radial.tail_radius().mid())
    assert abs((r * r - 1) / 2 - math.log(r) - 0.8) < 1e-12
    assert float(radial.tail_radius().rad()) < 1e-11


def test_a_winner_must_be_certain() -> None:
    from flint import arb

    with pytest.raises(ArithmeticError, match="not certainly"):
        radial._winner({1: arb(1, 0.1), 2: arb(1.05, 0.1)}, arb(3), 1)


@pytest.mark.parametrize(
    ("claim", "name", "sense"),
    [
        ("lemma-11", "denominator", -1), ("lemma-11", "exponent", -1), ("lemma-11", "inner", -1),
        ("lemma-19", "factor", 1), ("lemma-17", "factor", -1), ("eq-26a", "radius", 1),
        ("lemma-15-repaired", "rate", 1), ("theorem-14.2", "half", -1),
    ],
)  # fmt: skip
def test_the_sense_of_a_constant(claim: str, name: str, sense: int) -> None:
    record = library.get(claim)
    found = with_sense(record, name, drawn_points(record, 15, 3))
    assert found is not None
    assert found.sense == sense


def test_a_constant_that_acts_nowhere_has_no_sense() -> None:
    coincident = Point(Mixture([[1], [1]]))
    assert with_sense(library.get("lemma-11"), "exponent", [coincident]) is None


def constant(claim: str, name: str, point: Point) -> Constant:
    found = with_sense(library.get(claim), name, [point])
    assert found is not None
    return found


def test_critical_values_in_closed_form() -> None:
    lemma = constant("lemma-19", "factor", HALF_AS_LONG)
    w = critical_at(lemma, HALF_AS_LONG)
    assert w is not None
    assert float(lemma.value(w)) == pytest.approx(0.25, rel=1e-12)
    lighter = Point(Mixture([[1], ["1/2"]], ["1/4", "3/4"]))
    w = critical_at(lemma, lighter)
    assert w is not None  # 2 (3/16) (1/4) = c (1/4)
    assert float(lemma.value(w)) == pytest.approx(0.375, rel=1e-12)


def test_a_critical_value_beyond_the_best_is_not_sought() -> None:
    lemma = constant("lemma-19", "factor", HALF_AS_LONG)
    at = critical_at(lemma, HALF_AS_LONG)
    assert at is not None
    assert critical_at(lemma, HALF_AS_LONG, at - 0.1) is None
    assert critical_at(lemma, HALF_AS_LONG, at - 0.1, 0.2) is not None
    outside = Point(Mixture([[1], [1]]))
    assert critical_at(lemma, outside) is None


def test_a_margin_has_the_sign_of_the_decision() -> None:
    lemma = constant("lemma-19", "factor", HALF_AS_LONG)
    measure = Measure(lemma, HALF_AS_LONG)
    for value in (Fraction(1, 5), Fraction(1, 3)):
        moved = lemma.claim.with_constants(factor=value)
        refuted = decide(moved, HALF_AS_LONG).outcome == "refuted"
        assert (measure.margin(lemma.place(value)) > 0) == refuted == (value > Fraction(1, 4))


def test_moves_keep_the_structure() -> None:
    point = Point(Mixture([[1, 0], [-1, 0], [0, "1/3"]], ["1/4", "1/4", "1/2"]))
    named = {m.name: m for m in moves.moves(point)}
    moved = named["means of size 1"].apply(point, 2.0)
    assert moved is not None
    assert moved.mix == Mixture([[2, 0], [-2, 0], [0, "1/3"]], ["1/4", "1/4", "1/2"])
    moved = named["weight 0"].apply(point, 2.0)
    assert moved is not None
    first, second, third = moved.mix.exact_weights
    assert first == second == Fraction(1, 3)
    assert third == 1 - 2 * first
    moved = named["d 1"].apply(point, 2.0)
    assert moved is not None
    assert moved.mix.d == 3


def test_parameters_move_and_indices_change() -> None:
    point = Point(Mixture([[1], [0]]), {"x": (Fraction(1),), "i": 0, "d": 3})
    named = {m.name: m for m in moves.moves(point)}
    assert {"x", "i is 1", "d"} <= set(named)
    for name, factor, key, value in (
        ("x", 0.5, "x", (Fraction(1, 2),)), ("i is 1", 2.0, "i", 1), ("d", 0.9, "d", 2),
    ):  # fmt: skip
        moved = named[name].apply(point, factor)
        assert moved is not None
        assert moved[key] == value


def test_shortened_numbers() -> None:
    point = Point(Mixture([["0.123456"], [7]], ["0.333334", "0.666666"]))
    short = shortened(point, 2)
    assert short.mix.exact_means == ((Fraction(12, 100),), (Fraction(7),))
    assert short.mix.exact_weights == (Fraction(33, 100), Fraction(67, 100))
    assert decimal(Fraction(-98765), 2) == -99000


def test_families_are_mixtures_of_many_shapes() -> None:
    found = list(families.mixtures())
    assert {"coincident", "isotropic", "balanced", "one far mean", "one heavy weight"} <= {
        name for name, _ in found
    }
    assert len(found) > 200
    like = Point(Mixture([[1], [0]]), {"delta": ((Fraction(1),), (Fraction(1),)), "other": 1})
    assert not list(families.points(like))


def test_equality_is_attained_exactly() -> None:
    lemma = constant("lemma-19", "factor", HALF_AS_LONG)
    w = critical_at(lemma, HALF_AS_LONG)
    assert w is not None
    found = certify(lemma, Found(w, HALF_AS_LONG, "by hand"), Fraction(1, 4))
    assert found is not None
    assert found.attained
    assert found.value == Fraction(1, 4)


def test_a_refuted_value_is_refuted_and_near() -> None:
    point = Point(parameters={"d": 7, "c": Fraction(1, 21)})
    lemma = constant("lemma-17", "factor", point)
    value = refuted_value(lemma, point)
    assert value is not None
    assert decide(lemma.claim.with_constants(factor=value), point).outcome == "refuted"
    assert float(value) == pytest.approx(1.0310527706603808, rel=1e-11)


def test_the_fit_of_a_family_finds_its_limit() -> None:
    def law(u: float) -> float:
        return 0.125 - 3 * math.log(u) / u + 2 / u

    assert along.fitted([(u, law(u)) for u in (64.0, 256.0, 1024.0)]) == pytest.approx(0.125)
    assert along.fitted([(1.0, 2.0)]) is None


def test_a_whole_parameter_of_any_length_moves() -> None:
    point = Point(parameters={"t": 10**400, "d": 3})
    for move in moves.moves(point):
        assert move.apply(point, 0.5) is None or move.apply(point, 0.5) != point
