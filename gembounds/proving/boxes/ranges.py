"""Intervals over many cells at once, rounded outward: what trees are evaluated in over boxes.

Ends are float64 arrays. Each operation is computed to nearest and moved one float64 outward, which
contains the exact result by the model of :mod:`gembounds.values.rounding` (four units for exp and
log). Where an end is no number the interval is the whole line: nothing is known."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from gembounds.values.exact import Root
from gembounds.values.rounding import LIBM, TINY, down, up


class Range:
    """[lo, hi], an entry a cell."""

    __slots__ = ("hi", "lo")

    def __init__(self, lo: Any, hi: Any) -> None:
        self.lo, self.hi = lo, hi

    @classmethod
    def of(cls, x: Any) -> Range:
        """An exact number, or a range as it is."""
        if isinstance(x, Range):
            return x
        if isinstance(x, Root):
            found = cls.of(x.square).sqrt()
            return found if x.sign > 0 else -found
        near = float(x)
        if Fraction(near) == x:
            return cls(np.float64(near), np.float64(near))
        return cls(down(near), up(near))

    def __neg__(self) -> Range:
        return Range(-self.hi, -self.lo)

    def __add__(self, y: Any) -> Range:
        y = Range.of(y)
        return _outward(self.lo + y.lo, self.hi + y.hi)

    __radd__ = __add__

    def __sub__(self, y: Any) -> Range:
        return self + -Range.of(y)

    def __rsub__(self, y: Any) -> Range:
        return Range.of(y) - self

    def __mul__(self, y: Any) -> Range:
        y = Range.of(y)
        p, q, s, t = self.lo * y.lo, self.lo * y.hi, self.hi * y.lo, self.hi * y.hi
        lo = np.minimum(np.minimum(p, q), np.minimum(s, t))
        hi = np.maximum(np.maximum(p, q), np.maximum(s, t))
        return _outward(lo, hi)

    __rmul__ = __mul__

    def square(self) -> Range:
        below, above = np.maximum(self.lo, 0.0), np.minimum(self.hi, 0.0)
        lo = np.maximum(below * below, above * above)
        found = _outward(lo, np.maximum(self.lo * self.lo, self.hi * self.hi))
        return Range(np.maximum(found.lo, 0.0), found.hi)

    def inverse(self) -> Range:
        """1/x; the whole line where 0 may be in it."""
        inside = (self.lo <= 0) & (self.hi >= 0)
        found = _outward(1.0 / self.hi, 1.0 / self.lo)
        return Range(np.where(inside, -np.inf, found.lo), np.where(inside, np.inf, found.hi))

    def power(self, k: int) -> Range:
        """x^k, k >= 1."""
        if k == 1:
            return self
        half = self.power(k // 2).square()
        return half if k % 2 == 0 else half * self

    def exp(self) -> Range:
        lo, hi = np.exp(self.lo), np.exp(self.hi)
        return Range(np.maximum(lo * (1 - 2 * LIBM) - TINY, 0.0), hi * (1 + 2 * LIBM) + TINY)

    def log(self) -> Range:
        """Of the part that is positive; the whole line where none need be."""
        lo, hi = np.log(np.maximum(self.lo, 0.0)), np.log(self.hi)
        lo = lo - 2 * LIBM * np.abs(lo) - TINY
        return Range(np.where(self.lo > 0, lo, -np.inf), hi + 2 * LIBM * np.abs(hi) + TINY)

    def sqrt(self) -> Range:
        """Of the part that is >= 0."""
        found = _outward(np.sqrt(np.maximum(self.lo, 0.0)), np.sqrt(self.hi))
        return Range(np.maximum(found.lo, 0.0), found.hi)

    def size(self) -> Any:
        """max |x|, exact."""
        return np.maximum(np.abs(self.lo), np.abs(self.hi))

    def absolute(self) -> Range:
        """|x|, exact."""
        return Range(np.maximum(np.maximum(self.lo, -self.hi), 0.0), self.size())

    def widened(self, by: Any) -> Range:
        """[lo - by, hi + by]."""
        return _outward(self.lo - by, self.hi + by)

    def meet(self, y: Range) -> Range:
        """What both contain: both enclose the same number."""
        return Range(np.fmax(self.lo, y.lo), np.fmin(self.hi, y.hi))


def _outward(lo: Any, hi: Any) -> Range:
    lo, hi = down(lo), up(hi)
    bad = np.isnan(lo) | np.isnan(hi)
    if np.any(bad):
        lo, hi = np.where(bad, -np.inf, lo), np.where(bad, np.inf, hi)
    return Range(lo, hi)
