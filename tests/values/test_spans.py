"""Arrays of intervals contain what exact arithmetic and balls give, to the ends of float64."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx, fmpq

from gembounds.values.exact import Root
from gembounds.values.spans import Spans, Varied, below

SPECIAL = [
    0.0, 1.0, -1.0, 5e-324, -5e-324, 2.0**-1022, 1e-300, -1e-200, 1e-160, 0.1, -1 / 3,
    1 + 2.0**-52, 3.5, -709.0, 709.9, 745.5, -746.0, 1e16, 1e154, 1.4e154, -1e200, 1e308,
    np.finfo(float).max,
]  # fmt: skip


def spans(seed: int, count: int = 3000) -> tuple[Spans, Any]:
    """Intervals, and a float64 number in each."""
    rng = np.random.default_rng(seed)
    with np.errstate(all="ignore"):
        pool = np.concatenate([SPECIAL, rng.normal(size=40), 10.0 ** rng.uniform(-320, 308, 40)])
    ends = np.sort(rng.choice(pool, (2, count)), axis=0)
    same = rng.random(count) < 0.4
    lower, upper = ends[0], np.where(same, ends[0], ends[1])
    inside = np.clip(rng.choice(pool, count), lower, upper)
    return Spans(lower, upper), inside


def holds(found: Spans, exact: list[Any]) -> None:
    """That each interval contains its number, a Fraction or a ball; of None, where there is none,
    nothing is known."""
    lower, upper = (np.broadcast_to(x, len(exact)).tolist() for x in (found.lower, found.upper))
    for low, high, x in zip(lower, upper, exact, strict=True):
        assert x is not None or (np.isnan(low) and np.isnan(high))
        if np.isnan(low) and np.isnan(high):
            continue
        assert low <= high and low < np.inf and high > -np.inf
        if isinstance(x, Fraction):
            assert low == -np.inf or Fraction(low) <= x, (low, high, x)
            assert high == np.inf or x <= Fraction(high), (low, high, x)
        else:
            assert not (arb(low) > x or arb(high) < x), (low, high, x)


def quotient(x: Fraction, y: Fraction) -> Fraction | None:
    return x / y if y else None


@pytest.mark.parametrize(
    ("many", "one"),
    [
        (operator.add, operator.add), (operator.sub, operator.sub), (operator.mul, operator.mul),
        (operator.truediv, quotient), (Spans.max, max),
    ],
)  # fmt: skip
def test_operations_contain_the_exact_result(
    many: Callable[[Any, Any], Any], one: Callable[[Any, Any], Any]
) -> None:
    (a, x), (b, y) = spans(1), spans(2)
    with np.errstate(all="ignore"):
        holds(many(a, b), [one(Fraction(p), Fraction(q)) for p, q in zip(x, y, strict=True)])


@pytest.mark.parametrize("k", [2, 3, 8, -1, -2, -3])
def test_powers(k: int) -> None:
    a, x = spans(3, 600)
    with np.errstate(all="ignore"):
        holds(a**k, [Fraction(p) ** k if p or k > 0 else None for p in x])
        holds(a * a, [Fraction(p) ** 2 for p in x])
        assert ((a * a).lower >= 0).all()


@pytest.mark.parametrize(
    ("many", "one"),
    [
        (Spans.exp, lambda x: x.exp()),
        (Spans.log, lambda x: x.log() if x > 0 else None),
        (Spans.sqrt, lambda x: x.sqrt() if x >= 0 else arb(0)),  # of the part above 0
        (abs, lambda x: abs(x)),
        (operator.neg, lambda x: -x),
    ],
)  # fmt: skip
def test_functions_contain_what_balls_give(
    many: Callable[[Any], Any], one: Callable[[Any], Any]
) -> None:
    a, x = spans(4)
    before, ctx.prec = ctx.prec, 120
    try:
        with np.errstate(all="ignore"):
            holds(many(a), [one(arb(p)) for p in x.tolist()])
    finally:
        ctx.prec = before


def test_narrow_where_nothing_is_extreme() -> None:
    rng = np.random.default_rng(5)
    x, y = Spans.of(rng.uniform(1, 2, 500)), Spans.of(rng.uniform(1, 2, 500))
    for found in (x + y, x * y, x / y, x.sqrt(), x.exp(), (x + 1).log(), x**3, 1 / (1 + x)):
        assert (found.widths <= 1e-14 * found.sizes).all()


def test_what_may_have_no_value_stays_so() -> None:
    x = Spans(np.array([-1.0, 0.0, 1.0, 0.5]), np.array([1.0, 0.0, 2.0, 0.5]))
    with np.errstate(all="ignore"):
        for made in (1 / x, x.log(), x**-2):
            for found in (made, abs(made), made**2, made**0, made.exp(), made.sqrt(), 1 / made,
                          made.max(3), Spans.of(3).max(made), -made, made + 1, 0 * made,
                          made * made):  # fmt: skip
                assert not found.has_values
                assert np.isnan(found.lower[:2]).all() and np.isnan(found.upper[:2]).all()
                for sides in (below(found, x, False), below(x, found, True)):
                    assert not any(side[:2].any() for side in sides)
                assert not np.isnan(made.lower[2:]).any()


def test_exact_numbers() -> None:
    third = Spans.of(Fraction(1, 3))
    assert Fraction(float(third.lower)) < Fraction(1, 3) < Fraction(float(third.upper))
    root = Spans.of(Root(Fraction(2), -1))
    assert Fraction(float(root.upper)) ** 2 <= 2 <= Fraction(float(root.lower)) ** 2
    huge = Spans.of(10**400)
    assert huge.upper == np.inf and huge.lower == np.finfo(float).max
    for wrong in (0.5, True, "1", None, arb(1), fmpq(1)):
        with pytest.raises(TypeError):
            Spans.of(wrong)
        with pytest.raises(TypeError):
            third + wrong


def test_a_comparison_is_for_all_or_none() -> None:
    x = Spans(np.array([1.0, 2.0]), np.array([1.5, 2.0]))
    assert x > 0 and x >= 1 and not x < 1 and x < 3 and x != 5
    assert not x == 5  # noqa: SIM201
    for compare in (operator.lt, operator.le, operator.gt, operator.ge):
        with pytest.raises(Varied):
            compare(x, Fraction(7, 4))
    for compare in (operator.eq, operator.ne):
        with pytest.raises(Varied):
            compare(x, 2)
    with pytest.raises(Varied):
        bool(x)
    with pytest.raises(Varied):
        max([x, Spans.of(2)])
    with pytest.raises(TypeError):
        np.sqrt(x)  # type: ignore[call-overload]
    true, false = below(x, Spans.of(Fraction(7, 4)), strict=True)
    assert true.tolist() == [True, False] and false.tolist() == [False, True]
