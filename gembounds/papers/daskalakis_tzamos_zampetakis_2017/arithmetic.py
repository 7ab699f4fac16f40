"""E sech(m z), E[z^2 sech(m z)], and the distances from mu along EM from infinity, in balls.

    lambda' - mu = exp(-mu^2/2) E[z sinh((lambda - mu) z) sech(lambda z)],    z ~ N(0, 1)

as M(lambda) = exp(-mu^2/2) E[z tanh(lambda z) cosh(mu z)] and the fixed point is exp(-mu^2/2)
E[z sinh(mu z)] = mu. The integrand is positive for lambda > mu, and lambda - mu is divided
out.

In the strip |Im z| <= c, c <= pi/(4 lambda), |cosh(lambda z)|^2 = sinh^2 + cos^2 is at least
cosh^2(lambda x)/2, and |sinh w| <= |w| cosh(Re w). So the integrands of m = lambda are at most
sqrt(2) exp(c^2/2) phi(x) times 1, x^2 + c^2, and (lambda - mu)(x^2 + c^2): by the theorem of
Trefethen and Weideman (SIAM Review 56 (2014), Theorem 5.1) the trapezoidal sum of step h errs
by at most 2 sqrt(2) exp(c^2/2) (1 + c^2)/(exp(2 pi c/h) - 1) (times lambda - mu). Left out
beyond |z| = R >= 2 is at most 2 E[z^2; z > R] <= (R + 1/R) exp(-R^2/2), as z^2 phi falls
there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any

from flint import arb, ctx

from gembounds.evaluators.balls.radial import ball
from gembounds.evaluators.balls.tanh import QUARTER
from gembounds.values.precision import working_precision

MOST = 200_000
"""Nodes on a side beyond which only what is always true is said (a choice: seconds)."""


def _mean(slope: Any, at: Callable[[Any], Any], size: Any) -> Any:
    """E f(z), f = ``at`` even, with poles where ``slope`` z is i pi/2; 0 <= f(z) <= ``size`` z^2,
    or ``size``: see above."""
    level = (ctx.prec + 8) * math.log(2)
    reach = math.sqrt(2 * level) + 2
    steep = abs(float(slope.mid()))
    strip = reach if steep * reach < QUARTER else QUARTER / steep
    step = 2 * math.pi * strip / (level + strip * strip / 2 + 4)
    if reach > MOST * step:
        return size * arb("0.5 +/- 0.5")
    count = math.ceil(reach / step)
    h, c = arb(step), arb(strip)
    total = at(arb(0))
    for k in range(1, count + 1):
        z = k * h
        total += 2 * (-z * z / 2).exp() * at(z)
    end = count * h
    missed = 2 * arb(2).sqrt() * (c * c / 2).exp() * (1 + c * c)
    missed = missed / (2 * arb.pi() * c / h).expm1() + (end + 1 / end) * (-end * end / 2).exp()
    return total * h / (2 * arb.pi()).sqrt() + arb(0, (missed * size).upper())


def sech_means(m: Any) -> tuple[Any, Any]:
    """E sech(m z) and E[z^2 sech(m z)], m >= 0 exact or a ball."""
    m = ball(m)
    spread = arb(0, m.rad()) * 2  # |d/dm| <= E|z|, E|z|^3 < 2
    m = arb(m.mid())
    return (
        _mean(m, lambda z: 1 / (m * z).cosh(), 1) + spread,
        _mean(m, lambda z: z * z / (m * z).cosh(), 1) + spread,
    )


def distances(mu: Fraction) -> Iterator[Any]:
    """lambda_t - mu for t = 1, 2, ..., lambda_1 = E|x|, x ~ N(mu, 1), mu > 0."""
    true = ball(mu)
    factor = (-true * true / 2).exp()
    tail = (true / arb(2).sqrt()).erfc()
    distance = factor * (2 / arb.pi()).sqrt() - true * tail
    while True:
        yield distance
        distance = _moved(true, factor, distance)


def _moved(true: Any, factor: Any, distance: Any) -> Any:
    """One step; its slope is at most exp(-mu^2/2) where lambda >= mu."""
    mid, spread = arb(distance.mid()), arb(0, distance.rad())
    start = true + mid

    def at(z: Any) -> Any:
        return z * (mid * z).sinh() / (start * z).cosh()

    return factor * (_mean(start, at, mid) + spread)


def error_after(mu: Any, steps: int) -> Any:
    """(lambda_t - mu)/mu after ``steps`` >= 1 steps from infinity, mu > 0 a number."""
    found = distances(Fraction(mu))
    for _ in range(steps - 1):
        next(found)
    return next(found) / ball(Fraction(mu))


@lru_cache(maxsize=64)
def threshold(steps: int, error: Fraction, bits: int = 40) -> tuple[Fraction, Fraction]:
    """Ends, 2^-``bits`` apart, between which the relative error after ``steps`` steps from
    infinity becomes ``error``: it falls as mu grows (claim ``error-falls``), is above at the
    first and below at the second."""
    low, high = Fraction(0), Fraction(1)
    with working_precision(bits + 40):
        wanted = ball(error)
        while not (found := error_after(high, steps)) < wanted:
            low, high = high if found > wanted else low, 2 * high
        while high - low > Fraction(1, 2**bits):
            middle = (low + high) / 2
            found = error_after(middle, steps)
            if found > wanted:
                low = middle
            elif found < wanted:
                high = middle
            else:  # undecided at these bits: wider ends are ends too
                break
    return low, high
