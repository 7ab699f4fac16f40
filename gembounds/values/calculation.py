"""What an operation on enclosures gives: ends by float64 intervals, balls where all have them.

An operand is an enclosure or exact numbers (int, float, Fraction, NumPy numbers, lists and arrays
of them). The two ways are taken one beside the other and each entry keeps the narrower ends: balls
know relative accuracy beyond float64's range, ends know what a wide ball does not (that a loss is
not negative). Balls are calculated at the precision of the operands' (``LEAST_BITS`` at least).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.tools.errors import InputError
from gembounds.values import directed
from gembounds.values.balls import exact_interval, float_ends, is_short
from gembounds.values.numerals import exact_number
from gembounds.values.precision import working_precision
from gembounds.values.truth import Truth

LEAST_BITS, GUARD, MOST_BITS = 128, 16, 1 << 16
"""Working precision in balls: the longest middle of an operand's and GUARD more, within these."""

PRODUCTS = 1 << 18
"""Of a matrix product kept at the same time, if one row has not more: some 50 MB."""

NUMBERS = (int, float, Fraction, np.number, np.ndarray, list, tuple)

Balls = npt.NDArray[np.object_]
Found = tuple[directed.Array, directed.Array, Balls | None]
"""Ends, and balls where there are any."""


@dataclass(frozen=True)
class Operand:
    """Ends, and either balls, the exact numbers, or neither."""

    ends: directed.Ends
    balls: Balls | None = None
    exact: npt.NDArray[Any] | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        return self.ends[0].shape

    @property
    def in_balls(self) -> Balls | None:
        """At the current precision."""
        return (
            self.balls
            if self.exact is None
            else np.asarray(np.frompyfunc(_ball, 1, 1)(self.exact))
        )


def exact_operand(value: Any) -> Operand | None:
    """Finite numbers; None for what are no numbers, :class:`InputError` for NaN and infinities."""
    if isinstance(value, (bool, np.ma.MaskedArray)) or not isinstance(value, NUMBERS):
        return None
    array = np.asarray(value) if isinstance(value, np.ndarray) else np.array(value, dtype=object)
    if array.dtype.kind not in "fiuO" or any(isinstance(x, str) for x in array.flat):
        return None
    if array.dtype.kind == "f" and array.dtype.itemsize <= 8 and np.isfinite(array).all():
        return Operand(directed.point(array), exact=array.astype(np.float64))
    entries = [exact_number(x, "an operand") for x in array.ravel()]
    exact = np.array(entries, dtype=object).reshape(array.shape)
    return Operand(directed.point(exact), exact=exact)


def calculated(name: str, *operands: Operand) -> Found:
    """The operation ``name`` of ``ELEMENTWISE`` or "matmul"; InputError where shapes differ."""
    by_ends, by_balls = ELEMENTWISE.get(name, (matmul, None))
    _fit(name, operands)
    low, high = by_ends(*(o.ends for o in operands))
    if all(o.balls is None for o in operands) or any(
        o.balls is None and o.exact is None for o in operands
    ):
        return low, high, None
    with working_precision(_bits(operands)):
        given: list[Any] = [o.in_balls for o in operands]
        if name == "sqrt":  # known to be at least 0 where the ends say so
            given = [_cut(given[0], operands[0].ends[0])]
        if by_balls is None:
            found = np.matmul(*given) + _ball(0)  # of no terms NumPy's is an int
        else:
            found = np.frompyfunc(by_balls, len(given), 1)(*given)
        return _narrowest(low, high, np.asarray(found, dtype=object))


def reduced(name: str, a: Operand, axis: int | None) -> Found:
    """ "sum", "min" or "max" along an axis, over all entries where it is None."""
    if axis is None:
        ends = a.ends[0].ravel(), a.ends[1].ravel()
        a, axis = Operand(ends, None if a.balls is None else a.balls.ravel()), 0
    whole = isinstance(axis, (int, np.integer)) and not isinstance(axis, bool)
    if not whole or not -len(a.shape) <= axis < len(a.shape):
        raise InputError(f"axis is {axis!r}: give one of the shape {a.shape}, or None for all")
    if a.shape[axis] == 0 and name != "sum":
        raise InputError(f"{name} of no entries: there is none")
    by_ends, by_balls = REDUCTIONS[name]
    low, high = by_ends(a.ends, axis)
    if a.balls is None:
        return low, high, None
    from flint import arb

    with working_precision(_bits([a])):
        lines = list(np.moveaxis(a.balls, axis, 0))
        zero = np.full(low.shape, arb(0), dtype=object)
        found = reduce(np.frompyfunc(by_balls, 2, 1), lines) if lines else zero
        return _narrowest(low, high, np.asarray(found, dtype=object))


def matmul(a: directed.Ends, b: directed.Ends) -> directed.Ends:
    """The matrix product, as ``numpy.matmul`` has it: each entry's sum is rounded once. By blocks
    of rows, so that not all products are kept at the same time."""
    row, column = a[0].ndim == 1, b[0].ndim == 1
    left = [x[None, :, None] if row else x[..., :, :, None] for x in a]
    right = tuple(x[None, :, None] if column else x[..., None, :, :] for x in b)
    rows = left[0].shape[-3]
    products = np.broadcast(left[0], right[0]).size // max(rows, 1)
    step = max(1, PRODUCTS // max(products, 1))
    blocks = []
    for k in range(0, max(rows, 1), step):
        low, high = (x[..., k : k + step, :, :] for x in left)
        blocks.append(directed.total(directed.multiply((low, high), (right[0], right[1])), -2))
    index = (..., 0 if row else slice(None), 0 if column else slice(None))
    low, high = (np.concatenate([one[side] for one in blocks], axis=-2) for side in (0, 1))
    return np.asarray(low[index]), np.asarray(high[index])


IN_BALLS = {
    "<": (operator.lt, operator.ge), "<=": (operator.le, operator.gt),
    "==": (operator.eq, operator.ne),
}  # fmt: skip
"""What flint's comparison, true only where it is certain, says and what its contrary says."""


def compare(sign: str, a: Operand, b: Operand, how: str) -> Truth:
    """``a sign b`` for all entries, sign one of ``< <= > >= == !=``; in balls too where both have
    them (exact numbers do)."""
    if sign == "!=":
        equal = compare("==", a, b, how)
        return Truth(equal.certainly_false, equal.certainly_true, how)
    if sign[0] == ">":
        sign, a, b = sign.replace(">", "<"), b, a
    _fit("comparison", (a, b))
    low, high, least, most = (*_exact_ends(a), *_exact_ends(b))
    with np.errstate(invalid="ignore"):
        if sign == "==":
            true = (low == high) & (low == least) & (low == most)
            false = (low > most) | (high < least)
        else:
            true = high < least if sign == "<" else high <= least
            false = low >= most if sign == "<" else low > most
    if not np.all(true) and not np.any(false) and (a.balls is not None or b.balls is not None):
        with working_precision(_bits([a, b])):
            x, y = a.in_balls, b.in_balls
            if x is not None and y is not None:
                same, contrary = IN_BALLS[sign]
                true = true | np.asarray(np.frompyfunc(same, 2, 1)(x, y), dtype=np.bool_)
                false = np.frompyfunc(contrary, 2, 1)(x, y)
    return Truth(bool(np.all(true)), bool(np.any(false)), how)


def contained(outer: Operand, inner: Operand) -> bool:
    """Whether every entry of ``inner`` lies in ``outer``'s interval, and ball if it has one."""
    _fit("containment", (outer, inner))
    low, high = _exact_ends(inner)
    with np.errstate(invalid="ignore"):
        if not np.all((outer.ends[0] <= low) & (high <= outer.ends[1])):
            return False
    if outer.balls is None:
        return True

    def inside(ball: Any, other: Any, least: Any, most: Any) -> bool:
        if other is not None and ball.contains(other):
            return True
        if not is_short(ball):
            return not ball.is_finite()
        low, high = exact_interval(ball)
        return bool(low <= least and most <= high)

    with working_precision(_bits([outer, inner])):
        given = outer.balls, np.asarray(inner.in_balls, dtype=object), low, high
        return bool(np.all(np.frompyfunc(inside, 4, 1)(*given)))


def _fit(name: str, operands: Sequence[Operand]) -> None:
    try:
        if name == "matmul":
            np.matmul(*(np.zeros(o.shape) for o in operands))
        else:
            np.broadcast_shapes(*(o.shape for o in operands))
    except ValueError:
        shapes = " and ".join(str(o.shape) for o in operands)
        raise InputError(f"{name}: shapes {shapes} do not fit together") from None


def _exact_ends(a: Operand) -> tuple[Any, Any]:
    return a.ends if a.exact is None else (a.exact, a.exact)


def _bits(operands: Any) -> int:
    kept = [o.balls for o in operands if o.balls is not None]
    longest = max((x.mid().bits() for balls in kept for x in balls.ravel()), default=0)
    return int(min(max(longest, LEAST_BITS), MOST_BITS)) + GUARD


def _ball(number: Any) -> Any:
    from flint import arb, fmpq

    q = Fraction(number)
    return arb(fmpq(q.numerator, q.denominator))


def _cut(balls: Any, lower: directed.Array) -> Any:
    part = np.frompyfunc(lambda x, known: x.nonnegative_part() if known else x, 2, 1)
    return part(balls, lower >= 0)


def _narrowest(low: directed.Array, high: directed.Array, balls: Balls) -> Found:
    """The ends cut to the balls' (a ball that is NaN says nothing; so does an end that is)."""
    ends = [(np.nan, np.nan) if x.is_nan() else float_ends(x) for x in balls.ravel()]
    found = np.array(ends, dtype=np.float64).reshape((*balls.shape, 2))
    return np.fmax(low, found[..., 0]), np.fmin(high, found[..., 1]), balls


def _power(x: Any, y: Any) -> Any:
    return x ** y.mid().unique_fmpz() if y.is_integer() and y.is_exact() else x**y


def _ends_hull(a: directed.Ends, b: directed.Ends) -> directed.Ends:
    return np.minimum(a[0], b[0]), np.maximum(a[1], b[1])


def _ends_intersection(a: directed.Ends, b: directed.Ends) -> directed.Ends:
    low, high = np.fmax(a[0], b[0]), np.fmin(a[1], b[1])
    if np.any(low > high):
        at = np.argwhere(low > high)[0].tolist()
        where = f" at {at}" if at else ""
        raise InputError(f"disjoint{where}: the two cannot enclose the same value")
    return low, high


def _intersection(x: Any, y: Any) -> Any:
    if not (x.is_finite() and y.is_finite()):
        return x if x.is_finite() else y
    try:
        return x.intersection(y)
    except ValueError:
        raise InputError("disjoint balls: the two cannot enclose the same value") from None


Table = dict[str, tuple[Callable[..., directed.Ends], Callable[..., Any] | None]]

ELEMENTWISE: Table = {
    "add": (directed.add, operator.add),
    "subtract": (directed.subtract, operator.sub),
    "multiply": (directed.multiply, operator.mul),
    "divide": (directed.divide, operator.truediv),
    "power": (directed.power, _power),
    "negative": (directed.negative, operator.neg),
    "absolute": (directed.absolute, abs),
    "sqrt": (directed.sqrt, lambda x: x.sqrt()),
    "exp": (directed.exp, lambda x: x.exp()),
    "log": (directed.log, lambda x: x.log()),
    "minimum": (directed.minimum, lambda x, y: x.min(y)),
    "maximum": (directed.maximum, lambda x, y: x.max(y)),
    "hull": (_ends_hull, lambda x, y: x.union(y)),
    "intersection": (_ends_intersection, _intersection),
}
"""By name: on ends, and on balls."""

REDUCTIONS: dict[str, tuple[Callable[..., directed.Ends], Callable[..., Any]]] = {
    "sum": (directed.total, operator.add),
    "min": (lambda a, k: (a[0].min(axis=k), a[1].min(axis=k)), lambda x, y: x.min(y)),
    "max": (lambda a, k: (a[0].max(axis=k), a[1].max(axis=k)), lambda x, y: x.max(y)),
}
