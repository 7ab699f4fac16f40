"""(41) and the line before it sharpened: exp(-18 d) in place of exp(-d), and for a longer time.

In the setting of Theorem 7, for every whole t with 0 <= t <= exp(18 d)/(14 sqrt(d) eta), every i:

    |grad_{mu_i} L(mu(t))| <= (9/2) exp(-18 d),  |mu_i(t) - mu_i(0)| <= eta t (9/2) exp(-18 d).

Lemma 15 is not used. The 18 is best: the force at 12 s is exp(-18 d) up to powers of d.
"""

from __future__ import annotations

from typing import Any

from gembounds.papers.xu_fazel_du_2024 import families, numbers
from gembounds.papers.xu_fazel_du_2024.claims.theorem_7 import (
    ON_THE_WAY,
    PATH,
    eta,
    gradients,
    moves,
    n,
    t,
)
from gembounds.papers.xu_fazel_du_2024.domains import dimension, far_draws
from gembounds.papers.xu_fazel_du_2024.vocabulary import ball
from gembounds.statements import NUMBERS, Domain, const, exp, sqrt
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import Best, best
from gembounds.statements.claim import Claim

MOST = 200
"""Largest d drawn (a choice: t has 8 d decimal digits)."""


def _longest(d: int) -> Any:
    return ball(18 * d).exp() / (14 * ball(d).sqrt())


SETTING: dict[str, Any] = {
    "when": (n >= 3, eta > 0, 14 * sqrt(dimension) * eta * t <= exp(18 * dimension)),
    "over": Domain(
        "longer trajectories", NUMBERS.test, far_draws("trajectories", MOST, _longest),
        numbers.TRAJECTORIES, text=ON_THE_WAY.text,
    ),
    "form": "sharpened",
    "cost": 4.0,
    "best": {
        "rate": best(
            18, "eq-41prime-sharpened; d to infinity", sharp=True, attained=False,
            family=families.LONGER,
        ),
        "factor": Best(
            family=families.LONGER,
            note="A constant of a sharpened form, not of the paper; the others of that form hold "
            "it there.",
        ),
    },
}  # fmt: skip

INDUCTION = Argument(
    PATH,
    Step("For a >= 12 s - 1/(3s) a^2 >= 144 d - 8, so F(a) <= sqrt(pi/8) exp(-a^2/8) < "
         "(63/100) exp(1 - 18d) < (9/2) exp(-18d).", by=("pair-force",)),
    Step("By induction a(t) >= 12 s - eta t (9/2) exp(-18d), as that is at least 12 s - 9/(28 "
         "s) > 12 s - 1/(3s) for 14 s eta t <= exp(18d). The largest gradient at time t is "
         "F(a(t))."),
)  # fmt: skip

CLAIMS = (
    Claim(
        "eq-41-sharpened",
        moves <= eta * t * const("factor", "9/2") * exp(-const("rate", 18) * dimension),
        source="proof of Theorem 7, (41), for a longer time",
        repairs="eq-41",
        proof=Argument(
            Step("A mean moves by at most eta times the largest gradient in a step, and that "
                 "is at most (9/2) exp(-18d) at all times up to t.", by=("eq-41prime-sharpened",))
        ),
        **SETTING,
    ),
    Claim(
        "eq-41prime-sharpened",
        gradients <= const("factor", "9/2") * exp(-const("rate", 18) * dimension),
        source="proof of Theorem 7, the line before (41), for a longer time",
        repairs="eq-41prime",
        proof=INDUCTION,
        **SETTING,
    ),
)  # fmt: skip
