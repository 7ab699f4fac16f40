"""Beyond the paper: gradient EM converges like t^(-2) from every start, and no faster.

Steps eta_s in (0, 2), sigma_t = sum_{s<t} eta_s (2 - eta_s), U0 = U(0), F = E|psi~|^2, g = grad L,
R = min(n - 1, d). For every start, t >= 1:

    rate-gradient-1      L(t) <= (U0/2) / (1 + exp(-U0/2) sigma_t),
    rate-gradient-2      L(t) <= 2 exp(2 U0) (sqrt R + sqrt(2/e))^2 / (pi_min sigma_t)^2,

and from a start that is symmetric under mu -> -mu, weights included, with eta_s U0 <= 1/2, with
tau_t = sum_{s<t} eta_s and r the rank of the differences of its means,

    rate-gradient-lower  L(t) >= exp(-U0/4) pi_min^2 / (4 (r + 2 pi_min U0) (1/U0 + 2 tau_t/3)^2).

The first has no weights, n or d in it; the second is t^(-2), and so is the third. They serve from
any state on: mu(T) is a start, with U(T) and sigma_t - sigma_T ("restarts").

R and not r: the rank of the *differences* may grow in a step of gradient EM (three means on a
line that misses 0, of unequal E psi_i, leave that line), so the start's r does not bound those to
come; min(n - 1, d) does.

What the constants can be: from means (s, 0), weights (1 - w, w), all to 0 with small steps, L and
(U0/2)/(1 + sigma_t) agree to first order. From means M and 0 L stays above 0.68 for
exp(M^2/8)/(eta M) steps (trap-pair), so exp(-U0/2) cannot be better than exp(-U0/8), and exp(2
U0) not better than exp(U0/4).
"""

from __future__ import annotations

from fractions import Fraction

from gembounds.papers.xu_fazel_du_2024.arguments.beyond import LOWER, ONCE, TWICE
from gembounds.papers.xu_fazel_du_2024.claims.beyond_runs import (
    GRADIENT_RUNS,
    SYMMETRIC_RUNS,
    largest_size,
    loss_along,
    sigma,
    travelled,
)
from gembounds.papers.xu_fazel_du_2024.claims.step import U0
from gembounds.points.point import Point
from gembounds.statements import const, d, exp, minimum, n, pi_min, r, sqrt
from gembounds.statements.best import Family, best
from gembounds.statements.claim import Claim
from gembounds.values.mixture import Mixture

SOURCE = "beyond the paper: gradient EM"
TRAP = (
    "the trap of two means keeps L at 0.68 for exp(U0/8) steps; the proof takes exp(-U/2) as at "
    "the start all along, by loss-by-mean-square, which is best only for near means far off"
)


def _one_heavy(quick: bool) -> list[tuple[Fraction, Point]]:
    """Means 1/k and 0, weights 1 - 1/k^3 and 1/k^3, one step of 1/k: u = k."""
    return [(Fraction(k), Point(Mixture([[Fraction(1, k)], [0]], [1 - Fraction(1, k**3),
                                                                  Fraction(1, k**3)]),
                                {"sizes": (Fraction(1, k),), "steps": 1}))
            for k in (8, 64, 512)]  # fmt: skip


def _opposite(quick: bool) -> list[tuple[Fraction, Point]]:
    """Means +-1/k, equal weights, one step of 1/k: u = k."""
    return [(Fraction(k), Point(Mixture([[Fraction(1, k)], [Fraction(-1, k)]]),
                                {"sizes": (Fraction(1, k),), "steps": 1}))
            for k in (8, 64, 512)]  # fmt: skip


HEAVY = Family("one heavy mean, short, and a short step", "1/|mu_1|", _one_heavy)
OPPOSITE = Family("two opposite means of equal weights, to 0", "1/mu_max", _opposite)

CLAIMS = (
    Claim(
        "rate-gradient-1",
        loss_along
        <= const("factor", "1/2") * U0
        / (1 + const("growth", 1) * exp(-(const("rate", "1/2") * U0)) * sigma),
        source=SOURCE, over=GRADIENT_RUNS, cost=2.0,
        proof=ONCE,
        best={
            "factor": best("1/2", "rate-gradient-1", sharp=True, attained=False, family=HEAVY),
            "growth": best(1, "rate-gradient-1", sharp=True, attained=False, family=HEAVY),
            "rate": best("1/2", "rate-gradient-1", limit="1/8", note=f"At least 1/8: {TRAP}."),
        },
    ),
    Claim(
        "rate-gradient-2",
        loss_along
        <= const("factor", 2) * exp(const("rate", 2) * U0)
        * (sqrt(minimum(n - 1, d)) + sqrt(2 * exp(-1))) ** 2 / (pi_min * sigma) ** 2,
        source=SOURCE, over=GRADIENT_RUNS, cost=2.0,
        proof=TWICE,
        best={
            "factor": best(
                2, "rate-gradient-2",
                note="From short opposite means of equal weights t^2 L tends to 1/(4 eta^2), "
                "a factor of 0.07 for short steps; the proof bounds F by 2/e, where it is "
                "small in the end.",
            ),
            "rate": best(2, "rate-gradient-2", limit="1/4", note=f"At least 1/4: {TRAP}."),
        },
    ),
    Claim(
        "rate-gradient-lower",
        loss_along
        >= exp(-(const("rate", "1/4") * U0)) * pi_min**2
        / (const("denominator", 4) * (r + 2 * pi_min * U0)
           * (1 / U0 + const("growth", "2/3") * travelled) ** 2),
        largest_size * U0 <= Fraction(1, 2),
        source=SOURCE, over=SYMMETRIC_RUNS, cost=2.0, proof=LOWER,
        best={
            "denominator": best(
                4, "rate-gradient-lower", sharp=True, attained=False, family=OPPOSITE
            ),
            "rate": best(
                "1/4", "rate-gradient-lower",
                note="U0 is at most 1/2 here for steps of 1: the factor is 0.88 at least.",
            ),
            "growth": best(
                "2/3", "rate-gradient-lower", limit="1/2",
                note="In the end 1/U grows by eta/2 a step where all means are opposite pairs of "
                "one weight; the proof takes the first step's excess for all.",
            ),
        },
    ),
)  # fmt: skip
