"""Cells: the same for every narrow enclosure of a number, and no other digits."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from gembounds.values.cells import Cell, cell, floor_log2, read_cell

numbers = st.fractions(min_value=-(10**6), max_value=10**6).filter(bool)


@settings(deadline=None, max_examples=200)
@given(numbers, st.integers(1, 40))
def test_a_number_lies_in_its_cell_at_the_width_asked(x: Fraction, bits: int) -> None:
    found = cell(x, x, bits)
    assert found is not None
    low, high = found.ends
    assert low <= x <= high
    assert abs(x) / 2**bits < high - low <= abs(x) * Fraction(722, 256) / 2**bits
    assert found.lower % 2


@settings(deadline=None, max_examples=200)
@given(st.integers(-64, 64).filter(bool), st.integers(-9, 9), st.integers(8, 40))
def test_enclosures_of_short_dyadic_numbers_agree(k: int, e: int, bits: int) -> None:
    short = k * Fraction(2) ** e
    slack = abs(short) / 2**60
    exact = cell(short, short, bits)
    assert exact is not None
    assert cell(short - slack, short + slack / 3, bits) == exact


def test_wide_enclosures_have_no_cell() -> None:
    assert cell(Fraction(1), Fraction(2), 10) is None
    assert cell(Fraction(-1), Fraction(1), 1) is None
    assert cell(Fraction(0), Fraction(0), 1) is None


def test_texts_are_read_back() -> None:
    for lower, exponent in ((7, -3), (-9, 40), (-1, -200)):
        found = Cell(lower, exponent)
        texts = found.texts()
        assert read_cell(texts["lower"], texts["upper"]) == found
    assert read_cell("6*2^1", "8*2^1") is None
    assert read_cell("7*2^1", "9*2^2") is None
    assert read_cell("1/2", "1/2") is None


def test_logarithms_round_down() -> None:
    for e in (-70, -1, 0, 1, 90):
        assert floor_log2(Fraction(2) ** e) == e
        assert floor_log2(Fraction(2) ** e * Fraction(1023, 1024)) == e - 1
