"""Random trees, points to evaluate them at, and what they mean, by mpmath and nothing of ours."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import mpmath
import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

import gembounds as gb
from gembounds import statements as s
from gembounds.points.point import Point
from gembounds.statements.evaluate import Undefined
from gembounds.statements.tree import Expr, Relation, tree

DIGITS = 60
LARGEST = 1000
"""Beyond this nothing is exponentiated."""

X, C, K = s.vector("x"), s.real("c", -2, 3), s.integer("k", -2, 5)
DELTA = s.displacement("delta")

SCALARS = (s.U, s.S, s.Y, s.mu_max, s.pi_min, s.pi_max, s.n, s.d, s.r, s.diameter, s.L,
           s.mean_square, s.gradient_norm, C, K, s.norm(X), s.const("a", "3/7"), s.J,
           s.data_weight(0), s.norm(s.data_mean(0)))  # fmt: skip
COMPONENTS = (s.norms, s.pi, s.gradient_norms, s.expected_posterior, s.posterior(X), s.norm(DELTA),
              s.dot(X, DELTA), s.gradient_change(DELTA), s.norm(s.em_means),
              s.norm(s.em_means - s.data_mean(0)), s.dot(s.means, s.em_means))  # fmt: skip
PAIRS = (s.overlaps, s.distances, s.at_k(s.pi), s.at_k(s.norms))

NUMBERS = tuple(map(Fraction, ("0", "1", "-1", "2", "1/2", "-1/3", "3", "-7/2", "1/1000", "10")))
EXPONENTS = tuple(map(Fraction, ("-2", "-1", "0", "1/2", "1", "2", "3/2", "-3/2", "1/3", "3")))

UNARY: tuple[Callable[[Any], Expr], ...] = (s.sqrt, s.exp, s.log, abs, lambda x: -x)
BINARY: tuple[Callable[[Any, Any], Expr], ...] = (
    lambda x, y: x + y, lambda x, y: x - y, lambda x, y: x * y, lambda x, y: x / y, s.maximum,
    s.minimum, lambda x, y: x + 2 * y, lambda x, y: y * x,
)  # fmt: skip


@st.composite
def trees(draw: DrawFn, depth: int = 4, leaves: tuple[Expr, ...] = ()) -> Any:
    """Expressions of up to ``depth`` operations one in another, without coordinates."""
    leaves = leaves or (*SCALARS, *COMPONENTS, *PAIRS)
    if depth == 0 or draw(st.integers(0, 9)) == 0:
        if draw(st.integers(0, 3)) == 0:
            return tree(draw(st.sampled_from(NUMBERS)))
        return draw(st.sampled_from(leaves))
    inner = trees(depth - 1, leaves)
    kind = draw(st.integers(0, 7))
    if kind <= 1:
        return draw(st.sampled_from(UNARY))(draw(inner))
    if kind <= 4:
        return draw(st.sampled_from(BINARY))(draw(inner), draw(inner))
    e = draw(inner)
    if kind == 5:
        exponents: st.SearchStrategy[Any] = st.sampled_from(EXPONENTS) | inner
        return e ** draw(exponents)
    if kind == 6 and e.axes == "i":
        return s.at_k(e)
    if not e.axes:
        return s.moved(e, DELTA) if kind == 7 else e
    over = draw(st.sampled_from([e.axes, *e.axes]))
    return draw(st.sampled_from((s.total, s.largest, s.smallest)))(e, over=over)


@st.composite
def relations(draw: DrawFn, depth: int = 3) -> Relation:
    return Relation(
        draw(trees(depth)), draw(st.sampled_from(["<=", ">=", "<", ">", "=="])), draw(trees(depth))
    )


THIRD, HALF = Fraction(1, 3), Fraction(1, 2)

POINTS = (
    Point(
        gb.Mixture([[1, 0], ["-1/2", 1], [0, 0]], ["1/6", "1/3", "1/2"]),
        {"x": (HALF, -THIRD), "c": Fraction(-2), "k": 2,
         "delta": ((THIRD, Fraction(0)), (Fraction(0),) * 2, (HALF, HALF))},
    ),
    Point(
        gb.Mixture([["3/5"], ["-4/5"]]),
        {"x": (Fraction(0),), "c": THIRD, "k": 0, "delta": ((Fraction(1),), (Fraction(-1),))},
    ),
    Point(  # coincident
        gb.Mixture([[1, 1], [1, 1]], ["1/4", "3/4"]),
        {"x": (Fraction(2), Fraction(1)), "c": Fraction(0), "k": -1,
         "delta": ((Fraction(0),) * 2, (Fraction(0),) * 2)},
    ),
    Point(  # over data
        gb.Mixture([["3/5"], ["-4/5"]], ["1/4", "3/4"]),
        {"x": (HALF,), "c": -THIRD, "k": 1, "delta": ((Fraction(1),), (Fraction(2),))},
        gb.Mixture([[-2], [1], [-2]], ["1/2", "1/3", "1/6"]),
    ),
    Point(  # coincident, over data
        gb.Mixture([[1, 1], [1, 1]]),
        {"x": (HALF, HALF), "c": Fraction(2), "k": 0,
         "delta": ((Fraction(0), HALF), (Fraction(0),) * 2)},
        gb.Mixture([[1, 1], [2, 2]]),
    ),
    Point(  # one distribution
        gb.Mixture([[1, 0], ["-1/2", 1], ["-1/2", 1]], ["1/6", "1/3", "1/2"]),
        {"x": (HALF, -THIRD), "c": Fraction(-1), "k": 2, "delta": ((Fraction(0),) * 2,) * 3},
        gb.Mixture([["-1/2", 1], [1, 0]], ["5/6", "1/6"]),
    ),
)  # fmt: skip
"""Points where all that the leaves ask for is certified in no time."""


class TooLarge(Exception):
    """The value is not worth the time, or not told."""


def literal(e: Expr, point: Point) -> Any:
    """The value by mpmath: an object array (n or 1, n or 1, d or 1), axes i, k, c in this order.

    Population quantities are middles of balls of 300 bits, or 0. Raises :class:`Undefined` where
    there is no value, :class:`TooLarge` where more digits change it: what is 0, but for rounding.
    """
    found = []
    for digits in (DIGITS, DIGITS + 15):
        with mpmath.workdps(digits):
            found.append(_literal(e, point))
    with mpmath.workdps(DIGITS):
        for a, b in zip(*(x.ravel() for x in found), strict=True):
            if abs(a - b) > abs(a) * mpmath.mpf(10) ** -40:
                raise TooLarge
    return found[0]


def _literal(e: Expr, p: Point) -> Any:
    a = e.args
    if e.op in ("num", "const"):
        return _cube(_mpf(a[-1]))
    if e.op == "parameter":
        value = p[a[0].name]
        shape = {"": (1, 1, 1), "c": (1, 1, -1), "ic": (p.mix.n, 1, -1)}[e.axes]
        return _each(_mpf, np.array(value, dtype=object).reshape(shape))
    if e.op == "symbol":
        found = SYMBOLS[a[0].name](p, *(_literal(x, p) for x in a[1:]))
        shape = {"": (1, 1, 1), "i": (-1, 1, 1), "ik": (p.mix.n, p.mix.n, 1), "c": (1, 1, -1),
                 "ic": (p.mix.n, 1, -1)}[e.axes]  # fmt: skip
        return _each(_mpf, np.array(found, dtype=object).reshape(shape))
    if e.op == "at_k":
        return _literal(a[0], p).swapaxes(0, 1)
    if e.op == "moved":
        return _literal(a[0], _moved(p, p[a[1].args[0].name]))
    if e.op in ("total", "largest", "smallest"):
        x = _literal(a[0], p)
        axes = tuple("ikc".index(letter) for letter in a[1])
        reduce: Any = {"total": np.sum, "largest": np.max, "smallest": np.min}[e.op]
        return reduce(x, axis=axes, keepdims=True) if axes else x
    return _each(OPERATIONS[e.op], *(_literal(x, p) for x in a))


def _moved(p: Point, delta: Any) -> Point:
    rows = zip(p.mix.exact_means, delta, strict=True)
    means = [[x + y for x, y in zip(u, v, strict=True)] for u, v in rows]
    return Point(gb.Mixture(means, p.mix.exact_weights), p.parameters, p.data)


def _cube(x: Any) -> Any:
    out = np.empty((1, 1, 1), dtype=object)
    out[0, 0, 0] = x
    return out


def _each(f: Callable[..., Any], *arrays: Any) -> Any:
    return np.frompyfunc(f, len(arrays), 1)(*arrays)


def _mpf(x: Any) -> Any:
    return mpmath.mpf(x.numerator) / x.denominator if isinstance(x, (int, Fraction)) else x


def _divided(x: Any, y: Any) -> Any:
    if y == 0:
        raise Undefined
    return x / y


def _power(x: Any, k: Any) -> Any:
    if abs(k) > LARGEST or x == k == 0:  # 1 where the exponent is exactly 0, else not told
        raise TooLarge
    if x == 0 and k != 0:
        return _divided(mpmath.mpf(0), mpmath.mpf(k > 0))
    if x < 0 and k != int(k):
        raise Undefined
    return x ** (int(k) if k == int(k) else k)


def _exponential(x: Any) -> Any:
    if abs(x) > LARGEST:
        raise TooLarge
    return mpmath.exp(x)


def _guarded(f: Callable[[Any], Any], least: float) -> Callable[[Any], Any]:
    def value(x: Any) -> Any:
        if x < 0 or (x == 0 and least):
            raise Undefined
        return f(x)

    return value


OPERATIONS: dict[str, Callable[..., Any]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": _divided,
    "^": _power,
    "neg": lambda x: -x,
    "abs": abs,
    "sqrt": _guarded(mpmath.sqrt, 0),
    "exp": _exponential,
    "log": _guarded(mpmath.log, 1),
    "max": max,
    "min": min,
}


def _middles(found: Any) -> Any:
    def middle(ball: Any) -> Any:
        if ball.contains(0):  # of what is 0: a root would make 1e-20 of its middle
            return mpmath.mpf(0)
        mantissa, exponent = ball.mid().man_exp()
        return mpmath.ldexp(int(mantissa), int(exponent))

    return _each(middle, found.balls)


def _quantity(name: str) -> Callable[[Point], Any]:
    @cache
    def of(means: Any, weights: Any, data: gb.Mixture | None) -> Any:
        mix = gb.Mixture(means, weights)
        return _middles(getattr(gb, name)(mix, data=data, evaluator="arb", bits=300))

    return lambda p: of(p.mix.exact_means, p.mix.exact_weights, p.data)


def _means(p: Point) -> Any:
    return _each(_mpf, np.array(p.mix.exact_means, dtype=object))


def _weights(p: Point) -> Any:
    return _each(_mpf, np.array(p.mix.exact_weights, dtype=object))


def _norms(p: Point) -> Any:
    return _each(mpmath.sqrt, (_means(p) ** 2).sum(axis=1))


def _distances(p: Point) -> Any:
    gap = _means(p)[:, None, :] - _means(p)[None, :, :]
    return _each(mpmath.sqrt, (gap**2).sum(axis=2))


def _spread(p: Point) -> Any:
    return (_weights(p)[:, None] * _weights(p)[None, :] * _distances(p) ** 2).sum()


def _posterior(p: Point, x: Any) -> Any:
    inner = (_means(p) * x[0, 0]).sum(axis=1) - (_means(p) ** 2).sum(axis=1) / 2
    terms = _weights(p) * _each(mpmath.exp, inner)
    return terms / terms.sum()


_gradient = _quantity("gradient")


def _em(p: Point) -> Any:
    return _means(p) - _gradient(p) / SYMBOLS["expected_posterior"](p)[:, None]


def _data(p: Point) -> Any:
    rows: Any = [[Fraction(0)] * p.mix.d] if p.data is None else p.data.exact_means
    return _each(_mpf, np.array(rows, dtype=object))


def _paired(p: Point) -> Any:
    if len(_data(p)) != p.mix.n:
        raise Undefined
    return _data(p)


def _shares(p: Point) -> Any:
    weights = (Fraction(1),) if p.data is None else p.data.exact_weights
    return _each(_mpf, np.array(weights, dtype=object))


def _change(p: Point, _: Any) -> Any:
    after = _gradient(_moved(p, p["delta"]))
    return _each(mpmath.sqrt, ((after - _gradient(p)) ** 2).sum(axis=1))


def _rank(p: Point) -> int:
    means = np.array(p.mix.means)
    return int(np.linalg.matrix_rank(means - means[:1]))


SYMBOLS: dict[str, Callable[..., Any]] = {
    "n": lambda p: p.mix.n,
    "d": lambda p: p.mix.d,
    "r": _rank,
    "pi": _weights,
    "pi_min": lambda p: _weights(p).min(),
    "pi_max": lambda p: _weights(p).max(),
    "norms": _norms,
    "mu_max": lambda p: _norms(p).max(),
    "U": lambda p: (_norms(p) ** 2).sum(),
    "S": _spread,
    "Y": lambda p: (_weights(p) * _norms(p) ** 2).sum(),
    "distances": _distances,
    "diameter": lambda p: _distances(p).max(),
    "L": _quantity("loss"),
    "mean_square": _quantity("psi_tilde_norm2"),
    "overlaps": _quantity("overlaps"),
    "expected_posterior": lambda p: SYMBOLS["overlaps"](p).sum(axis=1),
    "gradient_norms": lambda p: _each(mpmath.sqrt, (_gradient(p) ** 2).sum(axis=1)),
    "gradient_norm": lambda p: mpmath.sqrt((_gradient(p) ** 2).sum()),
    "gradient_change": _change,
    "posterior": _posterior,
    "means": _means,
    "em_means": _em,
    "data_means": _paired,
    "data_mean": lambda p, j: _data(p)[int(j[0, 0, 0])],
    "data_weight": lambda p, j: _shares(p)[int(j[0, 0, 0])],
    "J": lambda p: len(_data(p)),
}
