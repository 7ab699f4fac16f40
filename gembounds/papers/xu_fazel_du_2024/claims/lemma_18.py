"""Lemma 18 and its displayed steps (12), (13): overlaps on a line through 0, from below.

    any x != 0, any mu, i, j:
        integral_{-1}^{1} psi_i(tx) psi_j(tx) dt
            >= pi_i pi_j exp(-4U) (1 - exp(-4 mu_max |x|)) / (2 mu_max |x|),
    (12)  psi_i(tx) >= pi_i exp(-2 mu_max (|tx| + mu_max)),
    (13)  integral psi_i psi_j(tx) dt >= integral pi_i pi_j exp(-4 mu_max (|tx| + mu_max)) dt
              = pi_i pi_j exp(-4 mu_max^2) 2 integral_0^1 exp(-4 mu_max |x| t) dt >= the bound.

Where mu_max = 0 the bound is 0/0 and its limit 2 pi_i pi_j is meant: all psi_i are pi_i, and the
sides are equal. The third link is an equality where only one mean is not 0 (U = mu_max^2).
"""

from __future__ import annotations

from gembounds.papers.xu_fazel_du_2024 import families
from gembounds.papers.xu_fazel_du_2024.claims.lines import (
    LINES,
    PLACES,
    decay_on_line,
    decay_to_1,
    integral_of_bound,
    mean_decay,
    overlap,
    pair,
    pi_i,
    posterior_at,
    t,
    x,
)
from gembounds.papers.xu_fazel_du_2024.vocabulary import means
from gembounds.statements import U, at_k, const, equals, exp, mu_max, norm
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import CAUCHY_SCHWARZ
from gembounds.statements.tree import call, tree

decay, rate, factor = const("decay", 4), const("rate", 4), const("factor", 1)
bound = factor * pair * exp(-decay * U)
middle = pair * exp(-(4 * mu_max**2)) * 2 * call(decay_to_1, 4 * mu_max * norm(x))

ONE_MEAN = "U >= mu_max^2; one mean not 0"
POINTWISE = "psi_i/pi_i >= exp(-2 mu_max |tx| - mu_max^2/2); near mu = 0, also with |x| far"
SHARPENED = "lemma-18-sharpened"
BEST = {
    "decay": best(1, SHARPENED, sharp=True, attained=False, family=families.NEAR_X),
    "rate": best(1, SHARPENED, sharp=True, attained=False, family=families.FAR_X),
}

DISTANCES = norm(t * x - means) ** 2
"""|t x - mu_i|^2."""

CLAIMS = (
    Claim(
        "lemma-18",
        overlap >= bound * 2 * call(mean_decay, rate * mu_max * norm(x)),
        source="Lemma 18",
        over=LINES,
        form="printed",
        uses=("eq-13.1", "eq-13.2", "eq-13.3"),
        maps=("size and dimension", "separation and weight"),
        cost=2.0,
        best={**BEST, "factor": best(1, SHARPENED, sharp=True, attained=True)},
        proof=Argument(
            Step("The chain (13): its last link ends with the right side, (1 - exp(-q))/(2 "
                 "mu_max |x|) = 2 (1 - exp(-q))/q for q = 4 mu_max |x|.",
                 by=("eq-13.1", "eq-13.2", "eq-13.3"))
        ),
    ),
    Claim(
        "eq-12",
        call(posterior_at, t * x)
        >= pi_i * exp(-(const("rate", 2) * mu_max * (norm(t * x) + mu_max))),
        source="proof of Lemma 18, (12)",
        over=PLACES,
        form="printed",
        judges=("psi",),
        uses=("eq-12-exponent",),
        best={"rate": best(2, POINTWISE, sharp=True, attained=False)},
        proof=Argument(
            Step("With y = tx, psi_i(y) = pi_i / sum_k pi_k exp(<y, mu_k - mu_i> + |mu_i|^2/2 "
                 "- |mu_k|^2/2): both are divided by the numerator's exponential."),
            Step("Each exponent is at most 2 mu_max |y| + mu_max^2/2 <= 2 mu_max (|y| + "
                 "mu_max), as |mu_k - mu_i| <= 2 mu_max; so is the logarithm of the mean over "
                 "k."),
        ),
    ),
    Claim(
        "eq-12-exponent",
        DISTANCES - at_k(DISTANCES) <= 4 * mu_max * (norm(t * x) + mu_max),
        source="proof of Lemma 18, (12), the exponents, doubled",
        over=PLACES,
        form="printed",
        proof=Argument(
            Step("With y = tx the left side is 2 <y, mu_k - mu_i> + |mu_i|^2 - |mu_k|^2, at "
                 "most 4 mu_max |y| + mu_max^2.", by=CAUCHY_SCHWARZ)
        ),
    ),
    Claim(
        "eq-13.1",
        overlap
        >= factor * pair * exp(-decay * mu_max**2) * call(decay_on_line, rate * mu_max * norm(x)),
        source="proof of Lemma 18, (13), first inequality",
        over=LINES,
        form="printed",
        uses=("eq-12",),
        cost=2.0,
        proof=Argument(
            Step("Multiply (12) for i and for j, and integrate over t in [-1, 1]: |tx| = |t| "
                 "|x|.",
                 by=("eq-12",))
        ),
        best={**BEST, "factor": best(1, POINTWISE, sharp=True, attained=True)},
    ),
    Claim(
        "eq-13.2",
        equals(integral_of_bound, middle),
        source="proof of Lemma 18, (13), equality",
        over=LINES,
        form="printed",
        cost=2.0,
        proof=Argument(
            Step("exp(-4 mu_max^2) does not depend on t, and exp(-4 mu_max |x| |t|) is even in "
                 "t.")
        ),
    ),
    Claim(
        "eq-13.3",
        middle >= bound * 2 * call(mean_decay, 4 * mu_max * norm(x)),
        source="proof of Lemma 18, (13), last inequality",
        over=LINES,
        form="printed",
        decided_by=tree(1) >= factor * exp(4 * mu_max**2 - decay * U),
        identity="divided by the left side, of which the integral is a factor on the right",
        best={
            "factor": best(1, ONE_MEAN, sharp=True, attained=True),
            "decay": best(4, ONE_MEAN, sharp=True, attained=True),
        },
        proof=Argument(
            Step("int_0^1 exp(-q t) dt = (1 - exp(-q))/q for q = 4 mu_max |x| > 0, and 1 for q "
                 "= 0, which is the limit that the right side has there."),
            Step("mu_max^2 is one of the terms of U, so exp(-4 mu_max^2) >= exp(-4 U).",
                 shows=mu_max**2 <= U),
        ),
    ),
)  # fmt: skip
