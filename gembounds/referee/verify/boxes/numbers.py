"""Intervals of whole multiples of 2^-P, rounded outward, with exp, log and sqrt of their own."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from functools import lru_cache
from typing import Any

P = 80
ONE = 1 << P
W = P + 32
"""Bits of the intervals, and of the work inside exp."""

LARGEST = 1 << 16
"""Bits, and an exponent of e: beyond, nothing is known."""


class Interval:
    """[lo, hi] 2^-P in whole numbers; None and None: nothing is known."""

    __slots__ = ("hi", "lo")

    def __init__(self, lo: Any, hi: Any) -> None:
        self.lo, self.hi = lo, hi

    def __neg__(self) -> Interval:
        return self if self.lo is None else Interval(-self.hi, -self.lo)

    def __add__(self, y: Interval) -> Interval:
        if self.lo is None or y.lo is None:
            return WHOLE
        return Interval(self.lo + y.lo, self.hi + y.hi)

    def __sub__(self, y: Interval) -> Interval:
        if self.lo is None or y.lo is None:
            return WHOLE
        return Interval(self.lo - y.hi, self.hi - y.lo)

    def __mul__(self, y: Interval) -> Interval:
        a, b, c, d = self.lo, self.hi, y.lo, y.hi
        if a is None or c is None:
            return WHOLE
        if a >= 0:
            p, q = (a * c if c >= 0 else b * c), (b * d if d >= 0 else a * d)
        elif b <= 0:
            p, q = (b * d if d <= 0 else a * d), (a * c if c <= 0 else b * c)
        elif c >= 0:
            p, q = a * d, b * d
        elif d <= 0:
            p, q = b * c, a * c
        else:
            p, q = min(a * d, b * c), max(a * c, b * d)
        return Interval(p >> P, -(-q >> P))

    def square(self) -> Interval:
        a, b = self.lo, self.hi
        if a is None:
            return WHOLE
        p, q = (a * a, b * b) if a >= 0 else (b * b, a * a)
        return (
            Interval(p >> P, -(-q >> P)) if a >= 0 or b <= 0 else Interval(0, -(-max(p, q) >> P))
        )

    def inverse(self) -> Interval:
        if self.lo is None or self.lo <= 0 <= self.hi:
            return WHOLE
        return Interval(ONE * ONE // self.hi, -(-ONE * ONE // self.lo))

    def exp(self) -> Interval:
        if self.lo is None or self.hi >> P > LARGEST:
            return WHOLE
        low, high = exp_ends(self.lo)
        wide = self.hi - self.lo
        if wide >> (P // 4):
            return Interval(low, exp_ends(self.hi)[1])
        return Interval(low, high - (-2 * wide * high >> P))  # exp(x) <= 1 + 2 x below 1

    def log(self) -> Interval:
        if self.lo is None or self.lo <= 0:
            return WHOLE
        return Interval(log_end(self.lo, -1), log_end(self.hi, 1))

    def sqrt(self) -> Interval:
        """Of the part that is >= 0."""
        if self.lo is None or self.hi < 0:
            return WHOLE
        return Interval(math.isqrt(max(self.lo, 0) << P), math.isqrt(self.hi << P) + 1)

    def power(self, k: int) -> Interval:
        """x^k, k >= 1."""
        if k == 1:
            return self
        half = self.power(k // 2).square()
        return half if k % 2 == 0 else half * self

    def size(self) -> Interval:
        """[0, max |x|]."""
        return WHOLE if self.lo is None else Interval(0, max(-self.lo, self.hi))

    def absolute(self) -> Interval:
        """|x|."""
        return (
            WHOLE
            if self.lo is None
            else Interval(max(self.lo, -self.hi, 0), max(-self.lo, self.hi))
        )

    def both(self) -> Interval:
        """[-r, r] for the upper end r >= 0."""
        return WHOLE if self.lo is None else Interval(-self.hi, self.hi)

    def meet(self, y: Interval) -> Interval:
        if self.lo is None or y.lo is None:
            return y if self.lo is None else self
        return Interval(max(self.lo, y.lo), min(self.hi, y.hi))

    def least(self, y: Interval) -> bool:
        """Whether it certainly is >= y."""
        return self.lo is not None and y.lo is not None and bool(self.lo >= y.hi)

    def above(self, y: Interval) -> bool:
        """Whether it certainly is > y."""
        return self.lo is not None and y.lo is not None and bool(self.lo > y.hi)


WHOLE = Interval(None, None)


def of(x: Fraction | int) -> Interval:
    n, d = x.numerator << P, x.denominator
    return Interval(n // d, -(-n // d))


@lru_cache(maxsize=4096)
def number(text: str) -> Fraction:
    """An exact number as certificates write it: digits, / and digits."""
    if not isinstance(text, str) or not re.fullmatch(r"-?\d{1,4300}(/\d{1,4300})?", text):
        raise ValueError(f"{str(text)[:60]!r} is no exact number")
    return Fraction(text)


ZERO, UNIT, TWO, HALF = of(0), of(1), of(2), of(Fraction(1, 2))


def arctangent(k: int, sign: int) -> tuple[int, int]:
    """Ends of atanh(1/k) (sign 1) or atan(1/k) (-1), 2^W times: each term is cut by 2 at most, and
    the rest is below the last."""
    total, power, j = 0, (1 << W) // k, 0
    while power:
        total, power, j = total + sign**j * (power // (2 * j + 1)), power // (k * k), j + 1
    return total - 2 * j, total + 2 * j


def combined(terms: list[tuple[int, tuple[int, int]]]) -> tuple[int, int]:
    ends = [sorted((c * low, c * high)) for c, (low, high) in terms]
    return sum(e[0] for e in ends), sum(e[1] for e in ends)


LN2 = combined([(k, arctangent(m, 1)) for k, m in ((18, 26), (-2, 4801), (8, 8749))])
_PI = combined([(16, arctangent(5, -1)), (-4, arctangent(239, -1))])
PI = Interval(_PI[0] >> (W - P), -(-_PI[1] >> (W - P)))
DENSITY = (TWO * PI).sqrt().inverse()


def taylor(r: int, terms: int) -> int:
    """exp(r 2^-W), 0 <= r, 2^W times, from below: the series, each term cut."""
    total = term = 1 << W
    for j in range(1, terms):
        term = (term * r >> W) // j
        total += term
    return total


TABLE = [taylor(j << (W - 8), 40) for j in range(256)]


def exp_ends(n: int) -> tuple[int, int]:
    """Ends of exp(n 2^-P), 2^P times. n - k ln 2 = j/256 + r, 0 <= r < 1/256: of a table's entry
    and the series to r^10/10! at most 256 units of 2^-W are cut, and r is wrong by |k| times the
    width of ln 2."""
    k = (n << (W - P)) // LN2[0]
    if k < -2 * W:
        return 0, 1
    r = (n << (W - P)) - k * LN2[0]
    j = r >> (W - 8)
    value = TABLE[j] * taylor(r - (j << (W - 8)), 11) >> W
    err = 2 * abs(k) * (LN2[1] - LN2[0] + 1) + 256
    low, high, shift = value - err, value + err, P - W + k
    if shift >= 0:
        return low << shift, high << shift
    return low >> -shift, -(-high >> -shift)


def log_end(n: int, side: int) -> int:
    """A number on that side of log(n 2^-P), 2^P times: guessed, and its exponential compared."""
    e = n.bit_length() - P
    y = int((math.log(n / (1 << n.bit_length())) + e * math.log(2)) * 2.0**60) << (P - 60)
    for _ in range(2):
        y += (n << P) // max(exp_ends(y)[0], 1) - ONE
    step = 2
    while (exp_ends(y + step)[0] < n) if side > 0 else (exp_ends(y - step)[1] > n):
        step *= 2
    return y + side * step
