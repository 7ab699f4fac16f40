"""Exact numbers: roots multiply, divide, order and tie exactly, as floats say they should."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st

from gembounds.statements.logic import ORDERS, compare
from gembounds.values.exact import (
    Root,
    compared,
    exact_power,
    exact_product,
    is_exact,
    is_rational,
    is_zero,
    root,
    signed_square,
)

rationals = st.fractions(min_value=-50, max_value=50, max_denominator=40)


def signed_root(x: Fraction) -> Any:
    found = root(abs(x))
    return -found if x < 0 else found


roots = rationals.map(signed_root)
numbers = st.one_of(rationals, roots, st.integers(-9, 9))


def close(x: Any) -> float:
    return x.sign * math.sqrt(x.square) if isinstance(x, Root) else float(x)


@settings(deadline=None)
@given(rationals)
def test_a_root_is_rational_exactly_where_it_can_be(x: Fraction) -> None:
    square = x * x
    assert root(square) == abs(x) and isinstance(root(square), Fraction)
    found = root(abs(x))
    assert signed_square(found) == abs(x)
    assert math.isclose(close(found), math.sqrt(abs(x)))
    if isinstance(found, Root):
        whole = abs(x.numerator) * x.denominator
        assert math.isqrt(whole) ** 2 != whole


@settings(deadline=None)
@given(numbers, numbers)
def test_products_and_quotients_are_what_floats_say(x: Any, y: Any) -> None:
    product: Any = exact_product(x, y)
    assert is_exact(product) and not isinstance(product, int)
    assert math.isclose(close(product), close(x) * close(y), abs_tol=1e-12)
    assert exact_product(y, x) == product
    if not is_zero(y):
        quotient = exact_product(x, exact_power(y, -1))
        assert exact_product(quotient, y) == x  # exactly
    assert signed_square(product) == signed_square(x) * signed_square(y)


@settings(deadline=None)
@given(numbers, st.integers(-5, 6))
def test_powers_are_repeated_products(x: Any, k: int) -> None:
    if is_zero(x) and k < 0:
        with pytest.raises(ZeroDivisionError):
            exact_power(x, k)
        return
    wanted: Any = Fraction(1)
    for _ in range(abs(k)):
        wanted = exact_product(wanted, x)
    assert exact_power(x, k) == (wanted if k >= 0 else exact_power(wanted, -1))
    if k % 2 == 0:
        assert is_rational(exact_power(x, k))


@settings(deadline=None)
@given(numbers, numbers)
def test_the_order_is_that_of_the_reals(x: Any, y: Any) -> None:
    assert compared(x, y) == -compared(y, x) == -compared(-x, -y)
    if abs(close(x) - close(y)) > 1e-9:
        assert compared(x, y) == (1 if close(x) > close(y) else -1)
    sign = compared(x, y)
    wanted = {"<": sign < 0, "<=": sign <= 0, "==": sign == 0, ">=": sign >= 0, ">": sign > 0}
    assert {relation: compare(x, relation, y) for relation in ORDERS} == wanted


@settings(deadline=None)
@given(numbers, numbers)
def test_exact_and_enclosed_comparisons_agree(x: Any, y: Any) -> None:
    from gembounds.evaluators.balls.radial import ball

    for relation in ("<", "<=", ">", ">="):
        enclosed = compare(ball(x) + arb(0), relation, ball(y))
        assert enclosed is None or enclosed is compare(x, relation, y)


def test_ties_are_seen() -> None:
    two, eight = root(2), root(8)
    assert exact_product(two, eight) == 4
    assert exact_product(2, two) == eight and compared(exact_product(2, two), eight) == 0
    assert compare(exact_product(2, two), "==", eight) is True
    assert compare(exact_product(2, two), "<", eight) is False
    near = root(8 + Fraction(1, 10**60))
    assert compare(eight, "<", near) is True and compare(near, "<=", eight) is False
    assert compare(-near, "<", -eight) is True


def test_zero_and_signs() -> None:
    assert root(0) == 0 and is_zero(root(0)) and is_zero(0) and not is_zero(root(2))
    assert exact_product(root(3), 0) == 0
    assert -root(2) == Root(Fraction(2), -1) and repr(-root(2)) == "-sqrt(2)"
    assert compared(-root(2), root(2)) == -1 == compared(-root(2), 0)
    assert compared(-root(3), -root(2)) == -1
    assert not is_exact(1.5) and not is_exact(True) and not is_rational(root(2))
    assert hash(root(Fraction(2))) == hash(root(2))
