"""Precision of the reference: the range of digits, and what not converging raises."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
from mpmath import mp

from gembounds.tools.alone import ALONE
from gembounds.tools.errors import InputError

ObjectArray = npt.NDArray[np.object_]

MIN_DIGITS, MAX_DIGITS = 5, 500
"""Digits that may be asked for: below, float64 does; above, the quadrature takes too long."""


class NotConverged(ArithmeticError):
    """Two successive rules still disagree: the reference gives no value rather than a bad one."""


def checked_digits(digits: Any) -> int:
    """``digits`` as an int, or :class:`InputError`."""
    if isinstance(digits, bool) or not isinstance(digits, (int, np.integer)):
        raise InputError(f"digits is {digits!r}: give an integer")
    if not MIN_DIGITS <= digits <= MAX_DIGITS:
        raise InputError(f"digits is {digits}: give one from {MIN_DIGITS} to {MAX_DIGITS}")
    return int(digits)


@contextmanager
def working(digits: float) -> Iterator[None]:
    """mpmath at ``digits`` decimal digits inside, its precision restored after; other threads
    that would set one wait."""
    with ALONE, mp.workdps(int(digits)):
        yield


def to_mpf(x: Fraction) -> Any:
    """``x`` rounded to the working precision."""
    return mp.mpf(x.numerator) / x.denominator


def objects(items: Any) -> ObjectArray:
    """An object array of the given (nested) list of numbers."""
    return np.array(items, dtype=object)
