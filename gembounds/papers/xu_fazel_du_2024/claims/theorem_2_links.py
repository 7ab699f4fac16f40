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
are stated less U, by (36) repaired. Proofs. mu_max^2 <= U <= U(0) <= n m^2. The step size is at
most m^2/(20480000 n^4 d^2 (1 + m^2)^2), and |mu_i| <= sqrt(n) m. Cauchy, twice as well for
(38): (sum_k P_ik |mu_k|)^2 <= U sum_k P_ik^2 and sum_ik P_ik^2 <= sum_ik P_ik = 1. In the last
link of (32), sqrt(d) >= 1, n >= 2 and 30 m/sqrt(2) <= 11 (m^2 + 1). After (38), the change of U
is -2 eta E|psi~|^2 + eta^2 |g|^2, and (37) and (38) bound half of the first term and the second.
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
from gembounds.statements.claim import Claim
from gembounds.statements.tree import Relation


def _link(name: str, where: str, relation: Relation, **more: Any) -> Claim:
    source = f"proof of Theorem 2, {where}"
    return Claim(name, relation, source=source, over=STATES, form="printed", **more)


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
