"""Lemma 12: the gradient's projection on mu, from below; its equality and the two cases.

    <grad_mu Q(mu given mu), mu> = E|psi~|^2
        >= Omega( exp(-8U) pi_min^2 mu_max^4 / (d (1 + mu_max sqrt(d))^2) ).

The equality is (.1). Q(mu' given mu) = E sum_i -psi_i(x|mu) |x - mu'_i|^2/2 as printed, so
grad_{mu'_i} Q = E[psi_i (x - mu'_i)] and the left side is minus what the update rule (3) and
Corollary 10 mean: *a slip of sign in the definition of Q*, which makes the printed equality
false wherever E|psi~|^2 > 0. Repaired: with Q's sign turned, i.e. for
Q = E sum_i psi_i |x - mu'_i|^2/2.
The left side comes from the first moments E[psi_i x], the right from the overlaps.

The inequality (.2) with the explicit constant of the proof, 1/10240000: the smaller of its two
cases.

Case 1 (some k with |mu_k - mu_imax| >= mu_max/2):
    E|psi~|^2 >= exp(-8U) pi_min^2 mu_max^4 / (2560000 d (1 + 2 mu_max sqrt(d))^2).
Case 2 (otherwise), with the constant 2 for both Omegas:
    E|psi~|^2 >= mu_max^2/4 >= 2 exp(-8 mu_max^2) mu_max^4 >= 2 exp(-8U) mu_max^4
        >= 2 exp(-8U) pi_min^2 mu_max^4 / (d (1 + mu_max sqrt(d))^2).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024 import families
from gembounds.papers.xu_fazel_du_2024.claims.corollary_10 import projection, size_of_projection
from gembounds.papers.xu_fazel_du_2024.claims.fact_1 import sign_slip
from gembounds.papers.xu_fazel_du_2024.claims.lemma_11 import FAR, MAPS
from gembounds.papers.xu_fazel_du_2024.claims.lemma_19 import (
    RATIOS,
    SOME_DISTANT,
    has_distant_mean,
    mixtures_with_a_distant_mean,
    some_distant,
)
from gembounds.papers.xu_fazel_du_2024.claims.lemma_20 import HULL, NO_DISTANT
from gembounds.papers.xu_fazel_du_2024.domains import GRADIENTS
from gembounds.points import batches
from gembounds.points.point import Point
from gembounds.statements import (
    SEVERAL,
    Domain,
    S,
    U,
    const,
    d,
    equals,
    exp,
    mean_square,
    mu_max,
    pi_min,
    sqrt,
)
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import Best, best
from gembounds.statements.claim import Claim
from gembounds.statements.tree import Relation

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FAR2 = 400
"""mu_max^2 beyond which the distant means of case 1 are drawn on a line through 0: elsewhere
E|psi~|^2 may be near exp(-mu_max^2/8), out of reach of grids in a plane."""


def mixtures_of_case_1() -> SearchStrategy[Point]:
    """Mixtures with a distant mean; long means, mu_max > 20, are multiples of mu_imax."""
    from hypothesis import strategies as st

    from gembounds.papers.xu_fazel_du_2024.claims.placing import longest, with_multiple
    from gembounds.statements.operations import Operations

    def aligned(drawn: tuple[Point, list[Fraction]]) -> Point:
        mix, ratios = drawn[0].mix, drawn[1]
        ops = Operations()
        if ops.mu_max2(mix) <= FAR2 or len(ops.columns(mix)) == 1:
            return Point(mix)
        imax = longest(mix)[0]
        others = [k for k in range(mix.n) if k != imax]
        for k, ratio in zip(others, ratios, strict=False):
            mix = with_multiple(mix, k, imax, ratio)
        return Point(mix)

    ratio = st.sampled_from([*RATIOS, Fraction(1), Fraction(7, 8)])
    first = st.sampled_from(RATIOS)
    rest = st.lists(ratio, min_size=9, max_size=9)
    ratios = st.tuples(first, rest).map(lambda t: [t[0], *t[1]])
    return st.tuples(mixtures_with_a_distant_mean(), ratios).map(aligned)


CASE_1 = Domain(
    "a distant mean, far ones aligned", has_distant_mean, mixtures_of_case_1, batches.PLAIN,
    some_distant, SOME_DISTANT,
)  # fmt: skip


def lower_bound(claim_id: str, factor: str, inner: int, **more: Any) -> Claim:
    """E|psi~|^2 >= factor exp(-8U) pi_min^2 mu_max^4 / (d (1 + inner mu_max sqrt(d))^2)."""
    proof = "lemma-12.2-sharpened"
    return Claim(
        claim_id,
        mean_square
        >= const("factor", factor)
        * exp(-const("exponent", 8) * U)
        * pi_min**2
        * mu_max**4
        / (d * (1 + const("inner", inner) * mu_max * sqrt(d)) ** 2),
        form="printed",
        maps=MAPS,
        cost=2.0,
        best={
            "factor": best(1, proof, sharp=True, attained=False, family=families.BALANCED),
            "exponent": best("63/500", FAR, limit="1/8", family=families.FAR),
            "inner": best(0, proof, sharp=True, note="The term may be dropped: 0 holds."),
        },
        **more,
    )


def case_2(link: int, name: str, relation: Relation, found: dict[str, Best], **more: Any) -> Claim:
    """A link of the chain of case 2."""
    return Claim(
        f"lemma-12-case-2.{link}",
        relation,
        source=f"proof of Lemma 12, case 2, {name}",
        over=NO_DISTANT,
        form="printed",
        best=found,
        **more,
    )


def decayed_fourth(factor: Any, exponent: Any, square: Any) -> Any:
    return factor * exp(-(exponent * square)) * mu_max**4


SCALAR = "one number t = mu_max^2: t exp(-a t) is largest at t = 1/a"
FACTOR, EXPONENT = const("factor", 2), const("exponent", 8)


def e() -> Any:
    from flint import arb

    return arb(1).exp()


CLAIMS = (
    *sign_slip(
        "lemma-12.1",
        lambda q: equals(q, mean_square),
        projection,
        "Lemma 12, equality",
        (("corollary-10.2",), ()),
        proof=Argument(
            Step("It is the second equality of Corollary 10.", by="corollary-10.2-repaired")
        ),
        over=GRADIENTS,
        scale=size_of_projection,
        cost=4.0,
    ),
    lower_bound(
        "lemma-12.2",
        "1/10240000",
        1,
        source="Lemma 12, inequality, with the constant of its proof",
        over=SEVERAL,
        uses=(
            "lemma-12-case-1",
            "lemma-12-case-2.1",
            "lemma-12-case-2.2",
            "lemma-12-case-2.3",
            "lemma-12-case-2.4",
        ),
        proof=Argument(
            Step(
                "If some k is as in case 1 for some longest mean, the bound of case 1 is at least "
                "that with 1/4 of its factor and (1 + mu_max sqrt(d))^2 in the denominator: "
                "1/10240000 is 1/4 of 1/2560000.",
                by="lemma-12-case-1",
                shows=(1 + 2 * mu_max * sqrt(d)) ** 2 <= 4 * (1 + mu_max * sqrt(d)) ** 2,
            ),
            Step(
                "If not, every mean is within mu_max/2 of each longest one, which is case 2: "
                "E|psi~|^2 is at least the bound with 2 in place of 1/10240000.",
                by=(
                    "lemma-12-case-2.1",
                    "lemma-12-case-2.2",
                    "lemma-12-case-2.3",
                    "lemma-12-case-2.4",
                ),
            ),
        ),
    ),
    lower_bound(
        "lemma-12-case-1",
        "1/2560000",
        2,
        source="proof of Lemma 12, case 1",
        over=CASE_1,
        uses=("lemma-11", "lemma-19"),
        proof=Argument(
            Step(
                "S >= pi_min mu_max^2/8, so S^2 >= pi_min^2 mu_max^4/64.",
                by="lemma-19",
                shows=S**2 >= pi_min**2 * mu_max**4 / 64,
            ),
            Step("Put into the bound of Lemma 11: 64 * 40000 = 2560000.", by="lemma-11"),
        ),
        judges=("psi_tilde_norm2",),
    ),
    case_2(
        1,
        "first inequality",
        mean_square >= const("quarter", "1/4") * mu_max**2,
        {"quarter": best("1/4", HULL, sharp=True, attained=False, family=families.HALF)},
        uses=("lemma-20",),
        proof=Argument(Step("It is Lemma 20.", by="lemma-20")),
        judges=("psi_tilde_norm2",),
        cost=2.0,
    ),
    case_2(
        2,
        "second inequality, constant 2",
        mu_max**2 / 4 >= decayed_fourth(FACTOR, EXPONENT, mu_max**2),
        {
            "factor": best(lambda: 2 * e(), SCALAR, sharp=True, attained=True),
            "exponent": best(lambda: 8 / e(), SCALAR, sharp=True, attained=True),
        },
        proof=Argument(
            Step(
                "t exp(-t) <= 1, as exp(t) >= 1 + t > t; here t = 8 mu_max^2.",
                shows=8 * mu_max**2 * exp(-(8 * mu_max**2)) <= 1,
            ),
            Step("2 exp(-t) mu_max^4 = (mu_max^2/4) t exp(-t) <= mu_max^2/4."),
        ),
    ),
    case_2(
        3,
        "third inequality, constant 2",
        decayed_fourth(2, 8, mu_max**2) >= decayed_fourth(FACTOR, EXPONENT, U),
        {
            "factor": best(2, "U >= mu_max^2; means to 0", sharp=True, attained=False),
            "exponent": best(
                "32/5",
                "U > (5/4) mu_max^2, n = 2 and |mu_2| to mu_max/2",
                sharp=True,
                attained=False,
            ),
        },
        proof=Argument(
            Step(
                "U = sum_i |mu_i|^2 has mu_max^2 among its terms, and exp(-8 u) decreases.",
                shows=U >= mu_max**2,
            ),
        ),
    ),
    case_2(
        4,
        "last inequality, constant 2",
        decayed_fourth(2, 8, U)
        >= decayed_fourth(2, 8, U) * pi_min**2 / (d * (1 + mu_max * sqrt(d)) ** 2),
        {},
        proof=Argument(
            Step(
                "pi_min <= 1 and d (1 + mu_max sqrt(d))^2 >= 1; the left side is not negative.",
                shows=pi_min**2 <= d * (1 + mu_max * sqrt(d)) ** 2,
            ),
        ),
    ),
)
