"""What several arguments rest on: E|psi~|^2 from below, by the means weighted with E psi_i.

For every mixture, with W = sum_i E[psi_i] |mu_i|^2,

    E psi_i >= pi_i exp(-|mu_i|^2/4),
    E|psi~|^2 >= W^2 / (min(n, d) + 2W).
"""

from __future__ import annotations

from gembounds.statements import (
    d,
    exp,
    expected_posterior,
    mean_square,
    minimum,
    n,
    norms,
    pi,
    sqrt,
    total,
)
from gembounds.statements.argument import Argument, Step
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import CAUCHY_SCHWARZ, GAUSSIAN, JENSEN, STEIN

W = total(expected_posterior * norms**2)
rank = minimum(n, d)

MASS = Argument(
    Step("Let h = log(p_mu/p_0), so that log psi_i(x) = log pi_i + <x, mu_i> - |mu_i|^2/2 - "
         "h(x), and y ~ N(mu_i/2, I), of the density q. As log is concave, log E psi_i = log "
         "E[psi_i(y) p_0(y)/q(y)] >= E log psi_i(y) - KL(q || p_0), and KL(q || p_0) = "
         "|mu_i|^2/8.", by=(JENSEN,)),
    Step("E <y, mu_i> = |mu_i|^2/2, so E log psi_i(y) = log pi_i - E h(y); and E h(y) = KL(q "
         "|| p_0) - KL(q || p_mu) <= |mu_i|^2/8, as a relative entropy is not negative. "
         "Together log E psi_i >= log pi_i - |mu_i|^2/4.", by=(JENSEN,)),
)  # fmt: skip

BELOW = Argument(
    Step("By (8) psi~ = sum_i psi_i mu_i has bounded derivatives and the divergence sum_i "
         "psi_i <mu_i - psi~, mu_i> = sum_i psi_i |mu_i|^2 - |psi~|^2. Stein's identity for "
         "every coordinate: E<psi~, x> = W - F, F = E|psi~|^2.", by=("eq-8", STEIN)),
    Step("psi~ lies in the span of the means, of dimension at most R = min(n, d). With P the "
         "projection onto it, E<psi~, x> = E<psi~, Px> <= sqrt(F E|Px|^2) <= sqrt(R F).",
         by=(CAUCHY_SCHWARZ, GAUSSIAN), shows=W <= mean_square + sqrt(rank * mean_square)),
    Step("So sqrt(F) is at least the root f >= 0 of f^2 + sqrt(R) f = W, which is 2W/(sqrt(R) "
         "+ sqrt(R + 4W)), and the square of the denominator is at most 2 (R + (R + 4W)) = 4 "
         "(R + 2W)."),
)  # fmt: skip

CLAIMS = (
    Claim(
        "posterior-mass",
        expected_posterior >= pi * exp(-(norms**2) / 4),
        source="Lemmas 11 and 12, sharpened",
        form="auxiliary",
        proof=MASS,
    ),
    Claim(
        "mean-square-below",
        mean_square >= W**2 / (rank + 2 * W),
        source="Lemmas 11 and 12, sharpened",
        form="auxiliary",
        proof=BELOW,
    ),
)
