"""Evaluating a tree: one evaluation for every arithmetic.

Scalars are exact (:mod:`gembounds.values.exact`) as long as they can be, else what the
arithmetic ``ops`` works with: flint balls, ``mpmath`` intervals, or arrays of logarithms over a
batch. Entries are object arrays with one dimension an axis of the expression; a batch has one more
in front, ``ops.lead``. 0 times anything that has a value is exactly 0, and exp(0) is 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial, reduce
from typing import Any

import numpy as np

from gembounds.statements.logic import flat
from gembounds.statements.tree import MOST_BITS, Expr
from gembounds.values.exact import (
    Root,
    compared,
    exact_power,
    exact_product,
    is_exact,
    is_rational,
    is_zero,
    root,
)

Constants = Mapping[str, Fraction]


class Undefined(ArithmeticError):
    """A side has no value at the point: a division by 0, a logarithm of 0, a root of -1."""


def evaluate(e: Expr, ops: Any, point: Any, constants: Constants) -> Any:
    """The value of ``e`` at ``point``: a scalar, or an array with a dimension an axis.

    Raises :class:`Undefined` where it certainly has none.
    """
    return _Evaluation(ops, point, constants).value(e)


def entries(value: Any) -> list[Any]:
    """All entries in C order."""
    return list(value.ravel()) if isinstance(value, np.ndarray) else [value]


class _Evaluation:
    def __init__(self, ops: Any, point: Any, constants: Constants) -> None:
        self.ops, self.point, self.constants = ops, point, constants

    def value(self, e: Expr) -> Any:
        args = e.args
        if e.op == "num":
            return args[0]
        if e.op == "const":
            return self.constants.get(args[0], args[1])
        if e.op == "parameter":
            return self.array(self.ops.parameter(self.point, args[0].name), e.axes)
        if e.op == "symbol":
            return self.symbol(e)
        if e.op == "at_k":
            return self.value(args[0])
        if e.op == "moved":
            there = self.ops.moved(self.point, args[1].args[0].name)
            return evaluate(args[0], self.ops, there, self.constants)
        if e.op in ("total", "largest", "smallest"):
            return self.reduced(e)
        values = [self.expanded(a, e.axes) for a in args]
        if e.op in ("sqrt", "^"):
            known = self.nonnegative(args[0])
            return self.each(partial(_OPERATIONS[e.op], self.ops, known=known), values)
        return self.each(partial(_OPERATIONS[e.op], self.ops), values)

    def nonnegative(self, e: Expr) -> bool:
        """Whether ``e`` is >= 0 by its form: then a root takes what an enclosure has above 0."""
        op, a = e.op, e.args
        if op in ("num", "const"):
            return bool(self.value(e) >= 0)
        if op == "parameter":
            return a[0].low is not None and a[0].low >= 0
        if op == "symbol":
            return bool(a[0].nonnegative)
        if op == "^" and a[1].op == "num" and a[1].args[0] % 2 == 0:
            return True
        if op == "*" and a[0] is a[1]:
            return True
        if op in ("at_k", "moved", "total", "largest", "smallest", "^"):
            return self.nonnegative(a[0])
        if op in ("+", "*", "/", "min"):
            return all(map(self.nonnegative, a))
        return op in ("abs", "exp", "sqrt") or (op == "max" and any(map(self.nonnegative, a)))

    def symbol(self, e: Expr) -> Any:
        symbol, *arguments = e.args
        values = [self.value(a) for a in arguments]
        try:
            found = self.ops.symbol_value(symbol, self.point, values)
        except ZeroDivisionError:
            raise Undefined(f"{symbol.text} has no value") from None
        return self.array(found, e.axes)

    def array(self, found: Any, axes: str) -> Any:
        if not axes or self.ops.lead:
            return found
        if isinstance(found, np.ndarray):
            return found
        return _array(flat(found) if axes == "*" else found, len(axes))

    def expanded(self, a: Expr, axes: str) -> Any:
        value = self.value(a)
        if a.axes == axes or (not a.axes and not self.ops.lead) or is_exact(value):
            return value
        index = [slice(None)] * self.ops.lead
        return value[(*index, *(slice(None) if x in a.axes else None for x in axes))]

    def each(self, f: Callable[..., Any], values: list[Any]) -> Any:
        arrays = [v for v in values if isinstance(v, np.ndarray)]
        if not arrays or self.ops.lead:
            return f(*values)
        return np.frompyfunc(f, len(values), 1)(*values)

    def reduced(self, e: Expr) -> Any:
        inner, over = e.args
        value = self.value(inner)
        if not inner.axes:
            return value
        if is_exact(value):  # in batches: how many entries is not known here
            raise Undefined("a sum of equal entries")
        axes = tuple(self.ops.lead + k for k, x in enumerate(inner.axes) if x in over)
        if self.ops.lead:
            return self.ops.reduced(e.op, value, axes)
        combine = _COMBINE[e.op]
        moved = np.moveaxis(value, axes, range(len(axes)))
        flat = moved.reshape(-1, *moved.shape[len(axes) :])
        return reduce(
            lambda a, b: self.each(lambda x, y: combine(self.ops, x, y), [a, b]), list(flat)
        )


def _array(value: Any, depth: int) -> Any:
    """Nested lists as an object array of ``depth`` dimensions."""
    shape, level = [], value
    for _ in range(depth):
        shape.append(len(level))
        level = level[0] if level else ()
    out = np.empty(shape, dtype=object)
    for index in np.ndindex(*shape):
        item = value
        for k in index:
            item = item[k]
        out[index] = item
    return out


def _add(ops: Any, x: Any, y: Any) -> Any:
    if is_rational(x) and is_rational(y):
        return x + y
    if is_zero(x) or is_zero(y):
        return y if is_zero(x) else x
    if is_exact(x) and is_exact(y):
        ratio = exact_product(x, exact_power(y, -1))
        if isinstance(ratio, Fraction):  # multiples of the same root
            return exact_product(y, 1 + ratio)
    return ops.ball(x) + ops.ball(y)


def _subtract(ops: Any, x: Any, y: Any) -> Any:
    return _add(ops, x, _negative(ops, y))


def _negative(ops: Any, x: Any) -> Any:
    return -x


def _has_value(ops: Any, x: Any) -> bool:
    return is_exact(x) or ops.has_value(x)


def _multiply(ops: Any, x: Any, y: Any) -> Any:
    if (is_zero(x) and _has_value(ops, y)) or (is_zero(y) and _has_value(ops, x)):
        return Fraction(0)
    if is_exact(x) and is_exact(y):
        return exact_product(x, y)
    return ops.ball(x) * ops.ball(y)


def _divide(ops: Any, x: Any, y: Any) -> Any:
    if is_zero(y):
        raise Undefined("a division by 0")
    if is_exact(x) and is_exact(y):
        return exact_product(x, exact_power(y, -1))
    y = ops.ball(y)
    if is_zero(x) and ops.nonzero(y):
        return Fraction(0)
    return ops.ball(x) / y


def _power(ops: Any, x: Any, k: Any, known: bool = False) -> Any:
    if is_rational(k) and k.denominator <= 2:
        if k.denominator == 2:
            return _power(ops, _sqrt(ops, x, known), k.numerator)
        k = k.numerator
        if k == 0:
            return _add(ops, Fraction(1), _multiply(ops, Fraction(0), x))
        if is_zero(x) and k < 0:
            raise Undefined("a division by 0")
        if is_exact(x) and abs(k) * _length(x) <= MOST_BITS:
            return exact_power(x, k)
        return ops.ball(x) ** k
    if is_zero(x):
        if compared(k, 0) > 0 if is_exact(k) else ops.positive(k):
            return Fraction(0)
        if is_exact(k) or ops.negative(k):
            raise Undefined("0 to a power that is not positive")
        return ops.unknown()
    return _exp(ops, _multiply(ops, k, _log(ops, x)))


def _length(x: Any) -> int:
    q = x.square if isinstance(x, Root) else x
    return max(q.numerator.bit_length(), q.denominator.bit_length())


def _sqrt(ops: Any, x: Any, known: bool = False) -> Any:
    if is_rational(x):
        if x < 0:
            raise Undefined("the square root of a negative number")
        return root(x)
    x = ops.ball(x)
    if ops.negative(x):
        raise Undefined("the square root of a negative number")
    return ops.sqrt(x) if known or ops.nonnegative(x) else ops.unknown(x)


def _exp(ops: Any, x: Any) -> Any:
    return Fraction(1) if is_zero(x) else ops.exp(x)


def _log(ops: Any, x: Any) -> Any:
    if is_rational(x) and x == 1:
        return Fraction(0)
    value = ops.ball(x)
    if is_zero(x) or ops.negative(value):
        raise Undefined("the logarithm of a number that is not positive")
    return ops.log(value)


def _absolute(ops: Any, x: Any) -> Any:
    if isinstance(x, Root):
        return Root(x.square)
    return abs(x) if is_rational(x) else _maximum(ops, x, -x)


def _maximum(ops: Any, x: Any, y: Any) -> Any:
    if is_exact(x) and is_exact(y):
        return x if compared(x, y) >= 0 else y
    return ops.maximum([ops.ball(x), ops.ball(y)])


def _minimum(ops: Any, x: Any, y: Any) -> Any:
    if is_exact(x) and is_exact(y):
        return x if compared(x, y) <= 0 else y
    return -ops.maximum([-ops.ball(x), -ops.ball(y)])


_OPERATIONS: dict[str, Callable[..., Any]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "^": _power,
    "neg": _negative,
    "abs": _absolute,
    "sqrt": _sqrt,
    "exp": _exp,
    "log": _log,
    "max": _maximum,
    "min": _minimum,
}

_COMBINE: dict[str, Callable[..., Any]] = {
    "total": _add, "largest": _maximum, "smallest": _minimum,
}  # fmt: skip
