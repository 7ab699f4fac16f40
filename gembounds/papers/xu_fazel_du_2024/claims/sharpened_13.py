"""Theorem 13 sharpened under its printed condition: no sqrt(d), and the best factor of mu_max^2.

With m = mu_max, D = max_k |delta_k|, |delta_i| <= 1/max(6d, 2 |mu_i|), the left side of (7) is

    (a)  at most (1 + 4 m^2) sum_k |delta_k|,
    (b)  at most n m (30 sqrt(d) + (101/400) m) D + sum_k |delta_k|.

What it gives for the repaired form, other constants as printed: by (a) its root may be 0, as
sum_k |delta_k| <= nD, and not less (pi_i to 1, delta_i alone, then m to 0); by (b) its mean may
be 101/400, and not less than 1/4: two equal means m on the line, equal weights, delta_1 =
-delta_2, mD to 0, m to infinity.
"""

from __future__ import annotations

from gembounds.papers.xu_fazel_du_2024 import families
from gembounds.papers.xu_fazel_du_2024.claims.lemma_9 import GRADIENT_OF_L
from gembounds.papers.xu_fazel_du_2024.claims.theorem_13 import (
    LOGITS,
    MAPS,
    MOVED,
    MOVES_LITTLE,
    bound,
    change,
    largest_shift,
    sum_of_shifts,
)
from gembounds.statements import const, mu_max
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import Best, best
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import CAUCHY_SCHWARZ, CONCENTRATION, STEIN
from gembounds.statements.tree import Expr

OWN = "A constant of a sharpened form, not of the paper; the others of that form hold it there."


SUM = Argument(
    LOGITS,
    Step("Let m = mu_max and p = psi_i. The difference of the gradients is sum_k E[psi_i "
         "psi_k] delta_k at s = 1, and the integral over s of the mean of T' for T = p tau, "
         "tau = sum_k psi_k mu_k (these mu_k do not move): T' = p (l_i - lbar) tau + p sum_k "
         "psi_k l_k (mu_k - tau).", by=GRADIENT_OF_L),
    Step("|tau| <= m, |mu_k - tau| <= 2m (1 - psi_k) and l_i - lbar = (1-p) l_i - sum_{j != i} "
         "psi_j l_j. So |T'| <= m sum_j c_j |l_j|, c_i = p (1-p) (1+2p) and c_j = p y (3-2y), "
         "y = psi_j <= 1-p. Both are at most max_q q (1-q) (1+2q) < 53/100, at q = (1 + "
         "sqrt(7))/6."),
    Step("E|l_j| <= |delta_j| (4/5 + m + sD), D = max_k |delta_k| <= 1/6, as E|z| = sqrt(2/pi) "
         "< 4/5 for z standard normal. So |delta_j| comes with a factor of at most E[psi_i "
         "psi_j] + (53/100) m (4/5 + 1/12 + m). For j != i psi_i psi_j <= 1/4, and this is "
         "below 1 + 4m^2. For j = i the first term is at most 1, and this is below 1 + 4m^2 if "
         "m >= 7/50."),
    Step("Let m < 7/50, j = i, delta_i not 0, q = 1 - p^2, and q_1 its value at s = 1. The "
         "factor of |delta_i| is at most 1 - E q_1 and the integral over s of m E[c_i (|z| + m "
         "+ D)], z = <x, delta_i>/|delta_i|; and c_i = q p (1+2p)/(1+p) <= 3q/2."),
    Step("Every |l_k| <= B = |x|/(6d) + 3/50, as (m + D)/6 < 3/50. |q'| = 2p^2 |l_i - lbar| <= "
         "4B p^2 (1-p) <= 2Bq. So q <= q_1 exp(2B (1-s)), whose integral over s is at most q_1 "
         "g, g = (1 + exp(2B))/2, as exp is convex."),
    Step("With v = |z| + 31/100 and y - 1 <= y^2/4 for y = (3/2) m g v, the factor is at most "
         "1 + E[q_1 (y - 1)] <= 1 + (9/16) m^2 E[g^2 v^2] <= 1 + (9/16) m^2 (E g^4 E "
         "v^4)^(1/2).",
         by=(CAUCHY_SCHWARZ,)),
    Step("E v^4 = 3 + 4 (31/100) 2 E|z| + 6 (31/100)^2 + 4 (31/100)^3 E|z| + (31/100)^4 < 5.7. "
         "g^4 <= (1 + exp(8B))/2, and with c = 4/(3d) E exp(8B) = exp(12/25) E exp(c |x|) <= "
         "exp(12/25 + c sqrt(d) + c^2/2) <= exp(12/25 + 4/3 + 8/9) < 15, as |x| has Lipschitz "
         "constant 1 and a mean of at most sqrt(d). So E g^4 < 8, and (9/16) (8 * 5.7)^(1/2) < "
         "4.",
         by=(CONCENTRATION,)),
)  # fmt: skip

MEAN = Argument(
    Step("Let m = mu_max, s0 = sqrt(d), D = max_k |delta_k| <= 1/(6d) <= s0/6. If m <= 52 s0, "
         "the bound without a condition is at most (77/100) m s0 (1 + 52 + 1/12) D + D, and "
         "(77/100) (53 + 1/12) < 60 <= 30n.", by=("theorem-13-sharpened",)),
    LOGITS,
    Step("Let y = m/s0 > 52. With p = psi_i, m_s = m + sD, nu_k = mu_k + s delta_k and tau = "
         "sum_k psi_k nu_k, grad_i L at mu + s delta is E[p tau], and its derivative in s the "
         "mean of three terms: p sum_k psi_k delta_k, p (l_i - lbar) tau and p sum_k psi_k "
         "(l_k - lbar) (nu_k - tau). The first is at most sum_k |delta_k|.", by=GRADIENT_OF_L),
    Step("|l_i - lbar| <= 2 (1-p) B, B = D (|x| + m_s), and |tau| <= m_s: the second is at "
         "most B m_s/2. The third is at most B sqrt(V), V = sum_k psi_k |nu_k - tau|^2 = sum_k "
         "psi_k |nu_k|^2 - |tau|^2, the divergence of tau in x: E V = E<tau, x> <= m_s s0.",
         by=("eq-8", STEIN, CAUCHY_SCHWARZ)),
    Step("E(|x| + m_s)^2 <= (s0 + m_s)^2. So with Y = m_s/s0 the means of both are at most D "
         "(s0 + m_s) (m_s/2 + sqrt(m_s s0)) = D d (1 + Y) (Y/2 + sqrt(Y)).",
         by=(CAUCHY_SCHWARZ,)),
    Step("sqrt(Y) <= (9/2000) Y + 500/9 and Y <= y + 1/6, so (1 + Y) (Y/2 + sqrt(Y)) <= (7/6 + "
         "y) ((1009/2000) y + 56) < (101/200) y^2 + 60 y for y > 52, and D d times that is at "
         "most n m (30 s0 + (101/400) m) D, as n >= 2."),
)  # fmt: skip


def _sharpened(
    name: str, place: str, right: Expr, known: dict[str, Best], proof: Argument
) -> Claim:
    return Claim(
        name,
        change <= right,
        when=MOVES_LITTLE,
        source=f"Theorem 13, (7) and (14), {place}",
        over=MOVED,
        form="sharpened",
        repairs="theorem-13",
        maps=MAPS,
        best=known,
        proof=proof,
    )


CLAIMS = (
    _sharpened(
        "theorem-13-sharpened-sum",
        "without d",
        (1 + const("mean", 4) * mu_max**2) * sum_of_shifts,
        {"mean": Best(note=OWN)},
        SUM,
    ),
    _sharpened(
        "theorem-13-sharpened-mean",
        "the factor of mu_max^2",
        bound(largest_shift, "101/400"),
        {
            "mean": best("101/400", "theorem-13-sharpened-mean", limit="1/4", family=families.FRO),
            "root": best(30, "theorem-13-sharpened-mean", note=OWN),
        },
        MEAN,
    ),
)
