"""Lemmas 11 and 12 for far means: the best exponent of exp(-8U) is 1/8, to one per cent.

With M_i = |mu_i|, m = mu_max, Y = sum_i pi_i M_i^2, for every mixture and every k with M_k > 0:

    (a)  E|psi~|^2 >= M_k^2 E max(0, z - M_k/2 - log(1/pi_k)/M_k)^2,    z ~ N(0, 1),
    (b)  E|psi~|^2 >= exp(-63U/500) Y^2 / (10000 d (1 + 2 m sqrt(d))^2).

Proof of (a). h = log(p_mu/p_0) has the gradient psi~, so F = E|psi~|^2 >= Var h (Poincare). E h
<= log E exp(h) = 0 and h >= log pi_k + <x, mu_k> - M_k^2/2 =: g, hence Var h >= E max(0, h)^2 >=
E max(0, g)^2. The mean of max(0, z - t)^2 is phi(t) times the integral of s^2 exp(-t s - s^2/2),
s > 0: at least (2/t^3)(1 - 6/t^2) phi(t), and exactly phi(t) U(3/2, 1/2, t^2/2)/sqrt(2), U
Tricomi's function, which is what is evaluated.

Proof of (b). Let a = 63/500, A the components with M_i^2 > 32, q their number, Y_A and Y_N = Y -
Y_A their share and that of the others.

1. Y_N >= Y/2. Let x be the largest M_i^2 outside A. As in lemma-11-sharpened, F >= w^2/(d + 2w)
for every w <= sum_i M_i^2 E psi_i, so for w = exp(-x/4) Y_N, and Y_N <= x. By U >= x, m^2 >= x and
d >= 1, (b) follows from 2500 (1 + 2 sqrt(x))^2 >= exp((1/2 - a) x) (1 + 2x exp(-x/4)), which is so
for x <= 32: the least quotient is 2.3, at 32.

2. Else let k in A have the largest pi_k M_k^2; M = M_k, p = pi_k, l = log(1/p), M^2 > 32. Then Y
<= 2q p M^2 and U >= M^2 + 32 (q-1), so exp(-aU) Y^2 <= 4 p^2 M^4 exp(-a M^2 - 2(q-1)), by q <=
exp(q-1) and 32 a > 4.

2a. l <= 2M^2. By (a) with t = M/2 + l/M it is enough that (2/t^3)(1 - 6/t^2) phi(t) >= M^2
exp(-2l - a M^2)/(2500 (1 + 2M)^2), the last quotient of squares below 1/4. With l = c M^2 the
logarithm of left over right is at least log(0.79 * 10^4) - 3 log t + log(1 - 6/t^2) + M^2
(1/1000 + c(3-c)/2): it grows with c in [0, 2], for M^2 (3/2 - c) > 3/(1/2 + c) up to c = 1 and
c(3-c)/2 >= 1 beyond, and at c = 0 it is above 1.3 (least near M^2 = 1500).

2b. l > 2M^2. If q > 1 + M^2/4, E psi_k >= p exp(-M^2/4) >= p exp(1-q). Else E psi_k = p E 1/Z
under x ~ N(mu_k, I), Z = exp(h) = Z_A + Z_N by components. Without the shift E Z_A = sum_A pi_i
<= q p M^2/32, so Pr[Z_A > 1] <= exp(M^2/2) sqrt(q p M^2/32) < 1/4 by Cauchy. Y_N < q p M^2 <= q
M^2 exp(-2M^2), and e^y <= 1 + y + (y^2/2) e^y, so E Z_N = sum_N pi_i exp(<mu_i, mu_k>) <= 1 + M
sqrt(Y_N) + (M^2/2) exp(M^2) Y_N < 2 and Pr[Z_N > 8] <= 1/4. So Pr[Z <= 9] >= 1/2 and E psi_k >=
p/18. Either way w = p M^2 exp(1-q)/18 <= 1 serves in F >= w^2/(d + 2w) >= w^2/(3d), which is
more than the right side of (b), as (10^4/12)(1 + 2M)^2 exp(a M^2) > 18^2.

What it gives for the printed constants, others as printed: 63/500 for the 8 of exp(-8U) in Lemma
11 (4Y^2 >= S^2, S the double sum), in Lemma 12 (Y >= pi_min m^2, 1 + 2 m sqrt(d) <= 2 (1 + m
sqrt(d))), in (37) and (34) (Y >= pi_min U and Y >= 2L, |g| >= F/sqrt(U) and m_t <= sqrt(n)
mu_max(0)), twice that for the 16 of (35), (30) and Theorem 2. Not below 1/8: for means M and 0
of equal weights F <= M^2 E psi_1 <= M^2 erfc(M/sqrt(8)) and U = M^2.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024 import families
from gembounds.papers.xu_fazel_du_2024.claims.lemma_11 import FAR, MAPS
from gembounds.papers.xu_fazel_du_2024.vocabulary import symbol
from gembounds.points.batch import Batch
from gembounds.points.point import Point
from gembounds.statements import SEVERAL, U, Y, const, d, exp, mean_square, mu_max, sqrt
from gembounds.statements.best import Best, best
from gembounds.statements.claim import Claim
from gembounds.statements.logs import LogArray
from gembounds.statements.tree import call

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations


def _excess(ops: Operations, point: Point, reach: Any) -> list[Any]:
    """0 where mu_k = 0."""

    def at(square: Fraction, weight: Fraction) -> Any:
        if square == 0:
            return Fraction(0)
        norm = ops.sqrt(square)
        half = (ops.ball(reach) * norm - ops.log(weight) / norm) ** 2 / 2
        mean = ops.exp(-half) * half.hypgeom_u(ops.ball(3) / 2, ops.ball(1) / 2)
        return ops.ball(square / 2) * mean / ops.sqrt(ops.pi())

    return list(map(at, ops.norms2(point.mix), ops.weights(point.mix)))


def _excess_over(b: Batch, reach: Any) -> LogArray:
    """phi(t) times the integral of s^2 exp(-t s - s^2/2) over s > 0, by Gauss-Laguerre in
    s (t + 1)."""
    t = LogArray.of(reach).value * b.norms - np.log(b.weights) / b.norms
    t = np.where(np.isfinite(t), t, 1e3)
    nodes, weights = np.polynomial.laguerre.laggauss(80)
    s = nodes / (t[..., None] + 1)
    inside = (weights * s**2 * np.exp(nodes - t[..., None] * s - s * s / 2)).sum(axis=-1)
    log = np.log(inside / (t + 1)) - t * t / 2 - np.log(2 * np.pi) / 2
    return LogArray(np.sign(b.norms2), np.log(b.norms2) + log)


_EXCESS = symbol(
    "excess", "|mu_i|^2 E[max(0, z - {0} |mu_i| - log(1/pi_i)/|mu_i|)^2]",
    r"|\mu_i|^2 \mathbb{E}\left[\max\left(0, z - {0} |\mu_i| - "
    r"\log(1/\pi_i) / |\mu_i|\right)^2\right]",
    _excess, axes="i", estimate=_excess_over, meaning="z ~ N(0, 1)",
)  # fmt: skip

CLAIMS = (
    Claim(
        "lemma-11-sharpened-excess",
        mean_square >= const("factor", 1) * call(_EXCESS, const("reach", "1/2")),
        source="Lemma 11, for far means",
        over=SEVERAL,
        form="sharpened",
        repairs="lemma-11",
        maps=MAPS,
        words="z standard normal, every mean that is not 0",
        best={
            "factor": Best(
                note="Poincare's inequality and the loss of all components but one; 2 at large "
                "distances."
            )
        },
    ),
    Claim(
        "lemma-11-sharpened-exponent",
        mean_square
        >= exp(-(const("exponent", "63/500") * U))
        * Y**2
        / (const("denominator", 10000) * d * (1 + 2 * mu_max * sqrt(d)) ** 2),
        source="Lemma 11, the exponent",
        over=SEVERAL,
        form="sharpened",
        repairs="lemma-11",
        maps=MAPS,
        best={
            "exponent": best("63/500", FAR, limit="1/8", family=families.FAR),
            "denominator": Best(
                note="A constant of a sharpened form, not of the paper; the others of that form "
                "hold it there."
            ),
        },
    ),
)
