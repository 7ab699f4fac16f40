"""Domains as lists of named conditions, so that a certificate can show each of them.

    @conditions
    def moves_little(ops, point):
        yield from has_mixture.parts(ops, point)
        yield part("|delta_1| <= 1", shift2, "<=", 1)

``moves_little(ops, point)`` is then True, False or None, as a domain is, and
``moves_little.parts(ops, point)`` the conditions with what they evaluate to. Nothing after the
first condition that is false is evaluated: what follows may rely on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from gembounds.points.point import Point
from gembounds.statements.logic import Tri, all_of, compare
from gembounds.values.exact import EXACT

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations


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


Test = Callable[["Operations", Point], Iterator[Part]]


class Conditions:
    """A domain that is a conjunction of :class:`Part`; made by :func:`conditions`."""

    def __init__(self, test: Test) -> None:
        self._test = test
        self.__name__ = test.__name__
        self.__doc__ = test.__doc__

    def parts(self, ops: Operations, point: Point) -> Iterator[Part]:
        """The conditions in order, up to the first that is false."""
        for found in self._test(ops, point):
            yield found
            if found.holds is False:
                return

    def __call__(self, ops: Operations, point: Point) -> Tri:
        return all_of([p.holds for p in self.parts(ops, point)])


def conditions(test: Test) -> Conditions:
    """``test`` yields the conditions of a domain."""
    return Conditions(test)


def parts_of(domain: Any, ops: Operations, point: Point) -> Iterator[Part]:
    """The conditions of any domain; a plain function is one, which its docstring names."""
    if isinstance(domain, Conditions):
        yield from domain.parts(ops, point)
        return
    text = " ".join((domain.__doc__ or domain.__name__).split())
    yield Part(text, domain(ops, point))


def domain_parts(domain: Any, ops: Operations, point: Point) -> list[dict[str, Any]]:
    """What each part of a domain test evaluates to."""
    return [p.to_json() for p in parts_of(domain, ops, point)]


def _exact(value: Any) -> str | None:
    return str(value) if isinstance(value, EXACT) else None
