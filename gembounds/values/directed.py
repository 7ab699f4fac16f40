"""Interval arithmetic on float64 ends, rounded outward; arrays of any shape, entry by entry.

An interval is a pair (lower, upper) of arrays. ``+ - * /`` and square roots are rounded to nearest
by IEEE 754, and the sign of what was rounded away is found exactly: the error of a sum by Knuth's
TwoSum, of a product by Dekker's TwoProduct, and that of a quotient q = x / y or a root q as the
sign of x - q y or x - q q, where q y = p + e by TwoProduct and x - p is exact (p is within a few
units of x). So an end moves only outward, by one float64 at most, and an exact result stays as it
is. Where an error could underflow or a split overflow, both ends move. Exponentials, logarithms
and powers are taken in balls of ``BITS`` bits at the ends.

An infinite end bounds nothing. NaN for both ends says that there may be no value (a quotient by
what may be 0, a root of what may be negative); whatever is calculated with it is NaN again. The
logarithm of 0 is -inf.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from math import fsum, inf, nextafter, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.tools.errors import InputError
from gembounds.values.balls import float_ends
from gembounds.values.precision import working_precision

Array = npt.NDArray[np.float64]
Ends = tuple[Array, Array]

SPLIT = 2.0**27 + 1
"""Dekker's: cuts 53 bits in two halves of 26."""

LARGE, SMALL = 2.0**900, 2.0**-900
"""Between these no split and no product of halves overflows, and no error underflows."""

BITS = 80
"""Of the balls in which functions are taken: far more than the 53 that are kept."""


def point(values: Any) -> Ends:
    """The narrowest intervals around exact numbers, given as floats or as an object array."""
    values = np.asarray(values)
    if values.dtype.kind == "f" and values.itemsize <= 8:
        return np.asarray(values, dtype=np.float64), np.asarray(values, dtype=np.float64)
    ends = [_around(Fraction(x)) for x in values.ravel().tolist()]
    low, high = (np.array([e[k] for e in ends], dtype=np.float64) for k in (0, 1))
    return low.reshape(values.shape), high.reshape(values.shape)


def add(a: Ends, b: Ends) -> Ends:
    return _lower(*_two_sum(a[0], b[0])), _upper(*_two_sum(a[1], b[1]))


def negative(a: Ends) -> Ends:
    return -a[1], -a[0]


def subtract(a: Ends, b: Ends) -> Ends:
    return add(a, negative(b))


def multiply(a: Ends, b: Ends) -> Ends:
    return _corners(_two_product, a, b)


def divide(a: Ends, b: Ends) -> Ends:
    _refuse((b[0] == 0) & (b[1] == 0), "the divisor", "0")
    low, high = _corners(_quotient, a, b)
    return _where(np.asarray(~((b[0] > 0) | (b[1] < 0))), low, high)


def absolute(a: Ends) -> Ends:
    low = np.maximum(np.maximum(a[0], -a[1]), 0.0)
    return low, np.maximum(-a[0], a[1])


def sqrt(a: Ends) -> Ends:
    _refuse(a[1] < 0, "the number under the root", "negative")
    with np.errstate(invalid="ignore"):
        low, high = _lower(*_root(np.maximum(a[0], 0.0))), _upper(*_root(a[1]))
    return _where(np.asarray(~(a[0] >= 0)), low, high)


def exp(a: Ends) -> Ends:
    low, high = _monotone(lambda x: x.exp(), a, {-np.inf: 0.0, np.inf: np.inf})
    return np.maximum(low, 0.0), high


def log(a: Ends) -> Ends:
    _refuse(a[1] < 0, "the number under the logarithm", "negative")
    low, high = _monotone(lambda x: x.log(), a, {0.0: -np.inf, np.inf: np.inf})
    return _where(np.asarray(~(a[0] >= 0)), low, high)


def power(a: Ends, b: Ends) -> Ends:
    """a^b: for whole b as a product or its inverse, 1 for b = 0; for other b, a >= 0 alone, and
    0^b is 0 for b > 0."""
    whole = np.floor(b[1]) >= b[0]
    _refuse((a[1] < 0) & ~whole, "the base of a power that is not whole", "negative")
    _refuse((a[0] == 0) & (a[1] == 0) & (b[1] < 0), "the base of a power below 0", "0")
    shape = np.broadcast_shapes(a[0].shape, b[0].shape)
    ends = [np.broadcast_to(x, shape).ravel().tolist() for x in (*a, *b)]
    with working_precision(BITS):
        found = np.array([_powers(*one) for one in zip(*ends, strict=True)]).reshape((*shape, 2))
    return found[..., 0], found[..., 1]


def minimum(a: Ends, b: Ends) -> Ends:
    return np.minimum(a[0], b[0]), np.minimum(a[1], b[1])


def maximum(a: Ends, b: Ends) -> Ends:
    return np.maximum(a[0], b[0]), np.maximum(a[1], b[1])


def total(a: Ends, axis: int) -> Ends:
    """The sum along an axis: each end's own sum is rounded once, by ``math.fsum``."""
    low, high = (np.moveaxis(x, axis, -1) for x in (a[0], -a[1]))
    return _sums_below(low), 0.0 - _sums_below(high)


def _around(q: Fraction) -> tuple[float, float]:
    try:
        near = float(q)
    except OverflowError:
        largest = float(np.finfo(np.float64).max)
        return (largest, np.inf) if q > 0 else (-np.inf, -largest)
    apart = q - Fraction(near)
    return (
        near if apart >= 0 else nextafter(near, -inf),
        near if apart <= 0 else nextafter(near, inf),
    )


def _lower(value: Array, error: Array) -> Array:
    """The largest float64 known to be at most ``value + error``; NaN errors say nothing."""
    with np.errstate(over="ignore", under="ignore"):
        return np.where(error >= 0, value, np.nextafter(value, -np.inf))


def _upper(value: Array, error: Array) -> Array:
    with np.errstate(over="ignore", under="ignore"):
        return np.where(error <= 0, value, np.nextafter(value, np.inf))


def _two_sum(x: Array, y: Array) -> tuple[Array, Array]:
    with np.errstate(over="ignore", invalid="ignore"):
        value = x + y
        part = value - x
        error = (x - (value - part)) + (y - part)
    error = np.where(np.isinf(error), np.nan, error)  # a part overflowed: it says nothing
    return value, np.where(np.isinf(x) | np.isinf(y), 0.0, error)


def _two_product(x: Array, y: Array) -> tuple[Array, Array]:
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        value = x * y
        a, b = _halves(x), _halves(y)
        error = ((a[0] * b[0] - value) + a[0] * b[1] + a[1] * b[0]) + a[1] * b[1]
    # 0 times infinity is 0: what an infinite end bounds is finite
    zero = ((x == 0) | (y == 0)) & ~(np.isnan(x) | np.isnan(y))
    exact = zero | (np.isinf(x) | np.isinf(y))
    sure = (abs(x) < LARGE) & (abs(y) < LARGE) & (abs(value) < LARGE) & (abs(value) > SMALL)
    return np.where(zero, 0.0, value), np.where(exact, 0.0, np.where(sure, error, np.nan))


def _halves(x: Array) -> tuple[Array, Array]:
    big = SPLIT * x
    high = big - (big - x)
    return high, x - high


def _quotient(x: Array, y: Array) -> tuple[Array, Array]:
    with np.errstate(all="ignore"):
        value = x / y
        back, error = _two_product(value, y)
        left = ((x - back) - error) * np.sign(y)
    sure = (abs(value) < LARGE) & (abs(value) > SMALL) & (abs(y) > SMALL) & (abs(x) < LARGE)
    zero = (x == 0) | (np.isinf(y) & ~np.isnan(x))  # x / inf is x times 0
    exact = zero | np.isinf(x)
    return np.where(zero, 0.0, value), np.where(exact, 0.0, np.where(sure, left, np.nan))


def _root(x: Array) -> tuple[Array, Array]:
    value = np.sqrt(x)
    back, error = _two_product(value, value)
    with np.errstate(invalid="ignore"):
        left = (x - back) - error
    exact = (x == 0) | np.isinf(x)
    return value, np.where(exact, 0.0, left)


def _corners(f: Callable[[Array, Array], tuple[Array, Array]], a: Ends, b: Ends) -> Ends:
    found = [f(x, y) for x, y in product(a, b)]
    low = np.minimum.reduce([_lower(*pair) for pair in found])
    high = np.maximum.reduce([_upper(*pair) for pair in found])
    return low, high


def _powers(low: float, high: float, least: float, most: float) -> tuple[float, float]:
    if least == most and least.is_integer() and low <= high:
        return _whole_power(low, high, int(least))
    if not (low > 0 or (low == 0 and least > 0)):
        return np.nan, np.nan
    if np.inf in (high, abs(least), abs(most)):
        return 0.0, np.inf
    found = [_power_ends(x, y) for x in (low, high) for y in (least, most)]
    return min(x for x, _ in found), max(y for _, y in found)


def _whole_power(low: float, high: float, k: int) -> tuple[float, float]:
    """Monotone on either side of 0: falling where k < 0."""
    if k % 2 == 0:
        low, high = max(low, -high, 0.0), max(-low, high)
    if k < 0 and low <= 0 <= high:
        return np.nan, np.nan
    if k < 0:
        low, high = high, low
    return _power_ends(low, k)[0], _power_ends(high, k)[1]


def _power_ends(x: float, y: float) -> tuple[float, float]:
    """Of x^y, with its sign: that of x for odd whole y, else positive."""
    from flint import arb

    if y == 0:
        return 1.0, 1.0
    if x == 0 or abs(x) == inf:
        end = x if y > 0 else 0.0
        return end, end
    low, high = float_ends(arb(x) ** arb(y))
    return (max(low, 0.0), high) if x > 0 or y % 2 == 0 else (low, min(high, 0.0))


def _monotone(f: Callable[[Any], Any], a: Ends, known: dict[float, float]) -> Ends:
    """An increasing function of the ends, in balls; ``known`` where an end is no ball."""
    from flint import arb

    def at(x: float, side: int) -> float:
        return known[x] if x in known else np.nan if x != x else float_ends(f(arb(x)))[side]

    with working_precision(BITS):
        low, high = (
            np.array([at(x, side) for x in ends.ravel().tolist()]).reshape(ends.shape)
            for side, ends in enumerate(a)
        )
    return low, high


def _sums_below(values: Array) -> Array:
    """Of each line along the last axis."""
    lines = values.reshape(prod(values.shape[:-1]), values.shape[-1])
    sums = [_sum_below(line) for line in lines]
    return np.array(sums, dtype=np.float64).reshape(values.shape[:-1])


def _sum_below(values: Array) -> float:
    """The largest float64 not above the sum; NaN where an entry is."""
    if not np.isfinite(values).all():
        return float(np.nan if np.isnan(values).any() else values[np.isinf(values)].min())
    try:
        near = fsum(values.tolist())
        apart = fsum([*values.tolist(), -near])
    except OverflowError:
        return _around(sum(map(Fraction, values.tolist()), Fraction(0)))[0]
    return near if apart >= 0 else nextafter(near, -inf)


def _where(undefined: npt.NDArray[np.bool_], low: Array, high: Array) -> Ends:
    return np.where(undefined, np.nan, low), np.where(undefined, np.nan, high)


def _refuse(certain: npt.NDArray[np.bool_], what: str, found: str) -> None:
    if np.any(certain):
        where = np.argwhere(np.asarray(certain))[0].tolist()
        at = f" at {where}" if where else ""
        raise InputError(f"{what} is certainly {found}{at}: there is no value")
