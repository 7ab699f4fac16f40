"""Exceptions raised by gembounds.

Every error caused by input is an :class:`InputError`, hence a ``ValueError``; its message is
one line that names the offending value and says how to mend it.
"""

from __future__ import annotations

from numbers import Integral
from typing import Any


class InputError(ValueError):
    """Input that cannot be used; the message names the value and the fix."""


class RankError(InputError):
    """The reduced dimension of a mixture is beyond what an evaluator can integrate over."""


class UndecidedError(ArithmeticError):
    """A comparison of enclosures that overlap was asked for a truth value."""


def check_whole(name: str, value: Any, least: int) -> None:
    """Raises :class:`InputError` for what is no whole number of at least ``least``."""
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < least:
        raise InputError(f"{name} is {value!r}: give an integer of at least {least}")
