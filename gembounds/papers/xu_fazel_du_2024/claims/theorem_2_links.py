"""Theorem 2: inner links of the chains of its proof, each with the constants of the whole chain.

At every state mu of :mod:`gembounds.papers.xu_fazel_du_2024.claims.step`, m = mu_max(0), g = grad
L(mu), P_ik = E[psi_i psi_k], eta at most what the theorem allows, c = 1/10240000 (Lemma 12's):

    before (30)   mu_max <= sqrt(n) m,
    before (32)   eta n m <= 1/max(6d, 2 |mu_i|) for every i,
    (32), third   sum_ik |g_i| |g_k| <= n^2 |g|^2,
    (32), last    4 n^2 m^2 + 30 sqrt(d) n^(3/2) m + n^2 <= 20 sqrt(d) n^2 (m^2 + 1),
    (34), second  sqrt(U) <= n mu_max,
    (38), inner   sum_i (sum_k P_ik |mu_k|)^2 <= U,
    after (38)    U(mu(t+1)) <= U - eta c exp(-8U(0)) pi_min^2 / (n^2 d (1 + m sqrt(nd))^2) U^2
                                + eta^2 U,
    case b)       U < U(0)/2 implies U(mu(t+1)) <= (1 + eta^2) U <= 2U.

The others follow from these and from claims of their own; the inventory says which. The last two
are stated less U, by (36) repaired.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from gembounds.papers.xu_fazel_du_2024.claims.states import ALLOWED, STATES
from gembounds.papers.xu_fazel_du_2024.claims.step import LEMMA_12, U0, eta, m0, root_of_start
from gembounds.papers.xu_fazel_du_2024.claims.theorem_2_potential import change
from gembounds.statements import (
    U,
    at_k,
    d,
    exp,
    gradient_norm,
    gradient_norms,
    maximum,
    mu_max,
    n,
    norms,
    overlaps,
    pi_min,
    sqrt,
    total,
)
from gembounds.statements.argument import Argument, Step
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import CAUCHY_SCHWARZ
from gembounds.statements.tree import Relation


def _link(name: str, where: str, relation: Relation, **more: Any) -> Claim:
    source = f"proof of Theorem 2, {where}"
    return Claim(
        name, relation, source=source, over=STATES, form="printed", proof=ARGUMENTS[name], **more
    )


ARGUMENTS = {
    "eq-30-norms": Argument(Step("mu_max^2 <= U <= U(0) <= n mu_max(0)^2.")),
    "eq-31prime.4": Argument(
        Step("Let m = mu_max(0). pi_min <= 1/n, so eta <= c m^2/(n^4 d^2 (1 + m^2)^2), c = "
             "1/20480000. So 6d eta n m <= 6 c m^3/(1 + m^2)^2 < 1."),
        Step("|mu_i| <= sqrt(n) m, so 2 |mu_i| eta n m <= 2 c m^4/(1 + m^2)^2 < 1.",
             by="eq-30-norms"),
    ),
    "eq-32-inner.1": Argument(Step("(sum_i 1 |g_i|)^2 <= n |g|^2.", by=CAUCHY_SCHWARZ)),
    "eq-32-inner.2": Argument(
        Step("Divided by sqrt(d) n^2 the left side is at most 4 m^2 + (30/sqrt(n)) m + 1, m = "
             "mu_max(0), and (30/sqrt(2)) m < 22 m <= 11 (m^2 + 1), so n >= 2 gives at most 15 "
             "m^2 + 12."),
    ),
    "eq-34-inner": Argument(Step("U <= n mu_max^2.")),
    "eq-38-inner": Argument(
        Step("(sum_k P_ik |mu_k|)^2 <= U sum_k P_ik^2 with P_ik = E[psi_i psi_k], and P_ik^2 "
             "<= P_ik, which add up to 1.", by=CAUCHY_SCHWARZ),
    ),
    "eq-29-recursion": Argument(
        Step("The left side is eta^2 |grad L|^2 - 2 eta E|psi~|^2, where eta E|psi~|^2 is not "
             "negative and at least what (37) says, and eta^2 |grad L|^2 at most eta^2 U.",
             by=("eq-37", "eq-38")),
    ),
    "eq-29-case-b.1": Argument(
        Step("What the recursion takes off is not negative.", by="eq-29-recursion"),
    ),
    "eq-29-case-b.2": Argument(
        Step("eta <= 1/20480000, as exp(-8U(0)) pi_min^2 <= 1, and (1/m + m)^2 >= 4 for m = "
             "mu_max(0)."),
    ),
}  # fmt: skip


DRIFT = eta * LEMMA_12 * exp(-(8 * U0)) * pi_min**2 / (n**2 * d * root_of_start**2) * U**2

CLAIMS = (
    _link("eq-30-norms", "before (30)", mu_max <= sqrt(n * m0**2), uses=("eq-29",)),
    _link(
        "eq-31prime.4", "before (32), the step size",
        eta * n * m0 <= 1 / maximum(6 * d, 2 * norms), words=ALLOWED, uses=("eq-30-norms",),
    ),
    _link(
        "eq-32-inner.1", "(32), third inequality",
        total(gradient_norms) ** 2 <= n**2 * gradient_norm**2, cost=2.0,
    ),
    _link(
        "eq-32-inner.2", "(32), last inequality, the common factor eta |grad L|^2 left out",
        4 * n**2 * m0**2 + 30 * sqrt(d) * n ** Fraction(3, 2) * m0 + n**2
        <= 20 * sqrt(d) * n**2 * (m0**2 + 1),
    ),
    _link("eq-34-inner", "(34), second inequality", sqrt(U) <= n * mu_max),
    _link(
        "eq-38-inner", "(38), from its third line to its last",
        total(total(overlaps * at_k(norms), over="k") ** 2) <= U, cost=2.0,
    ),
    _link(
        "eq-29-recursion", "the display after (38), less U on both sides",
        change(eta) <= eta**2 * U - DRIFT, words=ALLOWED,
        uses=("eq-36", "eq-37", "eq-38"), cost=2.0,
    ),
    _link(
        "eq-29-case-b.1", "case b) after (38), first inequality, less U on both sides",
        change(eta) <= eta**2 * U, when=2 * U < U0, words=ALLOWED,
        uses=("eq-29-recursion",), cost=2.0,
    ),
    _link(
        "eq-29-case-b.2", "case b) after (38), second inequality", (1 + eta**2) * U <= 2 * U,
        when=2 * U < U0, words=ALLOWED,
    ),
)  # fmt: skip
