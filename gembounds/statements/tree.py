"""A statement as a tree: numbers, named constants, symbols, parameters, operations; a relation.

Numbers stay exact. An expression is one number, or has an entry for each component (axis ``i``),
each pair of components (``ik``), each coordinate of R^d (``c``), or a free list of entries
(``*``). Operations act entry by entry; an expression without an axis serves for all entries along
it. A tree is evaluated by :mod:`gembounds.statements.evaluate`, printed by ``printing``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from gembounds.tools.errors import InputError
from gembounds.values.numerals import exact_number, shown

AXES = "ikc*"
"""Components, the second of a pair, coordinates, and free entries."""

MOST_BITS = 14_000
"""Of a number in a statement, and of a power that stays exact: more is not written in decimals."""

SIGNS = ("<=", ">=", "<", ">", "==")
"""The relations that a statement may state."""


@dataclass(frozen=True, eq=False)
class Symbol:
    """What a name means: an entry of a vocabulary.

    ``of(ops, point, *arguments)`` is its value, an exact number, a ball, or nested lists along
    ``axes``, by the methods of ``ops`` (:class:`gembounds.statements.operations.Operations`).
    ``interval``, where given, is what verification uses in its place, and ``estimate(batch,
    *arguments)`` gives arrays over a batch of configurations (:mod:`gembounds.points.batch`).
    ``text`` and ``latex`` may hold the arguments as ``{0}``, ``{1}``; ``meaning`` says what the
    symbol stands for; ``needs`` names the functions of a core that it asks for. ``home`` is the
    paper whose vocabulary it belongs to, "" for gembounds's own. ``mixture``: whether it asks for
    a mixture. ``nonnegative``: whether it is never below 0, whatever its enclosure reaches.
    ``function``: what it is to proofs over whole domains, one of
    ``gembounds.proving.scalar.functions.NAMES``, or "list" for its arguments one by one.
    """

    name: str
    text: str
    latex: str
    of: Callable[..., Any]
    axes: str = ""
    meaning: str = ""
    interval: Callable[..., Any] | None = None
    estimate: Callable[..., Any] | None = None
    needs: tuple[str, ...] = ()
    home: str = ""
    mixture: bool = True
    nonnegative: bool = False
    function: str = ""


@dataclass(frozen=True)
class Parameter:
    """A number, vector or displacement that a statement is about: ``kind`` is "real", "integer",
    "vector" or "displacement"; ``low`` and ``high`` are the ends of a closed interval."""

    name: str
    kind: str
    low: Fraction | None = None
    high: Fraction | None = None


class Expr:
    """A node: ``op`` and its arguments. Immutable; ``<=`` and its kin make a relation."""

    __slots__ = ("args", "axes", "op")
    __array_ufunc__ = None
    __iter__ = None

    def __init__(self, op: str, *args: Any, axes: str | None = None) -> None:
        self.op, self.args = op, args
        self.axes = joined(op, args) if axes is None else axes

    def __add__(self, y: Any) -> Expr:
        return Expr("+", self, tree(y))

    def __radd__(self, y: Any) -> Expr:
        return Expr("+", tree(y), self)

    def __sub__(self, y: Any) -> Expr:
        return Expr("-", self, tree(y))

    def __rsub__(self, y: Any) -> Expr:
        return Expr("-", tree(y), self)

    def __mul__(self, y: Any) -> Expr:
        return Expr("*", self, tree(y))

    def __rmul__(self, y: Any) -> Expr:
        return Expr("*", tree(y), self)

    def __truediv__(self, y: Any) -> Expr:
        return Expr("/", self, tree(y))

    def __rtruediv__(self, y: Any) -> Expr:
        return Expr("/", tree(y), self)

    def __pow__(self, y: Any) -> Expr:
        return Expr("^", self, tree(y))

    def __rpow__(self, y: Any) -> Expr:
        return Expr("^", tree(y), self)

    def __neg__(self) -> Expr:
        return Expr("neg", self)

    def __pos__(self) -> Expr:
        return self

    def __abs__(self) -> Expr:
        return Expr("abs", self)

    def __le__(self, y: Any) -> Relation:
        return Relation(self, "<=", tree(y))

    def __ge__(self, y: Any) -> Relation:
        return Relation(self, ">=", tree(y))

    def __lt__(self, y: Any) -> Relation:
        return Relation(self, "<", tree(y))

    def __gt__(self, y: Any) -> Relation:
        return Relation(self, ">", tree(y))

    def __eq__(self, y: object) -> Any:
        raise InputError("== does not state an equality: write equals(a, b)")

    __ne__ = __eq__
    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        raise InputError(f"{self} has no truth value: it is an expression, not a number")

    def __repr__(self) -> str:
        from gembounds.statements.printing import printed

        return printed(self)

    def walk(self) -> Iterator[Expr]:
        """This node and all below it."""
        yield self
        for a in self.args:
            if isinstance(a, Expr):
                yield from a.walk()


@dataclass(frozen=True, eq=False, repr=False)
class Relation:
    """``lhs sign rhs``, for every entry. It has no truth value of its own."""

    lhs: Expr
    sign: str
    rhs: Expr
    axes: str = field(init=False)

    def __post_init__(self) -> None:
        if self.sign not in SIGNS:
            raise InputError(f"the relation {self.sign!r} is none: give one of {', '.join(SIGNS)}")
        axes = joined(self.sign, (self.lhs, self.rhs))
        if "c" in axes:
            raise InputError(
                f"{self.lhs} {self.sign} {self.rhs}: a vector does not compare; "
                "take its norm, or total(x**2)"
            )
        object.__setattr__(self, "axes", axes)

    def __bool__(self) -> bool:
        raise InputError(
            f"{self} has no truth value, so that comparisons do not chain: "
            "write one relation a claim, or several in when=(...)"
        )

    def __repr__(self) -> str:
        return self.text

    @cached_property
    def text(self) -> str:
        """The relation on one line."""
        from gembounds.statements.printing import printed

        return printed(self)

    def _repr_latex_(self) -> str:
        from gembounds.statements.printing import printed

        return f"${printed(self, 'latex')}$"

    def walk(self) -> Iterator[Expr]:
        yield from self.lhs.walk()
        yield from self.rhs.walk()

    @cached_property
    def constants(self) -> dict[str, Fraction]:
        """The named constants with their values; raises where one name has two."""
        out: dict[str, Fraction] = {}
        for e in self.walk():
            if e.op == "const" and out.setdefault(*e.args) != e.args[1]:
                name, value = e.args
                raise InputError(f"the constant {name!r} is {out[name]} and {value}: rename one")
        return out

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters by name; raises where one name stands for two."""
        out: dict[str, Parameter] = {}
        for e in self.walk():
            if e.op == "parameter" and out.setdefault(e.args[0].name, e.args[0]) != e.args[0]:
                raise InputError(f"two parameters have the name {e.args[0].name!r}: rename one")
        return out

    @cached_property
    def symbols(self) -> dict[str, Symbol]:
        """The symbols of the vocabularies that occur, by name."""
        return {e.args[0].name: e.args[0] for e in self.walk() if e.op == "symbol"}


def joined(op: str, args: tuple[Any, ...]) -> str:
    """The axes of an operation on ``args``."""
    found = {axis for a in args if isinstance(a, Expr) for axis in a.axes}
    axes = "".join(axis for axis in AXES if axis in found)
    if "*" in axes and axes != "*":
        shapes = " and ".join(repr(a) for a in args if isinstance(a, Expr))
        raise InputError(f"{shapes} do not compare: their entries are of different kinds")
    return axes


def tree(x: Any) -> Expr:
    """``x`` as an expression: one already, or an exact number."""
    if isinstance(x, Expr):
        return x
    if isinstance(x, (str, Relation)) or callable(x):
        raise InputError(f"{shown(x)} does not compare or combine with an expression")
    return Expr("num", written(x, "a number in a statement"))


def written(x: Any, name: str) -> Fraction:
    """An exact number that can be written out."""
    q = exact_number(x, name)
    if max(q.numerator.bit_length(), q.denominator.bit_length()) > MOST_BITS:
        raise InputError(f"{name} has more than {MOST_BITS} bits: write it as a power")
    return q


def call(symbol: Symbol, *arguments: Any) -> Expr:
    """The value of a symbol, at the arguments that it takes."""
    return Expr("symbol", symbol, *map(tree, arguments), axes=symbol.axes)
