"""Sums and products of what may be exact numbers or jets."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from gembounds.values.exact import is_exact


def length(row: list[Any]) -> Any:
    total: Any = Fraction(0)
    for x in row:
        square = x * x if is_exact(x) else x.square()
        total = square + total if not is_exact(square) else total + square
    return total


def total(values: list[Any]) -> Any:
    total = values[0]
    for x in values[1:]:
        total = total + x if not is_exact(total) else x + total
    return total


def product(values: list[Any]) -> Any:
    total = values[0]
    for x in values[1:]:
        total = x * total if is_exact(total) else total * x
    return total
