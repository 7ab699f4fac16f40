"""Radial integrals of a Gaussian vector that the proofs split or differentiate, in balls.

With x ~ N(0, I_d), |x| has the density K r^(d-1) exp(-r^2/2), K = 2^(1-d/2) / Gamma(d/2).

- Inside the unit ball: int_0^1 r^m exp(-r^2/2) dr = 1F1((m+1)/2; (m+3)/2; -1/2) / (m+1), and
  exp(c r) is its power series; the terms decrease in m, so what follows the term c^k/k! is at
  most exp(c) c^(k+1)/(k+1)! times the first of them.
- M_d'(c), M_d(c) = E exp(c |x|): the closed form of :mod:`balls.radial` differentiated
  by 1F1'(a; b; z) = (a/b) 1F1(a+1; b+1; z).
- E|x| as a quotient of integrals of r^d and r^(d-1) by adaptive certified quadrature: no Gamma.
"""

from __future__ import annotations

from itertools import pairwise
from math import isqrt
from typing import Any

from flint import acb, arb, ctx

from gembounds.evaluators.balls.radial import Number, ball
from gembounds.tools.errors import InputError
from gembounds.values.precision import working_precision

GUARD = 16
"""Bits beyond the current precision (a choice: any is correct)."""

REACH = 15
"""The quadrature ends this far beyond sqrt(d): exp(-REACH^2/2) is near 2^-162 (a choice; the
tail is bounded and contained)."""


def inner_moment(c: Number, d: int) -> Any:
    """int over |x| <= 1 of |x| exp(c |x|) (2 pi)^(-d/2) exp(-|x|^2/2) dx, for c >= 0.

    ``c`` is exact or a ball. Raises :class:`InputError` for d < 1 or a c that may be negative.
    """
    _check(d)
    c = ball(c)
    if not c >= 0:
        raise InputError(f"c is {c}: give a number of at least 0")
    with working_precision(ctx.prec + GUARD):
        limit = arb(2) ** -ctx.prec
        total, power, k = arb(0), arb(1), 0
        first = _inside(d)
        while True:
            total += power * _inside(d + k)
            k += 1
            power *= c / k
            rest = c.exp() * power
            if rest < limit:
                break
        total += (first * rest).union(arb(0))
        half = arb(d) / 2
        density = ((1 - half) * arb(2).log() - half.lgamma()).exp()
        found = density * total
    return +found


def exp_norm_derivative(c: Number, d: int) -> Any:
    """d/dc E exp(c |x|), x ~ N(0, I_d), for c >= 0, from the derivative of the closed form."""
    _check(d)
    with working_precision(ctx.prec + GUARD):
        c = ball(c)
        z, a, half = c * c / 2, arb(d) / 2, arb(1) / 2
        b = a + half
        even = c * (2 * a) * z.hypgeom_1f1(a + 1, 3 * half)
        odd = z.hypgeom_1f1(b, 3 * half) + c * c * (b / (3 * half)) * z.hypgeom_1f1(
            b + 1, 5 * half
        )
        found = even + arb(2).sqrt() * (b.lgamma() - a.lgamma()).exp() * odd
    return +found


def mean_norm(d: int) -> Any:
    """E|x| = int r^d exp(-r^2/2) dr / int r^(d-1) exp(-r^2/2) dr over r > 0, by quadrature."""
    _check(d)
    with working_precision(ctx.prec + GUARD):
        found = arb(d).sqrt() * _integral(d, d) / _integral(d - 1, d)
    return +found


def unit_ball_volume(d: int) -> Any:
    """V_d = pi^(d/2) / Gamma(d/2 + 1)."""
    _check(d)
    half = arb(d) / 2
    with working_precision(ctx.prec + GUARD + d.bit_length()):
        found = (half * arb.pi().log() - (half + 1).lgamma()).exp()
    return +found


def _inside(m: int) -> Any:
    """int_0^1 r^m exp(-r^2/2) dr."""
    b = arb(m + 1) / 2
    return (-arb(1) / 2).hypgeom_1f1(b, b + 1) / (m + 1)


def _integral(k: int, d: int) -> Any:
    """int_0^inf (r/sqrt(d))^k exp((d - r^2)/2) dr for k = d or d - 1.

    Beyond R > sqrt(d) the integrand f falls at least as exp(-s r), s = R - k/R (the logarithm of
    f is concave), so what is left out is at most f(R)/s.
    """
    root = arb(d).sqrt()

    def f(z: Any, _: bool) -> Any:
        return (z / root) ** k * ((d - z * z) / 2).exp()

    end = isqrt(d) + 1 + REACH
    start = max(0, isqrt(d) - REACH)
    pieces = [0, start, end] if start else [0, end]
    total = arb(0)
    for low, high in pairwise(pieces):
        total += acb.integral(f, acb(low), acb(high)).real
    tail = f(acb(end), True).real / (end - arb(k) / end)
    return total + tail.union(arb(0))


def _check(d: int) -> None:
    if d < 1:
        raise InputError(f"d is {d}: the dimension must be at least 1")
