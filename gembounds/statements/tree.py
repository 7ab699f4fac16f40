"""A statement as a tree: numbers, named constants, symbols, parameters, operations; a relation.

Numbers stay exact. An expression is one number, or has an entry for each component (axis ``i``),
each pair of components (``ik``), each coordinate of R^d (``c``), or a free list of entries
(``*``). Operations act entry by entry; an expression without an axis serves for all entries along
it. A tree is evaluated by :mod:`gembounds.statements.evaluate`, printed by ``printing``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from gembounds.tools.errors import InputError
from gembounds.values.numerals import exact_number, shown

AXES = "ikc*"
"""Components, the second of a pair, coordinates, and free entries."""

MOST_BITS = 14_000
"""Of a number in a statement: more digits are not written in decimals."""

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
    a mixture.
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
        from gembounds.statements.printing import printed

        return printed(self)

    def _repr_latex_(self) -> str:
        from gembounds.statements.printing import printed

        return f"${printed(self, 'latex')}$"

    def walk(self) -> Iterator[Expr]:
        yield from self.lhs.walk()
        yield from self.rhs.walk()

    @property
    def constants(self) -> dict[str, Fraction]:
        """The named constants with their values; raises where one name has two."""
        out: dict[str, Fraction] = {}
        for e in self.walk():
            if e.op == "const" and out.setdefault(*e.args) != e.args[1]:
                name, value = e.args
                raise InputError(f"the constant {name!r} is {out[name]} and {value}: rename one")
        return out

    @property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters by name; raises where one name stands for two."""
        out: dict[str, Parameter] = {}
        for e in self.walk():
            if e.op == "parameter" and out.setdefault(e.args[0].name, e.args[0]) != e.args[0]:
                raise InputError(f"two parameters have the name {e.args[0].name!r}: rename one")
        return out

    @property
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
    return Expr("num", _written(x, "a number in a statement"))


def _written(x: Any, name: str) -> Fraction:
    """An exact number that can be written out."""
    q = exact_number(x, name)
    if max(q.numerator.bit_length(), q.denominator.bit_length()) > MOST_BITS:
        raise InputError(f"{name} has more than {MOST_BITS} bits: write it as a power")
    return q


def const(name: str, value: Any) -> Expr:
    """A number that the statement could have otherwise: a constant of the claim."""
    if not isinstance(name, str) or not name:
        raise InputError(f"const({shown(name)}, ...): give a name first, then the value")
    return Expr("const", name, _written(value, f"constant {name}"))


def real(name: str, low: Any = None, high: Any = None) -> Expr:
    """A real parameter in [low, high]; ends are exact numbers, strings such as "1/3", or None."""
    return _parameter(name, "real", low, high)


def integer(name: str, low: Any = None, high: Any = None) -> Expr:
    """A whole number from low to high, both included; an end may be None."""
    return _parameter(name, "integer", low, high)


def vector(name: str) -> Expr:
    """A vector of R^d: an entry a coordinate."""
    return _parameter(name, "vector", None, None, "c")


def displacement(name: str) -> Expr:
    """A vector of R^d for each component: an entry a component and coordinate."""
    return _parameter(name, "displacement", None, None, "ic")


def _parameter(name: str, kind: str, low: Any, high: Any, axes: str = "") -> Expr:
    if not isinstance(name, str) or not name.isidentifier():
        raise InputError(f"{kind}({shown(name)}, ...): give a name of letters and digits")
    ends = [
        None if x is None else exact_number(x, f"the {end} end of {name}")
        for x, end in ((low, "lower"), (high, "upper"))
    ]
    if None not in ends and ends[0] > ends[1]:  # type: ignore[operator]
        raise InputError(f"{name} lies between {low} and {high}: give the smaller end first")
    if kind == "integer" and None not in ends and math.ceil(ends[0]) > math.floor(ends[1]):  # type: ignore[arg-type]
        raise InputError(f"{name}: no whole number lies between {low} and {high}")
    return Expr("parameter", Parameter(name, kind, *ends), axes=axes)


def call(symbol: Symbol, *arguments: Any) -> Expr:
    """The value of a symbol, at the arguments that it takes."""
    return Expr("symbol", symbol, *map(tree, arguments), axes=symbol.axes)


def equals(a: Any, b: Any) -> Relation:
    """The relation a = b."""
    return Relation(tree(a), "==", tree(b))


def sqrt(x: Any) -> Expr:
    """The square root."""
    return Expr("sqrt", tree(x))


def exp(x: Any) -> Expr:
    """The exponential."""
    return Expr("exp", tree(x))


def log(x: Any) -> Expr:
    """The natural logarithm."""
    return Expr("log", tree(x))


def maximum(x: Any, y: Any) -> Expr:
    """The larger of two, entry by entry."""
    return Expr("max", tree(x), tree(y))


def minimum(x: Any, y: Any) -> Expr:
    """The smaller of two, entry by entry."""
    return Expr("min", tree(x), tree(y))


def total(x: Any, over: str = "") -> Expr:
    """The sum of all entries; ``over="k"`` (or "i", "c") along that axis alone."""
    return reduced("total", x, over)


def largest(x: Any, over: str = "") -> Expr:
    """The largest entry; ``over`` as :func:`total`."""
    return reduced("largest", x, over)


def smallest(x: Any, over: str = "") -> Expr:
    """The smallest entry; ``over`` as :func:`total`."""
    return reduced("smallest", x, over)


def reduced(op: str, x: Any, over: str) -> Expr:
    x = tree(x)
    over = over or x.axes
    if not set(over) <= set(x.axes):
        raise InputError(f"{op}({x}, over={over!r}): its entries have the axes {x.axes!r}")
    rest = "".join(a for a in x.axes if a not in over)
    return Expr(op, x, over, axes=rest)


def at_k(x: Any) -> Expr:
    """An expression with an entry a component, taken at the second component of a pair:
    ``at_k(norms)`` is |mu_k| beside ``norms``, |mu_i|."""
    x = tree(x)
    if x.axes != "i":
        raise InputError(f"at_k({x}): give an expression with an entry a component")
    return Expr("at_k", x, axes="k")


def moved(x: Any, by: Expr) -> Expr:
    """``x`` at the mixture whose means are mu_i + delta_i, ``by`` a displacement."""
    x = tree(x)
    if not isinstance(by, Expr) or by.axes != "ic" or by.op != "parameter":
        raise InputError("moved(x, by): give a displacement as the second argument")
    return Expr("moved", x, by, axes=x.axes)


def dot(x: Any, y: Any) -> Expr:
    """The inner product over the coordinates of R^d."""
    return total(tree(x) * tree(y), over="c")


def norm(x: Any) -> Expr:
    """The Euclidean norm over the coordinates of R^d."""
    return sqrt(dot(x, x))
