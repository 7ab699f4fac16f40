"""What the exponent of Lemma 11 (sharpened) asks of one or two real numbers.

    0 <= x <= 32:   2500 (1 + 2 sqrt(x))^2 >= exp((1/2 - a) x) (1 + 2x exp(-x/4)),    a = 63/500,
    v >= 32, 0 <= c <= 2, t = (1/2 + c) sqrt(v):
                    (2/t^3) (1 - 6/t^2) phi(t) >= exp(-2cv - a v)/10^4,

phi the standard normal density; the second is stated, and decided, by logarithms.
"""

from __future__ import annotations

from fractions import Fraction

from gembounds.papers.xu_fazel_du_2024.vocabulary import circle
from gembounds.statements import NUMBERS, const, exp, log, real, sqrt
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import Best
from gembounds.statements.claim import Claim

EXPONENT = Fraction(63, 500)

x = real("x", 0, 32)
c, v = real("c", 0, 2), real("v", 32)
t = (Fraction(1, 2) + c) * sqrt(v)

INTERVALS = Argument(
    Step("2x exp(-x/4) <= 8/e, and it falls from x = 4 on; exp((1/2 - a) x) = exp(187 x/500)."),
    Step("x <= 16: the right side is below exp(5.984) (1 + 8/e) < 398 * 3.95 < 2500."),
    Step("16 <= x <= 28: it is below exp(10.472) (1 + 32 exp(-4)) < 35400 * 1.59 < 57000, the "
         "left side at least 2500 * 81."),
    Step("28 <= x <= 32: it is below exp(11.968) (1 + 56 exp(-7)) < 157700 * 1.06 < 168000, "
         "the left side at least 2500 (1 + 2 * 5.29)^2 > 335000."),
)  # fmt: skip

LOGARITHMS = Argument(
    Step("t^2/2 = v (1/8 + c/2 + c^2/2), so the left side less the right side is g = "
         "log(20000/sqrt(2 pi)) - 3 log t + log(1 - 6/t^2) + v (1/1000 + c (3-c)/2), with t^2 "
         ">= 8 and log(20000/sqrt(2 pi)) > 8.98."),
    Step("c <= 1: the derivative of g in c is at least -3/(1/2 + c) + v (3/2 - c) >= -6 + 16 > "
         "0, so g is at least its value at c = 0, more than 8.98 - (3/2) log(v/4) + log(1 - "
         "24/v) + v/1000."),
    Step("There, if v <= 100, (3/2) log(v/4) <= (3/2) log 25 < 4.83 and log(1 - 24/v) >= "
         "log(1/4) > -1.39: g > 2.7. If v >= 100, (3/2) log(v/4) - v/1000 is at most its value "
         "at 1500, below 7.4, and log(1 - 24/v) >= log(0.76) > -0.28: g > 1.2."),
    Step("c >= 1: c (3-c)/2 >= 1, t <= (5/2) sqrt(v) and t^2 >= 72, so g > 8.98 - 3 log(5/2) - "
         "(3/2) log v + log(11/12) + v > 6 + v - (3/2) log v > 0."),
)  # fmt: skip

CLAIMS = (
    Claim(
        "lemma-11-exponent-near",
        2500 * (1 + 2 * sqrt(x)) ** 2
        >= exp((Fraction(1, 2) - const("exponent", EXPONENT)) * x) * (1 + 2 * x * exp(-x / 4)),
        source="Lemma 11, the exponent",
        over=NUMBERS,
        form="auxiliary",
        best={"exponent": Best(note="A step's number: its best value was not looked for.")},
        words="0 <= x <= 32",
        proof=INTERVALS,
    ),
    Claim(
        "lemma-11-exponent-far",
        log(2 / t**3) + log(1 - 6 / t**2) - t**2 / 2 - log(2 * circle) / 2
        >= -2 * c * v - const("exponent", EXPONENT) * v - log(10**4),
        source="Lemma 11, the exponent",
        over=NUMBERS,
        form="auxiliary",
        best={"exponent": Best(note="A step's number: its best value was not looked for.")},
        words="0 <= c <= 2, v >= 32",
        proof=LOGARITHMS,
    ),
)
