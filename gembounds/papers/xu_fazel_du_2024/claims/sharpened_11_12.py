"""Lemmas 11 and 12 sharpened, by one argument.

With m = mu_max, S = sum_ij pi_i pi_j |mu_i - mu_j|^2, for every mixture:

    E|psi~|^2 >= exp(-m^2/2) S^2 / (4 (min(n,d) + S)),
    E|psi~|^2 >= exp(-m^2/2) pi_min^2 m^4 / (min(n,d) + 2 pi_min m^2).

What it gives for the printed constants, others as printed: with r = min(n, d), since r + S <=
d + 2 m^2 <= d (1 + 2 m sqrt(d))^2, and r + 2 pi_min m^2 <= d + m^2 <= d (1 + m sqrt(d))^2, the
40000 of Lemma 11 may be 4, its 8 may be 1/2, its 2 may be 0; in Lemma 12 the factor may be 1, the
8 may be 1/2, and the mu_max sqrt(d) may go. The 4 and the 1 are best: means +-s e_k (all of R^d),
s to 0, give F = (s^4/d) (1 + O(s^2)) and S = 2 s^2; means s e_1 and -pi s e_1/(1-pi), of weights
pi and 1-pi, give F/(pi^2 s^4) to 1/(1-pi)^2, s to 0, pi to 0 (F = E|psi~|^2).
"""

from __future__ import annotations

from gembounds.papers.xu_fazel_du_2024 import families
from gembounds.papers.xu_fazel_du_2024.claims.lemma_11 import MAPS
from gembounds.papers.xu_fazel_du_2024.claims.weighted_squares import W
from gembounds.statements import (
    SEVERAL,
    S,
    Y,
    const,
    d,
    exp,
    mean_square,
    minimum,
    mu_max,
    n,
    pi_min,
)
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.claim import Claim

BULK = (
    "From one far mean 1/8 is the least that can hold; the proof bounds E psi_i by its value at "
    "mu_i/2, squared. lemma-11-sharpened-exponent has 63/500, with weaker other constants."
)

decay = exp(-(const("exponent", "1/2") * mu_max**2))
size = pi_min * mu_max**2
least = exp(-(mu_max**2) / 4)

WEIGHTED = Step(
    "W = sum_i E[psi_i] |mu_i|^2 >= exp(-m^2/4) Y, m = mu_max, Y = sum_i pi_i |mu_i|^2, as "
    "every E psi_i >= pi_i exp(-m^2/4).",
    by=("posterior-mass",),
    shows=least * Y <= W,
)


def _by_weighted(w: str, below: Step, end: str) -> Argument:
    return Argument(
        WEIGHTED,
        below,
        Step(f"w^2/(R + 2w), R = min(n, d), rises with w >= 0, so w = exp(-m^2/4) {w} <= W serves "
             f"in E|psi~|^2 >= W^2/(R + 2W): {end}", by=("mean-square-below",)),
    )  # fmt: skip


SPREAD = _by_weighted(
    "S/2",
    Step("S = 2 (Y - |sum_i pi_i mu_i|^2) <= 2Y.", shows=S <= 2 * Y),
    "exp(-m^2/2) (S^2/4)/(R + exp(-m^2/4) S), and exp(-m^2/4) <= 1.",
)
LONGEST = _by_weighted(
    "pi_min m^2",
    Step("Y >= pi_min m^2, by the term of a longest mean alone.", shows=size <= Y),
    "exp(-m^2/2) (pi_min m^2)^2/(R + 2 exp(-m^2/4) pi_min m^2), and exp(-m^2/4) <= 1.",
)

CLAIMS = (
    Claim(
        "lemma-11-sharpened",
        mean_square >= decay * S**2 / (const("denominator", 4) * (minimum(n, d) + S)),
        source="Lemma 11",
        over=SEVERAL,
        form="sharpened",
        repairs="lemma-11",
        maps=MAPS,
        best={
            "denominator": best(
                4, "lemma-11-sharpened", sharp=True, attained=False, family=families.SMALL
            ),
            "exponent": best("1/2", "lemma-11-sharpened", family=families.FAR, note=BULK),
        },
        proof=SPREAD,
    ),
    Claim(
        "lemma-12.2-sharpened",
        mean_square
        >= const("factor", 1) * decay * size**2 / (minimum(n, d) + 2 * pi_min * mu_max**2),
        source="Lemma 12, inequality",
        over=SEVERAL,
        form="sharpened",
        repairs="lemma-12.2",
        cost=2.0,
        maps=MAPS,
        best={
            "factor": best(
                1, "lemma-12.2-sharpened", sharp=True, attained=False, family=families.BALANCED
            ),
            "exponent": best("1/2", "lemma-12.2-sharpened", family=families.FAR, note=BULK),
        },
        proof=LONGEST,
    ),
)
