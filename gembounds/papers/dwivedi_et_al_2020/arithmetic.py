"""Best constants of the contraction for unequal weights, certified from both sides.

    c(rho) = inf over theta >= 0 of s(theta, a)/rho^2,    s = E tanh^2(theta z + a), tanh a = rho:

|M(theta)| <= (1 - c rho^2) |theta| for all theta if and only if c <= c(rho). Any theta bounds it
from above. From below, (tanh^2)'' <= 2 and E (z, 1)(z, 1)^T = I, so that the Hessian of s is at
most 2: s - theta^2 - a^2 is concave, and between two places of distance w s is at least the
smaller of its values there less w^2/4, in each variable. As (tanh^2)'' >= -2/3, too, s - c
tanh^2 a loses (1 + (1 + c/3)) w^2/4 at most on a square whose sides are w.

Far away: the density of theta z + a is at most (2 pi)^(-1/2)/theta everywhere, and at most
(2 pi e)^(-1/2)/x at distance x or more from a, whatever theta; the integral of sech^2 is 2.
So 1 - s <= sqrt(2/pi)/theta, and 1 - s <= sech^2(a/2) + 2 (2 pi e)^(-1/2)/(a/2).
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from gembounds.evaluators.balls.radial import ball
from gembounds.evaluators.balls.tanh import tanh_means
from gembounds.values.precision import working_precision

BITS = 40

START = Fraction(65, 100)
"""tanh^2 of it is below 1/3, where c(rho) = 1 (``unbalanced-sharpened``)."""


def square(theta: Any, a: Any) -> Any:
    """E tanh^2(theta z + a)."""
    return 1 - tanh_means(a, theta)[1]


def best_share(rho: Fraction, width: Fraction) -> tuple[Any, Any]:
    """Balls below and above c(rho), 0 < rho < 1, from places ``width`` apart."""
    with working_precision(BITS):
        r = ball(rho)
        a = r.atanh()
        least, k = r * r, 1  # theta = 0
        while True:
            theta = k * width
            found = square(theta, a)
            least = least.min(found)
            if 1 - ball(Fraction(4, 5)) / ball(theta) >= least:  # sqrt(2/pi) < 4/5
                break
            k += 1
        below = least - ball(width) ** 2 / 4
        return below / (r * r), least / (r * r)


def covered(share: Fraction, width: Fraction, far: Fraction = Fraction(6)) -> bool:
    """Whether s >= ``share`` tanh^2 a is shown for all theta >= 0, a >= ``START``, from places
    ``width`` apart, and by what is known beyond a = ``far``."""
    with working_precision(BITS):
        c, w = ball(share), ball(width)
        half = ball(far) / 2
        beyond = half.sech() ** 2 + 2 / (half * (2 * half.pi() * ball(1).exp()).sqrt())
        if not 1 - beyond >= c:
            return False
        reach = ball(Fraction(4, 5)) / (1 - c)
        columns = math.ceil(float(reach.upper()) / float(width)) + 1
        rows = math.ceil((far - START) / width) + 1
        loss = (2 + c / 3) * w * w / 4
        for j in range(rows):
            a = START + j * width
            level = c * ball(a).tanh() ** 2 + loss
            for k in range(columns + 1):
                if not square(k * width, a) >= level:
                    return False
        return True
