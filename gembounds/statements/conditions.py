"""The conditions of a domain, so that a certificate can show each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from gembounds.statements.logic import Tri, compare
from gembounds.values.exact import EXACT

if TYPE_CHECKING:
    pass


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
