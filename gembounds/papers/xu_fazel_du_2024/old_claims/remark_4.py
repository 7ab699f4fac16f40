"""Remark 4: gradient EM is trapped for exp(Omega(U(0))) steps when started in a bad region.

The bad region is the start of Theorem 7, n >= 3, equal weights, mu_1(0) = 12 sqrt(d) e_1 =
-mu_2(0), the others 0, so U(0) = 288 d, and trapped means that some mean keeps a norm of at least
10 sqrt(d). Theorem 7's exp(d)/(30 eta) steps are exp(U(0)/288)/(30 eta): the constant in the
exponent is 1/288. With tau the first t at which max_i |mu_i(t)| < 10 sqrt(d),

    tau > exp(U(0)/288) / (30 eta)      for every n >= 3, d >= 1 and eta > 0.

Evaluation, by logarithms. With s = sqrt(d), mu_1(t) = -mu_2(t) = a(t) e_1 and a(t+1) = a(t) -
eta f(a(t)), f(a) = a E(psi_1 - psi_2)^2/2 >= 0 (:mod:`gembounds.papers.xu_fazel_du_2024.old_claims.theorem_7`). As long as
a >= 10 s, G >= f >= g with G = 12 s erfc(5 s/sqrt 2), so 2 s/(eta G) < tau <= 2 s/(eta g) + 1,
the second if no step can lead below -10 s (eta G <= 20 s); for larger eta min(tau, 2 s/(eta g) +
1) stands for tau, which is less and still more than the right side.
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

from gembounds.papers.xu_fazel_du_2024.old_claims.theorem_7 import components
from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants
from gembounds.statements.logic import Tri

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations


def is_bad_start(ops: Operations, point: Point) -> Tri:
    """n >= 3, d >= 1, eta > 0."""
    return bool(point["d"] >= 1 and point["n"] >= 3 and point["eta"] > 0)


def bad_starts() -> SearchStrategy[Point]:
    """d from 1 to 10^6, n from 3 to 10^300, eta from 1e-30 to 10^12."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import dimensions, positive

    large = st.integers(0, 12).map(lambda e: Fraction(10**e))
    eta = positive(Fraction(1), 30) | st.integers(1, 10**6).map(Fraction) | large
    return st.tuples(dimensions(), components(), eta).map(
        lambda t: Point(parameters=dict(zip(("d", "n", "eta"), t, strict=True)))
    )


def escape_time(ops: Operations, point: Point, constants: Constants) -> Any:
    """log tau, enclosed (a ball could not hold both ends of tau itself)."""
    from gembounds.dynamics.pair.force import pair_force_bound

    root, eta = ops.sqrt(point["d"]), ops.ball(point["eta"])
    most = pair_force_bound(10 * root, 12 * root)
    ratio = ops.exp(-100 * point["d"])
    far = (6 * root + ops.log(point["n"]) / (10 * root)) / ops.sqrt(2)
    least = 5 * root * ((1 - ratio) / (2 + ratio)) ** 2 * far.erfc()
    first = 1 / (3 * root)
    slow = first / pair_force_bound(12 * root - first, 12 * root)
    least_time = slow.max(2 * root / most).max(ops.exp(18 * point["d"]) / (2 * root))
    lower = (least_time / eta).log()
    return lower.union((2 * root / (eta * least) + 1).log())


def trapped_steps(ops: Operations, point: Point, constants: Constants) -> Any:
    """rate U(0) - log(factor eta), U(0) = 288 d."""
    total = 288 * point["d"]
    return ops.ball(constants["rate"] * total) - ops.log(constants["factor"] * point["eta"])


CLAIMS = (
    Claim(
        id="remark-4",
        source="Remark 4, with the constant of Theorem 7",
        text=(
            "from Theorem 7's start, U(0) = 288 d: the first t with max_i |mu_i(t)| < "
            "10 sqrt(d) is beyond exp(U(0)/288)/(30 eta)"
        ),
        relation=">",
        lhs=escape_time,
        rhs=trapped_steps,
        domain=is_bad_start,
        generator=bad_starts,
        constants={"rate": Fraction(1, 288), "factor": Fraction(30)},
        uses=("theorem-7",),
    ),
)
