"""Beyond the paper: the loss and the gradient against E|psi~|^2, for every mixture.

Let h = log(p_mu/p_0), so that grad h = psi~ and L = -E h; F = E|psi~|^2, e = E psi~, m = mu_max,
D = max_ik |mu_i - mu_k|, Y = sum_i pi_i |mu_i|^2, W = sum_i E[psi_i] |mu_i|^2, r the rank of the
differences of the means. Then

    loss-by-mean-square  L <= (1/2) exp(D^2/4) F <= (1/2) exp(U/2) F,
    loss-from-below      L >= exp(-m^2/2) Y^2 / (4 (r + 2Y)),
    gradient-from-below  |grad L|^2 >= pi_min exp(-m^2/4) F^(3/2) / (sqrt F + sqrt r)  (U > 0).

*The first.* Under the Ornstein-Uhlenbeck flow p_mu becomes, after a time s, the mixture p_s with
means exp(-s) mu: a component's covariance stays I. Run backwards over [0, T], the probability
flow x' = grad log(p_s/p_0)(x) takes p_T to p_mu; its Jacobian is the posterior covariance of the
means exp(-s) mu_i, at most exp(-2s) D^2/4 in every direction (Popoviciu), so the map that it
makes has a Lipschitz constant of at most exp(D^2 (1 - exp(-2T))/8). p_T has -Hess log p_T >= 1 -
exp(-2T) D^2/4, which is positive for large T, hence (Bakry and Emery) a logarithmic Sobolev
inequality with constant 1/(1 - exp(-2T) D^2/4); a Lipschitz map multiplies that by the square of
its constant; T to infinity leaves exp(D^2/4) for p_mu. It bounds the relative entropy of p_0,
which is L, by half of it times the relative Fisher information E|grad log(p_0/p_mu)|^2 = F.
(That such flows are Lipschitz: Kim and Milman; Mikulincer and Shenfeld.) Last, |mu_i - mu_k|^2
<= 2|mu_i|^2 + 2|mu_k|^2 <= 2U. For coincident means L = F/2.

The 1/4 is best too: for means a -+ D/2 on the line, weights so that both posteriors are 1/2 at x
= 0,

    L = a^2/2 + D^2/8 + log cosh(aD/2) - E log cosh(Dx/2),   F = a^2 + (D^2/4) E tanh(Dx/2)^2,

which is L = (F/2) (1 + D^2/4 + o(D^2)) as a to infinity, D to 0, aD to 0. With another factor a
smaller rate may do: from means M and 0 of equal weights L tends to log 2 while F <= M^2
erfc(M/sqrt 8), so that it is 1/8 at least.

*W and F.* By Stein's identity E<psi~ - e, x> = E div psi~ = W - F. psi~ - e lies in the span of
the differences, so the left side is at most sqrt(r (F - |e|^2)): W <= F + sqrt(r F), and F >=
W^2/(r + 2W), which rises with W. With E psi_i >= pi_i exp(-|mu_i|^2/4)
(:mod:`gembounds.papers.xu_fazel_du_2024.claims.sharpened_11_12`) W >= exp(-m^2/4) Y.

*The second.* The derivative of L(lambda mu) by lambda is <grad L(lambda mu), mu> =
F(lambda mu)/lambda, so L is the integral of F(exp(-s) mu) over s >= 0. There m and Y have the
factors exp(-s) and exp(-2s) and r is the same, so F is at least exp(-4s) exp(-m^2/2) Y^2/(r + 2Y);
the integral of exp(-4s) is 1/4. For means +-s of equal weights, s to 0, Y = s^2 and L = s^4/4 to
first order: the 4 is best.

*The third.* F = <grad L, mu> gives |grad L|^2 >= F^2/U, and pi_min U <= Y <= exp(m^2/4) W <=
exp(m^2/4) (F + sqrt(r F)). The same means +-s attain it to first order (F = s^4, |grad L|^2 =
s^6/2). From means M and 0 of equal weights |grad L|^2 <= 8 M^2 Q^2 and F >= M^2 Q/4, Q =
Pr[z > M/2] = exp(-M^2/8) up to powers of M: no constant below 1/16 serves in place of 1/4.
"""

from __future__ import annotations

from fractions import Fraction

from gembounds.papers.xu_fazel_du_2024 import families
from gembounds.statements import (
    SEVERAL,
    L,
    U,
    Y,
    const,
    diameter,
    exp,
    gradient_norm,
    mean_square,
    mu_max,
    pi_min,
    r,
    sqrt,
)
from gembounds.statements.best import best
from gembounds.statements.claim import Claim

SOURCE = "beyond the paper: losses and gradients"
BOTH = ("size and dimension", "separation and weight")

CLAIMS = (
    Claim(
        "loss-by-mean-square",
        L <= const("factor", "1/2") * exp(const("rate", "1/4") * diameter**2) * mean_square,
        source=SOURCE,
        over=SEVERAL,
        maps=BOTH,
        best={
            "factor": best("1/2", "loss-by-mean-square", sharp=True, attained=True),
            "rate": best(
                "1/4", "loss-by-mean-square", sharp=True, attained=False, family=families.EVEN_AT_0
            ),
        },
    ),
    Claim(
        "loss-from-below",
        L
        >= exp(-(const("rate", "1/2") * mu_max**2)) * Y**2
        / (const("denominator", 4) * (r + const("inner", 2) * Y)),
        U > 0,
        source=SOURCE,
        over=SEVERAL,
        uses=("lemma-11-sharpened",),
        maps=BOTH,
        best={
            "denominator": best(
                4, "loss-from-below", sharp=True, attained=False, family=families.SMALL
            ),
            "rate": best(
                "1/2", "loss-from-below",
                note="The proof bounds E psi_i by its value at mu_i/2, squared, and takes "
                "exp(-m^2/2) out of an integral along which m goes to 0; for far means L is "
                "about a constant, so that a small rate may do.",
            ),
            "inner": best(
                2, "loss-from-below",
                note="F >= W^2/(r + 2W) loses most where W is large, and there exp(-m^2/2) "
                "loses more.",
            ),
        },
    ),
    Claim(
        "gradient-from-below",
        gradient_norm**2
        >= const("factor", 1) * pi_min * exp(-(const("rate", "1/4") * mu_max**2))
        * mean_square ** Fraction(3, 2) / (sqrt(mean_square) + sqrt(r)),
        U > 0,
        source=SOURCE,
        over=SEVERAL,
        uses=("lemma-11-sharpened",),
        maps=BOTH,
        best={
            "factor": best(
                1, "gradient-from-below", sharp=True, attained=False, family=families.SMALL
            ),
            "rate": best(
                "1/4", "gradient-from-below", limit="1/16", family=families.FAR,
                note="The proof uses Cauchy's inequality for <grad L, mu> and bounds E psi_i by "
                "its value at mu_i/2, squared; one far mean asks for 1/16 only.",
            ),
        },
    ),
)  # fmt: skip
