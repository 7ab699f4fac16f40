"""Arrays of intervals in float64, always rounded outward: for thousands of configurations.

An interval is [lower, upper], arrays of one shape; an infinite end bounds nothing, and of
[-inf, inf] nothing is known. ``+ - * /`` and roots are rounded to nearest by IEEE 754, so the next
float64 outward is beyond the exact result. exp and log err by ``LIBM`` relatively
(:mod:`gembounds.values.rounding`). Where :mod:`gembounds.values.directed` asks whether anything
was rounded, this does not: it costs a tenth, and no result is exact.

A lower end is never inf and an upper one never -inf, so that ends add. Both ends are NaN where
there may be no value, as of a quotient by what may be 0, or where nothing is known, as of 0 times
an infinite end: so is all that is made of it, and no comparison of it is certain.

A comparison is a proof for all intervals or it raises: what is written for exact numbers takes a
branch only where all are on the same side.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.values.directed import point
from gembounds.values.exact import Root
from gembounds.values.rounding import LIBM, down, up

Array = npt.NDArray[np.float64]

LARGEST = float(np.finfo(np.float64).max)

LEAST_NORMAL = 2.0**-1022


class Varied(ArithmeticError):
    """A comparison is not the same, certainly, for all intervals of an array."""


class Spans:
    """See the module. Called with NumPy's floating-point errors ignored."""

    __slots__ = ("lower", "upper")
    __array_ufunc__ = None
    __hash__ = object.__hash__  # each is one of its own where things are counted

    def __init__(self, lower: Any, upper: Any) -> None:
        self.lower: Array = np.asarray(lower, dtype=np.float64)
        self.upper: Array = np.asarray(upper, dtype=np.float64)

    @staticmethod
    def of(x: Any) -> Spans:
        """An exact number, float64 numbers as exact ones, or one of these."""
        if isinstance(x, Spans):
            return x
        if isinstance(x, Root):
            found = Spans.of(x.square).sqrt()
            return -found if x.sign < 0 else found
        if isinstance(x, (int, Fraction)) and not isinstance(x, bool):
            low, high = point(np.array(Fraction(x), dtype=object))
            return Spans(low, high)
        if isinstance(x, np.ndarray) and x.dtype == np.float64:
            return Spans(x, x)
        raise TypeError(f"{x!r:.60} is no number that an array of intervals is made of")

    @property
    def has_values(self) -> bool:
        """Whether all of them certainly do."""
        return not np.isnan(self.lower).any()

    @property
    def widths(self) -> Array:
        """Bounds of the widths."""
        found: Array = up(self.upper - self.lower)
        return found

    @property
    def sizes(self) -> Array:
        """The largest absolute values."""
        return np.maximum(-self.lower, self.upper)

    def __repr__(self) -> str:
        return f"Spans({self.lower!r}, {self.upper!r})"

    # -- arithmetic ------------------------------------------------------------------------
    def __neg__(self) -> Spans:
        return Spans(-self.upper, -self.lower)

    def __abs__(self) -> Spans:
        low = np.maximum(np.maximum(self.lower, -self.upper), 0.0)
        return Spans(low, self.sizes)

    def __add__(self, other: Any) -> Spans:
        y = _operand(other)
        if y is None:
            return NotImplemented
        return Spans(down(self.lower + y.lower), up(self.upper + y.upper))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Spans:
        y = _operand(other)
        return NotImplemented if y is None else self + (-y)

    def __rsub__(self, other: Any) -> Spans:
        y = _operand(other)
        return NotImplemented if y is None else y + (-self)

    def __mul__(self, other: Any) -> Spans:
        y = _operand(other)
        if y is None:
            return NotImplemented
        if y is self:
            return self**2
        a, b, c, d = self.lower, self.upper, y.lower, y.upper
        if (a >= 0).all() and (c >= 0).all():
            return _outward(np.maximum(0.0, down(a * c)), up(b * d))
        corners = a * c, a * d, b * c, b * d
        low, high = np.minimum.reduce(corners), np.maximum.reduce(corners)
        return _outward(down(low), up(high))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Spans:
        y = _operand(other)
        if y is None:
            return NotImplemented
        sure = (y.lower > 0) | (y.upper < 0)
        a, b, c, d = self.lower, self.upper, y.lower, y.upper
        corners = a / c, a / d, b / c, b / d
        low, high = down(np.minimum.reduce(corners)), up(np.maximum.reduce(corners))
        low = np.where(a >= 0, np.where(c > 0, np.maximum(low, 0.0), low), low)
        return _outward(low, high).where(sure)

    def __rtruediv__(self, other: Any) -> Spans:
        y = _operand(other)
        return NotImplemented if y is None else y / self

    def __pow__(self, k: Any) -> Spans:
        """A whole power, by squaring."""
        if isinstance(k, bool) or not isinstance(k, int):
            return NotImplemented
        if k < 0:
            return 1 / self**-k
        if k % 2 == 0 and k:
            return _power(abs(self), k)
        rest = _power(abs(self), k - 1) if k > 1 else None
        if not k:
            return Spans.of(np.ones(self.lower.shape)).where(~np.isnan(self.lower))
        return self if rest is None else self * rest

    def sqrt(self) -> Spans:
        """Of the part that is not negative."""
        low = np.maximum(down(np.sqrt(np.maximum(self.lower, 0.0))), 0.0)
        return _outward(low, up(np.sqrt(np.maximum(self.upper, 0.0))))

    def exp(self) -> Spans:
        low, high = np.exp(self.lower), np.exp(self.upper)
        low = np.where(low < LEAST_NORMAL, 0.0, down(np.minimum(low, LARGEST) * (1 - LIBM)))
        high = up(np.maximum(high, LEAST_NORMAL) * (1 + LIBM))
        return _outward(low, high)

    def log(self) -> Spans:
        """NaN where it may have no value."""
        low, high = np.log(self.lower), np.log(self.upper)
        low, high = down(low - LIBM * np.abs(low)), up(high + LIBM * np.abs(high))
        return _outward(low, high).where(self.lower > 0)

    def max(self, other: Any) -> Spans:
        y = Spans.of(other)
        return Spans(np.maximum(self.lower, y.lower), np.maximum(self.upper, y.upper))

    def where(self, sure: npt.NDArray[np.bool_]) -> Spans:
        """The intervals; NaN for those that are not ``sure``."""
        return Spans(np.where(sure, self.lower, np.nan), np.where(sure, self.upper, np.nan))

    # -- comparisons -----------------------------------------------------------------------
    def __lt__(self, other: Any) -> bool:
        return _all(*below(self, Spans.of(other), strict=True))

    def __le__(self, other: Any) -> bool:
        return _all(*below(self, Spans.of(other), strict=False))

    def __gt__(self, other: Any) -> bool:
        return Spans.of(other) < self

    def __ge__(self, other: Any) -> bool:
        return Spans.of(other) <= self

    def __eq__(self, other: object) -> bool:
        y = Spans.of(other)
        return _all(np.asarray(False), (self.upper < y.lower) | (self.lower > y.upper))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __bool__(self) -> bool:
        raise Varied("an array of intervals has no truth value")


def below(x: Spans, y: Spans, strict: bool) -> tuple[Any, Any]:
    """Where x <= y (or <) is certainly true, and where it is certainly false."""
    if strict:
        return x.upper < y.lower, x.lower >= y.upper
    return x.upper <= y.lower, x.lower > y.upper


def _all(true: Any, false: Any) -> bool:
    if np.all(true):
        return True
    if np.all(false):
        return False
    raise Varied("a comparison differs within an array of intervals, or is unknown")


def _operand(x: Any) -> Spans | None:
    try:
        return Spans.of(x)
    except TypeError:
        return None


def _outward(low: Any, high: Any) -> Spans:
    """NaN at both ends where one is."""
    return Spans(low, high).where(~(np.isnan(low) | np.isnan(high)))


def _power(x: Spans, k: int) -> Spans:
    """x^k, k >= 1, of intervals that are not negative: ends take powers of ends."""
    low, high, out = x.lower, x.upper, None
    while k:
        if k & 1:
            out = (
                (low, high)
                if out is None
                else (np.maximum(down(out[0] * low), 0.0), up(out[1] * high))
            )
        k >>= 1
        if k:
            low, high = np.maximum(down(low * low), 0.0), up(high * high)
    assert out is not None
    return _outward(*out)
