"""Lemmas 18 and 19 sharpened.

Lemma 18. With m = mu_max and q = m |x|, for any x != 0, any mu, i, j:

    integral_{-1}^{1} psi_i psi_j(tx) dt
        >= pi_i pi_j exp(-(|mu_i|^2 + |mu_j|^2)/2) 2 tanh(q)/q.

What it gives for the printed constants, others as printed: |mu_i|^2/2 + |mu_j|^2/2 <= U, and
2 tanh(q)/q >= 2 (1 - exp(-q))/q, so the 4 of exp(-4U) may be 1, the 4 of (1 - exp(-4q)) may be 1
(with 4q below the fraction's bar too), and the factor 1 stays. All three are best: i = j of a
weight that tends to 0, all other means 0, x to 0; means +-m of equal weights, m to 0 with q to
infinity; mu = 0.

Lemma 19, some k with |mu_k - mu_imax| >= mu_max/2:

    sum_ij pi_i pi_j |mu_i - mu_j|^2 >= (pi_min/4) mu_max^2.

An equality for means m and m/2 of equal weights.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024 import families
from gembounds.papers.xu_fazel_du_2024.claims.lemma_19 import lemma_19
from gembounds.papers.xu_fazel_du_2024.claims.lines import LINES, overlap, pair, x
from gembounds.papers.xu_fazel_du_2024.vocabulary import named, symbol
from gembounds.statements import Expr, const, exp, mu_max, norm
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.claim import Claim
from gembounds.statements.tree import call
from gembounds.values.exact import is_zero, root


def _norm_of(letter: str) -> Expr:
    return named(
        f"norm_at_{letter}", f"|mu_{letter}|", rf"|\mu_{letter}|",
        lambda ops, p: root(ops.norms2(p.mix)[p[letter]]),
        estimate=lambda b: b.norms[np.arange(len(b)), b[letter]],
    )  # fmt: skip


def _tanh_ratio(ops: Any, point: Any, q: Any) -> Any:
    """tanh(q)/q, 1 at q = 0."""
    return 1 if is_zero(q) else ops.ball(q).tanh() / ops.ball(q)


tanh_ratio = symbol(
    "tanh_ratio", "tanh({0})/({0})", r"\frac{\tanh({0})}{{0}}", _tanh_ratio, mixture=False,
    estimate=lambda b, q: np.tanh(q.value) / q.value, meaning="1 at 0",
)  # fmt: skip

decay, rate = const("decay", "1/2"), const("rate", 1)

OPPOSITE_PLACES = Argument(
    Step("Let q = mu_max |x|, a_k = t <x, mu_k>, so that |a_k| <= q |t|, and M(t) = sum_k pi_k "
         "exp(a_k). As exp(-|mu_k|^2/2) <= 1, psi_i(tx) >= pi_i exp(a_i - |mu_i|^2/2)/M(t)."),
    Step("So the values of psi_i psi_j at tx and at -tx multiply to at least (c/(M(t) "
         "M(-t)))^2 with c = pi_i pi_j exp(-(|mu_i|^2 + |mu_j|^2)/2), and their sum at least "
         "2c/(M(t) M(-t)): a + b >= 2 sqrt(ab)."),
    Step("M(t) M(-t) = sum_kl pi_k pi_l exp(a_k - a_l) = sum_kl pi_k pi_l cosh(a_k - a_l) is a "
         "convex function of each a_k in [-q |t|, q |t|], the others fixed, so it is at most "
         "its value for some a_k that are all -q |t| or q |t|."),
    Step("If those with q |t| have the weight p together, that value is 1 + 2p (1-p) "
         "(cosh(2qt) - 1) <= 1 + (cosh(2qt) - 1)/2 = cosh(qt)^2."),
    Step("The left side is the integral over t in [0, 1] of the sum of the values at tx and "
         "-tx: at least 2c times that of 1/cosh(qt)^2, which is tanh(q)/q, and 1 for q = 0."),
)  # fmt: skip

ABOUT_THE_MEAN = Argument(
    Step("Let imax and k be as in the hypothesis. If k is imax it says 0 >= mu_max/2, and both "
         "sides are 0."),
    Step("Else let mbar = sum_i pi_i mu_i: S = 2 sum_i pi_i |mu_i - mbar|^2 >= 2 pi_min "
         "(|mu_imax - mbar|^2 + |mu_k - mbar|^2) >= pi_min |mu_imax - mu_k|^2, as u^2 + v^2 >= "
         "(u + v)^2/2, and that is at least pi_min mu_max^2/4."),
)  # fmt: skip

CLAIMS = (
    Claim(
        "lemma-18-sharpened",
        overlap
        >= const("factor", 1)
        * pair
        * exp(-(decay * (_norm_of("i") ** 2 + _norm_of("j") ** 2)))
        * 2
        * call(tanh_ratio, rate * mu_max * norm(x)),
        source="Lemma 18",
        over=LINES,
        form="sharpened",
        repairs="lemma-18",
        maps=("size and dimension", "separation and weight"),
        cost=2.0,
        best={
            "decay": best(
                "1/2", "lemma-18-sharpened", sharp=True, attained=False, family=families.NEAR_X
            ),
            "rate": best(
                1, "lemma-18-sharpened", sharp=True, attained=False, family=families.FAR_X
            ),
            "factor": best(1, "lemma-18-sharpened", sharp=True, attained=True),
        },
        proof=OPPOSITE_PLACES,
    ),
    lemma_19(
        "lemma-19-sharpened", "1/4", form="sharpened", repairs="lemma-19", proof=ABOUT_THE_MEAN
    ),
)
