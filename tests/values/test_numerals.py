"""Numbers as people write them: exact, or refused in one line."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gembounds import InputError
from gembounds.values.numerals import MAX_EXPONENT, MAX_LENGTH, exact_number, shown


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        (3, Fraction(3)),
        (10**40, Fraction(10**40)),
        (0.1, Fraction(3602879701896397, 2**55)),
        (5e-324, Fraction(1, 2**1074)),
        (Fraction(1, 3), Fraction(1, 3)),
        ("1/3", Fraction(1, 3)),
        ("-2/6", Fraction(-1, 3)),
        ("0.1", Fraction(1, 10)),
        (" 1e-400\n", Fraction(1, 10**400)),
        ("+.5E2", Fraction(50)),
        ("7.", Fraction(7)),
        (np.float32(0.1), Fraction(float(np.float32(0.1)))),
        (np.int8(-5), Fraction(-5)),
        (np.str_("1/7"), Fraction(1, 7)),
        (np.longdouble(1) / 3, Fraction(*(np.longdouble(1) / 3).as_integer_ratio())),
    ],
)
def test_exact(value: Any, exact: Fraction) -> None:
    found = exact_number(value, "x")
    assert found == exact and type(found) is Fraction


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_the_dyadic_number_that_it_is(x: float) -> None:
    assert exact_number(x, "x") == Fraction(x)
    assert exact_number(repr(Fraction(x).numerator), "x") == Fraction(x).numerator


@given(st.fractions())
def test_quotients_round_trip(q: Fraction) -> None:
    assert exact_number(f"{q.numerator}/{q.denominator}", "x") == q


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (math.nan, "x is nan: give a finite number"),
        (-math.inf, "x is -inf: give a finite number"),
        (np.float64("nan"), "x is nan: give a finite number"),
        (np.longdouble("inf"), "x is inf: give a finite number"),
        (True, "x is True: give a number"),
        (np.bool_(False), "x is False: give a number"),
        (None, "x is None: give a number"),
        (1j, "x is 1j: give a number"),
        (Decimal("0.1"), "x is Decimal('0.1'): give a number"),
        (b"1", "x is b'1': give a number"),
        ([1], "x is [1]: give a number"),
        ("", "x is '': give a number"),
        ("nan", "x is 'nan': give a number"),
        ("inf", "x is 'inf': give a number"),
        ("0x10", "x is '0x10': give a number"),
        ("1_000", "x is '1_000': give a number"),
        ("1 000", "x is '1 000': give a number"),
        ("1/3/4", "x is '1/3/4': give a number"),
        ("1/-3", "x is '1/-3': give a number"),
        ("1.5/2", "x is '1.5/2': give a number"),
        ("\N{SUPERSCRIPT TWO}", "give a number"),
        ("\N{ARABIC-INDIC DIGIT ONE}", "give a number"),
        ("1/0", "the denominator is zero"),
        (f"1e{MAX_EXPONENT + 1}", "keep the exponent within"),
        ("1e-999999999999", "keep the exponent within"),
        ("1" * 5000, "too many digits"),
        ("1" * (MAX_LENGTH + 1), "longer than"),
    ],
)
def test_refused_in_one_line_that_names_the_value(value: Any, words: str) -> None:
    with pytest.raises(InputError) as caught:
        exact_number(value, "x")
    message = str(caught.value)
    assert words in message and message.startswith("x is ")
    assert "\n" not in message and len(message) < 200


def test_exponents_up_to_the_limit_are_read() -> None:
    assert exact_number(f"1e-{MAX_EXPONENT}", "x") == Fraction(1, 10**MAX_EXPONENT)


def test_shown_is_one_short_line() -> None:
    assert shown("a\nb") == r"'a\nb'"
    assert shown(np.zeros((3, 3))) == "array([[0., 0., 0.], [0., 0., 0.], [0., 0., 0.]])"
    assert len(shown("x" * 1000)) == 60 and shown("x" * 1000).endswith("...")
    assert shown("a\tb", quote=False) == r"a\tb"
