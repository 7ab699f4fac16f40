"""Beyond the paper: the loss and the gradient against E|psi~|^2, for every mixture.

With F = E|psi~|^2, m = mu_max, D = max_ik |mu_i - mu_k|, Y = sum_i pi_i |mu_i|^2, r the rank of
the differences of the means,

    loss-by-mean-square  L <= (1/2) exp(D^2/4) F <= (1/2) exp(U/2) F,
    loss-from-below      L >= exp(-m^2/2) Y^2 / (4 (r + 2Y)),
    gradient-from-below  |grad L|^2 >= pi_min exp(-m^2/4) F^(3/2) / (sqrt F + sqrt r)  (U > 0).

Flows of this kind were found Lipschitz by Kim and Milman, and by Mikulincer and Shenfeld. As
|mu_i - mu_k|^2 <= 2|mu_i|^2 + 2|mu_k|^2 <= 2U, exp(U/2) serves for exp(D^2/4).

*What the constants can be.* For coincident means L = F/2. The 1/4 is best too: for means a -+ D/2
on the line, weights so that both posteriors are 1/2 at x = 0,

    L = a^2/2 + D^2/8 + log cosh(aD/2) - E log cosh(Dx/2),   F = a^2 + (D^2/4) E tanh(Dx/2)^2,

which is L = (F/2) (1 + D^2/4 + o(D^2)) as a to infinity, D to 0, aD to 0. With another factor a
smaller rate may do: from means M and 0 of equal weights L tends to log 2 while F <= M^2
erfc(M/sqrt 8), so that it is 1/8 at least. For means +-s of equal weights, s to 0, Y = s^2, L =
s^4/4, F = s^4 and |grad L|^2 = s^6/2 to first order: the 4 and the factor 1 are best. From means
M and 0 of equal weights |grad L|^2 <= 8 M^2 Q^2 and F >= M^2 Q/4, Q = Pr[z > M/2] = exp(-M^2/8)
up to powers of M: no rate below 1/16 serves in gradient-from-below.
"""

from __future__ import annotations

from fractions import Fraction

from gembounds.papers.xu_fazel_du_2024 import families
from gembounds.papers.xu_fazel_du_2024.arguments.beyond import (
    BY_MEAN_SQUARE,
    FROM_BELOW,
    GRADIENT,
)
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
        proof=BY_MEAN_SQUARE,
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
        maps=BOTH,
        proof=FROM_BELOW,
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
        maps=BOTH,
        proof=GRADIENT,
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
