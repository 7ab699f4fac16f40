"""Lemma 11, and (26a) of its proof; its other steps are in the files beside this one.

    E|psi~|^2 >= exp(-8U) / (40000 d (1 + 2 mu_max sqrt(d))^2)
                 * (sum_ij pi_i pi_j |mu_i - mu_j|^2)^2

for every mixture; i and j run over all components.

(26a): Pr[|x| >= sqrt(d)/2] >= 1/50 for every d >= 1, the left side a regularised incomplete
gamma function.
"""

from __future__ import annotations

from typing import Any

from gembounds.papers.xu_fazel_du_2024 import families
from gembounds.papers.xu_fazel_du_2024.domains import DIMENSIONS, dimension
from gembounds.papers.xu_fazel_du_2024.vocabulary import norm_survival
from gembounds.statements import (
    SEVERAL,
    Expr,
    Relation,
    S,
    U,
    const,
    d,
    exp,
    mean_square,
    mu_max,
    sqrt,
)  # fmt: skip
from gembounds.statements.best import best
from gembounds.statements.claim import Claim
from gembounds.tools.later import Later

best_radial = Later("gembounds.papers.xu_fazel_du_2024.arithmetic.best_radial")

FAR = "lemma-11-sharpened-exponent; one far mean of two, equal weights"
MAPS = ("size and dimension", "separation and weight")


def step(claim_id: str, relation: Relation, where: str, **more: Any) -> Claim:
    """A displayed step of the proof."""
    settings: dict[str, Any] = {"over": SEVERAL, "form": "printed", **more}
    return Claim(claim_id, relation, source=f"proof of Lemma 11, {where}", **settings)


def lemma_bound(exponent: Any, denominator: Any, inner: Any) -> Expr:
    """The right side of the lemma with these constants."""
    root = 1 + inner * mu_max * sqrt(d)
    found: Expr = exp(-(exponent * U)) / (denominator * d * root**2) * S**2
    return found


CLAIMS = (
    Claim(
        "lemma-11",
        mean_square
        >= lemma_bound(const("exponent", 8), const("denominator", 40000), const("inner", 2)),
        source="Lemma 11",
        over=SEVERAL,
        form="printed",
        uses=("eq-24a", "eq-24b", "eq-24c", "eq-28.1", "eq-28.2", "eq-28.3"),
        judges=("psi_tilde_norm2",),
        maps=MAPS,
        best={
            "denominator": best(
                4, "lemma-11-sharpened", sharp=True, attained=False, family=families.SMALL
            ),
            "exponent": best("63/500", FAR, limit="1/8", family=families.FAR),
            "inner": best(
                0, "lemma-11-sharpened", sharp=True, note="The term may be dropped: 0 holds."
            ),
        },
    ),
    step(
        "eq-26a",
        norm_survival(const("radius", "1/2") ** 2 * dimension, dimension)
        >= const("probability", "1/50"),
        "(26)",
        over=DIMENSIONS,
        best={
            "probability": best(
                lambda: best_radial.inner_probability()[0],
                "eq-26a-sharpened",
                sharp=True,
                attained=True,
            ),
            "radius": best(
                1,
                "second moments of |x|^2 - d below 1 in radius, the law of large numbers beyond",
                sharp=True,
                attained=False,
            ),
        },
    ),
)
