"""Certain truth: True, False or None for unknown, of exact numbers, balls and vectors of them."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any

from gembounds.values.exact import compared, is_exact

Tri = bool | None
"""True and False are proofs; None is unknown."""

ORDERS = {
    "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt, "==": operator.eq,
}  # fmt: skip
"""The relations a claim may state."""


def compare(left: Any, relation: str, right: Any) -> Tri:
    """Whether ``left relation right``, for scalars: exact numbers, balls (at the current
    precision) or intervals. Enclosures prove an order where they are apart, and never an
    equality."""
    if is_exact(left) and is_exact(right):
        return bool(ORDERS[relation](compared(left, right), 0))
    a, b = _alike(left, right)
    if relation in (">", ">="):
        a, b = b, a
    if relation == "==":
        return False if a < b or a > b else None
    strict = relation in ("<", ">")
    if (a < b) if strict else (a <= b):
        return True
    if (a >= b) if strict else (a > b):
        return False
    return None


def _alike(*values: Any) -> list[Any]:
    """Both as enclosures of the kind that one of them is."""
    from gembounds.evaluators.balls.radial import ball

    of = next((type(v).of for v in values if hasattr(type(v), "of")), ball)
    return [of(v) for v in values]


def all_of(values: Iterable[Tri]) -> Tri:
    """False if any is false, True if all are true, else None. True of nothing."""
    unknown = False
    for value in values:
        if value is False:
            return False
        unknown = unknown or value is None
    return None if unknown else True


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
