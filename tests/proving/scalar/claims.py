"""Scalar statements: true ones, and false ones that nearly hold."""

from __future__ import annotations

from fractions import Fraction

from gembounds.papers.xu_fazel_du_2024.vocabulary import exp_norm, norm_survival
from gembounds.statements import (
    NUMBERS,
    U,
    exp,
    integer,
    log,
    maximum,
    minimum,
    mu_max,
    n,
    pi_min,
    real,
    sqrt,
)  # fmt: skip
from gembounds.statements import (
    d as dim,
)
from gembounds.statements.claim import Claim
from gembounds.statements.tree import Relation, tree

x, y, t, z = real("x", 0, 1), real("y", -1, 1), real("t"), real("z")
d, k = integer("d", 1), integer("k", 1, 20)
free = real("free")


def claim(name: str, relation: Relation, *when: Relation) -> Claim:
    numbers = None if relation.symbols else NUMBERS
    return Claim(name, relation, when, over=numbers)


SHARP = Fraction(10308, 10000)
"""Less than the best factor of Lemma 17, 1.0310..."""

TINY = Fraction(1, 4_000_000)

TRUE = (
    claim("line", exp(x) <= 1 + 2 * x),
    claim("product", x * (1 - x) <= Fraction("1/4")),
    claim("square", (y - Fraction("1/4")) ** 2 >= 0),
    claim("two", x * y <= (x**2 + y**2) / 2 + Fraction("1/20")),
    claim("tail", t * exp(-t) <= Fraction("3/8"), t >= 0),
    claim("log", log(1 + t) <= t, t >= 0),
    claim("rate", exp(-t) <= 1 / (1 + t), t >= 0),
    claim("whole", sqrt(d + 1) - sqrt(d) <= 1 / (2 * sqrt(d))),
    claim("growing", (1 + 1 / d) ** d <= Fraction("2719/1000")),
    claim("finite", k * (21 - k) <= 110),
    claim("between", z * t <= t**2, z >= 0, z <= t, t >= 0),
    claim("negative", exp(z) <= 1, z <= 0),
    claim("everywhere", 2 * free <= 1 + free**2),
    claim("larger", maximum(y, -y) <= 1),
    claim("smaller", minimum(x, 1 - x) <= Fraction("1/2")),
    claim("absolute", abs(y) ** 2 <= 1),
    claim("strict", exp(-t) < 1 + t + Fraction("1/100"), t >= 0),
    claim("weights", pi_min * n <= 1),
    claim("norms", exp(-U) <= exp(-(mu_max**2))),
    claim("mixture", 1 / (1 + mu_max) <= sqrt(dim)),
    claim("survival-3", norm_survival(x, 3) <= 1),
    claim("survival", norm_survival(4 * d, d) <= exp(-Fraction("4/5") * d)),
    claim("growth", exp_norm(z, d) <= 1 + 5 * sqrt(d) * z, z > 0, 3 * d * z <= 1),
)

FALSE = (
    claim("line-", exp(x) <= 1 + Fraction("1718/1000") * x),
    claim("product-", x * (1 - x) <= Fraction("249999/1000000")),
    claim("tail-", t * exp(-t) <= Fraction("3678/10000"), t >= 0),
    claim("log-", log(1 + t) <= Fraction("999/1000") * t, t >= 0),
    claim(
        "narrow", (x - Fraction("1/3")) ** 2 >= Fraction("1/4000000")
    ),  # fails in a width of 1e-3
    claim(
        "narrow-2",
        (x - Fraction("1/3")) ** 2 + (y - Fraction("2/7")) ** 2 >= Fraction("1/4000000"),
    ),
    claim("one", (k - 13) ** 2 >= 1),  # fails at one whole number
    claim("one-", (d - 37) ** 2 >= 1),
    claim("large", d <= 5000),
    claim("large-", log(d) <= 9),
    claim("growing-", (1 + 1 / d) ** d <= Fraction("2718/1000")),
    claim("between-", z * t <= t**2 - z * Fraction("1/100"), z >= 0, z <= t, t >= 0),
    claim("everywhere-", 2 * free <= Fraction("999999/1000000") + free**2),
    claim("touching", exp(-t) < 1 / (1 + t), t >= 0),  # equal at 0
    claim("root", 1 - 2 * x <= sqrt((2 * x - 1) ** 2) - 2 * x),
    claim("bent", sqrt((2 * x - 1) ** 2) <= 1 - 2 * x),
    claim("undefined", log(x) <= 0),  # no value at 0
    claim("divided-root", 1 / sqrt((2 * x - 1) ** 2) >= 1),  # no value at 1/2
    claim("divided", 1 / y >= -2),
    claim("hidden-sign", z >= 1, sqrt(z**2) >= 1),  # z = -1 is in the domain
    claim("only-0", tree(0) >= 1, -x >= 0, x >= 0),  # the condition leaves a face
    claim("only-0-", x >= Fraction("1/2"), x**2 <= 0),
    claim("larger-", maximum(y, -y) <= Fraction("999/1000")),
    claim("later", exp(t) <= 10 * t, t >= 1),  # true at 1, and false from 4 on
    claim("vanishing", x * exp(1 / x) <= 10, x > 0),  # 0 times what is not bounded
    claim("common", x * exp(-t) < 2 * x, t >= 0),  # equal at 0, a common factor
    claim("survival-", norm_survival(4 * d, d) <= exp(-d)),  # true up to d = 16
    claim(
        "sharp-",
        exp_norm(z, d) <= 1 + Fraction("10308/10000") * sqrt(d) * z,
        z > 0,
        3 * d * z <= 1,
    ),
)
"""None of them may be proved."""
