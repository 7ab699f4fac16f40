"""One step of gradient EM from a state mu(t), and the step sizes that Theorem 2 allows.

Every displayed step of Theorem 2's proof is about a state mu(t) that the induction hypothesis
(29) keeps in U(mu(t)) <= U(0), and about the constants U(0) and mu_max(0) of the start. So a
point is a state, with parameters ``start_U`` = U(0), ``start_top`` = mu_max(0)^2 (squares stay
rational) and ``share``, the step size relative to the largest allowed:

    eta = share * exp(-8U(0)) pi_min^2 / (20480000 n^2 d^2 (1/mu_max(0) + mu_max(0))^2).

A point without ``start_U`` and ``start_top`` has t = 0: the state is mu(0). With them, all
states with U(mu) <= U(0) and mu_max(0)^2 <= U(0) <= n mu_max(0)^2 are meant, reached from that
start or not: what holds there holds along every trajectory. mu(0) = 0 is left out (1/mu_max(0)).
The domains are in :mod:`gembounds.papers.xu_fazel_du_2024.claims.states`.

The constant 1/20480000 is what the proof asks. Lemma 12 gives 1/10240000, hence (37); case a) of
(29) then asks eta <= exp(-8U(0)) pi_min^2 (n/2) mu_max(0)^2 / (10240000 n^2 d
(1 + mu_max(0) sqrt(nd))^2), and with N = nd >= 2, m = mu_max(0) this follows since
N (1+m^2)^2 / (1 + m sqrt(N))^2 >= 4 (sqrt(1+N) - 1)^2 / N >= 1. Theorem 13's condition and
20 eta sqrt(d) n^2 (m^2+1) <= 1/2 are then met with much to spare.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from gembounds.papers.xu_fazel_du_2024.vocabulary import named, symbol
from gembounds.statements import const, d, exp, n, pi_min, real, sqrt
from gembounds.statements.best import Best, Family, best
from gembounds.statements.tree import Expr, call
from gembounds.values.exact import root

STEP_FACTOR = Fraction(1, 20480000)
"""The constant of the condition on eta (derived: see above)."""

LEMMA_12 = Fraction(1, 10240000)
"""The constant of Lemma 12 (derived in its file)."""

GAMMA = Fraction(1, 5120000**2)
"""The constant of gamma: (34) with (2L)^(3/2) has ``LEMMA_12``, its square is halved in (35)."""

BOTH = ("size and dimension", "separation and weight")
"""Maps of looseness."""

FAR = "lemma-11-sharpened-exponent; one far mean M and 0, equal weights: |g_i| <= M E psi_1"


def tends(value: Any, where: str, family: Family) -> Best:
    """A best value that no point attains, and a family that tends to it."""
    return best(value, where, sharp=True, attained=False, family=family)


def _at_start(of: Any, name: str, now: Any) -> Any:
    return of[name] if name in of.parameters else now


U0 = named(
    "U_of_start", "U(0)", "U(0)", lambda ops, p: _at_start(p, "start_U", ops.U(p.mix)),
    estimate=lambda b: _at_start(b, "start_U", b.U), meaning="U at the start mu(0)",
)  # fmt: skip
m0 = named(
    "mu_max_of_start", "mu_max(0)", r"\mu_{\max}(0)",
    lambda ops, p: root(_at_start(p, "start_top", ops.mu_max2(p.mix))),
    estimate=lambda b: _at_start(b, "start_top", b.top2) ** 0.5,
    meaning="mu_max at the start mu(0)",
)  # fmt: skip

share = real("share")
"""The step size relative to the largest that Theorem 2 allows."""

any_eta = real("eta")
"""A step size that is free."""


def step_size(factor: Expr | Fraction) -> Expr:
    """``share`` of the largest step size, ``factor`` the constant of the condition on it."""
    return share * factor * exp(-(8 * U0)) * pi_min**2 / (n**2 * d**2 * (1 / m0 + m0) ** 2)


eta = call(
    symbol(
        "step_size", "eta", r"\eta", lambda ops, p, x: x, estimate=lambda b, x: x,
        meaning=str(step_size(STEP_FACTOR)),
    ),
    step_size(STEP_FACTOR),
)  # fmt: skip
"""The same as a name."""

root_of_start = 1 + m0 * sqrt(d * n)


def gamma(size: Expr) -> Expr:
    """The rate of Theorem 2 at a step size."""
    scale = const("factor", GAMMA) * size * exp(-const("exponent", 16) * U0)
    return scale * pi_min**4 / (n**2 * d**2 * root_of_start**4)
