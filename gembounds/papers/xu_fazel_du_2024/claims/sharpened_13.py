"""Theorem 13 sharpened under its printed condition: no sqrt(d), and the best factor of mu_max^2.

With m = mu_max, D = max_k |delta_k|, |delta_i| <= 1/max(6d, 2 |mu_i|), the left side of (7) is

    (a)  at most (1 + 4 m^2) sum_k |delta_k|,
    (b)  at most n m (30 sqrt(d) + (101/400) m) D + sum_k |delta_k|.

Along mu + s delta, 0 <= s <= 1, the logits have the derivatives l_k = <x - mu_k - s delta_k,
delta_k>, and psi_k' = psi_k (l_k - sum_j psi_j l_j). Write p = psi_i; z is a standard normal
number.

Proof of (a). The difference of the gradients is sum_k P_ik delta_k, at s = 1, and the integral
of the derivative of E sum_k psi_i psi_k mu_k (these mu_k do not move, psi~ below is made of
them), which is p (l_i - sum_j psi_j l_j) psi~ + p sum_k psi_k l_k (mu_k - psi~). By |psi~| <= m
and |mu_k - psi~| <= 2m (1 - psi_k) that is at most m sum_j c_j |l_j|, with c_i = p (1-p) (1+2p)
<= 53/100 and, for j not i, c_j = p y (3-2y) <= 53/100, y = psi_j <= 1-p. E|l_j| <= |delta_j|
(4/5 + m + sD) and D <= 1/6. So |delta_j| has a coefficient of at most 1/4 + (53/100) m (4/5 +
1/12 + m) < 1 + 4 m^2; |delta_i| has 1 for the 1/4, which is as good if m >= 0.14. If m < 0.14
its coefficient is E p^2 at s = 1, that is 1 - E q_1 with q = 1 - p^2, and the integral over s of
m E c_i (|z| + m + sD). Here c_i <= 3q/2, and |q'| <= 2Bq with B = |x|/(6d) + 0.06, more than
every |l_k|, so q <= q_1 exp(2B(1-s)), whose integral is at most q_1 g, g = (1 + exp(2B))/2. With
v y <= 1 + (v y)^2/4 the sum is at most 1 + (9/16) m^2 E g^2 (|z| + 0.31)^2, by Cauchy at most 1
+ (9/16) m^2 (8.0 * 5.7)^(1/2) < 1 + 4 m^2: g^4 <= (1 + exp(8B))/2, and E exp(c|x|) <= exp(c
sqrt(d) + c^2/2), |x| being 1-Lipschitz, c = 4/(3d).

Proof of (b). Where m <= 52 sqrt(d) the sharpened form beside this one is enough, as (77/100)(1 +
52 + 1/12) < 60 <= 30 n. Else let y = m/sqrt(d) > 52, m_s = m + sD; now mu_k moves too, and psi~
with it. The derivative of grad_i is E p sum_k psi_k delta_k, at most sum_k |delta_k|, and the
two terms above with mu_k + s delta_k. The first is at most (1/2) m_s D (|x| + m_s), p (1-p)
being 1/4 at most. The second is at most D (|x| + m_s) sqrt(V), V = sum_k psi_k |mu_k + s delta_k
- psi~|^2 = div psi~, whose mean is E<psi~, x> <= m_s sqrt(d). So with Y = m_s/sqrt(d) <= y + 1/6
both are at most D d (1 + Y) (Y/2 + sqrt(Y)) <= D d y (y/2 + 1.005 sqrt(y) + 0.81), and the last
bracket is below 60 + (101/200) y <= n (30 + (101/400) y).

What it gives for the repaired form, other constants as printed: by (a) its root may be 0, as
sum_k |delta_k| <= nD, and not less (pi_i to 1, delta_i alone, then m to 0); by (b) its mean may
be 101/400, and not less than 1/4: two equal means m on the line, equal weights, delta_1 =
-delta_2, mD to 0, m to infinity.
"""

from __future__ import annotations

from gembounds.papers.xu_fazel_du_2024 import families
from gembounds.papers.xu_fazel_du_2024.claims.theorem_13 import (
    MAPS,
    MOVED,
    MOVES_LITTLE,
    bound,
    gradient_change,
    largest_shift,
    sum_of_shifts,
)
from gembounds.statements import const, mu_max
from gembounds.statements.best import Best, best
from gembounds.statements.claim import Claim
from gembounds.statements.tree import Expr

OWN = "A constant of a sharpened form, not of the paper; the others of that form hold it there."


def _sharpened(name: str, place: str, right: Expr, known: dict[str, Best]) -> Claim:
    return Claim(
        name,
        gradient_change <= right,
        when=MOVES_LITTLE,
        source=f"Theorem 13, (7) and (14), {place}",
        over=MOVED,
        form="sharpened",
        repairs="theorem-13",
        uses=("lemma-9.2-repaired",),
        maps=MAPS,
        best=known,
    )


CLAIMS = (
    _sharpened(
        "theorem-13-sharpened-sum",
        "without d",
        (1 + const("mean", 4) * mu_max**2) * sum_of_shifts,
        {"mean": Best(note=OWN)},
    ),
    _sharpened(
        "theorem-13-sharpened-mean",
        "the factor of mu_max^2",
        bound(largest_shift, "101/400"),
        {
            "mean": best("101/400", "theorem-13-sharpened-mean", limit="1/4", family=families.FRO),
            "root": best(30, "theorem-13-sharpened-mean", note=OWN),
        },
    ),
)
