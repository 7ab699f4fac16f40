"""Lemma 15 sharpened, on the domain of its repaired form.

|mu_1|, |mu_2| >= 10 sqrt(d), |mu_3|, ..., |mu_n| <= sqrt(d), n >= 3, pi_1 and pi_2 at most
exp(5d/2) times the largest of pi_3, ..., pi_n; then for every i

    |grad_{mu_i} L| <= 2 (|mu_3| + ... + |mu_n|) + (1/5) exp(-361 d/32) (|mu_1| + |mu_2|).

The rate 361/32 is best: near means 0, far means of norm 10 sqrt(d) and weights at the end of the
condition have E psi_1^2 = exp(-(19 sqrt(d)/4)^2/2) up to powers of d. For the 2 before the near
norms the proof of the repaired form gives 1.
"""

from __future__ import annotations

from gembounds.papers.xu_fazel_du_2024 import families
from gembounds.papers.xu_fazel_du_2024.claims.lemma_9 import GRADIENT_OF_L
from gembounds.papers.xu_fazel_du_2024.claims.lemma_15 import (
    NEAR_THRESHOLD,
    bound,
    gradients,
    outweighed,
)
from gembounds.papers.xu_fazel_du_2024.vocabulary import ball
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.claim import Claim

BY_RATIO = Argument(
    Step("|grad_i L| <= sum_k E[psi_i psi_k] |mu_k| <= sum_k |mu_k| E psi_k. Let k >= 3 have "
         "the largest weight of these, r = |mu_k|, e = exp(-361d/32)/5. As sum_{j >= 3} |mu_j| "
         "E psi_j <= |mu_3| + ... + |mu_n|, it is enough that |mu_i| E psi_i <= e |mu_i| + r/2 "
         "for i = 1, 2.", by=GRADIENT_OF_L),
    Step("Let s = sqrt(d), R = |mu_i| = 10 s + u, u >= 0, D = |mu_i - mu_k| in [R - r, R + r], "
         "r <= s. pi_i <= exp(5d/2) pi_k, so psi_i <= min(1, psi_i/psi_k) <= min(1, exp(D (z - "
         "z0))) with z = <x, mu_i - mu_k>/D standard normal and D z0 = (R^2 - r^2 - 5d)/2 > 0."),
    Step("z0 >= (R - r)/2 - 5d/(2 (R + r)), which rises with R and falls with r: z0 >= (9/2 - "
         "5/22) s > 4.27 s. D - z0 rises with D, so it is at least (R - 3r)/2 + 5d/(2 (R - "
         "r)), which rises with R and falls with r: at least (7/2 + 5/18) s > 3.77 s."),
    Step("E min(1, exp(D (z - z0))) = Pr[z > z0] + exp(D^2/2 - D z0) Pr[z > D - z0], and Pr[z "
         "> t] <= phi(t)/t for t > 0, so it is at most phi(z0) (1/z0 + 1/(D - z0)) < "
         "exp(-z0^2/2) (1/4.27 + 1/3.77)/sqrt(2 pi) < exp(-z0^2/2)/5."),
    Step("z0 >= (R - r)/2 - 5d/(2R) >= (19/4) s + (u - r)/2 > 0, so z0^2/2 >= (361/32) d + "
         "(19/8) s (u - r) and R E psi_i <= e R exp((19/8) s (r - u)) <= e R + e (exp((19/8) s "
         "r) - 1) R exp(-(19/8) s u)."),
    Step("exp((19/8) s r) - 1 <= (r/s) exp(19d/8) as it is convex in r in [0, s], and R "
         "exp(-(19/8) s u) <= 10 s as 1 + u/(10 s) <= exp(u/(10 s)). So the last term is at "
         "most 10 r e exp(19d/8) = 2r exp(-285d/32) < r/2."),
)  # fmt: skip

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
        proof=BY_RATIO,
    ),
)
