"""Remark 4: gradient EM is trapped for exp(Omega(U(0))) steps when started in a bad region.

The bad region is the start of Theorem 7, n >= 3, equal weights, mu_1(0) = 12 sqrt(d) e_1 =
-mu_2(0), the others 0, so U(0) = 288 d, and trapped means that some mean keeps a norm of at least
10 sqrt(d). Theorem 7's exp(d)/(30 eta) steps are exp(U(0)/288)/(30 eta): the constant in the
exponent is 1/288. With tau the first t at which max_i |mu_i(t)| < 10 sqrt(d),

    tau > exp(U(0)/288) / (30 eta)      for every n >= 3, d >= 1 and eta > 0.

Evaluation, by logarithms, as a ball could not hold both ends of tau itself. With s = sqrt(d),
mu_1(t) = -mu_2(t) = a(t) e_1 and a(t+1) = a(t) - eta f(a(t)), f(a) = a E(psi_1 - psi_2)^2/2 >= 0
(:mod:`gembounds.papers.xu_fazel_du_2024.claims.theorem_7`). As long as a >= 10 s, G >= f >= g
with G = 12 s erfc(5 s/sqrt 2), so 2 s/(eta G) < tau <= 2 s/(eta g) + 1, the second if no step can
lead below -10 s (eta G <= 20 s); for larger eta min(tau, 2 s/(eta g) + 1) stands for tau, which
is less and still more than the right side.
For g take |y| >= a/2 + log(n)/a, y = <x, e_1>. For y > 0 the weight of the zeros against psi_1
is (n-2) exp(a^2/2 - a y) <= 1, so psi_1 >= 1/(2 + q), q = exp(-a^2) >= psi_2/psi_1, and
(psi_1 - psi_2)^2 >= ((1-q)/(2+q))^2; a/2 + log(n)/a <= 6 s + log(n)/(10 s). Hence
g = 5 s ((1-q)/(2+q))^2 Pr[|y| >= 6 s + log(n)/(10 s)] with q = exp(-100 d). A larger lower end
comes from the first 1/(3s) of the way: tau > 1/(3 s eta G'), G' the bound of f there, nearly
exp(-18 d), and another one from the sharpened form of Theorem 7: tau > exp(18 d)/(2 s eta).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.claims.theorem_7 import (
    ON_THE_WAY,
    PASSAGE,
    TRAPPED,
    eta,
    n,
    passage,
)
from gembounds.papers.xu_fazel_du_2024.domains import dimension, far_draws
from gembounds.papers.xu_fazel_du_2024.vocabulary import named
from gembounds.points.point import Point
from gembounds.statements import NUMBERS, Domain, const, log
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.claim import Claim
from gembounds.tools.later import Later

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations

force = Later("gembounds.dynamics.pair.force")


def escape_time(ops: Operations, point: Point) -> Any:
    """log tau, enclosed."""
    root, eta = ops.sqrt(point["d"]), ops.ball(point["eta"])
    most = force.pair_force_bound(10 * root, 12 * root)
    ratio = ops.exp(-100 * point["d"])
    far = (6 * root + ops.log(point["n"]) / (10 * root)) / ops.sqrt(2)
    least = 5 * root * ((1 - ratio) / (2 + ratio)) ** 2 * far.erfc()
    first = 1 / (3 * root)
    slow = first / force.pair_force_bound(12 * root - first, 12 * root)
    least_time = slow.max(2 * root / most).max(ops.exp(18 * point["d"]) / (2 * root))
    lower = (least_time / eta).log()
    return lower.union((2 * root / (eta * least) + 1).log())


log_tau = named("log_escape_time", "log tau", r"\log \tau", escape_time, mixture=False)
start_U = named("start_U", "U(0)", "U(0)", lambda ops, p: Fraction(288 * p["d"]), mixture=False)

CLAIMS = (
    Claim(
        "remark-4",
        log_tau > const("rate", "1/288") * start_U - log(const("factor", 30) * eta),
        (dimension >= 1, n >= 3, eta > 0),
        source="Remark 4, with the constant of Theorem 7",
        over=Domain("bad starts", NUMBERS.test, far_draws("bad_starts"), text=ON_THE_WAY.text),
        words="tau the first t at which all norms are below 10 sqrt(d)",
        form="printed",
        uses=("theorem-7",),
        best={
            "rate": best("21599/345600", TRAPPED, limit="1/16"),
            "factor": best(passage, PASSAGE, sharp=True, attained=False),
        },
        proof=Argument(
            Step(
                "U(0) = 2 * 144 d = 288 d. Some norm is at least 10 sqrt(d) at every whole t "
                "with 30 eta t <= exp(d), so tau, if there is one, has 30 eta tau > exp(d).",
                by=("theorem-7",),
            )
        ),
    ),
)
