"""Lemma 17 and (26a) sharpened: the best constants, rounded outward in the fourth digit.

    0 < c <= 1/(3d):   E exp(c |x|) <= 1 + (10311/10000) sqrt(d) c,
    (26a)              Pr[|x| >= sqrt(d)/2] >= 617/1000 for every d.

Proofs over all d, and the constants to many digits: :mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.best_radial`. The first
is nearly an equality at d = 7, c = 1/21, the second at d = 1.
"""

from __future__ import annotations

from fractions import Fraction

from gembounds.papers.xu_fazel_du_2024.old_claims import lemma_11, lemma_17
from gembounds.statements.legacy import Claim

CLAIMS = (
    Claim(
        id="lemma-17-sharpened",
        form="sharpened",
        repairs="lemma-17",
        source="Lemma 17",
        text="0 < c <= 1/(3d): E exp(c |x|) <= 1 + (10311/10000) sqrt(d) c",
        relation="<=",
        lhs=lemma_17.moment,
        rhs=lemma_17.bound,
        domain=lemma_17.in_domain,
        generator=lemma_17.dimensions_and_rates,
        constants={"factor": Fraction(10311, 10000)},
    ),
    Claim(
        id="eq-26a-sharpened",
        form="sharpened",
        repairs="eq-26a",
        source="proof of Lemma 11, (26)",
        text="Pr[|x| >= sqrt(d)/2] >= 617/1000 for every d",
        relation=">=",
        lhs=lemma_11.inner_probability,
        rhs=lemma_11.probability_bound,
        domain=lemma_11.any_dimension,
        generator=lemma_11.dimensions_up_to_a_million,
        constants={"radius": Fraction(1, 2), "probability": Fraction(617, 1000)},
    ),
)
