"""Lemma 17 (appendix): an exponential moment of the norm of a Gaussian vector.

    0 < c <= 1/(3d):   E exp(c |x|) <= 1 + 5 sqrt(d) c,      x ~ N(0, I_d).

The left side is Kummer's closed form of the chi law's moment generating function. Nothing but d
and c enters.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024 import families, numbers
from gembounds.papers.xu_fazel_du_2024.domains import dimension
from gembounds.papers.xu_fazel_du_2024.vocabulary import exp_norm
from gembounds.points.point import Point
from gembounds.statements import NUMBERS, Domain, const, exp, real, sqrt
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import CONCENTRATION

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

c = real("c")

INSIDE = (c > 0, 3 * dimension * c <= 1)


def dimensions_and_rates() -> SearchStrategy[Point]:
    """d from 1 to 10^6; c from 1/(3d) itself down to 1e-100 of it."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import dimensions, positive

    return st.tuples(dimensions(), positive(smallest_exponent=100)).map(
        lambda t: Point(parameters={"d": t[0], "c": t[1] / (3 * t[0])})
    )


RATES = Domain("rates", NUMBERS.test, dimensions_and_rates, numbers.RATES)


def lemma_17(claim_id: str, factor: Any, **more: Any) -> Claim:
    """The lemma with a factor in place of 5."""
    return Claim(
        claim_id,
        exp_norm(c, dimension) <= 1 + const("factor", factor) * sqrt(dimension) * c,
        when=INSIDE,
        source="Lemma 17",
        over=RATES,
        maps=("dimension and rate",),
        best={
            "factor": best(
                families.radial_best("exponential_moment"),
                "lemma-17-sharpened",
                sharp=True,
                attained=True,
                family=families.BY_DIMENSION,
            )
        },
        **more,
    )


CONCENTRATED = Argument(
    Step("|x| has Lipschitz constant 1 and a mean of at most sqrt(d): E exp(c |x|) <= exp(q), "
         "q = c sqrt(d) + c^2/2.", by=CONCENTRATION,
         shows=exp_norm(c, dimension) <= exp(c * sqrt(dimension) + c**2 / 2)),
    Step("c <= 1/(3d), so q <= (7/6) c sqrt(d) <= 7/18, and exp(q) <= 1 + 2q <= 1 + (7/3) c "
         "sqrt(d).", by="eq-18c-repaired",
         shows=c * sqrt(dimension) + c**2 / 2 <= Fraction(7, 6) * c * sqrt(dimension)),
)  # fmt: skip

CLAIMS = (lemma_17("lemma-17", 5, form="printed", uses=("eq-9", "eq-11b"), proof=CONCENTRATED),)
