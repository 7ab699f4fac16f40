"""What is proved of a relation: G >= 0 with no division left, and G as a linear form in L and
E|psi~|^2."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor
from typing import Any

from gembounds.statements.tree import Expr, Relation, tree
from gembounds.tools.errors import InputError

ONE = tree(1)


def margin(relation: Relation, constants: Mapping[str, Fraction]) -> Expr:
    """An expression that is >= 0 (> 0) wherever the relation has a value and holds, and nowhere
    else.

    Denominators that cannot be negative by their form are multiplied out, so that a ratio of sides
    that vanish together is never formed; sides of which one is a root are squared, if both are >=
    0 by their form. Raises :class:`InputError` for an equality."""
    if relation.sign == "==":
        raise InputError(f"{relation} is an equality: only inequalities are proved over boxes")
    less, more = relation.lhs, relation.rhs
    if relation.sign in (">", ">="):
        less, more = more, less
    if all(nonnegative(e, constants) for e in (less, more)) and (_rooted(less) or _rooted(more)):
        less, more = _squared(less), _squared(more)
    (a, b), (c, d) = (_ratio(e, constants) for e in (less, more))
    return _times(c, b) - _times(a, d)


def _rooted(e: Expr) -> bool:
    """Whether an expression has a root as a factor."""
    return e.op == "sqrt" or (e.op in ("*", "/") and any(map(_rooted, e.args)))


def _squared(e: Expr) -> Expr:
    """The square, with no roots as factors."""
    if e.op == "sqrt":
        found: Expr = e.args[0]
        return found
    if e.op in ("*", "/") and _rooted(e):
        a, b = map(_squared, e.args)
        return a * b if e.op == "*" else a / b
    return e**2


def _times(x: Expr, y: Expr) -> Expr:
    if y is ONE or x is ONE:
        return x if y is ONE else y
    return x * y


def _ratio(e: Expr, known: Mapping[str, Fraction]) -> tuple[Expr, Expr]:
    """Numerator, and a denominator that is >= 0 by its form."""
    op, args = e.op, e.args
    if op == "/" and nonnegative(args[1], known):
        (a, b), (c, d) = (_ratio(x, known) for x in args)
        return _times(a, d), _times(b, c)
    if op == "neg":
        a, b = _ratio(args[0], known)
        return -a, b
    if op == "*":
        (a, b), (c, d) = (_ratio(x, known) for x in args)
        return _times(a, c), _times(b, d)
    if op in ("+", "-"):
        (a, b), (c, d) = (_ratio(x, known) for x in args)
        if b is ONE and d is ONE:
            return e, ONE
        left, right = _times(a, d), _times(c, b)
        return (left + right if op == "+" else left - right), _times(b, d)
    return e, ONE


def nonnegative(e: Expr, known: Mapping[str, Fraction]) -> bool:
    """Whether an expression is >= 0 by its form."""
    op, a = e.op, e.args
    if op == "num":
        return bool(a[0] >= 0)
    if op == "const":
        return bool(known.get(a[0], a[1]) >= 0)
    if op == "parameter":
        return a[0].low is not None and bool(a[0].low >= 0)
    if op == "symbol":
        return bool(a[0].nonnegative)
    if op == "^":
        even = (
            a[1].op == "num"
            and isinstance(a[1].args[0], (int, Fraction))
            and a[1].args[0] % 2 == 0
        )
        return even or nonnegative(a[0], known)
    if op in ("+", "*", "/", "min", "at_k", "total", "largest", "smallest"):
        return all(nonnegative(x, known) for x in a if isinstance(x, Expr))
    return op in ("abs", "exp", "sqrt") or (op == "max" and any(nonnegative(x, known) for x in a))


def direction(e: Expr, name: str, known: Mapping[str, Fraction]) -> int | None:
    """How an expression moves with a constant that stays > 0: 1 where it never falls as that
    grows, -1 where it never rises, 0 where it has none of it; None where its form does not
    say."""
    op, a = e.op, e.args
    if op == "const":
        return int(a[0] == name)
    below = [x for x in a if isinstance(x, Expr)]
    moves = [direction(x, name, known) for x in below]
    if not any(m != 0 for m in moves):
        return 0
    if None in moves:
        return None
    first, *others = (m for m in moves if m is not None)
    if op == "neg":
        return -first
    if op in ("exp", "log", "sqrt", "total", "largest", "smallest", "at_k"):
        return first
    if op in ("+", "-", "max", "min"):
        return _together(first, -others[0] if op == "-" else others[0])
    signs = [nonnegative(x, known) for x in below]
    if op in ("*", "/"):
        fine = all(sign or move == 0 for sign, move in zip(signs[::-1], moves, strict=True))
        if op == "/":
            fine, others = fine and signs[1], [-others[0]]
        return _together(first, others[0]) if fine else None
    if op == "^" and below[1].op == "num" and signs[0]:
        return first if below[1].args[0] > 0 else -first
    return None


def _together(x: int, y: int) -> int | None:
    return x + y if x * y == 0 else x if x == y else None


ORDERS = {
    **dict.fromkeys(("L", "mean_square", "S", "U", "Y"), 2),
    **dict.fromkeys(("mu_max", "norms", "distances", "diameter"), 1),
}
"""To which order symbols vanish where all means do; others do not."""

NOTHING = 99
"""The order of what is 0 everywhere."""


def order(e: Expr) -> int:
    """To which order an expression vanishes at least where all means do, if it has derivatives
    there."""
    op, a = e.op, e.args
    if op == "num":
        return 0 if a[0] else NOTHING
    if op == "symbol":
        return ORDERS.get(a[0].name, 0)
    below = [order(x) for x in a if isinstance(x, Expr)]
    if op in ("+", "-", "max", "min"):
        return min(below)
    if op == "*":
        return sum(below)
    if op in ("neg", "abs", "total", "largest", "smallest", "/"):
        return below[0]
    if op == "^":
        return floor(max(below[0] * a[1].args[0], 0)) if a[1].op == "num" else 0
    return below[0] // 2 if op == "sqrt" else 0


Linear = dict[str, Expr]
"""Coefficients of "L", "mean_square" and "" (what has neither)."""


def linear(e: Expr) -> Linear | None:
    """``e`` as a linear form in L and E|psi~|^2, None where it is none."""
    op, args = e.op, e.args
    if not names(e) & {"L", "mean_square"}:
        return {"": e}
    if op == "symbol":
        return {args[0].name: ONE}
    if op == "neg":
        inner = linear(args[0])
        return None if inner is None else {k: -x for k, x in inner.items()}
    if op in ("+", "-"):
        a, b = linear(args[0]), linear(args[1])
        if a is None or b is None:
            return None
        zero = tree(0)
        both = {k: (a.get(k, zero), b.get(k, zero)) for k in {**a, **b}}
        return {k: x + y if op == "+" else x - y for k, (x, y) in both.items()}
    if op in ("*", "/"):
        a, b = linear(args[0]), linear(args[1])
        if a is None or b is None:
            return None
        if set(b) == {""}:
            return {k: x * b[""] if op == "*" else x / b[""] for k, x in a.items()}
        if op == "*" and set(a) == {""}:
            return {k: a[""] * x for k, x in b.items()}
    return None


def names(e: Expr) -> set[str]:
    """The names of the symbols in an expression."""
    if e.op == "symbol":
        return {e.args[0].name}
    found: set[str] = set()
    for a in e.args:
        if isinstance(a, Expr):
            found |= names(a)
    return found


__all__: list[Any] = ["linear", "margin", "names", "nonnegative"]
