"""Random inequalities about numbers, many of them nearly equalities, to look for a wrong proof."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

from gembounds.statements import NUMBERS, exp, integer, log, maximum, real, sqrt
from gembounds.statements.claim import Claim
from gembounds.statements.tree import Expr, tree

NUMBERS_IN_IT = ("0", "1", "2", "-1", "1/2", "1/3", "3", "-2")


def expression(rng: random.Random, leaves: list[Expr], depth: int) -> Expr:
    if depth == 0 or rng.random() < 0.15:
        if rng.random() < 0.7:
            return rng.choice(leaves)
        return tree(Fraction(rng.choice(NUMBERS_IN_IT)))
    a = expression(rng, leaves, depth - 1)
    kind = rng.randrange(12)
    if kind < 7:
        b = expression(rng, leaves, depth - 1)
        return (a + b, a - b, a * b, a / b, a + b, a * b, maximum(a, b))[kind]
    if kind == 7:
        return exp(a if rng.random() < 0.5 else -a)
    if kind == 8:
        return log(1 + a) if rng.random() < 0.5 else log(a)
    if kind == 9:
        return sqrt(a) if rng.random() < 0.5 else sqrt(a**2)
    return a ** rng.choice([2, 3, -1, 4, -2]) if kind == 10 else abs(a)


def random_claim(seed: int) -> Claim:
    """With one to three numbers in intervals of every kind; half of them touch somewhere."""
    rng = random.Random(seed)
    pool = [
        real("a", 0, 1), real("b", -1, 1), real("c", "1/3", 2), real("e"), integer("k", 1, 4),
        integer("m", 1), real("g", 0), real("h", None, 0),
    ]  # fmt: skip
    names = rng.sample(pool, rng.randrange(1, 3))
    left = expression(rng, names, rng.randrange(1, 4))
    right = expression(rng, names, rng.randrange(1, 4))
    x = names[0]
    touching: list[Any] = [
        (left, right), (left * x, x * left + x**2 * right**2), (exp(-left), 1 / (1 + left)),
        (left * (1 - left), tree(Fraction(1, 4))), (log(1 + left**2), left**2),
        (2 * left * right, left**2 + right**2), (1 + left, exp(left)), (left, abs(left)),
    ]  # fmt: skip
    a, b = rng.choice(touching)
    if rng.random() < 0.3:
        b = b - Fraction(1, 10 ** rng.randrange(1, 6))
    when: list[Any] = []
    if rng.random() < 0.4:
        y = names[-1]
        when = [
            rng.choice([x > 0, x >= Fraction(1, 2), x * y <= 1, x <= y, x + y >= 0, x**2 <= 2])
        ]
    relation = a < b if rng.random() < 0.2 else a <= b
    return Claim(f"random-{seed}", relation, when, over=NUMBERS)
