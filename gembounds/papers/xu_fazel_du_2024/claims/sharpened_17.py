"""Lemma 17 and (26a) sharpened: the best constants, rounded outward in the fourth digit.

    0 < c <= 1/(3d):   E exp(c |x|) <= 1 + (10311/10000) sqrt(d) c,
    (26a)              Pr[|x| >= sqrt(d)/2] >= 617/1000 for every d.

Proofs over all d, and the constants to many digits:
:mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.best_radial`. The first is nearly an equality at
d = 7, c = 1/21, the second at d = 1.
"""

from __future__ import annotations

from gembounds.papers.xu_fazel_du_2024 import families
from gembounds.papers.xu_fazel_du_2024.claims.lemma_17 import lemma_17
from gembounds.papers.xu_fazel_du_2024.domains import DIMENSIONS, dimension
from gembounds.papers.xu_fazel_du_2024.vocabulary import norm_survival
from gembounds.statements import const
from gembounds.statements.best import best
from gembounds.statements.claim import Claim

CLAIMS = (
    lemma_17("lemma-17-sharpened", "10311/10000", form="sharpened", repairs="lemma-17"),
    Claim(
        "eq-26a-sharpened",
        norm_survival(const("radius", "1/2") ** 2 * dimension, dimension)
        >= const("probability", "617/1000"),
        source="proof of Lemma 11, (26)",
        over=DIMENSIONS,
        form="sharpened",
        repairs="eq-26a",
        best={
            "probability": best(
                families.radial_best("inner_probability"),
                "eq-26a-sharpened",
                sharp=True,
                attained=True,
            )
        },
    ),
)
