"""Radial expectations, x ~ N(0, I_d), by series of positive terms in ``mpmath.iv``.

    Pr[|x|^2 < s] = z^a exp(-z)/Gamma(a + 1) sum_m z^m / ((a+1) ... (a+m)),  a = d/2, z = s/2,
    E|x|^k = 2^(k/2) Gamma((d+k)/2) / Gamma(d/2),
    E[|x|^k exp(c |x|)] = sum_m c^m E|x|^(k+m) / m!,  c >= 0.

The ratios of neighbouring terms of the first, and of terms two apart of the second, fall; once
they are below 1/2 and 1/4 what is left out is at most the last term, or the last two. Gamma at
half integers is exact but for a factor sqrt(pi).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from mpmath import iv

from gembounds.referee.verify.interval import exact, exponential, rational
from gembounds.tools.errors import InputError

MOST_TERMS = 20_000
"""Terms of a series after which it is given up (a choice)."""


def gamma_of_half(m: int) -> Any:
    """Gamma(m/2) for m >= 1."""
    value = Fraction(1)
    start = 2 if m % 2 == 0 else 1
    for k in range(start, m, 2):
        value *= Fraction(k, 2)
    return rational(value) * (iv.mpf(1) if m % 2 == 0 else iv.sqrt(iv.pi))


def norm_survival(square: Fraction, d: int) -> Any:
    """Pr[|x|^2 >= square]: 1 less the series, so small ones want more bits."""
    a, z = Fraction(d, 2), rational(square / 2)
    term, total = iv.mpf(1), iv.mpf(1)
    for m in range(1, MOST_TERMS):
        factor = z / rational(a + m)
        term = term * factor
        total += term
        if exact(factor.b) < Fraction(1, 2) and exact(term.b) < Fraction(1, 2**iv.prec):
            break
    else:
        raise InputError(f"the series for Pr[|x|^2 >= {square}] needs too many terms")
    total += term * iv.mpf([0, 1])
    power = iv.sqrt(z) ** d
    return 1 - power * exponential(-z) / gamma_of_half(d + 2) * total


def norm_moment(k: int, d: int) -> Any:
    """E|x|^k for k >= 0."""
    return iv.sqrt(iv.mpf(2)) ** k * gamma_of_half(d + k) / gamma_of_half(d)


def exp_norm(c: Any, d: int, k: int = 0) -> Any:
    """E[|x|^k exp(c |x|)] for an ``iv`` interval c >= 0.

    Terms two apart have the ratio c^2 (d+k+m)/((m+1)(m+2)), which falls with m.
    """
    if exact(c.a) < 0:
        raise InputError(f"c is {c}: the series is for c >= 0")
    pair = [norm_moment(k, d), c * norm_moment(k + 1, d)]
    total = pair[0] + pair[1]
    for m in range(MOST_TERMS):
        factor = c * c * (d + k + m) / ((m + 1) * (m + 2))
        pair = [pair[1], pair[0] * factor]
        total += pair[1]
        small = exact(pair[0].b) + exact(pair[1].b) < Fraction(1, 2**iv.prec)
        if small and exact(factor.b) < Fraction(1, 4):
            return total + (pair[0] + pair[1]) * iv.mpf([0, 1])
    raise InputError(f"the series for E exp({c} |x|) needs too many terms")
