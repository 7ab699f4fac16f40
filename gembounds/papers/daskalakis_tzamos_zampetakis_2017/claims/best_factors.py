"""The best factors: no smaller function of m will do.

On a line, m = min(lambda, mu): |lambda' - mu| <= k(m) |lambda - mu|,

    k(m) = exp(-m^2/2) E[z^2 sech(m z)] = E[x^2 sech^2(m x)],    x ~ N(m, 1), z ~ N(0, 1),

which is M'(m) for M(lambda) = E[x tanh(lambda x)], mu = m: the limit of the quotient as lambda
tends to mu. In R^d, d >= 2, m = min(|lambda|, <mu, lambda>/|lambda|),

    |lambda' - mu| <= q(m) |lambda - mu|,    q(m) = exp(-m^2/2) E sech(m z) = 1 - E tanh(m x),

an equality where lambda is the projection of mu on its line.

Proof on the line. Under the even part exp(-mu^2/2) cosh(mu x) phi(x) of N(mu, 1)'s density
M(mu) = mu, and M'(s) = E[x^2 sech^2(s x)] > 0 falls in s > 0. If lambda >= mu, lambda' - mu is
the integral of M' over [mu, lambda], at most M'(mu) (lambda - mu), and M'(mu) = k(mu). If
lambda < mu, move mu instead: F(s) = s - E_s[x tanh(lambda x)], x ~ N(s, 1), vanishes at s =
lambda, and F'(s) = 1 - R(s), R(s) = E_s[o(lambda x)], o(y) = (y tanh y)', odd. R'(s) = lambda
E_s[o'(lambda x)], o'(y) = 2 sech^2 y (1 - y tanh y), positive for |y| < y_0 and negative
beyond. Once R'(s) <= 0, it stays so: for larger s the even density gains a factor that rises
in |x| (cosh(s x)/cosh(s_0 x)), at most its value at y_0/lambda where o' is positive, at least
that where it is negative. So R rises, then falls to its limit 1 at infinity: R(s) >=
min(R(lambda), 1) for s >= lambda. On the diagonal M(s, s) = s, so that R(lambda) = 1 -
M'(lambda) < 1, and 0 <= F' <= k(lambda) in the mean: 0 <= mu - lambda' <= k(lambda) (mu -
lambda); the first since M rises in lambda.

In R^d let e = lambda/|lambda|, l = |lambda|, mu = a e + b f, f orthogonal to e, a >= 0. x_f is
independent of <x, e>: lambda' = M e + b T f with M = E[x tanh(l x)], T = E tanh(l x), x ~ N(a,
1). |M - a| <= k(m) |l - a|, m = min(l, a), by the case of a line (for a = 0 M'(s) <= 1 =
k(0)), and k <= q: z^2 rises and sech(m z) falls in |z| (Chebyshev). T rises in a, and in l as
E[x sech^2(l x)] >= 0 for a >= 0, so 1 - T <= 1 - E_m tanh(m x) = q(m). Both coordinates of
lambda' - mu are thus at most q(m) times those of lambda - mu.
"""

from __future__ import annotations

from typing import Any

from gembounds.papers.daskalakis_tzamos_zampetakis_2017.pairs import (
    APART,
    HOME,
    LINE,
    after,
    before,
    least,
)
from gembounds.points.point import Point
from gembounds.statements import exp, means
from gembounds.statements.argument import Argument, Step
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import DOMINATED, FUNDAMENTAL, STEIN, Theorem
from gembounds.statements.tree import Expr, Symbol, call
from gembounds.tools.later import Later

arithmetic = Later("gembounds.papers.daskalakis_tzamos_zampetakis_2017.arithmetic")

CHEBYSHEV = Theorem(
    "Chebyshev's association inequality",
    "E f(|z|) g(|z|) <= E f(|z|) E g(|z|) for f rising and g falling, all integrable.",
    "Hardy, Littlewood, Polya, Inequalities, 2nd ed., Theorem 43",
)


def _moment(k: int) -> Symbol:
    def of(ops: Any, point: Point, square: Any) -> Any:
        return arithmetic.sech_means(ops.sqrt(square))[k // 2]

    power = f"z^{k} " if k else ""
    return Symbol(
        f"sech_{k}", f"E[{power}sech(sqrt({{0}}) z)]",
        rf"\mathbb{{E}}[{power}\operatorname{{sech}}(\sqrt{{{{0}}}} z)]", of, home=HOME,
        mixture=False, nonnegative=True, meaning="z ~ N(0, 1)",
    )  # fmt: skip


_MOMENTS = {k: _moment(k) for k in (0, 2)}


def sech(square: Any, k: int = 0) -> Expr:
    """E[z^k sech(m z)], m^2 = ``square``, k = 0 or 2."""
    return call(_MOMENTS[k], square)


CLAIMS = (
    Claim(
        "contraction-line-best",
        after <= exp(-least(means) / 2) * sech(least(means), 2) * before,
        source="contraction on a line, in our words",
        over=LINE,
        form="sharpened",
        repairs="contraction-line",
        proof=Argument(
            Step(
                "Let M(s) = E[x tanh(s x)], x ~ N(mu, 1), of even part exp(-mu^2/2) cosh(mu x) "
                "phi(x): M(mu) = exp(-mu^2/2) E[z sinh(mu z)] = mu, and M'(s) = E[x^2 sech^2(s "
                "x)] "
                "> 0 falls in s, with M'(mu) = exp(-mu^2/2) E[z^2 sech(mu z)] = k(mu).",
                by=(DOMINATED, STEIN),
            ),
            Step(
                "If lambda >= mu: 0 <= lambda' - mu, the integral of M' over [mu, lambda], is at "
                "most k(mu) (lambda - mu).",
                by=FUNDAMENTAL,
            ),
            Step(
                "If lambda < mu: F(s) = s - E_s[x tanh(lambda x)], x ~ N(s, 1), has F(lambda) = "
                "0, "
                "F' = 1 - R, R(s) = E_s[o(lambda x)], o(y) = (y tanh y)' odd. R'(s) is a positive "
                "multiple of E[cosh(s z) o'(lambda z)], o'(y) = 2 sech^2 y (1 - y tanh y), "
                "positive "
                "for |y| < y_0, negative beyond. For s > s_0 the factor cosh(s z)/cosh(s_0 z) "
                "rises "
                "in |z|; so R'(s_0) <= 0 gives R'(s) <= 0: R rises and then falls to 1, its "
                "limit.",
                by=DOMINATED,
            ),
            Step(
                "So R(s) >= min(R(lambda), 1) for s >= lambda. E_s[x tanh(s x)] = s for all s: "
                "both "
                "partial derivatives at s = lambda add up to 1, R(lambda) = 1 - k(lambda). Hence"
                " F' "
                "<= k(lambda) on [lambda, mu], and mu - lambda' = F(mu) <= k(lambda) (mu - "
                "lambda); "
                "it is >= 0 as M rises.",
                by=FUNDAMENTAL,
            ),
        ),
    ),
    Claim(
        "contraction-best",
        after <= exp(-least(means) / 2) * sech(least(means)) * before,
        source="contraction in R^d, in our words",
        over=APART,
        form="sharpened",
        repairs="contraction",
        cost=4,
        proof=Argument(
            Step(
                "lambda = l e, mu = a e + b f, e and f orthogonal units, a >= 0: <x, f> is "
                "independent of <x, e>, so lambda' = M e + b T f, M = E[x tanh(l x)], T = E "
                "tanh(l "
                "x), x ~ N(a, 1).",
            ),
            Step(
                "|M - a| <= k(m) |l - a|, m = min(l, a); where a = 0, M'(s) <= E x^2 = 1 = k(0)."
                " k(m) "
                "= exp(-m^2/2) E[z^2 sech(m z)] <= exp(-m^2/2) E sech(m z) = q(m).",
                by=("contraction-line-best", CHEBYSHEV),
            ),
            Step(
                "T rises in a, and in l >= 0, as E[x sech^2(l x)] = exp(-a^2/2) E[z sinh(a z) "
                "sech^2(l z)] >= 0; at l = a = m it is exp(-m^2/2) E[sinh(m z)^2 sech(m z)] = 1 - "
                "q(m). So 0 <= 1 - T <= q(m).",
                by=DOMINATED,
            ),
            Step(
                "Both coordinates of lambda' - mu = (M - a) e - b (1 - T) f are at most q(m) "
                "times "
                "those of lambda - mu = (l - a) e - b f."
            ),
        ),
    ),
)
