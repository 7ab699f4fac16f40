"""Beyond the paper: the exponent 1/8, which is the best, in Lemma 11's form and in Theorem 2's.

    mean-square-eighth  F >= exp(-U/8) Y^2 / (4 d (1 + 2 m sqrt(d))^5),

F = E|psi~|^2, m = mu_max, Y = sum_i pi_i |mu_i|^2, for every mixture; and from every start, U0 =
U(0), steps eta_s in (0, 2), sigma_t = sum_{s<t} eta_s (2 - eta_s),

    theorem-2-eighth    L(t) <= (U0 / (4 b sigma_t))^(1/2),
                        b = exp(-U0/8) / (4 d (1 + 2 sqrt(d U0))^5).

No exponent below 1/8 serves, whatever polynomial in d and m stands beside it: from means M and 0
of equal weights F <= M^2 erfc(M/sqrt(8)) and U = M^2, and L stays near log 2 for exp(M^2/8)/(eta
M) steps (trap-pair). What lemma-11-sharpened-exponent pays with 63/500 for the second power of 1 +
2 m sqrt(d) is paid here with three more powers; the argument is the same otherwise.
"""

from __future__ import annotations

from gembounds.papers.xu_fazel_du_2024 import families
from gembounds.papers.xu_fazel_du_2024.arguments.beyond import DESCENDS, FALLS
from gembounds.papers.xu_fazel_du_2024.claims.beyond_runs import GRADIENT_RUNS, loss_along, sigma
from gembounds.papers.xu_fazel_du_2024.claims.lemma_11 import MAPS
from gembounds.papers.xu_fazel_du_2024.claims.step import U0
from gembounds.statements import SEVERAL, U, Y, const, d, exp, mean_square, mu_max, sqrt
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import Best, best
from gembounds.statements.claim import Claim

SOURCE = "beyond the paper: the exponent 1/8"
TRAP = "means M and 0 of equal weights (trap-pair)"
POWERS = (
    "The proof takes the second moment of max(0, z - t) by t^-3 and the far means by their "
    "number; what the best power of 1 + 2 m sqrt(d) is, is not known here."
)

CLAIMS = (
    Claim(
        "mean-square-eighth",
        mean_square
        >= exp(-(const("exponent", "1/8") * U)) * Y**2
        / (const("denominator", 4) * d * (1 + 2 * mu_max * sqrt(d)) ** 5),
        source=SOURCE, over=SEVERAL, maps=MAPS,
        best={
            "exponent": best(
                "1/8", "mean-square-eighth", sharp=True, attained=False, family=families.FAR
            ),
            "denominator": Best(note=POWERS),
        },
        proof=Argument(
            Step(
                "Let A be the components with |mu_i|^2 > 32, q their number, Y_A and Y_N = Y - "
                "Y_A the shares of Y. First, Y_N >= Y/2. Let x <= 32 be the largest |mu_i|^2 "
                "outside A. With w = exp(-x/4) Y_N <= sum_i |mu_i|^2 E psi_i, F >= w^2/(d + "
                "2w), and Y_N <= x <= U, m^2 >= x, d >= 1: the claim follows from (1 + 2 "
                "sqrt(x))^5 >= exp(3x/8) (1 + 2x exp(-x/4)). For x <= 1 the right side is at "
                "most (1 + 0.46x)(1 + 2x) <= 1 + 3.4x, the left at least 1 + 10x; on [1, 8], "
                "[8, 16], [16, 24], [24, 28] and [28, 32] the right is at most 80, 1590, 12900, "
                "40700, 171100, the left at least 243, 13000, 59000, 146000, 208000.",
                by=("mean-square-below", "posterior-mass"),
            ),
            Step(
                "Else let k in A have the largest pi_k |mu_k|^2; M = |mu_k|, p = pi_k, l = "
                "log(1/p), M^2 > 32. Y <= 2q p M^2, U >= M^2 + 32 (q-1) and q <= exp(q-1) give "
                "exp(-U/8) Y^2 <= 4 p^2 M^4 exp(-M^2/8 - 2(q-1)), so that the right side of the "
                "claim is at most p^2 M^4 exp(-M^2/8 - 2(q-1))/(d (1 + 2M)^5)."
            ),
            Step(
                "Let l = c M^2 with c <= 2, t = M/2 + l/M. F >= M^2 E max(0, z - t)^2 >= M^2 "
                "(2/t^3)(1 - 6/t^2) phi(t), and t^2 >= 8, (1 + 2M)^5 >= 32 M^5: the quotient of "
                "this and the bound of the step before is at least 6.3 (1/2 + c)^-3 exp(M^2 "
                "c(3-c)/2), which is above 1.",
                by="lemma-11-sharpened-excess",
            ),
            Step(
                "Let l > 2M^2. If q > 1 + M^2/4, E psi_k >= p exp(-M^2/4) >= p exp(1-q). Else E "
                "psi_k = p E 1/Z for x ~ N(mu_k, I), Z = exp(h) = Z_A + Z_N by components, and "
                "Pr[Z <= 9] >= 1/2 by steps 7 to 9 of the argument for "
                "lemma-11-sharpened-exponent, where the exponent does not enter: E psi_k >= "
                "p/18. So w = p M^2 exp(1-q)/18 <= 1 serves in F >= w^2/(d + 2w) >= w^2/(3d), "
                "which is more than the bound of the second step, as (1 + 2M)^5 exp(M^2/8) > "
                "972.",
                by=("mean-square-below", "posterior-mass", "lemma-11-sharpened-exponent"),
            ),
        ),
    ),
    Claim(
        "theorem-2-eighth",
        loss_along
        <= sqrt(
            const("factor", 1) * d * (1 + 2 * sqrt(d * U0)) ** 5 * U0
            * exp(const("exponent", "1/8") * U0) / sigma
        ),
        source=SOURCE, over=GRADIENT_RUNS, cost=2.0,
        best={
            "exponent": best("1/8", f"theorem-2-eighth; {TRAP}", sharp=True, attained=False),
            "factor": Best(note=POWERS),
        },
        proof=Argument(
            FALLS,
            DESCENDS,
            Step(
                "F >= b Y^2 >= 4 b L^2 at every state, b as at the start: mu_max^2 <= U <= U0. So "
                "4 b sigma_t L(t)^2 <= sum_s eta_s (2 - eta_s) F(s) <= U0.",
                by=("mean-square-eighth", "theorem-14"),
            ),
        ),
    ),
)  # fmt: skip
