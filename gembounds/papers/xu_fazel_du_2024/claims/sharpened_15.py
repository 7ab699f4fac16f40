"""Lemma 15 sharpened, on the domain of its repaired form.

|mu_1|, |mu_2| >= 10 sqrt(d), |mu_3|, ..., |mu_n| <= sqrt(d), n >= 3, pi_1 and pi_2 at most
exp(5d/2) times the largest of pi_3, ..., pi_n; then for every i

    |grad_{mu_i} L| <= 2 (|mu_3| + ... + |mu_n|) + (1/5) exp(-361 d/32) (|mu_1| + |mu_2|).

Proof. Let s = sqrt(d), k the component of that largest weight, r = |mu_k|, R = 10 s + u the norm
of a far mean mu_i, D = |mu_i - mu_k|. psi_i <= min(1, exp(D (z - z0))) with z ~ N(0, 1) and D z0
= (R^2 - r^2 - 5d)/2. R - r <= D <= R + r gives z0 >= 4.27 s and D - z0 >= 3.77 s, so by Mills'
ratio E min(1, exp(D(z - z0))) <= exp(-z0^2/2) (1/z0 + 1/(D - z0))/sqrt(2 pi) <= exp(-z0^2/2)/5.
Also z0 >= (R - r)/2 - 5d/(2R) >= (19/4) s - r/2 + u/2, hence z0^2/2 >= (361/32) d - (19/8) s r +
(17/8) s u. So E psi_i R <= e R + e (exp(19 s r/8) - 1) R exp(-17 s u/8) with e = exp(-361
d/32)/5; the middle factor is at most (r/s) exp(19 d/8) by convexity, and R exp(-17 s u/8) <= 10
s, so the last term is at most 10 r exp(-8d) <= r/2. The sum over both far means and sum_{k >= 3}
|mu_k| E psi_k <= |mu_3| + ... + |mu_n| is the bound.

The rate 361/32 is best: near means 0, far means of norm 10 sqrt(d) and weights at the end of the
condition have E psi_1^2 = exp(-(19 sqrt(d)/4)^2/2) up to powers of d. For the 2 before the near
norms the proof of the repaired form gives 1.
"""

from __future__ import annotations

from gembounds.papers.xu_fazel_du_2024 import families
from gembounds.papers.xu_fazel_du_2024.claims.lemma_15 import (
    NEAR_THRESHOLD,
    bound,
    gradients,
    outweighed,
)
from gembounds.papers.xu_fazel_du_2024.vocabulary import ball
from gembounds.statements.best import best
from gembounds.statements.claim import Claim

CLAIMS = (
    Claim(
        "lemma-15-sharpened",
        gradients <= bound(2, "1/5", "361/32"),
        source="Lemma 15",
        over=outweighed(),
        form="sharpened",
        repairs="lemma-15",
        cost=4.0,
        best={
            "near": best(
                lambda: 1 + 20 * (-ball(8)).exp(),
                "the proof of lemma-15-sharpened: both far means add at most 20 r exp(-8d); "
                "n = 3, mu_3 not 0 and d to infinity",
                limit=1,
            ),
            "far": best(
                "1/5", "lemma-15-sharpened", family=families.SHORT_PAIR, note=NEAR_THRESHOLD
            ),
            "rate": best(
                "361/32", "lemma-15-sharpened", sharp=True, attained=False, family=families.PAIR
            ),
        },
    ),
)
