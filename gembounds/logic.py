"""Certain truth: True, False or None for unknown, of exact numbers, balls and vectors of them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

Tri = bool | None
"""True and False are proofs; None is unknown."""

RELATIONS = ("<=", ">=", "<", ">", "==")
"""The relations a claim may state."""


def compare(left: Any, relation: str, right: Any) -> Tri:
    """Whether ``left relation right``, for scalars: int, Fraction or ball (at the current
    precision). Balls prove an order where they are apart, and never an equality."""
    if isinstance(left, (int, Fraction)) and isinstance(right, (int, Fraction)):
        return _exact(left, relation, right)
    from gembounds.balls.radial import ball

    a, b = ball(left), ball(right)
    if relation in (">", ">="):
        a, b = b, a
    if relation == "==":
        return False if a != b else None
    strict = relation in ("<", ">")
    if (a < b) if strict else (a <= b):
        return True
    if (a >= b) if strict else (a > b):
        return False
    return None


def _exact(left: int | Fraction, relation: str, right: int | Fraction) -> bool:
    if relation == "<=":
        return left <= right
    if relation == ">=":
        return left >= right
    if relation == "<":
        return left < right
    if relation == ">":
        return left > right
    return left == right


def all_of(values: Iterable[Tri]) -> Tri:
    """False if any is false, True if all are true, else None. True of nothing."""
    unknown = False
    for value in values:
        if value is False:
            return False
        unknown = unknown or value is None
    return None if unknown else True


def any_of(values: Iterable[Tri]) -> Tri:
    """True if any is true, False if all are false, else None. False of nothing."""
    unknown = False
    for value in values:
        if value is True:
            return True
        unknown = unknown or value is None
    return None if unknown else False


def opposite(value: Tri) -> Tri:
    """The truth of the contrary: unknown stays unknown."""
    return None if value is None else not value


def flat(value: Any) -> list[Any]:
    """The entries of nested lists or tuples in order; a scalar is a list of one."""
    if isinstance(value, (list, tuple)):
        return [x for item in value for x in flat(item)]
    return [value]


def paired(left: Any, right: Any) -> list[tuple[Any, Any]]:
    """The entries of two sides side by side; a side of one entry serves for all.

    Raises ``ValueError`` where both have several and not as many: a claim's mistake.
    """
    a, b = flat(left), flat(right)
    if len(a) == 1:
        a = a * len(b)
    if len(b) == 1:
        b = b * len(a)
    if len(a) != len(b):
        raise ValueError(f"the sides have {len(a)} and {len(b)} entries: give as many, or one")
    return list(zip(a, b, strict=True))
