"""The loss.

KL(N(0, I) || .) is convex in the mixture, and N(mu_i, I) is at |mu_i|^2/2 from N(0, I):

    L <= sum_i pi_i |mu_i|^2/2.
"""

from fractions import Fraction

from gembounds import Claim, Mixture
from gembounds.points.point import Point
from gembounds.statements import L, Y, const
from gembounds.statements.best import Family, best

COINCIDENT = Family(
    "one component", "|mu_1|",
    lambda quick: [(Fraction(k), Point(Mixture([[k]]))) for k in (1, 2, 4, 8)],
)  # fmt: skip

CLAIMS = (
    Claim("lemma-1", L <= const("factor", "1/4") * Y, source="Lemma 1", expect="refuted"),
    Claim(
        "lemma-1-repaired", L <= const("factor", "1/2") * Y, source="Lemma 1",
        form="repaired", repairs="lemma-1",
        best={"factor": best("1/2", "lemma-1-repaired", sharp=True, attained=True,
                             family=COINCIDENT)},
    ),
)  # fmt: skip
