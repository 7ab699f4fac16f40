"""Radial expectations of x ~ N(0, I_d), by quadrature of the chi density.

|x| has density t^(d-1) exp(-t^2/2) / (2^(d/2-1) Gamma(d/2)) on t >= 0. With a factor
t^k exp(ct) the logarithm of the integrand, p log t + ct - t^2/2 with p = d - 1 + k >= 0, is
concave with second derivative <= -1: beyond distance R of its peak it has dropped by R^2/2 or
more. The window in which it stays near its peak is found by bisection and cut into panels of
Gauss-Legendre. Two successive rules must agree.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from mpmath import mp

from gembounds.evaluators.reference.legendre import gauss
from gembounds.evaluators.reference.precision import (
    NotConverged,
    checked_digits,
    objects,
    to_mpf,
    working,
)
from gembounds.tools.errors import InputError
from gembounds.values.estimates import Estimate
from gembounds.values.numerals import exact_number

MAX_DIMENSION = 10**9
"""Largest d: rounding costs as many digits as d log d has, which are carried besides."""

MAX_ARGUMENT = 10**6
"""Largest |c| and t: the same."""

PANELS = 16
MAX_RULES = 6


def exp_norm(c: Any, d: int, digits: int = 30) -> Estimate:
    """``E exp(c |x|)`` for x ~ N(0, I_d), a scalar estimate.

    c: any number :class:`Mixture` takes, |c| <= 10^6; 1 <= d <= 10^9; 5 <= digits <= 500.
    Raises :class:`InputError`. Source: M(c) of Lemma 17.
    """
    exact = _checked_number(c, "c")
    return _expectation(0, exact, Fraction(0), _checked_dimension(d), checked_digits(digits))


def norm_survival(t: Any, d: int, digits: int = 30) -> Estimate:
    """``Pr[|x| > t]`` for x ~ N(0, I_d), a scalar estimate; 0 <= t <= 10^6, d as above.

    Relative digits, also where it is tiny. Raises :class:`InputError`. Source: (26a), (39c).
    """
    exact = _checked_number(t, "t")
    if exact < 0:
        raise InputError(f"t is {t!r}: a norm is at least 0; give one")
    return _expectation(0, Fraction(0), exact, _checked_dimension(d), checked_digits(digits))


def norm_moment(k: int, d: int, digits: int = 30) -> Estimate:
    """``E |x|^k`` for x ~ N(0, I_d), an integer k from 1 - d to 10^6, a scalar estimate.

    Raises :class:`InputError`. Source: E norm(y) of (10d).
    """
    dimension = _checked_dimension(d)
    if isinstance(k, bool) or not isinstance(k, int) or not 1 - dimension <= k <= MAX_ARGUMENT:
        raise InputError(f"k is {k!r}: give an integer from {1 - dimension} to {MAX_ARGUMENT}")
    return _expectation(k, Fraction(0), Fraction(0), dimension, checked_digits(digits))


def _checked_dimension(d: Any) -> int:
    if isinstance(d, bool) or not isinstance(d, int) or not 1 <= d <= MAX_DIMENSION:
        raise InputError(f"d is {d!r}: give an integer from 1 to {MAX_DIMENSION}")
    return d


def _checked_number(value: Any, name: str) -> Fraction:
    exact = exact_number(value, name)
    if abs(exact) > MAX_ARGUMENT:
        raise InputError(f"{name} is {value!r}: keep its size within {MAX_ARGUMENT}")
    return exact


def _expectation(k: int, c: Fraction, low: Fraction, d: int, digits: int) -> Estimate:
    """E[|x|^k exp(c |x|); |x| > low]."""
    p = d - 1 + k
    # exponents as large as p log p, |c| t and t^2/2, all at t about |c| + low + sqrt(p)
    size = abs(float(c)) + float(low) + math.sqrt(p) + digits
    with working(digits + 10 + 3 * math.log10(size)):
        previous = _integral(p, to_mpf(c), to_mpf(low), digits + 4, 0)
        for refine in range(1, MAX_RULES):
            value = _integral(p, to_mpf(c), to_mpf(low), digits + 4, refine)
            if abs(value - previous) <= mp.mpf(10) ** -(digits + 1) * value:
                half = mp.mpf(d) / 2
                scale = mp.exp((half - 1) * mp.log(2) + mp.loggamma(half))
                return Estimate(objects(value / scale), digits)
            previous = value
    raise NotConverged(f"{MAX_RULES} rules did not agree to {digits} digits: ask for fewer")


def _integral(p: int, c: Any, low: Any, digits: int, refine: int) -> Any:
    """Integral over t > low of t^p exp(ct - t^2/2), 16 panels a side of the peak."""

    def exponent(t: Any) -> Any:
        return (p * mp.log(t) if p else mp.zero) + (c - t / 2) * t

    # the positive root of t^2 - ct - p, written so that nothing cancels; c itself for p = 0
    root = mp.sqrt(c * c + 4 * p)
    mode = (c + root) / 2 if c >= 0 else 2 * p / (root - c)
    peak = max(mode, low)
    # what the integral loses against its peak by being narrow: 1.2 and 10 cover it
    drop = 1.2 * (digits + refine) * mp.log(10) + 10
    end = _drops(exponent, peak, peak + mp.sqrt(2 * drop), drop)
    start = _drops(exponent, peak, max(low, peak - mp.sqrt(2 * drop)), drop)
    left = [
        (start + (peak - start) * mp.mpf(i) / PANELS, (peak - start) / PANELS)
        for i in range(PANELS)
        if start < peak
    ]
    right = [
        (peak + (end - peak) * mp.mpf(i) / PANELS, (end - peak) / PANELS) for i in range(PANELS)
    ]
    rule = gauss(int(12 + digits * (0.5 + 0.25 * refine)))
    total = mp.zero
    for begin, width in left + right:
        for x, w in zip(rule.nodes, rule.weights, strict=True):
            t = begin + width * (1 + x) / 2
            total += w * width / 2 * mp.exp(exponent(t))
    return total


def _drops(exponent: Any, peak: Any, limit: Any, drop: Any) -> Any:
    """Between ``peak`` and ``limit``, about the nearest t where the exponent fell by ``drop``.

    With a peak at 0 (t^0, falling at once) nothing is taken from the exponent at 0 but its
    limit; at the other end t = 0 with t^p is never evaluated.
    """
    top = exponent(peak) if peak > 0 else mp.zero
    near, far = peak, limit
    if far == near or (far > 0 and top - exponent(far) <= drop):
        return far
    for _ in range(60):
        middle = (near + far) / 2
        if top - exponent(middle) > drop:
            far = middle
        else:
            near = middle
    return far
