"""Theorem 2: the steps of its proof in which L decreases, (31prime), (32) and (33).

At every state mu of :mod:`gembounds.papers.xu_fazel_du_2024.claims.step`, g = grad L(mu),
m = mu_max(0), eta at most what the theorem allows, s in [0, 1]; mu(t) is written mu, and
mu(t+1) = mu - eta g:

    (31prime)  |g_i| <= sum_k |mu_k| <= sqrt(n U) <= n m,
    (32)  <g - grad L(mu - s eta g), g> <= 20 eta sqrt(d) n^2 (m^2+1) |g|^2,
    (33)  L(mu(t+1)) - L(mu) <= -eta |g|^2 + 20 eta sqrt(d) n^2 (m^2+1) |g|^2 <= -(eta/2) |g|^2.

(33) as printed lost a factor eta when (32) was put into (31): its middle has 20 eta .., not
20 eta^2 .., and the second inequality fails wherever g is not 0, since 20 sqrt(d) n^2 >= 80.
*A slip of notation.* Repaired, with 20 eta^2, the first is sharper than the printed one. The ends
of (33) alone hold for every eta in (0, 1] and every mixture (sharpened).
The first inequality is compared with eta |g|^2 added, so that nothing cancels; the second has
its signs turned, and is compared in units of |g|^2 where no ball tells |g|^2 from 0. It is 0 only
where all means are: sum_i <g_i, mu_i> = E|psi~|^2 as g_i = E[psi_i psi~], so at g = 0 psi~, being
continuous, is 0 everywhere; then so is its derivative (5), a sum of positive semidefinite terms,
all of them are 0, the means are equal and psi~ is their common value.

(32) sharpened: at most s eta |g|^2, for every eta > 0 and every mixture. Theorem 13 is not needed;
its sharpened form would do as well, and its repaired form for what (33) asks, for
all n: it has 4 n^(5/2) m^2 + 30 sqrt(d) n^2 m + n where the paper has
4 n^2 m^2 + 30 sqrt(d) n^(3/2) m + n^2, and eta times that is far below 1/2, since pi_min <= 1/n
makes eta at most m^2/(20480000 n^4 d^2 (1 + m^2)^2). See
:mod:`gembounds.papers.xu_fazel_du_2024.claims.gradient_drop`.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from gembounds.papers.xu_fazel_du_2024 import families, slips
from gembounds.papers.xu_fazel_du_2024.claims.gradient_drop import (
    DROP,
    DROP_LESS_LARGEST,
    LARGEST_SQUARE,
    OTHER_SQUARES,
)
from gembounds.papers.xu_fazel_du_2024.claims.lemma_9 import GRADIENT_OF_L
from gembounds.papers.xu_fazel_du_2024.claims.moved_state import AFTER, DECREASE, EXCESS
from gembounds.papers.xu_fazel_du_2024.claims.states import (
    ALLOWED,
    STARTS,
    STATES,
    STEPS,
    mixtures_and_steps,
    states,
    with_fraction,
)
from gembounds.papers.xu_fazel_du_2024.claims.step import (
    BOTH,
    STEP_FACTOR,
    U0,
    any_eta,
    eta,
    m0,
    tends,
)
from gembounds.papers.xu_fazel_du_2024.vocabulary import ball, named
from gembounds.points.point import Point
from gembounds.statements import (
    L,
    U,
    at_k,
    const,
    d,
    gradient_norm,
    gradient_norms,
    n,
    norms,
    real,
    sqrt,
    total,
)
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import CAUCHY_SCHWARZ, DOMINATED, FUNDAMENTAL
from gembounds.statements.tree import Expr, Relation, call

CURVATURE = (
    "the Hessian of L is at most the identity (eq-32-sharpened) and n >= 2; n = 2, d = 1, "
    "pi_1 to 1, then the means to 0"
)
LARGEST_STEP = (
    "one number x = mu_max(0)^2: eta n^2 sqrt(d) (x + 1) is at most x exp(-8x)/(4 (1 + x)) "
    "times the constant of the step, as U(0) >= x, pi_min <= 1/2, n >= 2; mu_2 = 0, equal weights"
)


def largest_step() -> Any:
    """sup of eta n^2 sqrt(d) (mu_max(0)^2 + 1): at x (1 + x) = 1/8."""
    x = (ball(Fraction(3, 2)).sqrt() - 1) / 2
    return ball(STEP_FACTOR) * x * (-8 * x).exp() / (4 * (1 + x))


def _unit(ops: Any, point: Point) -> Any:
    """|g|^2 where an enclosure tells it from 0, else 1; 0 where all means are 0."""
    if ops.U(point.mix) == 0:
        return Fraction(0)
    square = ops.ball(ops.gradient_norm2(point.mix))
    return square if square > 0 else ops.ball(1)


square = gradient_norm**2
unit = named(
    "gradient_unit", "unit", r"\mathrm{unit}", _unit, needs=("gradient",),
    meaning="|grad L|^2, or 1 where an enclosure does not tell it from 0; 0 where that is 0",
)  # fmt: skip
s = real("s")
FRACTION = (s >= 0, s <= 1)
one, twenty = const("factor", 1), const("factor", 20)


def smoothness(size: Expr, scale: Expr) -> Expr:
    """20 size sqrt(d) n^2 (mu_max(0)^2 + 1), times ``scale``."""
    return twenty * size * sqrt(d) * n**2 * (m0**2 + 1) * scale


def second(size: Expr, scale: Expr) -> Relation:
    """The second inequality of (33), with that for eta or eta^2, and ``scale`` for |g|^2."""
    return eta * scale - smoothness(size, scale) >= const("half", "1/2") * eta * scale


SMALL_STEP = Step(
    "eta n^2 sqrt(d) (m^2 + 1) <= 1/20480000, as (1/m + m)^2 = (1 + m^2)^2/m^2 >= 1 + m^2 for "
    "m = mu_max(0), and exp(-8U(0)) pi_min^2 <= 1.",
    shows=eta * n**2 * sqrt(d) * (m0**2 + 1) <= STEP_FACTOR,
)


CURVED = Step(
    "For every mixture and eta > 0 L(mu - eta g) - L = -eta |g|^2 + eta int_0^1 "
    "<g - grad L(mu - s eta g), g> ds, g = grad L, as in (31): L has a bounded derivative along "
    "the line. The integrand is at most s eta |g|^2, so L(mu - eta g) - L <= -eta |g|^2 + "
    "(eta^2/2) |g|^2.",
    by=("lemma-9.1-repaired", DOMINATED, FUNDAMENTAL, "eq-32-sharpened"),
)

POINTWISE = Argument(
    Step("Let k(u) = -log p_mu(x) at the means mu - u g, x fixed. With the logits log pi_i + "
         "<x, mu_i - u g_i> - |mu_i - u g_i|^2/2, -k is log sum exp but for a constant, so "
         "-k'' is the variance of their derivatives under psi less sum_i psi_i |g_i|^2: k'' <= "
         "|g|^2, and k'(s eta) - k'(0) <= s eta |g|^2."),
    Step("E k'(u) = -<grad L(mu - u g), g>, so the mean of the left side is <g - grad L(mu - s "
         "eta g), g>.", by=("lemma-9.1-repaired",)),
)  # fmt: skip

ENOUGH = Argument(
    SMALL_STEP,
    CURVED,
    Step("eta <= 1, so eta^2/2 is below 20 eta sqrt(d) n^2 (m^2+1), and below that with eta^2 "
         "in the place of eta: 20 n^2 >= 80."),
)  # fmt: skip


def first_of_33(id: str, size: Expr, **more: Any) -> Claim:
    return Claim(
        id,
        call(AFTER, eta) - L <= -eta * square + smoothness(size, square),
        over=STATES,
        decided_by=call(EXCESS, eta) <= smoothness(size, square),
        identity="eta |grad L|^2 added on both sides",
        words=ALLOWED,
        cost=2.0,
        proof=ENOUGH,
        **more,
    )


def second_of_33(id: str, size: Expr, **more: Any) -> Claim:
    return Claim(
        id,
        second(size, square),
        decided_by=second(size, unit),
        identity="in units of |grad L|^2, which is not 0 unless all means are",
        words=ALLOWED,
        **more,
    )


CLAIMS = (
    Claim(
        "eq-31prime.1", gradient_norms <= const("factor", 1) * total(at_k(norms)),
        source="proof of Theorem 2, before (32), first inequality", over=STATES, form="printed",
        uses=("lemma-9.2",), cost=2.0, judges=("gradient",),
        best={"factor": tends(
            1, "|grad_i L| <= sum_k E[psi_i psi_k] |mu_k|; pi_1 to 1, the other means 0",
            families.HEAVY_START,
        )},
        proof=Argument(Step("grad_i L = sum_k E[psi_i psi_k] mu_k, and 0 <= psi_i psi_k <= 1.",
                            by=GRADIENT_OF_L)),
    ),
    Claim(
        "eq-31prime.2", total(at_k(norms)) <= sqrt(const("factor", 1) * n * U),
        source="proof of Theorem 2, before (32), second inequality", over=STATES, form="printed",
        best={"factor": best(1, "Cauchy; equal norms", sharp=True, attained=True)},
        proof=Argument(Step("(sum_k 1 |mu_k|)^2 <= n U.", by=(CAUCHY_SCHWARZ,))),
    ),
    Claim(
        "eq-31prime.3", sqrt(n * U) <= sqrt(const("factor", 1) * n**2 * m0**2),
        source="proof of Theorem 2, before (32), third inequality", over=STATES, form="printed",
        uses=("eq-29",),
        best={"factor": best(1, "U <= n mu_max^2; equal norms", sharp=True, attained=True)},
        proof=Argument(
            Step("U <= U(0), and U(0), a sum of n squares, is at most n mu_max(0)^2.",
                 shows=(U <= U0, U0 <= n * m0**2))
        ),
    ),
    Claim(
        "eq-32", call(DROP, s * eta) <= smoothness(eta, square), FRACTION,
        source="proof of Theorem 2, (32)", words=ALLOWED, form="printed", cost=2.0,
        over=replace(STATES, draw=lambda: with_fraction(states())),
        uses=("theorem-13", "eq-31prime.1", "eq-31prime.2", "eq-31prime.3"),
        best={"factor": tends("1/4", CURVATURE, families.HEAVY_DROP)},
        proof=Argument(
            Step("The left side is at most s eta |grad L|^2, and s <= 1 <= 20 sqrt(d) n^2 "
                 "(mu_max(0)^2 + 1).", by=("eq-32-sharpened",))
        ),
    ),
    Claim(
        "eq-32-sharpened", call(DROP, s * any_eta) <= one * s * any_eta * square,
        (any_eta > 0, *FRACTION), source="proof of Theorem 2, (32)",
        over=replace(STEPS, draw=lambda: with_fraction(
            mixtures_and_steps(1, slow=True) | mixtures_and_steps(10, slow=True)
        )),
        form="sharpened", repairs="eq-32", cost=4.0,
        decided_by=call(DROP_LESS_LARGEST, s * any_eta)
        <= s * any_eta * (one * OTHER_SQUARES + (one - 1) * LARGEST_SQUARE),
        identity="s eta max_i |grad_i L|^2 taken off both sides",
        best={"factor": tends(1, CURVATURE, families.HEAVY_FALL)},
        proof=POINTWISE,
    ),
    first_of_33(
        "eq-33.1", eta, source="proof of Theorem 2, (33), first inequality", form="printed",
        uses=("eq-31", "eq-32"),
        best={"factor": best(
            STEP_FACTOR / 512, f"{CURVATURE}; eta <= 1/(64 * 20480000)",
            family=families.HEAVY_START,
            note="As printed, with eta for eta^2, the bound has a factor 1/eta of at least 10^9 "
            "to spare; the best constant only measures the largest step size that the theorem "
            "allows.",
        )},
    ),
    first_of_33(
        "eq-33.1-sharpened", eta**2, form="sharpened", repairs="eq-33.1",
        source="proof of Theorem 2, (33), first inequality, 20 eta^2 for 20 eta",
        best={"factor": tends("1/8", CURVATURE, families.HEAVY_START)},
    ),
    second_of_33(
        "eq-33.2", eta, over=STARTS, form="printed", slip=slips.LOST_ETA,
        source="proof of Theorem 2, (33), second inequality, signs turned",
    ),
    second_of_33(
        "eq-33.2-repaired", eta**2, over=STATES, form="repaired", repairs="eq-33.2", cost=2.0,
        source="proof of Theorem 2, (33), second inequality, 20 eta^2 for 20 eta, signs turned",
        best={
            name: best(value, LARGEST_STEP, sharp=True, attained=True, family=families.LARGEST)
            for name, value in (
                ("factor", lambda: 1 / (2 * largest_step())),
                ("half", lambda: 1 - 20 * largest_step()),
            )
        },
        proof=Argument(SMALL_STEP, Step("So 20 eta^2 sqrt(d) n^2 (m^2+1) <= eta/2.")),
    ),
    Claim(
        "eq-33.2-sharpened", call(DECREASE, any_eta) >= const("half", "1/2") * any_eta * square,
        (any_eta > 0, any_eta <= 1), source="proof of Theorem 2, (33), its ends", over=STEPS,
        form="sharpened", repairs="eq-33.2", cost=2.0, maps=BOTH,
        best={"half": tends("1/2", CURVATURE, families.HEAVY_STEP)},
        proof=Argument(CURVED, Step("eta <= 1: -eta + eta^2/2 <= -eta/2.")),
    ),
)  # fmt: skip
