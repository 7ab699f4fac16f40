"""The words that statements are written with, beside the vocabulary: constants, parameters and
operations."""

from __future__ import annotations

import math
from typing import Any

from gembounds.statements.tree import Expr, Parameter, Relation, tree, written
from gembounds.tools.errors import InputError
from gembounds.values.numerals import exact_number, shown


def const(name: str, value: Any) -> Expr:
    """A number that the statement could have otherwise: a constant of the claim."""
    if not isinstance(name, str) or not name:
        raise InputError(f"const({shown(name)}, ...): give a name first, then the value")
    return Expr("const", name, written(value, f"constant {name}"))


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
    least = None if low is None else exact_number(low, f"the lower end of {name}")
    most = None if high is None else exact_number(high, f"the upper end of {name}")
    if least is not None and most is not None:
        if least > most:
            raise InputError(f"{name} lies between {low} and {high}: give the smaller end first")
        if kind == "integer" and math.ceil(least) > math.floor(most):
            raise InputError(f"{name}: no whole number lies between {low} and {high}")
    return Expr("parameter", Parameter(name, kind, least, most), axes=axes)


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
