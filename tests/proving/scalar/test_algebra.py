"""Sums: identities keep values, derivatives are derivatives, ranges hold what they enclose."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import count

import pytest
from flint import arb

from gembounds.evaluators.balls.radial import ball
from gembounds.proving.scalar.algebra import Algebra
from gembounds.proving.scalar.enclose import Enclosures
from gembounds.proving.scalar.reading import as_sum
from gembounds.proving.scalar.sums import Sum, TooLong, number, variable
from gembounds.statements import exp, log, real, sqrt
from gembounds.statements.evaluate import Undefined
from gembounds.statements.operations import Operations, Rung
from gembounds.statements.tree import Expr, tree

X, Y = real("x", 0, 1), real("y", 0, 1)
NAMES = ["x", "y"]


def expression(rng: random.Random, depth: int) -> Expr:
    """With a value wherever x and y are in (0, 1]."""
    if depth == 0:
        return rng.choice([X, Y, tree(2), tree(Fraction(1, 3))])
    a, b = expression(rng, depth - 1), expression(rng, depth - 1)
    made: list[Callable[[], Expr]] = [
        lambda: a + b, lambda: a * b, lambda: a / (1 + b), lambda: exp(-a), lambda: log(1 + a),
        lambda: sqrt(a + b), lambda: a - b, lambda: (a - b) ** 2, lambda: X / (X + Y) * a,
        lambda: exp(-b / X), lambda: log(X + 2 * Y) + a,
    ]  # fmt: skip
    return rng.choice(made)()


def value(s: Sum, x: float, y: float) -> float:
    """By floats, atom by atom."""
    at = {"x": x, "y": y}
    total = 0.0
    for t, c in s:
        term = float(c) * (math.exp(value(t.arg, x, y)) if t.arg else 1.0)
        for a, e in t.powers:
            inner = at[a.name] if a.kind == "variable" else value(a.args[0], x, y)
            term *= (math.log(inner) if a.kind == "log" else inner) ** float(e)
        total += term
    return total


@pytest.fixture(params=range(60))
def made(request: pytest.FixtureRequest) -> Iterator[tuple[Expr, Algebra, Sum, random.Random]]:
    for attempt in count(100 * request.param):  # the first that is a sum of a few terms
        rng = random.Random(attempt)
        e, algebra = expression(rng, 3), Algebra(list(NAMES))
        try:
            s = as_sum(e, {k: variable(k) for k in NAMES}, {}, algebra)
            break
        except (TooLong, Undefined):
            continue
    algebra.closed = True
    yield e, algebra, s, rng


Made = tuple[Expr, Algebra, Sum, random.Random]


def holds(algebra: Algebra, x: float, y: float) -> bool:
    """Whether what the value needs is so there."""
    return all(value(s, x, y) > 1e-9 for s, _ in algebra.needs)


def test_derivatives_and_substitution(made: Made) -> None:
    _, algebra, s, rng = made
    slopes = {k: algebra.derivative(s, k) for k in NAMES}
    for _ in range(4):
        x, y = Fraction(rng.randrange(2, 16), 16), Fraction(rng.randrange(2, 16), 16)
        if not holds(algebra, float(x), float(y)):
            continue
        h = 1e-5
        for k, (dx, dy) in (("x", (h, 0.0)), ("y", (0.0, h))):
            ends = [value(s, float(x) + u * dx, float(y) + u * dy) for u in (-1, 1)]
            known = (ends[1] - ends[0]) / (2 * h)
            found = value(slopes[k], float(x), float(y))
            assert found == pytest.approx(known, rel=1e-4, abs=1e-4)
        there = algebra.substituted(s, {"x": number(x)})
        assert value(there, 0.5, float(y)) == pytest.approx(
            value(s, float(x), float(y)), rel=1e-9, abs=1e-9
        )


def test_ranges_hold_the_values(made: Made) -> None:
    _, algebra, s, rng = made
    ops = Operations(Rung("arb", 64, 1))
    with ops.precision():
        enclosures = Enclosures(ops, algebra)
        for _ in range(6):
            box = {}
            for k in NAMES:
                a, b = sorted((Fraction(rng.randrange(17), 16), Fraction(rng.randrange(17), 16)))
                box[k] = (a, b)
            corners = [(x, y) for x in box["x"] for y in box["y"] if x and y]
            inside = [(a + (b - a) * Fraction(rng.randrange(1, 9), 9)) for a, b in box.values()]
            places = [p for p in (*corners, tuple(inside)) if p[0] and p[1]]
            if not all(holds(algebra, float(x), float(y)) for x, y in places):
                continue
            for sharp in (True, False):
                low, high = enclosures.of_sum(s, box, sharp)
                for x, y in places:
                    known = value(s, float(x), float(y))
                    slack = arb(1e-9 * (1 + abs(known)))
                    assert low is None or ball(low) <= known + slack
                    assert high is None or ball(high) >= known - slack


def test_a_base_keeps_its_sign_where_variables_are_put_in() -> None:
    algebra = Algebra(["y", "x"])  # 11/10 - y + x > 0 at the sample, at x = 0 it is not there
    base = number(Fraction(11, 10)) - variable("y").scaled(Fraction(2)) + variable("x")
    s = algebra.power(base, Fraction(-1))
    algebra.closed = True
    there = algebra.substituted(s, {"x": number(0)})
    ops = Operations(Rung("arb", 64, 1))
    with ops.precision():
        ends = (Fraction(1, 4), Fraction(1, 2))
        low, high = Enclosures(ops, algebra).of_sum(there, {"y": ends, "x": (Fraction(0),) * 2})
        assert ball(low) < 1.7 and ball(high) > 9.9
