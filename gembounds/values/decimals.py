"""Intervals in decimal: rounded outward, or as many digits as are certain."""

from __future__ import annotations

import decimal
import math
import re
from fractions import Fraction
from typing import Any

import numpy as np

from gembounds.tools.errors import InputError
from gembounds.values.balls import exact_interval, is_short

FLOAT_DIGITS = 17
"""Decimal digits that tell every float64 from its neighbours."""

MOST_DIGITS = 10_000
"""Digits that may be asked for."""

POSITIONAL = range(-5, FLOAT_DIGITS)
"""Decimal exponents of the first digit for which no power of ten is written."""


def interval_text(lower: float, upper: float) -> str:
    """``[lower, upper]`` in decimal, rounded outward, with two digits beyond the first that
    differs (17 at most)."""
    digits = FLOAT_DIGITS
    if math.isfinite(lower) and math.isfinite(upper) and lower < upper:
        largest = max(abs(lower), abs(upper))
        width = upper / largest - lower / largest
        digits = min(max(2 - math.floor(math.log10(width)), 3), FLOAT_DIGITS)
    return f"[{_outward(lower, digits, False)}, {_outward(upper, digits, True)}]"


def certain_digits(lower: Fraction, upper: Fraction, most: int = FLOAT_DIGITS) -> str | None:
    """The number between ``lower`` and ``upper``, rounded to as many digits, at most ``most``, as
    do not depend on where it lies; fewer only where it has fewer. None where no digit is certain.
    """
    if lower == upper == 0:
        return "0"
    if (lower > 0) != (upper > 0) or lower == 0 or upper == 0:
        return None
    sign = "-" if upper < 0 else ""
    low, high = sorted((abs(lower), abs(upper)))
    close = high - low
    digits = most if not close else min(most, max(0, _exponent(high) - _exponent(close)) + 2)
    while digits > 0:
        found = _rounded(low, digits)
        if found == _rounded(high, digits):
            mantissa, exponent = found
            exact = not close and mantissa * Fraction(10) ** (exponent - digits + 1) == low
            return sign + _written(str(mantissa), exponent, exact)
        digits -= 1
    return None


def texts(lower: Any, upper: Any, balls: Any, spec: str) -> Any:
    """A text an entry, an object array of the same shape: certain digits, or the interval.

    ``spec``: "" for 17 digits at most, ".6" or ".6g" for six; else :class:`InputError`.
    """
    found = re.fullmatch(r"(?:\.(\d+)g?)?", spec)
    if found is None or (found[1] and not 0 < int(found[1]) <= MOST_DIGITS):
        raise InputError(f"format {spec!r}: give .N or .Ng for at most N digits")
    most = int(found[1] or FLOAT_DIGITS)

    def text(low: float, high: float, ball: Any = None) -> str:
        if not (math.isfinite(low) and math.isfinite(high)):
            return interval_text(low, high)
        ends = Fraction(low), Fraction(high)
        if ball is not None and is_short(ball):
            least, largest = exact_interval(ball)
            ends = max(ends[0], least), min(ends[1], largest)
        return certain_digits(*ends, most) or interval_text(low, high)

    made = np.frompyfunc(text, 2 if balls is None else 3, 1)
    return np.asarray(made(*((lower, upper) if balls is None else (lower, upper, balls))))


def table(lower: Any, upper: Any, balls: Any) -> str:
    """The same as an HTML table; each cell's title is its interval."""
    numbers = np.atleast_2d(texts(lower, upper, balls, ""))
    titles = np.atleast_2d(np.asarray(np.frompyfunc(interval_text, 2, 1)(lower, upper)))
    lines = math.prod(numbers.shape[:-1]), numbers.shape[-1]
    rows = zip(numbers.reshape(lines), titles.reshape(lines), strict=True)
    cells = [
        "".join(f'<td title="{t}">{x}</td>' for x, t in zip(*row, strict=True)) for row in rows
    ]
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def _exponent(x: Fraction) -> int:
    """floor(log10 x), x > 0."""
    guess = math.floor((x.numerator.bit_length() - x.denominator.bit_length()) * math.log10(2)) + 1
    while x < Fraction(10) ** guess:
        guess -= 1
    return guess


def _rounded(x: Fraction, digits: int) -> tuple[int, int]:
    exponent = _exponent(x)
    mantissa = round(x * Fraction(10) ** (digits - 1 - exponent))
    return (mantissa // 10, exponent + 1) if mantissa == 10**digits else (mantissa, exponent)


def _written(digits: str, exponent: int, exact: bool) -> str:
    """The number of these ``digits`` whose first stands for 10^exponent; zeros at the end are
    digits too, unless it is ``exact``."""
    if exact:
        digits = digits.rstrip("0")
    if exponent not in POSITIONAL or (not exact and len(digits) <= exponent):
        return digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "") + f"e{exponent:+03d}"
    if exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    whole, rest = digits[: exponent + 1].ljust(exponent + 1, "0"), digits[exponent + 1 :]
    return whole + (f".{rest}" if rest else "")


def _outward(x: float, digits: int, upward: bool) -> str:
    if not math.isfinite(x):
        return str(x)
    rounding = decimal.ROUND_CEILING if upward else decimal.ROUND_FLOOR
    rounded = decimal.Context(prec=digits, rounding=rounding).plus(decimal.Decimal(x))
    return f"{rounded.normalize():g}"
