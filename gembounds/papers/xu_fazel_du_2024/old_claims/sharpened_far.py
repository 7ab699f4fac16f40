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

from gembounds.papers.xu_fazel_du_2024.old_claims.lemma_11 import (
    mixtures_of_all_shapes,
    posterior_mean_square,
)
from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants, has_mixture

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations


def excess_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    """factor M_k^2 E max(0, z - reach M_k - log(1/pi_k)/M_k)^2 for every k."""
    pairs = zip(ops.norms2(point.mix), ops.weights(point.mix), strict=True)
    return [_excess(ops, x, w, constants) for x, w in pairs]


def _excess(ops: Operations, square: Fraction, weight: Fraction, constants: Constants) -> Any:
    if square == 0:
        return Fraction(0)
    norm = ops.sqrt(square)
    half = (ops.ball(constants["reach"]) * norm - ops.log(weight) / norm) ** 2 / 2
    mean = ops.exp(-half) * half.hypgeom_u(ops.ball(3) / 2, ops.ball(1) / 2)
    return ops.ball(constants["factor"] * square / 2) * mean / ops.sqrt(ops.pi())


def mean_square_norm(ops: Operations, point: Point) -> Fraction:
    """Y = sum_i pi_i |mu_i|^2, exact."""
    pairs = zip(ops.norms2(point.mix), ops.weights(point.mix), strict=True)
    return sum((x * w for x, w in pairs), Fraction(0))


def far_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    """exp(-exponent U) Y^2 / (denominator d (1 + 2 m sqrt(d))^2)."""
    mix, size = point.mix, mean_square_norm(ops, point)
    if size == 0:
        return Fraction(0)
    root = 1 + 2 * ops.sqrt(ops.mu_max2(mix) * mix.d)
    decay = ops.exp(-constants["exponent"] * ops.U(mix))
    return decay * ops.ball(size**2 / (constants["denominator"] * mix.d)) / root**2


CLAIMS = (
    Claim(
        id="lemma-11-sharpened-excess",
        form="sharpened",
        repairs="lemma-11",
        source="Lemma 11, for far means",
        text=(
            "every k with mu_k != 0, z ~ N(0, 1): E|psi~|^2 >= "
            "|mu_k|^2 E[max(0, z - |mu_k|/2 - log(1/pi_k)/|mu_k|)^2]"
        ),
        relation=">=",
        lhs=posterior_mean_square,
        rhs=excess_bound,
        domain=has_mixture,
        generator=mixtures_of_all_shapes,
        constants={"reach": Fraction(1, 2), "factor": Fraction(1)},
    ),
    Claim(
        id="lemma-11-sharpened-exponent",
        form="sharpened",
        repairs="lemma-11",
        source="Lemma 11, the exponent",
        text=(
            "E|psi~|^2 >= exp(-63U/500) (sum_i pi_i |mu_i|^2)^2 / "
            "(10000 d (1 + 2 mu_max sqrt(d))^2)"
        ),
        relation=">=",
        lhs=posterior_mean_square,
        rhs=far_bound,
        domain=has_mixture,
        generator=mixtures_of_all_shapes,
        constants={"exponent": Fraction(63, 500), "denominator": Fraction(10000)},
    ),
)
