"""Lemma 12: the gradient's projection on mu, from below; its equality and the two cases.

    <grad_mu Q(mu given mu), mu> = E|psi~|^2
        >= Omega( exp(-8U) pi_min^2 mu_max^4 / (d (1 + mu_max sqrt(d))^2) ).

The equality is (.1). Q(mu' given mu) = E sum_i -psi_i(x|mu) |x - mu'_i|^2/2 as printed, so
grad_{mu'_i} Q = E[psi_i (x - mu'_i)] and the left side is minus what the update rule (3) and
Corollary 10 mean: *a slip of sign in the definition of Q*, which makes the printed equality
false wherever E|psi~|^2 > 0. Repaired: with Q's sign turned, i.e. for
Q = E sum_i psi_i |x - mu'_i|^2/2. Proof: then grad_{mu_i} Q = E[psi_i (mu_i - x)], and Stein's
identity with grad psi_i = psi_i (mu_i - psi~) gives E[psi_i x] = E[psi_i (mu_i - psi~)], hence
grad_{mu_i} Q = E[psi_i psi~] and sum_i <grad_{mu_i} Q, mu_i> = E<psi~, psi~>.
The left side comes from the first moments E[psi_i x], the right from the overlaps.

The inequality (.2) with the explicit constant of the proof, the smaller of its two cases:
case 1 gives 1/2560000 with (1 + 2 mu_max sqrt(d))^2 <= 4 (1 + mu_max sqrt(d))^2, so 1/10240000;
case 2 gives mu_max^2/4 >= 2 exp(-8 mu_max^2) mu_max^4 by exp(-t) t <= 1 at t = 8 mu_max^2, and
pi_min^2/(d (1 + ..)^2) <= 1, so 2. Constant 1/10240000.

Case 1 (some k with |mu_k - mu_imax| >= mu_max/2):
    E|psi~|^2 >= exp(-8U) pi_min^2 mu_max^4 / (2560000 d (1 + 2 mu_max sqrt(d))^2).
Case 2 (otherwise), with the constant 2 for both Omegas:
    E|psi~|^2 >= mu_max^2/4 >= 2 exp(-8 mu_max^2) mu_max^4 >= 2 exp(-8U) mu_max^4.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims.corollary_10 import (
    literal_projection,
    repaired_projection,
    size_of_projection,
)
from gembounds.papers.xu_fazel_du_2024.old_claims.fact_1 import mixtures_for_gradients
from gembounds.papers.xu_fazel_du_2024.old_claims.lemma_11 import (
    mixtures_of_all_shapes,
    posterior_mean_square,
)
from gembounds.papers.xu_fazel_du_2024.old_claims.lemma_19 import (
    has_distant_mean,
    mixtures_with_a_distant_mean,
)
from gembounds.papers.xu_fazel_du_2024.old_claims.lemma_20 import (
    has_no_distant_mean,
    mixtures_around_a_mean,
)
from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants, has_mixture

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

QUARTER = Fraction(1, 4)
CASE_2 = {"exponent": Fraction(8), "factor": Fraction(2)}

FAR2 = 400
"""mu_max^2 beyond which the distant means of case 1 are drawn on a line through 0: elsewhere
E|psi~|^2 may be near exp(-mu_max^2/8), out of reach of grids in a plane."""


def mixtures_of_case_1() -> SearchStrategy[Point]:
    """Mixtures with a distant mean; long means, mu_max > 20, are multiples of mu_imax."""
    from hypothesis import strategies as st

    from gembounds.papers.xu_fazel_du_2024.old_claims.lemma_19 import RATIOS
    from gembounds.papers.xu_fazel_du_2024.old_claims.placing import longest, with_multiple
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


def bound(ops: Operations, point: Point, constants: Constants) -> Any:
    """factor exp(-8U) pi_min^2 mu_max^4 / (d (1 + inner mu_max sqrt(d))^2)."""
    mix = point.mix
    top = ops.mu_max2(mix)
    if top == 0:
        return Fraction(0)
    root = 1 + ops.ball(constants["inner"]) * ops.sqrt(top * mix.d)
    scale = constants["factor"] * (ops.pi_min(mix) * top) ** 2 / mix.d
    return ops.exp(-constants["exponent"] * ops.U(mix)) * ops.ball(scale) / root**2


def quarter_square(ops: Operations, point: Point, constants: Constants) -> Fraction:
    return constants["quarter"] * ops.mu_max2(point.mix)


def half_of_chain(ops: Operations, point: Point, constants: Constants) -> Fraction:
    """mu_max^2/4, as the middle of case 2 reads it."""
    return QUARTER * ops.mu_max2(point.mix)


def decayed_fourth(ops: Operations, point: Point, constants: Constants) -> Any:
    """factor exp(-8 mu_max^2) mu_max^4."""
    top = ops.mu_max2(point.mix)
    return ops.exp(-constants["exponent"] * top) * ops.ball(constants["factor"] * top**2)


def decayed_fourth_of_chain(ops: Operations, point: Point, constants: Constants) -> Any:
    return decayed_fourth(ops, point, CASE_2)


def decayed_by_sum(ops: Operations, point: Point, constants: Constants) -> Any:
    """factor exp(-8U) mu_max^4."""
    top = ops.mu_max2(point.mix)
    decay = ops.exp(-constants["exponent"] * ops.U(point.mix))
    return decay * ops.ball(constants["factor"] * top**2)


DISTANT = "some k with |mu_k - mu_imax| >= mu_max/2: "
NONE_DISTANT = "every k with |mu_k - mu_imax| < mu_max/2: "

CLAIMS = (
    Claim(
        id="lemma-12.1",
        source="Lemma 12, equality",
        text="<grad_mu Q(mu given mu), mu> = E|psi~|^2, Q = E sum_i -psi_i |x - mu'_i|^2/2",
        relation="==",
        lhs=literal_projection,
        rhs=posterior_mean_square,
        domain=has_mixture,
        generator=mixtures_for_gradients,
        scale=size_of_projection,
        uses=("corollary-10.2",),
        cost=4.0,
    ),
    Claim(
        id="lemma-12.1-repaired",
        form="repaired",
        repairs="lemma-12.1",
        source="Lemma 12, equality, Q with its sign turned",
        text="<grad_mu Q(mu given mu), mu> = E|psi~|^2, Q = E sum_i psi_i |x - mu'_i|^2/2",
        relation="==",
        lhs=repaired_projection,
        rhs=posterior_mean_square,
        domain=has_mixture,
        generator=mixtures_for_gradients,
        scale=size_of_projection,
        uses=("corollary-10.2-repaired",),
        cost=4.0,
    ),
    Claim(
        id="lemma-12.2",
        source="Lemma 12, inequality, with the constant of its proof",
        text="E|psi~|^2 >= exp(-8U) pi_min^2 mu_max^4 / (10240000 d (1 + mu_max sqrt(d))^2)",
        relation=">=",
        lhs=posterior_mean_square,
        rhs=bound,
        domain=has_mixture,
        generator=mixtures_of_all_shapes,
        constants={
            "exponent": Fraction(8),
            "factor": Fraction(1, 10240000),
            "inner": Fraction(1),
        },
        uses=("lemma-12-case-1", "lemma-12-case-2.1", "lemma-12-case-2.2", "lemma-12-case-2.3"),
        cost=2.0,
    ),
    Claim(
        id="lemma-12-case-1",
        source="proof of Lemma 12, case 1",
        text=DISTANT
        + ("E|psi~|^2 >= exp(-8U) pi_min^2 mu_max^4 / (2560000 d (1 + 2 mu_max sqrt(d))^2)"),
        relation=">=",
        lhs=posterior_mean_square,
        rhs=bound,
        domain=has_distant_mean,
        generator=mixtures_of_case_1,
        constants={
            "exponent": Fraction(8),
            "factor": Fraction(1, 2560000),
            "inner": Fraction(2),
        },
        uses=("lemma-11", "lemma-19"),
        cost=2.0,
    ),
    Claim(
        id="lemma-12-case-2.1",
        source="proof of Lemma 12, case 2, first inequality",
        text=NONE_DISTANT + "E|psi~|^2 >= mu_max^2/4",
        relation=">=",
        lhs=posterior_mean_square,
        rhs=quarter_square,
        domain=has_no_distant_mean,
        generator=mixtures_around_a_mean,
        constants={"quarter": QUARTER},
        uses=("lemma-20",),
        cost=2.0,
    ),
    Claim(
        id="lemma-12-case-2.2",
        source="proof of Lemma 12, case 2, second inequality, constant 2",
        text=NONE_DISTANT + "mu_max^2/4 >= 2 exp(-8 mu_max^2) mu_max^4",
        relation=">=",
        lhs=half_of_chain,
        rhs=decayed_fourth,
        domain=has_no_distant_mean,
        generator=mixtures_around_a_mean,
        constants=CASE_2,
    ),
    Claim(
        id="lemma-12-case-2.3",
        source="proof of Lemma 12, case 2, third inequality, constant 2",
        text=NONE_DISTANT + "2 exp(-8 mu_max^2) mu_max^4 >= 2 exp(-8U) mu_max^4",
        relation=">=",
        lhs=decayed_fourth_of_chain,
        rhs=decayed_by_sum,
        domain=has_no_distant_mean,
        generator=mixtures_around_a_mean,
        constants=CASE_2,
    ),
)
