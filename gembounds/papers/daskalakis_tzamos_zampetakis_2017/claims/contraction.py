"""The contraction: how far a step of EM is from mu, over how far its start was.

For x ~ N(mu, 1)/2 + N(-mu, 1)/2, lambda, mu > 0 and lambda' = E[x tanh(lambda x)], in our
words

    |lambda' - mu| <= exp(-min(lambda, mu)^2/2) |lambda - mu|,

and in R^d, covariance I, <lambda, mu> >= 0, lambda != 0,

    |lambda' - mu| <= exp(-min(<lambda, lambda>, <mu, lambda>)^2/(2 |lambda|^2)) |lambda - mu|.

Both are true. The half in the exponent is best in either: with lambda near mu and both far the
factor is exp(-mu^2/2) up to a power of mu. With a power of m = min(lambda, <mu,
lambda>/|lambda|) beside it more is true, and the constants there are best, too:

    on a line   |lambda' - mu| <= exp(-m^2/2) (1 + (2/pi)^(5/3) m^2)^(-3/2) |lambda - mu|,
    in R^d      |lambda' - mu| <= exp(-m^2/2) (1 + (2/pi) m^2)^(-1/2) |lambda - mu|.

The proofs are those of the best factors. 1/cosh y = E exp(-T y^2/2), T = sum_k (8/(pi^2
(2k-1)^2)) e_k with e_k independent, exponential of mean 1 (Euler's product), so that for z ~
N(0, 1)

    E sech(m z) = E (1 + T m^2)^(-1/2),    E[z^2 sech(m z)] = E (1 + T m^2)^(-3/2).

For q < 0 and f > 0, (E f^q)^(1/q) is superadditive (Minkowski): with f = 1 + T m^2 it is at
least 1 + m^2 (E T^q)^(1/q). As m grows, m E sech(m z) tends to (2 pi)^(-1/2) times the
integral of sech, pi, and m^3 E[z^2 sech(m z)] to (2 pi)^(-1/2) pi^3/4, which are E T^(-1/2)
and E T^(-3/2).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from gembounds.papers.daskalakis_tzamos_zampetakis_2017.pairs import (
    LINE,
    SPACE,
    after,
    before,
    least,
    pair,
)
from gembounds.points.point import Point
from gembounds.statements import const, exp, means
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import Family, best
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import COSH, GAUSSIAN, MINKOWSKI

NEAR = 1 + Fraction(1, 2**30)


def near(quick: bool) -> list[tuple[Fraction, Point]]:
    """lambda just above mu, both growing: u = mu."""
    sizes = (2, 4, 8) if quick else (2, 4, 8, 16, 32)
    return [(Fraction(m), pair(m * NEAR, m)) for m in sizes]


def beside(quick: bool) -> list[tuple[Fraction, Point]]:
    """lambda = (m, 0), mu = (m, 2^-30), m growing."""
    sizes = (2, 4, 8) if quick else (2, 4, 8, 16, 32)
    return [(Fraction(m), pair([m, 0], [m, Fraction(1, 2**30)])) for m in sizes]


LARGE = Family("lambda near mu, both far", "mu", near)
BESIDE = Family("lambda beside mu, both far", "mu", beside)


def power(exponent: Fraction) -> Any:
    """(2/pi)^exponent as a ball, when it is asked for."""

    def value() -> Any:
        from flint import arb, fmpq

        return (2 / arb.pi()) ** arb(fmpq(exponent.numerator, exponent.denominator))

    return value


SOURCE = "contraction {}, in our words"
HALF = const("half", "1/2")
FACTOR = exp(-HALF * least(means))

AS_A_MEAN = Step(
    "sech y = E exp(-T y^2/2) with T = sum_k (8/(pi^2 (2k - 1)^2)) e_k, e_k independent, "
    "exponential "
    "of mean 1, by Euler's product; the mean over z ~ N(0, 1) first: E sech(m z) = E (1 + T "
    "m^2)^(-1/2), E[z^2 sech(m z)] = E (1 + T m^2)^(-3/2).",
    by=(COSH, GAUSSIAN),
)

CLAIMS = (
    Claim(
        "contraction-line",
        after <= FACTOR * before,
        source=SOURCE.format("on a line"),
        over=LINE,
        best={"half": best("1/2", "contraction-line", sharp=True, attained=False, family=LARGE)},
        proof=Argument(
            Step(
                "|lambda' - mu| <= k(m) |lambda - mu|, k(m) = exp(-m^2/2) E[z^2 sech(m z)], m = "
                "min(lambda, mu).",
                by="contraction-line-best",
            ),
            Step("sech <= 1 and E z^2 = 1."),
        ),
    ),
    Claim(
        "contraction",
        after <= FACTOR * before,
        source=SOURCE.format("in R^d"),
        over=SPACE,
        cost=4,
        best={"half": best("1/2", "contraction", sharp=True, attained=False, family=BESIDE)},
        proof=Argument(
            Step(
                "|lambda' - mu| <= exp(-m^2/2) E sech(m z) |lambda - mu|, m = min(|lambda|, <mu, "
                "lambda>/|lambda|).",
                by="contraction-best",
            ),
            Step("sech <= 1."),
        ),
    ),
    Claim(
        "contraction-line-sharpened",
        after * (1 + const("inner", "47/100") * least(means)) ** Fraction(3, 2)
        <= exp(-least(means) / 2) * before,
        source=SOURCE.format("on a line"),
        over=LINE,
        form="sharpened",
        repairs="contraction-line",
        best={
            "inner": best(
                power(Fraction(5, 3)),
                "contraction-line-sharpened",
                sharp=True,
                attained=False,
                family=LARGE,
            )
        },
        proof=Argument(
            Step(
                "|lambda' - mu| <= exp(-m^2/2) E[z^2 sech(m z)] |lambda - mu|.",
                by="contraction-line-best",
            ),
            AS_A_MEAN,
            Step("(E (1 + T m^2)^(-3/2))^(-2/3) >= 1 + m^2 (E T^(-3/2))^(-2/3).", by=MINKOWSKI),
            Step(
                "E T^(-3/2) is the limit of m^3 E[z^2 sech(m z)] (monotone), which is (2 "
                "pi)^(-1/2) "
                "times the integral pi^3/4 of y^2 sech y, so its power -2/3 is (2/pi)^(5/3) >= "
                "47/100."
            ),
        ),
    ),
    Claim(
        "contraction-sharpened",
        after * (1 + const("inner", "63/100") * least(means)) ** Fraction(1, 2)
        <= exp(-least(means) / 2) * before,
        source=SOURCE.format("in R^d"),
        over=SPACE,
        form="sharpened",
        repairs="contraction",
        cost=4,
        best={
            "inner": best(
                power(Fraction(1)),
                "contraction-sharpened",
                sharp=True,
                attained=False,
                family=BESIDE,
            )
        },
        proof=Argument(
            Step(
                "|lambda' - mu| <= exp(-m^2/2) E sech(m z) |lambda - mu|.", by="contraction-best"
            ),
            AS_A_MEAN,
            Step("(E (1 + T m^2)^(-1/2))^(-2) >= 1 + m^2 (E T^(-1/2))^(-2).", by=MINKOWSKI),
            Step(
                "E T^(-1/2) is the limit of m E sech(m z) (monotone), which is (2 pi)^(-1/2) "
                "times "
                "the integral pi of sech, so its power -2 is 2/pi >= 63/100."
            ),
        ),
    ),
)
