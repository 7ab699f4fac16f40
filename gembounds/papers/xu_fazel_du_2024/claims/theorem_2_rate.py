"""Theorem 2: the steps of its proof that give the rate, (34), (35) and (30).

At every state mu of :mod:`gembounds.papers.xu_fazel_du_2024.claims.step`, g = grad L(mu),
m = mu_max(0), eta at most what the theorem allows; mu(t) is written mu, and mu(t+1) = mu - eta g:

    (34)  |g| >= Omega( exp(-8U(0)) pi_min^2 / (n d (1 + m sqrt(dn))^2) ) L^(3/2),
    (35)  L(mu(t+1)) <= L - Omega( eta exp(-16U(0)) pi_min^4 / (n^2 d^2 (1 + m sqrt(dn))^4) ) L^3,
    (30)  1/L^2(mu(t)) >= gamma t + 1/L^2(mu(0)), by induction: 1/L^2(mu(t+1)) >= gamma + 1/L^2.

(30) is decided as its induction does it, from every state to the next; all t follow, and t = 1
is the printed statement itself. It is compared times L^2 L^2(mu(t+1)), as what is known of
L(mu(t+1)) may reach down to 0.

Constants of the proof: (34) has Lemma 12's 1/10240000 before (2L)^(3/2), since |mu| <=
n mu_max(t) and mu_max(t)^2 >= 2L; (35) and gamma have half the square of that with the 2^(3/2),
which is 1/5120000^2.

(34) sharpened: |g| >= sqrt(8 pi_min) exp(-U/2) L^(3/2) / (min(n, d) + min(2U, 3)), any mixture.
Proof. Let F = E|psi~|^2, Y = sum_i pi_i |mu_i|^2, W = sum_i E[psi_i] |mu_i|^2, r the dimension of
the means' span, m_t = mu_max(t). By Stein's identity E<psi~, x> = E div psi~ = W - F, and the
left side sees x in the span only, so W - F <= sqrt(r F), hence F >= W^2/(r + 2W), increasing in
W. By E psi_i >= pi_i exp(-|mu_i|^2/4)
(:mod:`gembounds.papers.xu_fazel_du_2024.claims.sharpened_11_12`) W >= w = exp(-m_t^2/4) Y, which
is at most m_t^2 <= U and at most 4/e < 3/2, so F >= exp(-m_t^2/2) Y^2 / (r + min(2U, 3)). Last,
|g| >= <g, mu>/|mu| = F/sqrt(U), U <= Y/pi_min, Y >= 2L by Theorem 14, r <= min(n, d),
m_t^2 <= U.

(30) sharpened, for every eta in (0, 1] and every mixture with L > 0: 1/L^2 grows by at least
8 eta pi_min exp(-U) / (min(n, d) + min(2U, 3))^2 in a step. By (33)'s ends and (34), both
sharpened, a = L and b = L(mu(t+1)) have a - b >= (eta/2)|g|^2, b <= a, and
1/b^2 - 1/a^2 = (a-b)(a+b)/(a^2 b^2) >= 2(a-b)/a^3.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from gembounds.papers.xu_fazel_du_2024 import families
from gembounds.papers.xu_fazel_du_2024.claims.moved_state import AFTER, DECREASE, FALL, GROWTH
from gembounds.papers.xu_fazel_du_2024.claims.states import (
    ALLOWED,
    MOVING_STATES,
    MOVING_STEPS,
    NOT_FAR,
    STATES,
)
from gembounds.papers.xu_fazel_du_2024.claims.step import (
    BOTH,
    FAR,
    LEMMA_12,
    U0,
    any_eta,
    eta,
    gamma,
    root_of_start,
)
from gembounds.papers.xu_fazel_du_2024.vocabulary import ball
from gembounds.statements import (
    L,
    U,
    const,
    d,
    exp,
    gradient_norm,
    minimum,
    n,
    pi_min,
    sqrt,
)
from gembounds.statements.best import Best, best
from gembounds.statements.claim import Claim
from gembounds.statements.tree import Expr, call

GRADIENT = (
    "the proof of lemma-11-sharpened with 2 W <= 8/e gives E|psi~|^2 >= exp(-mu_max^2/2) Y^2 / "
    "(4 min(n,d)), Y = sum pi_i |mu_i|^2 >= max(2L, pi_min U); |grad L| >= E|psi~|^2/sqrt(U)"
)
DECREASES = f"eq-33.2-sharpened with a decrease of at least eta |grad L|^2/2, and: {GRADIENT}"
FAR_STEP = (
    "eq-33.2-sharpened and lemma-11-sharpened-exponent; one far mean M and 0, equal weights: a "
    "step takes off about eta |g|^2 <= 2 eta M^2 erfc(M/sqrt 8)^2"
)
SMALL_U = (
    "With exp(-8U(0)) or exp(-16U(0)) as printed the worst starts are short; there the proof's "
    "E|psi~|^2 >= Y^2/(4 min(n,d)) gives away most where the means nearly coincide, and L is "
    "compared with Y through 2L <= Y."
)
COINCIDE = (
    "The worst mixtures found have nearly coincident means, where |grad L| is of the order of "
    "mu_max; the proof has E|psi~|^2 >= Y^2/(4 min(n,d)), which is less."
)
STEP_EXPONENT = best("63/250", FAR_STEP, limit="1/4", family=families.FAR_START)

SHARP = Fraction(8)
"""The constant of the sharpened (30), (34) and Theorem 2 (derived above)."""


def size_of(total: Expr) -> Expr:
    """min(n, d) + min(2U, 3), of U or U(0)."""
    return minimum(n, d) + minimum(2 * total, 3)


def sharp_gamma(size: Expr, total: Expr) -> Expr:
    """The rate of the sharpened Theorem 2 at a step size, by U or U(0)."""
    scale = const("factor", SHARP) * size * pi_min * exp(-const("exponent", 1) * total)
    return scale / size_of(total) ** 2


def growth(id: str, size: Expr, rate: Expr, **more: Any) -> Claim:
    """(30) with a step size and a rate."""
    return Claim(
        id,
        call(GROWTH, size) >= rate,
        source="proof of Theorem 2, (30)",
        decided_by=call(FALL, size) >= rate * L**2 * call(AFTER, size) ** 2,
        identity="both sides times L^2 L(mu - eta grad L)^2",
        cost=2.0,
        **more,
    )


CLAIMS = (
    growth(
        "eq-30", eta, gamma(eta), when=U > 0, words=ALLOWED, over=MOVING_STATES, form="printed",
        uses=("eq-35",),
        best={"factor": best(16, DECREASES, note=SMALL_U), "exponent": STEP_EXPONENT},
    ),
    growth(
        "eq-30-sharpened", any_eta, sharp_gamma(any_eta, U),
        when=(any_eta > 0, any_eta <= 1, U > 0), over=MOVING_STEPS,
        form="sharpened", repairs="eq-30", uses=("eq-33.2-sharpened", "eq-34-sharpened"),
        best={
            "factor": Best(note=COINCIDE),
            "exponent": best(
                1, "eq-30-sharpened", limit="1/4", family=families.FAR_STEP,
                note="A step takes off about eta |grad L|^2, so the least that can hold is 1/4, "
                "twice that of eq-34-sharpened; the proof has 1.",
            ),
        },
    ),
    Claim(
        "eq-34",
        gradient_norm
        >= const("factor", LEMMA_12) * exp(-const("exponent", 8) * U0) * pi_min**2
        / (n * d * root_of_start**2) * (2 * L) ** Fraction(3, 2),
        source="proof of Theorem 2, (34)", over=STATES, form="printed", cost=2.0,
        uses=("corollary-10.1", "corollary-10.2", "lemma-12.2", "theorem-14.1", "theorem-14.2",
              "eq-29"),
        judges=("gradient", "loss"), maps=BOTH,
        best={
            "factor": best(lambda: ball(2).sqrt(), GRADIENT, note=SMALL_U),
            "exponent": best("63/500", FAR, limit="1/8", family=families.FAR_START),
        },
    ),
    Claim(
        "eq-34-sharpened",
        gradient_norm
        >= sqrt(const("square", SHARP) * pi_min) * exp(-const("exponent", "1/2") * U)
        * L ** Fraction(3, 2) / size_of(U),
        source="proof of Theorem 2, (34)", over=NOT_FAR, form="sharpened", repairs="eq-34",
        uses=("lemma-16", "eq-8", "corollary-10.1-repaired", "corollary-10.2-repaired",
              "theorem-14.1"),
        cost=2.0, maps=BOTH,
        best={
            "square": Best(note=COINCIDE),
            "exponent": best(
                "1/2", "eq-34-sharpened", limit="1/8", family=families.FAR,
                note="From one far mean 1/8 is the least that can hold; the proof bounds E psi_i "
                "by its value at mu_i/2, squared. lemma-11-sharpened-exponent has 63/500, with "
                "weaker other constants.",
            ),
        },
    ),
    Claim(
        "eq-35", call(DECREASE, eta) >= gamma(eta) * L**3,
        source="proof of Theorem 2, (35)", words=ALLOWED, over=STATES, form="printed",
        uses=("eq-33.1", "eq-33.2", "eq-34"), cost=2.0, maps=BOTH,
        best={"factor": best(8, DECREASES, note=SMALL_U), "exponent": STEP_EXPONENT},
    ),
)  # fmt: skip
