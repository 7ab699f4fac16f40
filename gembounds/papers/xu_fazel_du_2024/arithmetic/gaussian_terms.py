"""Gaussian expectations of sums of c x^p exp(<a, x>) cos(<b, x>), x ~ N(m, s^2 I_d).

With w = a + ib a term is the real part of c x^p exp(<w, x>), a product over coordinates. In one
coordinate, completing the square (for complex w by analytic continuation),

    E[f(X) exp(w X)] = exp(w m + s^2 w^2/2) E[f(u + s Z)],     u = m + s^2 w,  Z ~ N(0, 1),

and E Z^j = (j-1)!! for even j, 0 for odd j. Where every w is 0 all is rational and exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb, prod
from typing import Any, NamedTuple

from flint import acb, arb

from gembounds.evaluators.balls.radial import ball

Number = Any
"""Fraction (exact), or acb."""


class Term(NamedTuple):
    """``factor * prod_l x_l^powers_l * exp(<growth, x>) * cos(<waves, x>)``."""

    factor: Fraction
    powers: tuple[int, ...]
    growth: tuple[Fraction, ...]
    waves: tuple[Fraction, ...]

    @property
    def polynomial(self) -> bool:
        """Whether it has no exponential or cosine."""
        return not any(self.growth) and not any(self.waves)


class Sides(NamedTuple):
    """E[g(x)(x - m)], E[grad g(x)] (Fractions or balls, d of each), and a bound of the size of
    what is added up in the first and in s^2 times the second."""

    moment: list[Any]
    gradient: list[Any]
    size: Any


def stein_sides(terms: Sequence[Term], m: Sequence[Fraction], s: Fraction) -> Sides:
    """Both sides of Stein's identity for g the sum of ``terms``, at the current precision.

    ``m`` and each term's vectors have d entries, s >= 0, powers >= 0. Exact for polynomials.
    """
    exact = all(term.polynomial for term in terms)
    d = range(len(m))
    moment = [Fraction(0) if exact else arb(0) for _ in d]
    gradient, size = list(moment), arb(0)
    for term in terms:
        w: list[Number] = [
            Fraction(0) if exact else acb(ball(a), ball(b))
            for a, b in zip(term.growth, term.waves, strict=True)
        ]
        parts = [_coordinate(p, x, s, v) for p, x, v in zip(term.powers, m, w, strict=True)]
        for j in d:
            others = prod((part.plain for k, part in enumerate(parts) if k != j), start=1)
            factor = term.factor if exact else ball(term.factor)
            moment[j] += factor * _real(parts[j].moment * others)
            gradient[j] += factor * _real(parts[j].gradient * others)
            if not exact:
                rest = prod((part.size for k, part in enumerate(parts) if k != j), start=arb(1))
                size += abs(factor) * parts[j].slope * rest
    return Sides(moment, gradient, Fraction(1) if exact else size)


class _Coordinate(NamedTuple):
    """In one coordinate, f = X^p exp(wX): E f, E[f (X - m)], E f', and with every sign made
    positive the sizes of the first and of s^2 times the last."""

    plain: Number
    moment: Number
    gradient: Number
    size: Any
    slope: Any


def _coordinate(p: int, m: Fraction, s: Fraction, w: Number) -> _Coordinate:
    scale: Number = Fraction(1)
    u: Number = m
    length: Number = s
    size: Any = Fraction(1)
    slope: Any = Fraction(1)
    if not isinstance(w, Fraction):
        length = acb(ball(s))
        u = acb(ball(m)) + length * length * w
        scale = (w * acb(ball(m)) + length * length * w * w / 2).exp()
        least = ball(abs(m)) + ball(s * s) * abs(w)
        size = abs(scale) * _power(p, least, ball(s), 0)
        below = p * _power(p - 1, least, ball(s), 0) if p else arb(0)
        slope = abs(scale) * ball(s * s) * (abs(w) * _power(p, least, ball(s), 0) + below)
    plain = _power(p, u, length, 0)
    below = p * _power(p - 1, u, length, 0) if p else 0 * u
    return _Coordinate(
        plain=scale * plain,
        moment=scale * (length * length * w * plain + length * _power(p, u, length, 1)),
        gradient=scale * (w * plain + below),
        size=size,
        slope=slope,
    )


def _power(p: int, u: Number, s: Number, k: int) -> Number:
    """E[(u + s Z)^p Z^k] by the binomial theorem."""
    total = 0 * u
    for j in range(p + 1):
        if (j + k) % 2 == 0:
            total += comb(p, j) * u ** (p - j) * s**j * _double_factorial(j + k - 1)
    return total


def _double_factorial(k: int) -> int:
    return prod(range(k, 0, -2))


def _real(x: Number) -> Any:
    return x if isinstance(x, (int, Fraction)) else x.real
