"""Expectations over |x|, x ~ N(0, I_d), in balls: |x| follows the chi law with d degrees.

For real c and k > -d,

    E[|x|^k exp(c |x|)] = E|x|^k * M_{d+k}(c),        M_d(c) = E_d exp(c |x|),
    E|x|^k = 2^(k/2) Gamma((d+k)/2) / Gamma(d/2),
    M_d(c) = 1F1(d/2; 1/2; c^2/2) + sqrt(2) c Gamma((d+1)/2)/Gamma(d/2) 1F1((d+1)/2; 3/2; c^2/2),
    M_d(-b) = Gamma((d+1)/2)/sqrt(pi) U(d/2; 1/2; b^2/2)       for b >= 0,
    Pr[|x|^2 >= s] = Gamma(d/2, s/2) / Gamma(d/2).

The first line shifts the dimension in the density r^(d-1) exp(-r^2/2); M_d is the parabolic
cylinder function D_{-d} in Kummer's functions (NIST Handbook, 12.5.1, 12.7.14 and 13.2.42), of
which the second form has no cancellation for negative arguments. Every error is a ball radius
kept by Arb (F. Johansson, "Computing hypergeometric functions rigorously", 2019).

All functions work at the current precision, raising it inside where the value needs more, and
restore it. Arguments are exact (int or Fraction) or balls.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import arb, ctx, fmpq

from gembounds.tools.errors import InputError
from gembounds.values.exact import Root
from gembounds.values.precision import working_precision

Number = Any
"""int, Fraction or flint.arb."""

GUARD = 16
"""Bits beyond the current precision that an attempt starts with (a choice: any is correct)."""

ATTEMPTS = 6
"""Doublings of the precision before a wide ball is returned as it is."""


def ball(x: Number) -> Any:
    """``x`` (an exact number or a ball) as a ball at the current precision."""
    if isinstance(x, Root):
        size = ball(x.square).sqrt()
        return -size if x.sign < 0 else size
    return arb(fmpq(x.numerator, x.denominator)) if isinstance(x, Fraction) else arb(x)


def exp_norm(c: Number, d: int, k: int = 0) -> Any:
    """E[|x|^k exp(c |x|)], x ~ N(0, I_d): a ball with nearly full relative accuracy.

    ``c`` is any real number, ``k >= 0``; raises :class:`InputError` for d < 1 or k < 0.
    """
    _check(d)
    if k < 0:
        raise InputError(f"k is {k}: the power of |x| must be at least 0")
    negative = bool(c < 0)

    def value() -> Any:
        moment = _moment(k, d) if k else arb(1)
        z, a = ball(c) ** 2 / 2, arb(d + k) / 2
        half = arb(1) / 2
        if negative:
            return moment * (a + half).gamma() / arb.pi().sqrt() * z.hypgeom_u(a, half)
        odd = arb(2).sqrt() * ball(c) * ((a + half).lgamma() - a.lgamma()).exp()
        return moment * (z.hypgeom_1f1(a, half) + odd * z.hypgeom_1f1(a + half, 3 * half))

    return _accurate(value)


def norm_survival(square: Number, d: int) -> Any:
    """Pr[|x|^2 >= square], x ~ N(0, I_d), for ``square >= 0``; relative accuracy in the tail."""
    _check(d)
    return _accurate(lambda: (ball(square) / 2).gamma_upper(arb(d) / 2, 1))


def norm_moment(k: Number, d: int) -> Any:
    """E|x|^k, x ~ N(0, I_d), for k > -d (int, Fraction or ball)."""
    _check(d)
    return _accurate(lambda: _moment(k, d))


def _moment(k: Number, d: int) -> Any:
    k = ball(k)
    return (k / 2 * arb(2).log() + ((d + k) / 2).lgamma() - (arb(d) / 2).lgamma()).exp()


def _check(d: int) -> None:
    if d < 1:
        raise InputError(f"d is {d}: the dimension must be at least 1")


def _accurate(value: Callable[[], Any]) -> Any:
    """``value()`` at rising precision until it has the current one's relative accuracy.

    Stops early where more precision no longer helps (an inexact argument).
    """
    goal, previous = ctx.prec, -(2**62)
    for attempt in range(ATTEMPTS):
        with working_precision((goal + GUARD) << attempt):
            result = value()
        bits = int(result.rel_accuracy_bits())
        if bits >= goal or (attempt and bits <= previous):
            break
        previous = bits
    return +result
