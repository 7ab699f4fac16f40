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
(30) sharpened, for every eta in (0, 1] and every mixture with L > 0: 1/L^2 grows by at least
8 eta pi_min exp(-U) / (min(n, d) + min(2U, 3))^2 in a step.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from gembounds.papers.xu_fazel_du_2024 import families
from gembounds.papers.xu_fazel_du_2024.claims.lemma_9 import GRADIENT_OF_L
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
from gembounds.papers.xu_fazel_du_2024.claims.weighted_squares import W
from gembounds.papers.xu_fazel_du_2024.vocabulary import ball
from gembounds.statements import (
    L,
    U,
    Y,
    const,
    d,
    exp,
    gradient_norm,
    mean_square,
    minimum,
    mu_max,
    n,
    pi_min,
    sqrt,
)
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import Best, best
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import CAUCHY_SCHWARZ
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


BELOW = Argument(
    Step("If U = 0, L = 0 and both sides are 0. Else let m = mu_max, R = min(n, d), F = "
         "E|psi~|^2 and W = sum_i E[psi_i] |mu_i|^2: W >= w = exp(-m^2/4) Y.",
         by=("posterior-mass",), shows=exp(-(mu_max**2) / 4) * Y <= W),
    Step("Y <= m^2 <= U, so w <= U; and w <= m^2 exp(-m^2/4) <= 4/e < 3/2: 2w <= min(2U, 3).",
         shows=2 * exp(-(mu_max**2) / 4) * Y <= minimum(2 * U, 3)),
    Step("W^2/(R + 2W) rises with W >= 0, so F >= w^2/(R + 2w) >= exp(-m^2/2) Y^2/(R + min(2U, "
         "3)).", by=("mean-square-below",),
         shows=mean_square >= exp(-(mu_max**2) / 2) * Y**2 / (minimum(n, d) + minimum(2 * U, 3))),
    Step("|grad L| >= <grad L, mu>/sqrt(U) = F/sqrt(U), as grad_i L = E[psi_i psi~], and "
         "pi_min U <= Y: |grad L| >= sqrt(pi_min) exp(-m^2/2) Y^(3/2)/(R + min(2U, 3)).",
         by=(*GRADIENT_OF_L, CAUCHY_SCHWARZ), shows=pi_min * U <= Y),
    Step("Y >= 2L and m^2 <= U.", by=("theorem-14.1",), shows=(Y >= 2 * L, mu_max**2 <= U)),
)  # fmt: skip

FEW = Step(
    "min(n, d) + min(2U, 3) <= d + 3 <= 4d, and U <= U(0), pi_min <= 1.",
    shows=size_of(U) <= 4 * d,
)

GROWTH_BELOW = Argument(
    Step("Let a = L and b = L(mu - eta g), g = grad L. U > 0, so p_mu is not p_0, as the mean "
         "of |x|^2 under p_mu is d + Y > d; so a, a relative entropy, is positive."),
    Step("b is too: |g|^2 <= max_i E[psi_i] E|psi~|^2 < E|psi~|^2 <= U if E|psi~|^2 > 0, as "
         "|g_i|^2 <= E[psi_i] E[psi_i |psi~|^2], and g = 0 if not. So eta |g| < sqrt(U), and "
         "the means after the step are not all 0.", by=(*GRADIENT_OF_L, CAUCHY_SCHWARZ)),
    Step("a - b >= (eta/2) |g|^2 >= 0, so 1/b^2 - 1/a^2 = (a-b) (a+b)/(a b)^2 >= 2 (a-b)/a^3 "
         ">= eta |g|^2/a^3.", by=("eq-33.2-sharpened",)),
    Step("|g|^2 >= 8 pi_min exp(-U) a^3/(min(n, d) + min(2U, 3))^2.", by=("eq-34-sharpened",)),
)  # fmt: skip


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
        proof=Argument(
            FEW,
            Step("eta <= 1, so 1/L^2 grows by at least 8 eta pi_min exp(-U)/(4d)^2, which is "
                 "at least the right side: pi_min^4 <= pi_min, exp(-16U(0)) <= exp(-U).",
                 by=("eq-30-sharpened",)),
        ),
        best={"factor": best(16, DECREASES, note=SMALL_U), "exponent": STEP_EXPONENT},
    ),
    growth(
        "eq-30-sharpened", any_eta, sharp_gamma(any_eta, U),
        when=(any_eta > 0, any_eta <= 1, U > 0), over=MOVING_STEPS,
        form="sharpened", repairs="eq-30",
        proof=GROWTH_BELOW,
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
        proof=Argument(
            FEW,
            Step("So |grad L| >= sqrt(pi_min) exp(-U/2) (2L)^(3/2)/(4d), with sqrt(pi_min) >= "
                 "pi_min^2 and exp(-U/2) >= exp(-8U(0)).", by=("eq-34-sharpened",)),
        ),
    ),
    Claim(
        "eq-34-sharpened",
        gradient_norm
        >= sqrt(const("square", SHARP) * pi_min) * exp(-const("exponent", "1/2") * U)
        * L ** Fraction(3, 2) / size_of(U),
        source="proof of Theorem 2, (34)", over=NOT_FAR, form="sharpened", repairs="eq-34",
        cost=2.0, maps=BOTH, proof=BELOW,
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
        proof=Argument(
            FEW,
            Step("eta <= 1, so L - L(mu - eta grad L) >= (eta/2) |grad L|^2 >= 4 eta pi_min "
                 "exp(-U) L^3/(4d)^2, with pi_min >= pi_min^4 and exp(-U) >= exp(-16U(0)).",
                 by=("eq-33.2-sharpened", "eq-34-sharpened")),
        ),
    ),
)  # fmt: skip
