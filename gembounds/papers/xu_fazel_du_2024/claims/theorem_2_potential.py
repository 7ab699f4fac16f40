"""Theorem 2: the steps of its proof that keep U bounded, (36) to (38), case a) and (29).

At every state mu of :mod:`gembounds.papers.xu_fazel_du_2024.claims.step`, m = mu_max(0), eta at
most what the theorem allows; mu(t) is written mu, and mu(t+1) = mu - eta grad L(mu):

    (36)  U(mu(t+1)) = U - eta E|psi~|^2 + eta^2 sum_i |grad_{mu_i} Q|^2,
    (37)  eta E|psi~|^2 >= eta Omega( exp(-8U(0)) pi_min^2 / (n^2 d (1 + m sqrt(nd))^2) ) U^2,
    (38)  eta^2 sum_i |grad_{mu_i} Q|^2 <= eta^2 U,
    case a)  U(0)/2 <= U <= U(0) implies U >= (n/2) m^2,
    (29)  U(mu(t)) <= U(0), by induction: U <= U(0) implies U(mu(t+1)) <= U(0).

(29) is decided as its induction does it, from every state to the next; t = 0 is the printed
statement at t = 1. (37) has Lemma 12's constant 1/10240000. For (29) the changes U(mu(t+1)) - U
are compared, by (36) repaired, with U on the other side, so that nothing cancels.

(36) as printed lost a factor 2: the cross term of |mu_i - eta g_i|^2 is -2 eta <mu_i, g_i>.
*A slip*, which costs the proof nothing. Repaired with the 2. On the left q_i =
E[psi_i (mu_i - x)] comes from first moments, -2 eta sum_i <mu_i, q_i> + eta^2 sum_i |q_i|^2; the
right side comes from the overlaps.

Case a), an unnumbered display after (38), puts (n/2) m^2 for U: *an error*, as U(0) <= n m^2 and
not the reverse. Repaired: U >= m^2/2, as U(0) >= m^2. With it the proof needs a step size smaller
by a factor n than the theorem's where mu_max(0) is near 1, so it does not reach the theorem's
condition. (29) holds all the same, in every step with eta <= 2 (sharpened):

    sum_i |grad_{mu_i} L|^2 <= E|psi~|^2                                         (38, sharpened)

with no use of (37) and of Lemma 12.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gembounds.papers.xu_fazel_du_2024 import families, slips
from gembounds.papers.xu_fazel_du_2024.claims.lemma_9 import GRADIENT_OF_L
from gembounds.papers.xu_fazel_du_2024.claims.states import (
    ALLOWED,
    LARGE,
    NOT_FAR,
    STARTS,
    STATES,
    STEPS,
    mixtures_and_steps,
    starts,
    states,
)
from gembounds.papers.xu_fazel_du_2024.claims.step import (
    BOTH,
    FAR,
    LEMMA_12,
    U0,
    any_eta,
    eta,
    m0,
    root_of_start,
    tends,
)
from gembounds.papers.xu_fazel_du_2024.vocabulary import symbol
from gembounds.points.point import Point
from gembounds.statements import (
    U,
    const,
    d,
    equals,
    exp,
    gradient_norm,
    mean_square,
    mu_max,
    n,
    pi_min,
    sqrt,
)
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import CAUCHY_SCHWARZ, JENSEN
from gembounds.statements.tree import Expr, call

QUADRATIC = (
    "E|psi~|^2 >= exp(-m^2/2) y^2/(d + 2y) with y = pi_min U <= m^2 (the proof of "
    "lemma-11-sharpened), n >= 2; two opposite means of equal weights on the line, to 0"
)
EXPANDED = "U taken off both sides, and (36) repaired"


def _change_of_U(ops: Any, point: Point, size: Any) -> Any:
    """From the first moments E[psi_i x], over the distinct columns."""
    mix, size = point.mix, ops.ball(size)
    means, lengths = ops.means(mix), ops.multiplicities(mix)
    if ops.coincident(mix):  # psi_i is the constant pi_i
        pulls = [[w * x for x in row] for w, row in zip(ops.weights(mix), means, strict=True)]
    else:
        pulls = ops.gradient_of_q(mix)
    inner, square = ops.ball(0), ops.ball(0)
    for pull, mean in zip(pulls, means, strict=True):
        for q, x, m in zip(map(ops.ball, pull), mean, lengths, strict=True):
            inner += m * q * ops.ball(x)
            square += m * q * q
    return size**2 * square - 2 * size * inner


def _U_after(ops: Any, point: Point, size: Any) -> Any:
    """By (36) repaired."""
    mix, size = point.mix, ops.ball(size)
    taken = 2 * size * ops.ball(ops.psi_tilde_norm2(mix))
    return ops.ball(ops.U(mix)) + size**2 * ops.ball(ops.gradient_norm2(mix)) - taken


CHANGE = symbol(
    "change_of_U", "(U(mu - {0} grad Q) - U)", r"\left(U(\mu - {0} \nabla Q) - U\right)",
    _change_of_U, needs=("gradient",),
    meaning="in a step of size {0}, grad_i Q = E[psi_i (mu_i - x)]",
)  # fmt: skip
AFTER = symbol(
    "U_after", "U(mu - {0} grad L)", r"U(\mu - {0} \nabla L)", _U_after,
    needs=("psi_tilde_norm2", "gradient"), meaning="U after a step of size {0}",
)  # fmt: skip
square, half = gradient_norm**2, const("factor", "1/2")


def change(size: Expr) -> Expr:
    """That of U in a step, by (36) repaired."""
    return size**2 * square - 2 * size * mean_square


EXPAND = Step(
    "With q_i = E[psi_i (mu_i - x)], sum_i |mu_i - eta q_i|^2 = U - 2 eta sum_i <mu_i, q_i> + "
    "eta^2 sum_i |q_i|^2 for every eta and mixture. q_i = E[psi_i psi~] = grad_i L, so sum_i "
    "<mu_i, q_i> = E|psi~|^2.",
    by=GRADIENT_OF_L,
)

SHRINK = Argument(
    EXPAND,
    Step("sum_i |grad_i L|^2 <= E|psi~|^2, so U(mu - eta grad L) - U <= -eta (2 - eta) "
         "E|psi~|^2, which is not positive for 0 < eta <= 2.", by=("eq-38-sharpened",)),
)  # fmt: skip

FROM_LEMMA_12 = Argument(
    Step("Let m = mu_max, p = pi_min <= 1/2. min(n, d) + 2p m^2 <= d + m^2 <= d (1 + m "
         "sqrt(d))^2 and exp(-m^2/2) >= exp(-8U(0)), as m^2 <= U <= U(0): E|psi~|^2 >= "
         "exp(-8U(0)) p^2 m^4/(d (1 + m sqrt(d))^2).", by=("lemma-12.2-sharpened",),
         shows=mean_square
         >= exp(-8 * U0) * pi_min**2 * mu_max**4 / (d * (1 + mu_max * sqrt(d)) ** 2)),
    Step("m^4 >= U^2/n^2, and m^2 <= U(0) <= n mu_max(0)^2, so m sqrt(d) <= mu_max(0) "
         "sqrt(dn). That is the bound with 1 for 1/10240000.",
         shows=(n * mu_max**2 >= U, mu_max * sqrt(d) <= m0 * sqrt(d * n))),
)  # fmt: skip


def expansion(id: str, cross: int, **more: Any) -> Claim:
    """(36) with a constant at its cross term."""
    return Claim(
        id,
        equals(call(CHANGE, eta), eta**2 * square - const("cross", cross) * eta * mean_square),
        scale=eta * U,
        words=ALLOWED,
        cost=3.0,
        **more,
    )


CLAIMS = (
    Claim(
        "eq-29", call(AFTER, eta) <= const("kept", 1) * U0,
        source="proof of Theorem 2, (29)", words=ALLOWED, over=STATES, form="printed",
        decided_by=change(eta) <= const("kept", 1) * U0 - U, identity=EXPANDED,
        uses=("eq-36", "eq-37", "eq-38", "eq-29-case-a"), cost=2.0,
        best={"kept": best(1, "eq-29-sharpened; a step size to 0", sharp=True, attained=False)},
        proof=Argument(
            Step("eta <= 1/20480000, so U(mu - eta grad L) <= U, and U <= U(0).",
                 by=("eq-29-sharpened",), shows=U <= U0)
        ),
    ),
    Claim(
        "eq-29-sharpened", call(AFTER, any_eta) <= U, (any_eta > 0, any_eta <= 2),
        source="proof of Theorem 2, (29)", form="sharpened", repairs="eq-29",
        over=replace(STEPS, draw=lambda: mixtures_and_steps(2)),
        decided_by=change(any_eta) <= 0, identity=EXPANDED,
        cost=2.0, proof=SHRINK,
    ),
    Claim(
        "eq-29-case-a", U >= half * n * m0**2, words="U(0)/2 <= U <= U(0)",
        source="proof of Theorem 2, case a) after (38)", over=STARTS, form="printed",
        slip=slips.CASE_A,
    ),
    Claim(
        "eq-29-case-a-repaired", U >= half * m0**2, U >= U0 / 2,
        source="proof of Theorem 2, case a) after (38), without the factor n",
        over=replace(
            STATES, draw=lambda: states(growths=LARGE, zero=False),
            mask=lambda b: b["start_U"] <= 2 * b.U,
        ),
        form="repaired", repairs="eq-29-case-a",
        best={"factor": best(
            "1/2", "U >= U(0)/2 >= mu_max(0)^2/2; one mean not 0", sharp=True, attained=True,
            family=families.HALF_LEFT,
        )},
        proof=Argument(
            Step("U >= U(0)/2, and U(0), a sum of squares, is at least the largest of them.",
                 shows=U0 >= m0**2)
        ),
    ),
    expansion(
        "eq-36", 1, source="proof of Theorem 2, (36)", form="printed",
        slip=slips.CROSS_TERM,
        over=replace(STARTS, draw=lambda: starts(slow=True)),
        uses=("corollary-10.1", "corollary-10.2"),
    ),
    expansion(
        "eq-36-repaired", 2, source="proof of Theorem 2, (36), with 2 eta for eta",
        over=replace(STATES, draw=lambda: states(slow=True)), form="repaired", repairs="eq-36",
        judges=("gradient", "psi_tilde_norm2"),
        proof=Argument(EXPAND),
    ),
    Claim(
        "eq-37",
        eta * mean_square
        >= const("factor", LEMMA_12) * eta * exp(-const("exponent", 8) * U0) * pi_min**2
        / (n**2 * d * root_of_start**2) * U**2,
        source="proof of Theorem 2, (37), with the constant of Lemma 12's proof", words=ALLOWED,
        over=STATES, form="printed", uses=("lemma-12.2",), cost=2.0, maps=BOTH,
        best={
            "factor": tends(4, QUADRATIC, families.SMALL_START),
            "exponent": best("63/500", FAR, limit="1/8", family=families.FAR_START),
        },
        proof=FROM_LEMMA_12,
    ),
    Claim(
        "eq-38", eta**2 * square <= const("factor", 1) * eta**2 * U,
        source="proof of Theorem 2, (38)", words=ALLOWED, over=STATES, form="printed",
        uses=("lemma-9.2",), cost=2.0, judges=("gradient",),
        best={"factor": tends(
            1, "eq-38-sharpened and E|psi~|^2 <= U; pi_1 to 1", families.HEAVY_START
        )},
        proof=Argument(
            Step("sum_i |grad_i L|^2 <= E|psi~|^2 <= E sum_i psi_i |mu_i|^2 <= U.",
                 by=("eq-38-sharpened", JENSEN), shows=mean_square <= U)
        ),
    ),
    Claim(
        "eq-38-sharpened", square <= const("factor", 1) * mean_square,
        source="proof of Theorem 2, (38)", over=NOT_FAR, form="sharpened", repairs="eq-38",
        cost=2.0, maps=BOTH,
        best={"factor": tends(1, "eq-38-sharpened; pi_1 to 1", families.HEAVY)},
        proof=Argument(
            Step("grad_i L = E[psi_i psi~], so |grad_i L|^2 <= (E[psi_i |psi~|])^2 <= E[psi_i] "
                 "E[psi_i |psi~|^2] <= E[psi_i |psi~|^2]; and the psi_i add up to 1.",
                 by=(*GRADIENT_OF_L, CAUCHY_SCHWARZ))
        ),
    ),
)  # fmt: skip
