"""Numbers as intervals of ``mpmath.iv``, with the methods that the sides of claims call.

The basic operations and square roots of ``mpmath`` round correctly, hence outward here. Its
exponential and logarithm are computed with guard bits and then rounded as asked, which is not
proved to be outward: their results are widened by 2^(``WIDENED`` - precision) relative, thousands
of times their error.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import lru_cache
from typing import Any

from mpmath import iv, libmp

from gembounds.statements.evaluate import Undefined
from gembounds.statements.logic import compare
from gembounds.tools.alone import ALONE
from gembounds.values.exact import Root

WIDENED = 6
"""See above (a choice)."""


@contextmanager
def interval_precision(bits: int) -> Iterator[None]:
    """The working precision of ``mpmath.iv`` inside, the former one afterwards; other threads
    that would set one wait."""
    with ALONE:
        before = iv.prec
        iv.prec = bits
        try:
            yield
        finally:
            iv.prec = before


def rational(x: int | Fraction) -> Any:
    """The narrowest ``iv`` interval around an exact number."""
    p, q = x.numerator, x.denominator
    ends = (libmp.from_rational(p, q, iv.prec, mode) for mode in ("f", "c"))
    return iv.make_mpf(tuple(ends))


@lru_cache(maxsize=64)
def _factor(bits: int) -> Any:
    """1 +- 2^(WIDENED - bits), at a precision of ``bits``."""
    slack = iv.ldexp(iv.mpf(1), WIDENED - bits)
    return iv.mpf([1 - slack.b, 1 + slack.b])


def widened(x: Any) -> Any:
    """``x`` times 1 +- 2^(WIDENED - precision)."""
    return x * _factor(iv.prec)


def exponential(x: Any) -> Any:
    """exp of an ``iv`` interval."""
    return widened(iv.exp(x))


def logarithm(x: Any) -> Any:
    """log of a positive ``iv`` interval; absolute slack where it is near 0."""
    slack = iv.ldexp(iv.mpf(1), WIDENED - iv.prec).b
    return widened(iv.log(x)) + iv.mpf([-slack, slack])


def exact(end: Any) -> Any:
    """An end of an ``iv`` interval as the rational that it is; infinite ones as floats."""
    if end in (iv.inf, -iv.inf):
        return math.inf if end == iv.inf else -math.inf
    p, q = libmp.to_rational(end._mpi_[0])
    return Fraction(int(p), int(q))


class Unsure(ArithmeticError):
    """A number may have no value: the enclosure of a divisor or an argument reaches 0."""


class Interval:
    """A closed interval of reals; comparisons are true only when certain."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    @staticmethod
    def of(x: Any) -> Interval:
        """An exact number (int, Fraction) or an interval, as an interval."""
        if isinstance(x, Interval):
            return x
        if isinstance(x, (int, Fraction)):
            return Interval(rational(x))
        if isinstance(x, Root):
            size = Interval(iv.sqrt(rational(x.square)))
            return -size if x.sign < 0 else size
        raise TypeError(f"{x!r} is neither exact nor an interval")

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        return exact(self.value.a), exact(self.value.b)

    def __repr__(self) -> str:
        return f"Interval({self.value})"

    def __add__(self, other: Any) -> Interval:
        return Interval(self.value + Interval.of(other).value)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Interval:
        return Interval(self.value - Interval.of(other).value)

    def __rsub__(self, other: Any) -> Interval:
        return Interval(Interval.of(other).value - self.value)

    def __mul__(self, other: Any) -> Interval:
        return Interval(self.value * Interval.of(other).value)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Interval:
        return Interval(self.value / Interval.of(other)._divisor())

    def __rtruediv__(self, other: Any) -> Interval:
        return Interval(Interval.of(other).value / self._divisor())

    def _divisor(self) -> Any:
        low, high = self.ends
        if low <= 0 <= high:
            raise Unsure(f"a division by {self!r}")
        return self.value

    def __neg__(self) -> Interval:
        return Interval(-self.value)

    def __pow__(self, power: int) -> Interval:
        return Interval((self._divisor() if power < 0 else self.value) ** power)

    def __lt__(self, other: Any) -> bool:
        return self.ends[1] < Interval.of(other).ends[0]

    def __le__(self, other: Any) -> bool:
        return self.ends[1] <= Interval.of(other).ends[0]

    def __gt__(self, other: Any) -> bool:
        return self.ends[0] > Interval.of(other).ends[1]

    def __ge__(self, other: Any) -> bool:
        return self.ends[0] >= Interval.of(other).ends[1]

    def exp(self) -> Interval:
        return Interval(exponential(self.value))

    def log(self) -> Interval:
        low, high = self.ends
        if high <= 0:
            raise Undefined(f"the logarithm of {self!r}")
        if low <= 0:
            raise Unsure(f"the logarithm of {self!r}")
        return Interval(logarithm(self.value))

    def sqrt(self) -> Interval:
        return Interval(iv.sqrt(self.value))

    def nonnegative_part(self) -> Interval:
        return self.max(0)

    def max(self, other: Any) -> Interval:
        a, b = self.value, Interval.of(other).value
        return Interval(iv.mpf([max(a.a, b.a, key=exact), max(a.b, b.b, key=exact)]))

    def min(self, other: Any) -> Interval:
        return -(-self).max(-Interval.of(other))

    def union(self, other: Any) -> Interval:
        a, b = self.value, Interval.of(other).value
        return Interval(iv.mpf([min(a.a, b.a, key=exact), max(a.b, b.b, key=exact)]))

    def intersection(self, other: Any) -> Interval:
        """Numbers in both; raises ``ArithmeticError`` if there is none, which means a bug."""
        a, b = self.value, Interval.of(other).value
        low, high = max(a.a, b.a, key=exact), min(a.b, b.b, key=exact)
        if exact(low) > exact(high):
            raise ArithmeticError(f"{self!r} and {other!r} have no number in common")
        return Interval(iv.mpf([low, high]))


def violated(left: Any, relation: str, right: Any) -> bool:
    """Whether ``left relation right`` is certainly false, for exact numbers or intervals."""
    return compare(left, relation, right) is False
