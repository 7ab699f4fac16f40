"""The conditions of a domain, so that a certificate can show each of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from gembounds.points.point import Point
from gembounds.statements.logic import Tri, compare
from gembounds.values.exact import EXACT
from gembounds.values.spans import Spans


class Part(NamedTuple):
    """The condition ``left relation right``, ``text`` saying what stands on both sides; or, where
    there is no relation, the truth ``left``."""

    text: str
    left: Any
    relation: str | None = None
    right: Any = None

    @property
    def holds(self) -> Tri:
        """True and False are proofs."""
        if self.relation is None:
            found: Tri = self.left
            return found
        return compare(self.left, self.relation, self.right)

    def to_json(self) -> dict[str, Any]:
        """The condition with its exact values as strings (null for balls)."""
        if self.relation is None:
            return {"part": self.text, "holds": self.holds}
        return {
            "part": self.text,
            "left": _exact(self.left),
            "relation": self.relation,
            "right": _exact(self.right),
            "holds": self.holds,
        }


def part(text: str, left: Any, relation: str, right: Any) -> Part:
    """A condition; a relation between exact numbers (int, Fraction) or balls."""
    return Part(text, left, relation, right)


def _exact(value: Any) -> str | None:
    return str(value) if isinstance(value, EXACT) else None


def within(parameter: Any, point: Point) -> Iterator[Part]:
    """That a parameter is of its kind and in its interval."""
    value, name = point.parameters.get(parameter.name), parameter.name
    if parameter.kind in ("vector", "displacement"):
        rows = (value,) if parameter.kind == "vector" else value
        count = 1 if parameter.kind == "vector" else point.mix.n
        ok = isinstance(rows, tuple) and len(rows) == count and all(
            isinstance(row, tuple) and len(row) == point.mix.d for row in rows
        )  # fmt: skip
        yield Part(f"{name} is a {parameter.kind}", ok)
        return
    whole = parameter.kind == "integer"
    kinds = (int, Spans) if whole else (int, Fraction, Spans)
    yield Part(f"{name} is a {'whole' if whole else 'real'} number", isinstance(value, kinds))
    if parameter.low is not None:
        yield Part(f"{name} >= {parameter.low}", value, ">=", parameter.low)
    if parameter.high is not None:
        yield Part(f"{name} <= {parameter.high}", value, "<=", parameter.high)


def bounds(when: Any, name: str) -> tuple[int | None, int | None]:
    """The least and largest whole number that simple conditions leave a symbol."""
    low: int | None = None
    high: int | None = None
    for relation in when:
        for a, sign, b in ((relation.lhs, relation.sign, relation.rhs),
                           (relation.rhs, _turned(relation.sign), relation.lhs)):  # fmt: skip
            if a.op == "symbol" and a.args[0].name == name and b.op in ("num", "const"):
                value = b.args[-1]
                if sign in (">=", ">", "=="):
                    least = math.floor(value) + 1 if sign == ">" else math.ceil(value)
                    low = least if low is None else max(low, least)
                if sign in ("<=", "<", "=="):
                    most = math.ceil(value) - 1 if sign == "<" else math.floor(value)
                    high = most if high is None else min(high, most)
    return low, high


def _turned(sign: str) -> str:
    return {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}.get(sign, sign)
