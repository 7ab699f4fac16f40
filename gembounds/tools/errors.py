"""Exceptions raised by gembounds.

Every error caused by input is an :class:`InputError`, hence a ``ValueError``; its message is
one line that names the offending value and says how to mend it.
"""

from __future__ import annotations


class InputError(ValueError):
    """Input that cannot be used; the message names the value and the fix."""


class RankError(InputError):
    """The reduced dimension of a mixture is beyond what an evaluator can integrate over."""


class UndecidedError(ArithmeticError):
    """A comparison of enclosures that overlap was asked for a truth value."""
