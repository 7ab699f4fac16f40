"""Theorem 7 sharpened: the exponent is 18 a dimension, and no larger one is right.

From Theorem 7's start, for every n >= 3, d >= 1 and eta > 0, some i has |mu_i(t)| >= 10 sqrt(d)
for all

    0 <= t <= exp(18 d) sqrt(n-2) / (2 sqrt(d) eta).

Since U(0) = 288 d, that is exp(U(0)/16) where Remark 4 has exp(Omega(U(0))).

Evaluation, by logarithms: tau, the first t at which no mean is that long, by
:mod:`gembounds.trap`; where n is beyond its reach, or it has no upper bound, from below by
Phi(12 sqrt(d))/eta of the argument and from above by that of Remark 4.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.claims import remark_4
from gembounds.papers.xu_fazel_du_2024.claims.theorem_7 import ON_THE_WAY, PATH, eta, n
from gembounds.papers.xu_fazel_du_2024.domains import dimension, far_draws
from gembounds.papers.xu_fazel_du_2024.vocabulary import ball, named
from gembounds.points.point import Point
from gembounds.statements import NUMBERS, Domain, const, log, sqrt
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.claim import Claim
from gembounds.tools.later import Later

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations

flint = Later("flint")
trap = Later("gembounds.trap")


def escape_time(ops: Operations, point: Point) -> Any:
    """log tau, enclosed more narrowly than for Remark 4."""
    d, n, eta = point["d"], point["n"], point["eta"]
    if d <= trap.MAX_D and n <= trap.MAX_N:
        found = trap.trapped_steps(d, n, eta)
        if found.log10_steps_upper is not None:
            low, high = ops.ball(found.log10_steps_lower), ops.ball(found.log10_steps_upper)
            return low.union(high) * ops.log(10)
    s = ops.sqrt(d)
    passed = (12 * s / ops.sqrt(8)).erfi() - (10 * s / ops.sqrt(8)).erfi()
    least = (4 * ops.sqrt(n - 2) * passed / ops.ball(eta)).log()  # sqrt(8/pi) sqrt(2 pi) = 4
    return least.union(ops.ball(remark_4.escape_time(ops, point).upper()))


log_tau = named("log_trapped_steps", "log tau", r"\log \tau", escape_time, mixture=False)

PASSAGE = Argument(
    PATH,
    Step("Let B = sqrt(pi/(8(n-2))), so that F(a) <= B exp(-a^2/8), and Phi(a) = (1/B) times "
         "the integral of exp(v^2/8) from 10 s to a. A step from a(t) in [10 s, 12 s] to an "
         "a(t+1) >= 10 s takes at most (a(t) - a(t+1)) exp(a(t)^2/8)/B <= eta from Phi; and if "
         "a(t+1) < 10 s, Phi(a(t)) <= (a(t) - 10 s) exp(a(t)^2/8)/B < eta.", by=("pair-force",)),
    Step("Add up to the first t with a(t) < 10 s, if there is one: that t is more than Phi(12 "
         "s)/eta. tau is not before it, as the first mean has the norm |a(t)|."),
    Step("exp(v^2/8) >= (v/(12 s)) exp(v^2/8) for v <= 12 s, so B Phi(12 s) >= (exp(18d) - "
         "exp(25d/2))/(3s) >= (1 - exp(-11/2)) exp(18d)/(3s), and sqrt(8/pi) (1 - "
         "exp(-11/2))/3 > 1/2."),
)  # fmt: skip

CLAIMS = (
    Claim(
        "theorem-7-sharpened",
        log_tau
        > const("rate", 18) * dimension
        + log(const("factor", "1/2") * sqrt(n - 2) / (sqrt(dimension) * eta)),
        (n >= 3, eta > 0),
        source="Theorem 7",
        over=Domain("starts", NUMBERS.test, far_draws("starts_of_traps"), text=ON_THE_WAY.text),
        words="tau the first t at which all norms are below 10 sqrt(d)",
        form="sharpened",
        repairs="theorem-7",
        cost=3.0,
        best={
            "rate": best(18, "theorem-7-sharpened; d to infinity", sharp=True, attained=False),
            "factor": best(
                lambda: (8 / flint.arb.pi()).sqrt() * (1 - (-ball(Fraction(11, 2))).exp()) / 3,
                "its proof; d to infinity gives sqrt(8/pi)/3 (gembounds.trap)",
                limit="532/1000",
            ),
        },
        proof=PASSAGE,
    ),
)
