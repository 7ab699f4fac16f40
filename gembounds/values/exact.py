"""Exact numbers: rationals, and square roots of rationals with a sign.

Norms, mu_max, sqrt(d) and their products and quotients are such roots, so that conditions on them
are decided exactly and their even powers are rational again. A sum with a root in it is a ball.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any


@dataclass(frozen=True)
class Root:
    """``sign * sqrt(square)``, ``square`` > 0 not the square of a rational; see :func:`root`."""

    square: Fraction
    sign: int = 1

    def __neg__(self) -> Root:
        return Root(self.square, -self.sign)

    def __repr__(self) -> str:
        return f"{'-' if self.sign < 0 else ''}sqrt({self.square})"


EXACT = (int, Fraction, Root)
"""What counts as exact."""


_KINDS = frozenset(EXACT)


def is_exact(x: Any) -> bool:
    """Whether ``x`` is exact: a faster ``isinstance(x, EXACT)``."""
    return type(x) in _KINDS


def is_rational(x: Any) -> bool:
    """Whether ``x`` is an exact rational number."""
    return type(x) is Fraction or type(x) is int


def is_zero(x: Any) -> bool:
    """Whether ``x`` is exactly 0, as a number that is exact."""
    return is_rational(x) and not x


def root(square: Any) -> Any:
    """The square root of a rational >= 0, exact; of an enclosure its own."""
    if not is_rational(square):
        return square.sqrt()
    p, q = square.numerator, square.denominator
    a, b = isqrt(p), isqrt(q)
    return Fraction(a, b) if a * a == p and b * b == q else Root(Fraction(square))


def signed_square(x: Any) -> Fraction:
    """x |x|: exact numbers are ordered as these are."""
    return x.sign * x.square if type(x) is Root else Fraction(x * abs(x))


def compared(x: Any, y: Any) -> int:
    """The sign of x - y for exact numbers."""
    if type(x) is Root or type(y) is Root:
        x, y = signed_square(x), signed_square(y)
    return int(x > y) - int(x < y)


def exact_product(x: Any, y: Any) -> Fraction | Root:
    """x y of exact numbers."""
    if type(x) is Root or type(y) is Root:
        s = signed_square(x) * signed_square(y)
        found: Fraction | Root = root(abs(s))
        return -found if s < 0 else found
    return x * y if type(x) is Fraction else Fraction(x * y)


def exact_power(x: Any, k: int) -> Fraction | Root:
    """x^k of an exact number; raises ``ZeroDivisionError`` for 0 to a negative power."""
    if type(x) is Root:
        even = x.square if k == 2 else x.square ** (k // 2)
        return even if k % 2 == 0 else exact_product(even, x)
    return Fraction(x) ** k
