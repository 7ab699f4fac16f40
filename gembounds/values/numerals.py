"""Numbers as people write them, read exactly."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from numbers import Integral, Rational
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.tools.errors import InputError

MAX_EXPONENT = 100_000
"""Largest decimal exponent read: an exponent is cheap to write and costly to expand."""

MAX_LENGTH = 100_000
"""Longest number read, in characters."""

_FORM = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?\d+/\d+", re.ASCII)


def exact_number(value: Any, name: str) -> Fraction:
    """``value`` as the rational number that it denotes.

    Accepts int, float (the dyadic rational), NumPy scalars, ``Fraction`` and str: an integer,
    a decimal (``"0.1"`` is one tenth, ``"1e-400"``) or a quotient of integers (``"1/3"``).

    Raises :class:`InputError`, naming ``name`` and the value, for everything else: NaN,
    infinities, booleans, text that is not a number, a zero denominator.
    """
    if type(value) is Fraction:
        return value
    if isinstance(value, np.generic):
        value = value.item() if not isinstance(value, np.longdouble) else _long_double(value)
    if isinstance(value, bool):
        raise InputError(f"{name} is {value!r}: give a number")
    if isinstance(value, (Integral, Rational)):
        return Fraction(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise InputError(f"{name} is {value!r}: give a finite number")
        return Fraction(value)
    if isinstance(value, str):
        return _parsed(value, name)
    raise InputError(
        f'{name} is {shown(value)}: give a number, or a string such as "1/3" or "1e-400"'
    )


def exact_floats(values: Any, name: str) -> npt.NDArray[np.float64]:
    """``values`` as a float64 array of the same shape, if that rounds none of its entries.

    Raises :class:`InputError`, naming ``name``, for what are no numbers or would be rounded
    ("1/3", one third as a ``Fraction``, 2^53 + 1); NaN and infinities are kept.
    """
    if isinstance(values, np.ndarray) and values.dtype.kind == "f" and values.itemsize <= 8:
        return np.asarray(values, dtype=np.float64)
    try:
        entries = np.array(values, dtype=object)
        floats = [float(x) for x in entries.ravel().tolist()]
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"{name} is not an array of floats: give floats") from None
    for given, rounded in zip(entries.ravel().tolist(), floats, strict=True):
        exact = int(given) if isinstance(given, np.integer) else given
        if exact != rounded and rounded == rounded:
            raise InputError(
                f"{name} has the entry {shown(exact)}, which is no float64: give floats, or one "
                "gembounds.Mixture at a time"
            )
    return np.array(floats, dtype=np.float64).reshape(entries.shape)


def shown(value: Any, *, quote: bool = True) -> str:
    """``value`` for an error message: one line of at most 60 characters, quoted as repr does."""
    text = repr(value) if quote else repr(str(value))[1:-1]
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."


def _long_double(value: np.longdouble) -> Any:
    if not np.isfinite(value):
        return float(value)
    return Fraction(*value.as_integer_ratio())


def _parsed(text: str, name: str) -> Fraction:
    stripped, what = text.strip(), f"{name} is {shown(text)}"
    if len(stripped) > MAX_LENGTH:
        raise InputError(f"{what}: longer than {MAX_LENGTH} characters; shorten it")
    if not _FORM.fullmatch(stripped):
        raise InputError(f'{what}: give a number such as "1/3", "0.1" or "1e-400"')
    exponent = re.search(r"[eE]([+-]?\d+)$", stripped)
    if exponent and (len(exponent[1]) > 8 or abs(int(exponent[1])) > MAX_EXPONENT):
        raise InputError(f"{what}: keep the exponent within +-{MAX_EXPONENT}")
    try:
        return Fraction(stripped)
    except ZeroDivisionError:
        raise InputError(f"{what}: the denominator is zero; give another") from None
    except ValueError:  # int() refuses more digits than sys.get_int_max_str_digits()
        raise InputError(f"{what}: too many digits; shorten it") from None
