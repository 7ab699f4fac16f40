"""The inequality of numbers that (18) quotes: (18c), and what is meant.

    (18c)  exp(1 + x) <= 1 + 2x for all x in [0, 1]

is a slip for exp(x) <= 1 + 2x, its repaired form, which (18b) uses.
"""

from __future__ import annotations

from gembounds.papers.xu_fazel_du_2024 import numbers, slips
from gembounds.papers.xu_fazel_du_2024.claims.theorem_13_sums import attained
from gembounds.papers.xu_fazel_du_2024.vocabulary import ball
from gembounds.statements import NUMBERS, Domain, const, exp, real
from gembounds.statements.argument import Argument, Step
from gembounds.statements.claim import Claim

x = real("x", 0, 1)
UNIT = Domain("unit interval", NUMBERS.test, NUMBERS.draw, numbers.UNIT, text="x in [0, 1]")

CLAIMS = (
    Claim(
        "eq-18c",
        exp(const("shift", 1) + x) <= 1 + const("slope", 2) * x,
        source="proof of Theorem 13, below (18)",
        over=UNIT,
        form="printed",
        slip=slips.EXP_OF_1_PLUS_X,
    ),
    Claim(
        "eq-18c-repaired",
        exp(const("shift", 0) + x) <= 1 + const("slope", 2) * x,
        source="proof of Theorem 13, below (18)",
        over=UNIT,
        form="repaired",
        repairs="eq-18c",
        best={
            "shift": attained(0, "exp is convex; x = 0"),
            "slope": attained(lambda: ball(1).exp() - 1, "exp is convex; x = 1"),
        },
        proof=Argument(
            Step("exp is convex and 1 + 2x linear, so it is enough that it holds at 0, where "
                 "both are 1, and at 1, as e < 3.")
        ),
    ),
)  # fmt: skip
