"""Trees: their axes, what they refuse, and that they are never true or false."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from gembounds.statements import (
    L,
    U,
    at_k,
    const,
    d,
    diameter,
    displacement,
    distances,
    dot,
    equals,
    exp,
    expected_posterior,
    gradient_norms,
    integer,
    largest,
    log,
    maximum,
    mean_square,
    minimum,
    moved,
    mu_max,
    n,
    norm,
    norms,
    overlaps,
    pi,
    posterior,
    real,
    smallest,
    sqrt,
    total,
    vector,
)
from gembounds.statements.tree import Expr, Relation, Symbol, call, tree
from gembounds.tools.errors import InputError

X, C, K, DELTA = vector("x"), real("c", 0, 1), integer("k", 1, 9), displacement("delta")
FREE = call(Symbol("free", "free", "free", lambda ops, p: [1, 2], "*"))

AXES = {
    "": [
        U, L, n, d, diameter, mu_max, C, K, const("a", 2), 2 * U, exp(-U) + 1, -U, abs(U),
        total(norms), largest(pi), smallest(overlaps), total(overlaps), norm(X), dot(X, X),
        total(total(overlaps, over="k")), largest(distances), total(FREE), maximum(U, L),
        moved(U, DELTA),
    ],
    "i": [
        norms, pi, gradient_norms, expected_posterior, pi * U, norms**2 + mu_max, posterior(X),
        total(overlaps, over="k"), norm(DELTA), dot(X, DELTA), moved(norms, DELTA),
        minimum(norms, 1), log(pi), sqrt(norms), 1 / norms,
    ],
    "k": [at_k(norms), at_k(2 * pi), total(overlaps, over="i")],
    "ik": [overlaps, distances, pi * at_k(pi), overlaps / pi, overlaps - at_k(pi),
           norms ** at_k(pi)],
    "c": [X, 2 * X, X * X, total(DELTA, over="i")],
    "ic": [DELTA, DELTA * X, norms * X],
    "*": [FREE, FREE * 2, U * FREE],
}  # fmt: skip


@pytest.mark.parametrize("axes", AXES)
def test_axes_of_expressions(axes: str) -> None:
    for e in AXES[axes]:
        assert e.axes == axes, e


def test_axes_of_relations() -> None:
    assert (U <= 1).axes == "" and (norms <= mu_max).axes == "i"
    assert (overlaps <= pi).axes == (pi >= overlaps).axes == (norms <= at_k(norms)).axes == "ik"
    assert (FREE <= 1).axes == "*"


def test_numbers_stay_exact_and_stand_on_either_side() -> None:
    for one in (1, 1.0, Fraction(1), np.int64(1), np.float64(1), np.float32(1)):
        for e in (one + U, one - U, one * U, one / U):
            assert e.args[0].args == (Fraction(1),) and type(e.args[0].args[0]) is Fraction
            assert e.args[1] is U
        for e in (U + one, U - one, U * one, U / one, U**one):
            assert e.args[0] is U and e.args[1].args == (Fraction(1),)
        relations: tuple[Any, ...] = (one <= U, one >= U, one < U, one > U)
        for relation in relations:  # Python turns these round
            assert relation.lhs is U and relation.rhs.args == (Fraction(1),)
            assert isinstance(relation, Relation)
        assert equals(one, U).lhs.args == (Fraction(1),)
    assert (0.1 * U).args[0].args[0] == Fraction(0.1)
    assert (2**U).op == "^" and (+U) is U
    assert (2 <= U).sign == ">=" and (U >= 2).sign == ">="


SIDES: tuple[Callable[[], Any], ...] = (
    lambda: "1/2" * U,
    lambda: U * "1/2",
    lambda: U <= "1",
    lambda: U + None,
    lambda: U <= float("nan"),
    lambda: U <= float("inf"),
    lambda: U <= [1, 2],
    lambda: U <= np.array([1.0, 2.0]),
    lambda: U <= (U <= 1),
    lambda: (U <= 1) * 2,  # type: ignore[operator]
    lambda: equals(U <= 1, 2),
    lambda: U * exp,
    lambda: mean_square <= mu_max**2 <= 1,
    lambda: 1 < U < 2,
    lambda: (U <= 1) and (U >= 0),
    lambda: not U,
    lambda: [1] if U else [2],
    lambda: U == 1,
    lambda: U != 1,
    lambda: max(U, 1),
    lambda: sum([norms, 1]) if norms == 1 else 0,
    lambda: X <= 1,
    lambda: U >= X,
    lambda: DELTA <= norms,
    lambda: FREE <= norms,
    lambda: FREE * norms,
    lambda: at_k(U),
    lambda: at_k(overlaps),
    lambda: at_k(at_k(norms)),
    lambda: moved(U, X),
    lambda: moved(U, 2 * DELTA),
    lambda: moved(U, 1),  # type: ignore[arg-type]
    lambda: dot(norms, norms),
    lambda: norm(U),
    lambda: total(norms, over="k"),
    lambda: total(overlaps, over="x"),
    lambda: posterior(U),
    lambda: posterior(3),
    lambda: posterior(DELTA),
    lambda: const("", 1),
    lambda: const(1, 1),  # type: ignore[arg-type]
    lambda: const("a", "one"),
    lambda: const("a", float("inf")),
    lambda: real("", 0, 1),
    lambda: real("a b", 0, 1),
    lambda: real("c", 1, 0),
    lambda: real("c", "x", 0),
    lambda: integer("k", "1/3", "2/3"),
    lambda: integer("k", 3, 2),
    lambda: vector(3),  # type: ignore[arg-type]
    lambda: displacement("2"),
    lambda: Relation(U, "=<", L),
    lambda: Relation(U, "!=", L),
)


@pytest.mark.parametrize("made", SIDES, ids=range(len(SIDES)))
def test_what_says_nothing_is_one_line(made: Callable[[], Any]) -> None:
    with pytest.raises((InputError, TypeError)) as error:
        made()
    if error.type is TypeError:  # Python's own, of what knows no trees
        assert "unsupported operand" in str(error.value)
    assert str(error.value).count("\n") == 0 and len(str(error.value)) < 300


def test_chained_comparisons_say_what_to_write() -> None:
    with pytest.raises(InputError, match=r"U > 1 has no truth value.*do not chain.*when=\("):
        1 < U < 2  # noqa: B015
    with pytest.raises(InputError, match=r"write equals\(a, b\)"):
        _ = U == 1
    with pytest.raises(InputError, match="a vector does not compare; take its norm"):
        _ = X <= 1


def test_trees_are_not_iterated_over_nor_compared_by_chance() -> None:
    with pytest.raises(TypeError):
        list(norms)  # type: ignore[call-overload]
    with pytest.raises(TypeError):
        norms[0]  # type: ignore[index]
    assert len({U, L, U}) == 2  # by identity
    assert repr(U <= 1) == "U <= 1" and repr(2 * U) == "2 U"


def test_constants_and_parameters_have_one_value() -> None:
    same = const("a", 2) * U <= const("a", "2") + C * real("c", 0, "1")
    assert same.constants == {"a": 2} and list(same.parameters) == ["c"]
    assert list(same.symbols) == ["U"]
    with pytest.raises(InputError, match="'a' is 2 and 3: rename one"):
        _ = (const("a", 2) * U <= const("a", 3)).constants
    with pytest.raises(InputError, match="two parameters have the name 'c'"):
        _ = (C * U <= real("c", 0, 2)).parameters
    with pytest.raises(InputError, match="two parameters have the name 'x'"):
        _ = (norm(X) <= real("x")).parameters


def test_ends_of_parameters_are_exact() -> None:
    p = real("c", "1/3", 0.5).args[0]
    assert (p.low, p.high, p.kind) == (Fraction(1, 3), Fraction(1, 2), "real")
    assert real("c").args[0].low is None and integer("k", 3).args[0].high is None
    assert real("c", 1, 1).args[0].low == 1


def test_a_walk_meets_every_node() -> None:
    e = exp(-2 * U) + total(norms**2)
    assert [x.op for x in e.walk()] == [
        "+", "exp", "*", "num", "symbol", "total", "^", "symbol", "num",
    ]  # fmt: skip
    assert sum(x.op == "symbol" for x in (U * norms <= U).walk()) == 3
    assert tree(e) is e and isinstance(tree(1), Expr)
