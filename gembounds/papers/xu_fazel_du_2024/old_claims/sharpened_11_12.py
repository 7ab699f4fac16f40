"""Lemmas 11 and 12 sharpened, by one argument.

With m = mu_max, S = sum_ij pi_i pi_j |mu_i - mu_j|^2, for every mixture:

    E|psi~|^2 >= exp(-m^2/2) S^2 / (4 (min(n,d) + S)),
    E|psi~|^2 >= exp(-m^2/2) pi_min^2 m^4 / (min(n,d) + 2 pi_min m^2).

Proof. Let F = E|psi~|^2, Y = sum_i pi_i |mu_i|^2, W = sum_i E[psi_i] |mu_i|^2 and r <= min(n,d)
the dimension of the span of the means. Stein's identity gives E<psi~, x> = E div psi~ = W - F,
and psi~ sees x in the span only, so W - F <= sqrt(r F), hence F >= W^2/(r + 2W), which rises
with W. For y ~ N(mu_i/2, I) the Gibbs variational principle gives log E psi_i >=
E log psi_i(y) - |mu_i|^2/8, and E log psi_i(y) = log pi_i + |mu_i|^2/2 - |mu_i|^2/2 -
E log(p_mu/p_0)(y) >= log pi_i - |mu_i|^2/8, because E log(p_mu/p_0)(y) is the relative entropy
of y to N(0, I), which is |mu_i|^2/8, less that to p_mu. So E psi_i >= pi_i exp(-|mu_i|^2/4) and
W >= exp(-m^2/4) Y. The two forms follow from Y >= S/2 and from Y >= pi_min m^2.

What it gives for the printed constants, others as printed: since r + S <= d + 2 m^2 <=
d (1 + 2 m sqrt(d))^2, and r + 2 pi_min m^2 <= d + m^2 <= d (1 + m sqrt(d))^2, the 40000 of
Lemma 11 may be 4, its 8 may be 1/2, its 2 may be 0; in Lemma 12 the factor may be 1, the 8 may be
1/2, and the mu_max sqrt(d) may go. The 4 and the 1 are best: means +-s e_k (all of R^d), s to 0,
give F = (s^4/d) (1 + O(s^2)) and S = 2 s^2; means s e_1 and -pi s e_1/(1-pi), of weights pi and
1-pi, give F/(pi^2 s^4) to 1/(1-pi)^2, s to 0, pi to 0.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims.lemma_11 import (
    mixtures_of_all_shapes,
    posterior_mean_square,
    weighted_spread,
)
from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants, has_mixture

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations


def spread_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    """exp(-exponent m^2) S^2 / (denominator (min(n,d) + S))."""
    mix = point.mix
    spread = weighted_spread(ops, mix)
    if spread == 0:
        return Fraction(0)
    scale = spread**2 / (constants["denominator"] * (min(mix.n, mix.d) + spread))
    return ops.exp(-constants["exponent"] * ops.mu_max2(mix)) * ops.ball(scale)


def weight_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    """factor exp(-exponent m^2) (pi_min m^2)^2 / (min(n,d) + 2 pi_min m^2)."""
    mix = point.mix
    size = ops.pi_min(mix) * ops.mu_max2(mix)
    if size == 0:
        return Fraction(0)
    scale = constants["factor"] * size**2 / (min(mix.n, mix.d) + 2 * size)
    return ops.exp(-constants["exponent"] * ops.mu_max2(mix)) * ops.ball(scale)


CLAIMS = (
    Claim(
        id="lemma-11-sharpened",
        form="sharpened",
        repairs="lemma-11",
        source="Lemma 11",
        text=(
            "S = sum_ij pi_i pi_j |mu_i - mu_j|^2: "
            "E|psi~|^2 >= exp(-mu_max^2/2) S^2 / (4 (min(n,d) + S))"
        ),
        relation=">=",
        lhs=posterior_mean_square,
        rhs=spread_bound,
        domain=has_mixture,
        generator=mixtures_of_all_shapes,
        constants={"exponent": Fraction(1, 2), "denominator": Fraction(4)},
    ),
    Claim(
        id="lemma-12.2-sharpened",
        form="sharpened",
        repairs="lemma-12.2",
        source="Lemma 12, inequality",
        text=("E|psi~|^2 >= exp(-mu_max^2/2) pi_min^2 mu_max^4 / (min(n,d) + 2 pi_min mu_max^2)"),
        relation=">=",
        lhs=posterior_mean_square,
        rhs=weight_bound,
        domain=has_mixture,
        generator=mixtures_of_all_shapes,
        constants={"exponent": Fraction(1, 2), "factor": Fraction(1)},
        cost=2.0,
    ),
)
