"""Lemmas 18 and 19 sharpened.

Lemma 18. With m = mu_max and q = m |x|, for any x != 0, any mu, i, j:

    integral_{-1}^{1} psi_i psi_j(tx) dt
        >= pi_i pi_j exp(-(|mu_i|^2 + |mu_j|^2)/2) 2 tanh(q)/q.

Proof. Let a_k = <tx, mu_k> and M(t) = sum_k pi_k exp(a_k). Then psi_i(tx) >=
pi_i exp(a_i - |mu_i|^2/2)/M(t), so psi_i psi_j at t and at -t have a geometric mean of at least
pi_i pi_j exp(-(|mu_i|^2 + |mu_j|^2)/2)/(M(t) M(-t)); their sum is at least twice that. M(t) M(-t)
is the mean of cosh(a - a') for two independent draws of a in [-q|t|, q|t|], convex in each, so at
most the value for ends of that interval with chances p and 1-p, p^2 + (1-p)^2 + 2p(1-p) cosh(2qt)
<= cosh(qt)^2. Integrate 2/cosh(qt)^2 over [0, 1].

What it gives for the printed constants, others as printed: |mu_i|^2/2 + |mu_j|^2/2 <= U, and
2 tanh(q)/q >= 2 (1 - exp(-q))/q, so the 4 of exp(-4U) may be 1, the 4 of (1 - exp(-4q)) may be 1
(with 4q below the fraction's bar too), and the factor 1 stays. All three are best: i = j of a
weight that tends to 0, all other means 0, x to 0; means +-m of equal weights, m to 0 with q to
infinity; mu = 0.

Lemma 19, some k with |mu_k - mu_imax| >= mu_max/2:

    sum_ij pi_i pi_j |mu_i - mu_j|^2 >= (pi_min/4) mu_max^2.

Proof. With mbar = sum_i pi_i mu_i the left side is 2 sum_i pi_i |mu_i - mbar|^2 >=
2 pi_min (|mu_imax - mbar|^2 + |mu_k - mbar|^2) >= pi_min |mu_imax - mu_k|^2 (for k = imax both
sides are 0). An equality for means m and m/2 of equal weights.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims import lemma_18, lemma_19
from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations


def tanh_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    """factor pi_i pi_j exp(-decay (|mu_i|^2 + |mu_j|^2)) 2 tanh(q)/q, q = rate m |x|; its limit
    where q = 0."""
    norms = ops.norms2(point.mix)
    weight = constants["factor"] * lemma_18.pair_weight(ops, point)
    square = lemma_18.reach2(ops, point)
    decay = constants["decay"] * (norms[point["i"]] + norms[point["j"]])
    if square == 0 or constants["rate"] == 0:
        return 2 * weight if decay == 0 else ops.exp(-decay) * ops.ball(2 * weight)
    q = ops.ball(constants["rate"]) * ops.sqrt(square)
    return ops.exp(-decay) * ops.ball(2 * weight) * q.tanh() / q


CLAIMS = (
    Claim(
        id="lemma-18-sharpened",
        form="sharpened",
        repairs="lemma-18",
        source="Lemma 18",
        text=(
            "x != 0, q = mu_max |x|: int_-1^1 psi_i(tx) psi_j(tx) dt "
            ">= pi_i pi_j exp(-(|mu_i|^2 + |mu_j|^2)/2) 2 tanh(q)/q"
        ),
        relation=">=",
        lhs=lemma_18.integrated,
        rhs=tanh_bound,
        domain=lemma_18.has_line,
        generator=lemma_18.lines,
        constants={"decay": Fraction(1, 2), "rate": Fraction(1), "factor": Fraction(1)},
        cost=2.0,
    ),
    Claim(
        id="lemma-19-sharpened",
        form="sharpened",
        repairs="lemma-19",
        source="Lemma 19",
        text=(
            "some k with |mu_k - mu_imax| >= mu_max/2: "
            "sum_ij pi_i pi_j |mu_i - mu_j|^2 >= (pi_min/4) mu_max^2"
        ),
        relation=">=",
        lhs=lemma_19.spread,
        rhs=lemma_19.spread_bound,
        domain=lemma_19.has_distant_mean,
        generator=lemma_19.mixtures_with_a_distant_mean,
        constants={"factor": Fraction(1, 4)},
    ),
)
