"""E tanh(a + b z) and E sech^2(a + b z), z ~ N(0, 1), in balls: what two components come to.

With psi_1 = 1/(1 + exp(-2y)) a posterior of two, 2 psi_1 - 1 = tanh y and 4 psi_1 psi_2 =
sech^2 y.

For y = u + iv with |v| <= pi/4, |cosh y|^2 = sinh^2 u + cos^2 v >= 1/2 and |sinh y| <= |cosh
y|, so that |tanh y| <= 1 and |sech^2 y| <= 2. In the strip |Im z| <= c, c <= pi/(4 |b|), the
integrands are analytic, and at most 2 exp(c^2/2) in L^1 on its lines: the trapezoidal sum of
step h errs by at most 4 exp(c^2/2)/(exp(2 pi c/h) - 1) (Trefethen and Weideman, SIAM Review 56
(2014), Theorem 5.1). What is left out beyond |z| = R is at most 2 Pr[z > R] <= exp(-R^2/2), as
phi falls there.

Both have derivatives in a and in b of size at most 1 (E|z| < 1, |(sech^2)'| <= 4/sqrt(27)),
which is what the radii of a and b cost.
"""

from __future__ import annotations

import math
from typing import Any

from flint import arb, ctx

from gembounds.evaluators.balls.radial import ball

GUARD = 8
"""Bits of the sum's errors below the working precision's (a choice)."""

QUARTER = 0.785
"""Just below pi/4."""

MOST = 20_000
"""Nodes on a side beyond which only what is always true is said (a choice: a quarter of a
second)."""


def tanh_means(a: Any, b: Any) -> tuple[Any, Any]:
    """E tanh(a + b z) and E sech^2(a + b z) as balls at the working precision, a and b exact
    numbers or balls."""
    a, b = ball(a), ball(b)
    spread = arb(0, a.rad()) + arb(0, b.rad())
    a, b = arb(a.mid()), arb(b.mid())
    if b == 0:
        mean = a.tanh()
        return mean + spread, 1 - mean * mean + spread
    level = (ctx.prec + GUARD) * math.log(2)
    reach = math.sqrt(2 * level)
    slope = abs(float(b.mid()))
    strip = reach if slope * reach < QUARTER else QUARTER / slope
    step = 2 * math.pi * strip / (level + strip * strip / 2 + 2)
    if reach > MOST * step:
        return arb(0, 1), arb("0.5 +/- 0.5")
    count = math.ceil(reach / step)
    h, c = arb(step), arb(strip)
    first = second = arb(0)
    for k in range(-count, count + 1):
        z = k * h
        density = (-z * z / 2).exp()
        mean = (a + b * z).tanh()
        first += density * mean
        second += density * (1 - mean * mean)
    factor = h / (2 * arb.pi()).sqrt()
    end = count * h
    missed = 4 * (c * c / 2).exp() / (2 * arb.pi() * c / h).expm1() + (-end * end / 2).exp()
    error = arb(0, missed.upper()) + spread
    return first * factor + error, second * factor + error
