"""Enclosures as numbers: what every operator gives contains what it must, in both arithmetics."""

from __future__ import annotations

import copy
import operator
import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

import gembounds as gb
from gembounds import Enclosure, InputError, Mixture, UndecidedError
from gembounds.values.balls import exact_interval
from gembounds.values.enclosure import from_balls
from gembounds.values.precision import working_precision
from gembounds.values.truth import Truth

MIX = Mixture([[0, 1], [2, 0], ["1/3", -1]], ["1/2", "1/3", "1/6"])
P = gb.overlaps(MIX)
L = gb.loss(MIX)
BALL = gb.loss(MIX, evaluator="arb", bits=200)

BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "min": lambda x, y: x.minimum(y) if isinstance(x, Enclosure) else min(x, y),
    "max": lambda x, y: x.maximum(y) if isinstance(x, Enclosure) else max(x, y),
}  # fmt: skip

numbers = st.fractions(-50, 50, max_denominator=1000)
widths = st.fractions(0, 2, max_denominator=100) | st.just(Fraction(0))


def made(middle: Fraction, width: Fraction, kind: str) -> Enclosure:
    """An enclosure of everything within ``width`` of the middle."""
    if kind == "arb":
        with working_precision(128):
            size = arb(fmpq(width.numerator, width.denominator))
            return from_balls(arb(fmpq(middle.numerator, middle.denominator)) + arb(0, 1) * size)
    low, high = (np.array(float(middle + k * width)) for k in (-1, 1))
    return Enclosure(np.nextafter(low, -np.inf), np.nextafter(high, np.inf))


@given(numbers, widths, numbers, widths, st.sampled_from(sorted(BINARY)),
       st.sampled_from(["float64", "arb", "mixed", "number"]))  # fmt: skip
def test_every_value_of_the_operands_is_in_the_result(
    x: Fraction, u: Fraction, y: Fraction, v: Fraction, name: str, kind: str
) -> None:
    one = made(x, u, "arb" if kind != "float64" else kind)
    other = y if kind == "number" else made(y, v, "arb" if kind == "arb" else "float64")
    try:
        found = BINARY[name](one, other)
    except InputError:
        assert name == "/" and y == 0 and (v == 0 or kind == "number")
        return
    assert (found.balls is not None) == (kind in ("arb", "number"))
    if np.isnan(found.lower):
        assert name == "/" and abs(y) <= v + Fraction(1, 10**9)
        return
    for a in (x - u, x, x + u):
        for b in (y,) if kind == "number" else (y - v, y, y + v):
            value = BINARY[name](a, b)
            assert found.contains(value)
            if found.balls is not None:
                low, high = exact_interval(found.balls[()])
                assert low <= value <= high


def test_balls_keep_their_digits_and_go_beyond_the_range() -> None:
    again = (BALL * 3 + Fraction(1, 7)) ** 2 / 9
    assert again.balls is not None and again.relative_width < 2.0**-190
    with working_precision(128):
        small = from_balls(arb(-2000).exp())
    assert small.lower == 0 and (small * small > 0).certainly_true
    assert (small > 0).certainly_true and (small * 2 > small).certainly_true
    assert abs(small.log() + 2000).upper < 1e-30 and small.sqrt().balls[()] > 0


def test_what_the_ends_know_a_wide_ball_does_not_lose() -> None:
    with working_precision(64):
        wide = from_balls(arb(0, "1e-30"))
    known = Enclosure(np.array(0.0), wide.upper, "arb", balls=wide.balls)
    assert np.isnan(wide.sqrt().lower) and known.sqrt().lower == 0
    assert known.sqrt().upper < 1.1e-15 and (known + 1).lower == 1


def test_the_operators_of_numpy_are_ours() -> None:
    halves = np.array([[0.5, 0.25, 0.125]] * 3)
    difference: Any = halves - P
    assert difference.contains(halves - P.mid)
    doubled: Any = np.float64(2) * L
    assert doubled.contains(2 * Fraction(float(L.mid)))
    for found in (np.array([0.2, 0.3, 0.9]) > P, np.array([0.2, 0.3, 0.9]) < P):
        assert isinstance(found, Truth)
        assert found.certainly_false
    root: Any = np.sqrt(L)
    assert root.lower**2 <= L.lower and root.upper**2 >= L.upper
    matrix: Any = P
    columns = np.sum(matrix, axis=0)
    assert columns.contains(P.mid.sum(axis=0)) and np.max(a=matrix).shape == ()
    total = np.zeros((3, 3))
    calls: list[Callable[[Any], Any]] = [
        np.sin, lambda e: np.stack([e, e]), np.add.reduce, total.__iadd__,
        lambda e: np.add(e, 1, where=np.array(True)), lambda e: np.add(e, np.array(["1"])),
        lambda e: np.sum(np.ones(3), out=e),
    ]  # fmt: skip
    for call in calls:
        with pytest.raises(TypeError, match=r"^numpy\.[^\n]* is not for enclosures: use [^\n]*$"):
            call(P)
    for call in (np.asarray, np.array):
        with pytest.raises(TypeError, match="an enclosure is no array: take"):
            call(P)


def test_balls_decide_what_their_ends_cannot() -> None:
    """Two that float64 does not tell apart, and far ones beyond its range."""
    with working_precision(128):
        third, near = from_balls(arb(1) / 3), from_balls(arb(1) / 3 + arb("1e-25"))
        tiny, less = from_balls(arb(-2000).exp()), from_balls(arb(-3000).exp())
        exact = from_balls(arb(2) ** -2000)
    assert near.lower == third.lower and near not in third and third in third
    assert Enclosure(third.lower, third.upper) not in third
    assert (near == third).certainly_false and (near != third) and tiny != less
    assert (third == Fraction(1, 3) + Fraction(1, 10**25)).certainly_false
    assert exact == exact + 0 and exact == Fraction(1, 2**2000)
    known = Enclosure(np.array([0.0, -1.0]), np.array([1.0, 1.0]), "arb",
                      balls=np.array([arb(0, 1), arb(-2000).exp()]))  # fmt: skip
    assert known >= 0  # the first by its ends, the second by its ball


def test_what_takes_a_billion_bits_to_write_is_shown_and_compared_at_once() -> None:
    far = (BALL / 2) ** 10**12
    assert str(far) == f"{far:.40}" == "[0, 4.95e-324]" and far > 0
    assert (
        far in far
        and 0 not in far
        and 10**400 not in 1 / far
        and "e-324" in str(far._repr_html_())
    )


def test_containment_equality_and_identity() -> None:
    assert P[0, 1].mid in P[0, 1] and 2 not in P[0, 1] and P[0, 1] in P[0, 1].hull(5)
    assert not (gb.loss(MIX) == L).certainly_false
    with pytest.raises(UndecidedError, match="enclosure == enclosure is undecided"):
        bool(gb.loss(MIX) == L)
    assert (L == L) and (L <= L) and not (L < L) and (L != L).certainly_false
    assert L != 5 and (L == 5).certainly_false
    assert Enclosure(np.array(1.0), np.array(1.0)) == 1
    assert len({L, L, P}) == 2


def test_ends_cannot_be_changed() -> None:
    given = np.array([1.0, 2.0])
    made = Enclosure(given, given)
    given[0] = 7.0
    again = pickle.loads(pickle.dumps(BALL[None]))
    for array in (made.lower, made[:1].upper, P.T.lower, again.lower, again.balls, BALL.balls):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    assert made == [1, 2]


@pytest.mark.parametrize(
    ("lower", "upper", "message"),
    [
        (2.0, 1.0, r"\[2.0, 1.0\] is no interval"),
        ([0.0, np.nan], [0.0, 1.0], r"\[nan, 1.0\] is no interval"),
        ([0.0, 1.0], 1.0, r"lower has shape \(2,\) and upper \(\)"),
        (Fraction(1, 3), 1, r"lower has the entry Fraction\(1, 3\), which is no float64"),
        (2**53 + 1, 2**54, "which is no float64"),
    ],
)
def test_ends_that_are_none_are_refused(lower: Any, upper: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Enclosure(lower, upper)


def test_an_enclosure_is_neither_true_nor_false() -> None:
    for value in (P, L, P[:0]):
        with pytest.raises(TypeError, match="neither true nor false"):
            bool(value)


def test_hull_and_intersection() -> None:
    both = L.intersection(BALL)
    assert both.lower == max(L.lower, BALL.lower) and BALL in L.hull(3)
    again = BALL.intersection(gb.loss(MIX, evaluator="arb", bits=40))
    assert again.balls is not None and again.relative_width < 2.0**-190
    with pytest.raises(InputError, match="disjoint: the two cannot enclose the same value"):
        L.intersection(7)


@pytest.mark.parametrize("other", ["1/2", None, 1j, gb.loss(MIX, evaluator="qmc", samples=256),
                                   np.ma.masked_array([1.0], mask=[True]), True,
                                   ["1/2"]])  # fmt: skip
def test_what_is_no_number_is_refused(other: Any) -> None:
    with pytest.raises(TypeError):
        L + other
    with pytest.raises(TypeError):
        L < other  # noqa: B015 - the comparison is what is tried
    with pytest.raises(InputError, match="is no enclosure and no number"):
        L.contains(other)


@pytest.mark.parametrize("other", [np.nan, np.inf, [1.0, np.nan]])
def test_what_is_not_finite_is_refused(other: Any) -> None:
    with pytest.raises(InputError, match="give a finite number"):
        L + other


@pytest.mark.parametrize(
    "value",
    [
        L,
        P,
        BALL,
        gb.overlaps(MIX, evaluator="arb"),
        from_balls([arb("nan"), arb(0, "inf"), arb(-2000).exp()]),
    ],
)
def test_pickles_and_copies_are_the_same(value: Enclosure) -> None:
    for again in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):
        assert np.array_equal(again.lower, value.lower) and again.rule == value.rule
        assert np.array_equal(again.upper, value.upper) and again.evaluator == value.evaluator
        assert (again.balls is None) == (value.balls is None)
        for x, y in zip(
            [] if value.balls is None else value.balls.ravel(),
            [] if again.balls is None else again.balls.ravel(),
            strict=True,
        ):
            assert y.is_nan() or (y.contains(x) and y.rad() <= x.rad() * 1.0001)


def test_as_many_digits_as_are_certain() -> None:
    assert str(Enclosure(np.array(0.12341), np.array(0.12349))) == "0.123"
    assert str(Enclosure(np.array(0.123), np.array(0.124))) == "0.12"
    assert str(Enclosure(np.array(-12345.0), np.array(-12344.9))) == "-12345"
    assert str(Enclosure(np.array(12300.0), np.array(12399.0))) == "1.2e+04"
    assert str(Enclosure(np.array(-1.0), np.array(2.0))) == "[-1, 2]"
    assert str(Enclosure(np.full(1, np.nan), np.full(1, np.nan))) == "[[nan, nan]]"
    assert str(Enclosure(np.array(100.0), np.array(100.0))) == "100"
    assert f"{BALL:.4}" == f"{BALL:.4g}" and len(f"{BALL:.40}") == 42
    assert str(from_balls(arb(-2000).exp())).endswith("e-869")
    with pytest.raises(InputError, match=r"format '\.3x': give \.N"):
        format(L, ".3x")


@given(st.fractions(max_denominator=10**6), st.fractions(0, 1, max_denominator=10**6))
def test_every_digit_shown_is_right_wherever_the_value_lies(x: Fraction, width: Fraction) -> None:
    from gembounds.values.decimals import certain_digits

    text = certain_digits(x, x + width * abs(x))
    if text is None:
        assert width > 0
        return
    shown = Fraction(text)
    unit = Fraction(10) ** (
        int(text.partition("e")[2] or 0) - len(text.partition("e")[0].partition(".")[2])
    )
    assert abs(shown - x) <= unit and abs(shown - (x + width * abs(x))) <= unit


def test_small_matrices_show_their_numbers() -> None:
    assert repr(P).startswith("<Enclosure (3, 3) by float64\n[[0.") and repr(P).count("\n") == 3
    assert repr(gb.overlaps(Mixture([[k] for k in range(9)]))) == "<Enclosure (9, 9) by float64>"
    html = P._repr_html_()
    assert gb.overlaps(Mixture([[k] for k in range(9)]))._repr_html_() is None
    assert (
        html is not None
        and html.count("<td") == 9
        and html.count("<tr>") == 3
        and 'title="[' in html
    )
