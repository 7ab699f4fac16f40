"""Theorem 7 sharpened: the exponent is 18 a dimension, and no larger one is right.

From Theorem 7's start, for every n >= 3, d >= 1 and eta > 0, some i has |mu_i(t)| >= 10 sqrt(d)
for all

    0 <= t <= exp(18 d) sqrt(n-2) / (2 sqrt(d) eta).

Since U(0) = 288 d, that is exp(U(0)/16) where Remark 4 has exp(Omega(U(0))).

Proof. mu_1(t) = -mu_2(t) = a(t) e_1, a(t+1) = a(t) - eta F(a(t)), and F(a) <= B exp(-a^2/8) with
B = sqrt(pi/(8(n-2))): F <= H, and H = exp(-a^2/8) I(a)/sqrt(2 pi) with
I(a) <= (n-2)^(-1/2) int K = (n-2)^(-1/2) pi/2 (:mod:`gembounds.dynamics.pair.decay`). Let s = sqrt(d)
and G = (1/B) int exp(a^2/8) da from 10 s to 12 s. A step from a(t) >= 10 s takes at most
eta F(a(t)) exp(a(t)^2/8)/B <= eta from G, so more than G/eta steps are needed to come below 10 s
(and none of them leads there if one leads beyond -10 s). Last, exp(a^2/8) >= (a/(12 s)) exp(a^2/8)
there, whose integral is (exp(18 d) - exp(25 d/2))/(3 s), and
sqrt(8/pi) (1 - exp(-11/2))/3 >= 1/2.

Evaluation, by logarithms: tau, the first t at which no mean is that long, by
:mod:`gembounds.trap`; where n is beyond its reach, or it has no upper bound, from below by G/eta
and from above by that of Remark 4.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims import remark_4
from gembounds.papers.xu_fazel_du_2024.old_claims.theorem_7 import components
from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations


def starts() -> SearchStrategy[Point]:
    """d from 1 to 10^6, n from 3 to 10^300, eta from 1e-30 to 1."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import dimensions, positive

    d = st.one_of(st.integers(1, 12), st.integers(1, 100), dimensions())
    eta = st.one_of(st.just(Fraction(7, 10)), positive(Fraction(1), 30))
    return st.tuples(d, st.one_of(st.integers(3, 1000), components()), eta).map(
        lambda t: Point(parameters=dict(zip(("d", "n", "eta"), t, strict=True)))
    )


def escape_time(ops: Operations, point: Point, constants: Constants) -> Any:
    """log tau, enclosed."""
    from gembounds.trap import MAX_D, MAX_N, trapped_steps

    d, n, eta = point["d"], point["n"], point["eta"]
    if d <= MAX_D and n <= MAX_N:
        found = trapped_steps(d, n, eta)
        if found.log10_steps_upper is not None:
            low, high = ops.ball(found.log10_steps_lower), ops.ball(found.log10_steps_upper)
            return low.union(high) * ops.log(10)
    s = ops.sqrt(d)
    passed = (12 * s / ops.sqrt(8)).erfi() - (10 * s / ops.sqrt(8)).erfi()
    least = (4 * ops.sqrt(n - 2) * passed / ops.ball(eta)).log()  # sqrt(8/pi) sqrt(2 pi) = 4
    most = ops.ball(remark_4.escape_time(ops, point, constants).upper())
    return least.union(most)


def trapped_steps_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    """rate d + log( factor sqrt(n-2)/(sqrt(d) eta) )."""
    d, many = point["d"], Fraction(point["n"] - 2)
    root = ops.log(many / d) / 2
    return ops.ball(constants["rate"] * d) + root + ops.log(constants["factor"] / point["eta"])


CLAIMS = (
    Claim(
        id="theorem-7-sharpened",
        form="sharpened",
        repairs="theorem-7",
        source="Theorem 7",
        text=("0 <= t <= exp(18 d) sqrt(n-2)/(2 sqrt(d) eta): max_i |mu_i(t)| >= 10 sqrt(d)"),
        relation=">",
        lhs=escape_time,
        rhs=trapped_steps_bound,
        domain=remark_4.is_bad_start,
        generator=starts,
        constants={"rate": Fraction(18), "factor": Fraction(1, 2)},
        cost=3.0,
    ),
)
