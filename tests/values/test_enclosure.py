"""The result types: what an enclosure decides, and how balls become floats."""

from __future__ import annotations

import math
import operator
import pickle
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import assume, given
from hypothesis import strategies as st

from gembounds import (
    Enclosure,
    Estimate,
    InputError,
    Mixture,
    StatisticalInterval,
    UndecidedError,
    loss,
)
from gembounds.values.balls import exact_interval, float_ends
from gembounds.values.enclosure import Rule, from_balls

INF = math.inf
LARGEST = float(np.finfo(np.float64).max)


@pytest.fixture(autouse=True)
def precision() -> Iterator[None]:
    before = ctx.prec
    ctx.prec = 128
    yield
    ctx.prec = before


def enclosure(lower: Any, upper: Any) -> Enclosure:
    return Enclosure(np.asarray(lower, dtype=float), np.asarray(upper, dtype=float))


ends = st.floats(allow_nan=False)


@given(ends, ends)
def test_mid_and_rad_contain_the_interval(a: float, b: float) -> None:
    assume(a != b or math.isfinite(a))
    e = enclosure(min(a, b), max(a, b))
    mid, rad = float(e.mid), float(e.rad)
    assert not math.isnan(rad) and rad >= 0
    assert math.isfinite(mid)
    assert e.lower <= mid <= e.upper
    if math.isfinite(rad):
        assert Fraction(mid) - Fraction(rad) <= Fraction(min(a, b))
        assert Fraction(mid) + Fraction(rad) >= Fraction(max(a, b))


OPERATORS: list[Callable[[Any, Any], Any]] = [operator.lt, operator.le, operator.gt, operator.ge]
small = st.integers(-3, 3)


@given(small, small, small, small, st.sampled_from(OPERATORS))
def test_comparisons_say_what_holds_for_all_values(
    a: int, b: int, c: int, d: int, op: Callable[[Any, Any], Any]
) -> None:
    """Against every pair of values from the intervals (halves are enough: the ends are whole)."""
    a, b, c, d = min(a, b), max(a, b), min(c, d), max(c, d)
    outcomes = {op(x / 2, y / 2) for x in range(2 * a, 2 * b + 1) for y in range(2 * c, 2 * d + 1)}
    truth = op(enclosure(a, b), enclosure(c, d))
    assert truth.certainly_true == (outcomes == {True})
    assert truth.certainly_false == (outcomes == {False})


def test_undecided_has_no_truth_value() -> None:
    with pytest.raises(UndecidedError, match="ask for a smaller rtol or more bits"):
        bool(enclosure(0, 2) < enclosure(1, 3))
    assert enclosure(0, 1) < enclosure(2, 3)
    assert not enclosure(2, 3) < enclosure(0, 1)
    assert repr(enclosure(0, 2) < 1) == "<Truth unknown: enclosure < int>"


def test_arrays_compare_by_all_entries() -> None:
    e = enclosure([0, 5], [1, 6])
    assert (e < 7).certainly_true
    assert (e < 3).certainly_false  # the second entry is surely not
    undecided = e < enclosure([2, 5.5], [3, 7])
    assert not undecided.certainly_true and not undecided.certainly_false


def test_comparisons_with_fractions_are_exact() -> None:
    e = enclosure(0.1, 0.1)
    assert (e > Fraction(1, 10)).certainly_true  # the float is above one tenth
    assert e.contains(Fraction(0.1)) and not e.contains(Fraction(1, 10))
    assert enclosure([0.1], [0.1]).contains([Fraction(0.1)])


@pytest.mark.parametrize("kind", [int, np.int64, np.longdouble, lambda x: np.array([x]),
                                  lambda x: [np.int64(x), x]])  # fmt: skip
def test_comparisons_do_not_round_whole_numbers(kind: Callable[[int], Any]) -> None:
    """2^53 + 1 rounds to 2^53 in float64."""
    at, above = enclosure(2.0**53, 2.0**53), kind(2**53 + 1)
    assert (at < above).certainly_true and (at >= above).certainly_false
    assert not at.contains(above) and at.contains(kind(2**53))
    assert (at < 10**400).certainly_true and (at > -(10**400)).certainly_true


def test_nan_decides_nothing() -> None:
    e = enclosure(math.nan, math.nan)
    for op in OPERATORS:
        truth = op(e, 0.0)
        assert not truth.certainly_true and not truth.certainly_false
    assert bool(e.meets(enclosure(0, 1)))
    assert not e.contains(0.0)


def test_meets() -> None:
    met = enclosure([0, 0, 2], [1, 1, 3]).meets(enclosure([1, 1.5, -5], [2, 2, 5]))
    assert met.tolist() == [True, False, True]
    with pytest.raises(InputError, match=r"shapes \(\) and \(2,\) differ"):
        enclosure(0, 1).meets(enclosure([0, 0], [1, 1]))
    assert not enclosure(0, 1).meets(2) and enclosure([0], [1]).meets([0.5])


def test_relative_width() -> None:
    e = enclosure([1, -2, 0, -1, 3, 0], [1.5, -1, 1, 1, 3, 0])
    assert e.relative_width.tolist() == [0.5, 1.0, INF, INF, 0.0, 0.0]
    third = from_balls([arb(1) / 3, arb(1), arb(0, 1), arb(-2000).exp()])
    widths = third.relative_width
    assert 0 < widths[0] < 2.0**-120 and widths[1] == 0 and widths[2] == INF
    assert third.lower[3] == 0.0 and 0 < widths[3] < 2.0**-100  # far below float64's range


def test_indexing_keeps_the_kind() -> None:
    e = from_balls([[arb(1), arb(2)], [arb(3), arb(4)]], Rule(count=(3, 4)))
    row = e[1]
    assert row.shape == (2,) and row.rule.nodes == 63 and row.evaluator == "arb"
    assert row.balls is not None and row.balls[0] == 3
    assert e[1, 0].shape == () and float(e[1, 0].lower) == 3.0
    estimate = Estimate(np.array([mpmath.mpf(1), mpmath.mpf(2)], dtype=object), 30)
    assert estimate[1].digits == 30 and float(estimate[1].mid) == 2.0
    three = StatisticalInterval(np.zeros(3), np.ones(3), np.full(3, 0.5), 1e-6, 64, 7)
    assert three[:2].shape == (2,) and three[0].seed == 7


fractions = st.one_of(
    st.fractions(),
    st.builds(lambda p, k: Fraction(p) / 2**k, st.integers(-(10**20), 10**20),
              st.integers(0, 1150)),
    st.builds(lambda p, k: Fraction(p) * 2**k, st.integers(-(10**20), 10**20),
              st.integers(0, 1100)),
)  # fmt: skip


@given(fractions)
def test_float_ends_are_outward_and_tight(q: Fraction) -> None:
    """Over normal, subnormal and overflowing numbers."""
    low, high = float_ends(arb(fmpq(q.numerator, q.denominator)))
    assert low == -INF or Fraction(low) <= q
    assert high == INF or Fraction(high) >= q
    if abs(q) < Fraction(LARGEST):
        assert high <= np.nextafter(np.nextafter(low, INF), INF)
    elif q > 0:
        assert low >= np.nextafter(LARGEST, 0) and (high == INF or q <= Fraction(LARGEST))


@pytest.mark.parametrize(
    ("ball", "low", "high"),
    [(arb("nan"), -INF, INF), (arb("+inf"), None, INF), (arb("-inf"), -INF, None),
     (arb(0, "+inf"), -INF, INF), (arb(0), 0.0, 0.0), (arb(1), 1.0, 1.0)],
)  # fmt: skip
def test_float_ends_of_special_balls(ball: Any, low: float | None, high: float | None) -> None:
    found = float_ends(ball)
    assert found[0] <= found[1]
    assert low is None or found[0] == low
    assert high is None or found[1] == high


def test_exact_interval() -> None:
    low, high = exact_interval(arb(1) / 3)
    assert low < Fraction(1, 3) < high and high - low < Fraction(1, 2**120)
    assert exact_interval(arb("0.5")) == (Fraction(1, 2), Fraction(1, 2))


def test_rule_counts_its_nodes() -> None:
    assert Rule().nodes == 1 and Rule(count=(2, 5)).nodes == 55


def test_ends_of_balls_are_made_where_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    def seen(ball: Any) -> tuple[float, float]:
        made.append(ball)
        return float_ends(ball)

    monkeypatch.setattr("gembounds.values.balls.float_ends", seen)
    wide, third = arb(1, 2), arb(1) / 3
    found = from_balls([[third, wide], [third, third]], within=(0.0, 1.0))
    assert found.shape == (2, 2) and found.balls[0, 1] is wide and not made
    assert found.lower.tolist()[0][1] == 0.0 and found.upper.tolist()[0][1] == 1.0
    assert found.upper[1, 0] == math.nextafter(1 / 3, 1) and len(made) == 2
    assert not found.lower.flags.writeable and not found.upper.flags.writeable
    again = pickle.loads(pickle.dumps(found))
    assert (again.lower == found.lower).all() and (again.upper == found.upper).all()
    with pytest.raises(AttributeError, match="no attribute 'middle'"):
        _ = found.middle


def test_ends_of_balls_do_not_depend_on_the_precision_where_they_are_read() -> None:
    thirds = [arb(k) / 3 for k in (1, -1)]
    for bits in (10, 53, 128):
        ctx.prec = bits
        found = from_balls(thirds)
        assert (found.upper == np.nextafter(found.lower, INF)).all(), bits
        assert found.lower[0] == 1 / 3 and found.upper[1] == -1 / 3


def test_ends_that_were_proved_are_arrays() -> None:
    """A 0-d array times another is no array."""
    mix, data = Mixture([[0.0], [1.0]]), Mixture([[0.5], [2.0]])
    for found in (Enclosure.proved(*np.array([0.5, 1.0])), loss(mix, data=data)):
        for end in (found.lower, found.upper):
            assert isinstance(end, np.ndarray) and end.shape == () and not end.flags.writeable
