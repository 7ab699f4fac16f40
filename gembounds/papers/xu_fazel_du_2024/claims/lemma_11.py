"""Lemma 11, and (26a) of its proof; its other steps are in the files beside this one.

    E|psi~|^2 >= exp(-8U) / (40000 d (1 + 2 mu_max sqrt(d))^2)
                 * (sum_ij pi_i pi_j |mu_i - mu_j|^2)^2

for every mixture; i and j run over all components.

(26a): Pr[|x| >= sqrt(d)/2] >= 1/50 for every d >= 1, the left side a regularised incomplete
gamma function.
"""

from __future__ import annotations

from fractions import Fraction
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
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import GAUSSIAN, MARKOV
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
        proof=Argument(
            Step(
                "E|psi~|^2 >= (1/16) E[(|x| sum_ij <mu_i - mu_j, xbar>^2 I_ij)^2], I_ij the "
                "integral of psi_i psi_j(tx) over [-1, 1].",
                by="eq-24a",
            ),
            Step(
                "That is at least (exp(-8U)/64) E[(sum_ij pi_i pi_j <mu_i - mu_j, xbar>^2 D)^2], "
                "D = (1 - exp(-4 mu_max |x|))/mu_max.",
                by="eq-24b",
            ),
            Step("That is at least the same with the square of the mean.", by="eq-24c"),
            Step(
                "That is at least (exp(-8U)/64) (S (1 - exp(-2 mu_max sqrt(d)))/(50 d mu_max))^2.",
                by="eq-28.1",
            ),
            Step(
                "That is at least the same with 1 - 1/(1 + 2 mu_max sqrt(d)) in place of "
                "1 - exp(-2 mu_max sqrt(d)), and this is the bound.",
                by=("eq-28.2", "eq-28.3"),
            ),
        ),
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
        proof=Argument(
            Step(
                "Pr[|x|^2 < d/4] <= E exp(3 (d/4 - |x|^2)/2) = exp(3d/8) 4^(-d/2) = "
                "(exp(3/8)/2)^d.",
                by=(MARKOV, GAUSSIAN),
                shows=1 - norm_survival(dimension / 4, dimension)
                <= (exp(Fraction(3, 8)) / 2) ** dimension,
            ),
            Step(
                "exp(3/8) <= 3/2, as e^3 < 25 < (3/2)^8.",
                shows=exp(Fraction(3, 8)) <= Fraction(3, 2),
            ),
            Step(
                "So Pr[|x|^2 < d/4] <= (3/4)^d <= 3/4 for d >= 1, and the probability is at least "
                "1/4.",
                shows=norm_survival(dimension / 4, dimension) >= Fraction(1, 4),
            ),
        ),
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
