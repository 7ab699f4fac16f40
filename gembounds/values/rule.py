"""The trapezoidal rule for Gaussian expectations of posteriors, with a relative error bound.

One coordinate at a time, the others fixed and real, the components have coordinates u_1..u_n
with range ``D = max u - min u``. In the strip abs(Im z) <= a with ``theta = a D < pi`` the
terms of S(z) = sum_k w_k exp(z u_k), w_k > 0, lie in a sector of opening theta, so
abs(S(z)) >= cos(theta/2) S(Re z). The integrand f = psi_i psi_k phi therefore satisfies
integral abs(f(x + ib)) dx <= exp(a^2/2) / cos^2(theta/2) * integral f(x) dx on every line of
the strip, and the theorem for the trapezoidal rule on the real line (L. N. Trefethen and
J. A. C. Weideman, SIAM Review 56 (2014) 385-458, Theorem 5.1) bounds the error of step h by

    rho = 2 exp(a^2/2) / (cos^2(theta/2) (exp(2 pi a / h) - 1))

*times the integral itself*. Over r coordinates the integrand stays positive, so the rule T
and the integral I satisfy prod(1 - rho_j) I <= T <= prod(1 + rho_j) I.

Everything here is float64 with the rounding bounded by ``SLACK``; the same bounds in balls are
in :mod:`gembounds.evaluators.balls.bounds`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

SLACK = 1.0 + 2.0**-33
"""Covers the rounding of the bounds below: their exponents stay under 2^11 in size and cosines
above 2^-6, so the relative error of each is below 2^11 * 2^-6 ... 2^17 units of 2^-53 at most
(derived: an exponent x rounded a few times changes exp(x) by 4 abs(x) U; a cosine above 2^-6
of an angle with error 4 U errs by 2^8 U)."""

MAX_THETA = 3.1
"""Widest sector used: keeps cos(theta/2) above 0.02, so that it is computed accurately."""

MAX_STEP = 6.0
"""Longest step used: below 2 pi, where T[y^2 phi] <= 1 (see :func:`discrete_first_moment`)."""

STEP_BITS = 20
"""Steps are rounded down to this many bits, so that every node k h is exact in float64."""

MAX_COUNT = 2**31
"""Nodes k h with abs(k) <= 2^31 and a 20-bit h are exact (51 bits)."""


@dataclass(frozen=True)
class Rule:
    """The quadrature rule behind a value: one entry per coordinate of the reduced space.

    ``step`` h, ``count`` K (nodes k h, abs(k) <= K), ``error`` rho (bound of the rule's error
    relative to the integral), ``halfwidth`` a of the strip that proves it.
    """

    step: tuple[float, ...] = ()
    count: tuple[int, ...] = ()
    error: tuple[float, ...] = ()
    halfwidth: tuple[float, ...] = ()

    @property
    def nodes(self) -> int:
        total = 1
        for k in self.count:
            total *= 2 * k + 1
        return total


NO_RULE = Rule()


class Axis(NamedTuple):
    """The rule along one coordinate: nodes k h, abs(k) <= count, error relative rho."""

    halfwidth: float
    step: float
    count: int  # type: ignore[assignment]  # hides tuple.count
    error: float

    @property
    def radius(self) -> float:
        """Half the length covered: ``count * step``, exact."""
        return self.count * self.step


def relative_error(halfwidth: float, step: float, spread: float) -> float:
    """rho for the strip ``halfwidth`` a, step h and coordinate range ``spread`` D, rounded up.

    Infinite where the bound says nothing: a D >= ``MAX_THETA`` (stricter than pi), or
    exponents beyond 2^11; never below 1e-300.
    """
    theta = halfwidth * spread
    exponent = 2.0 * math.pi * halfwidth / step
    if not (0.0 < theta < MAX_THETA and exponent > 0.0 and halfwidth < 64.0):
        return math.inf
    cosine = math.cos(0.5 * theta)
    least = min(exponent, 2000.0) * (1.0 - 2.0**-45)  # larger exponents only lower the error
    power = 0.5 * halfwidth * halfwidth - least  # exp(x) - 1 = exp(x) (1 - exp(-x))
    if power > 700.0:
        return math.inf
    error = 2.0 * math.exp(power) / (cosine * cosine * -math.expm1(-least)) * SLACK
    return max(error, 1e-300)


def choose_strip(spread: float, error: float) -> tuple[float, float]:
    """The strip a that allows the longest step for ``relative_error <= error``, and the step.

    With Lambda = log(2/rho), h = 2 pi a / (Lambda + a^2/2 - 2 log cos(a D/2)) is stationary
    where F(a) = Lambda - a^2/2 - 2 log cos(a D/2) - a D tan(a D/2) = 0; F is concave and
    decreasing, so Newton's method from the right descends to the root. Any a proves a bound;
    the step is verified, not trusted, by the caller through :func:`relative_error`.
    """
    level = max(math.log(2.0 / error), 0.75)
    limit = 0.999 * MAX_THETA / spread
    a = min(math.sqrt(2.0 * level), limit, (math.pi - 2.0 * math.pi / (level + 4.0)) / spread)
    half = 0.5 * spread
    for _ in range(6):
        tangent = math.tan(half * a)
        square = 1.0 + tangent * tangent  # 1/cos^2
        value = level - 0.5 * a * a + math.log(square) - 2.0 * half * a * tangent
        move = -value / (a * (1.0 + 2.0 * half * half * square))
        a = min(max(a - move, 0.5 * a), limit)
        if abs(move) < 1e-3 * a:
            break
    exponent = level + 0.5 * a * a - 2.0 * math.log(math.cos(0.5 * a * spread))
    # rho needs exp(x) - 1 >= exp(exponent): log1p(exp(exponent)) (6e-9 covers SLACK)
    growth = exponent + math.log1p(math.exp(-exponent)) + 6e-9
    return a, 2.0 * math.pi * a / growth


def short_step(step: float) -> float:
    """``step`` rounded down to ``STEP_BITS`` bits and to at most ``MAX_STEP``."""
    mantissa, exponent = math.frexp(min(step, MAX_STEP))
    return math.ldexp(math.floor(mantissa * 2.0**STEP_BITS), exponent - STEP_BITS)


def axis_rule(spread: float, error: float, radius: float) -> Axis:
    """A rule with relative error at most ``error`` whose nodes cover [-radius, radius].

    ``spread`` is an upper bound of D, positive and finite; ``error`` is in (0, 1].
    """
    a, step = choose_strip(spread, error)
    step = short_step(step)
    return Axis(a, step, _count(radius, step), relative_error(a, step, spread))


def _count(radius: float, step: float) -> int:
    ratio = radius / step
    if not ratio < MAX_COUNT - 1:
        return MAX_COUNT
    return max(1, math.ceil(ratio))


@lru_cache(maxsize=1024)
def normal_tail(radius: float) -> float:
    """Upper bound of Pr[Z > radius], Z ~ N(0, 1), radius > 0: min(1/2, phi(R)/R) (Mills)."""
    if radius > 37.5:  # exp(-R^2/2) nears the end of float64's range
        return 1e-305
    density = math.exp(-0.5 * radius * radius) * 0.39894228040143276
    return min(0.5, density / radius * SLACK)


def tail_radius(tail: float) -> float:
    """A radius whose :func:`normal_tail` is at most about ``tail`` (a guess, not a bound)."""
    level = -math.log(max(tail, 1e-300))
    radius = math.sqrt(2.0 * max(level, 0.5))
    for _ in range(3):
        radius = math.sqrt(2.0 * max(level - math.log(radius * 2.5066282746310002), 0.25))
    return radius * (1.0 + 1e-6)


@lru_cache(maxsize=1024)
def discrete_total(step: float) -> float:
    """Upper bound of T_h[phi] = h sum_k phi(kh).

    By Poisson summation it is 1 + 2 sum_m q^(m^2), q = exp(-2 pi^2/h^2), and sum_m q^(m^2) is
    at most the geometric sum 1/(1/q - 1).
    """
    exponent = 2.0 * (math.pi / step) ** 2
    return (1.0 + 2.0 / math.expm1(min(exponent, 700.0) * (1.0 - 2.0**-45))) * SLACK


@lru_cache(maxsize=1024)
def discrete_first_moment(step: float) -> float:
    """Upper bound of T_h[abs(y) phi].

    By Cauchy-Schwarz at most sqrt(T[phi] T[y^2 phi]), and by Poisson summation T[y^2 phi] is
    1 + 2 sum_m (1 - w^2) exp(-w^2/2) at w = 2 pi m / h, at most 1 for h <= 2 pi.
    """
    return math.sqrt(discrete_total(step)) * SLACK
