"""Gauss-Hermite rules of a few points for coordinates of tiny range, with their error bounds.

Let D <= 1/8 be the range of v_i along one coordinate z, f = psi_i psi_k (the others fixed and
real). log f has slope within 2 D, and for |Im| <= 1/D, |f(z)| <= f(Re z)/cos^2(1/2). Cauchy's
estimate on circles of radius 1/D gives |f^(q)(x)| <= C q! D^q f(x), C = e^2/cos^2(1/2) < 9.6,
and f(x) <= exp(2 D |x|) f(0). With T the Taylor polynomial of degree 2m - 1 at 0,
|f - T|(x) <= C (D |x|)^2m exp(2 D |x|) f(0). The m-point rule integrates T exactly, its nodes
are below 2 sqrt(m), and its value for x^2m is at most the moment (2m-1)!!; also
E |Z|^2m exp(2 D |Z|) <= 2 exp(2 D^2) E(Z + 2D)^2m <= 2^(2m+1) exp(2 D^2) (2m-1)!! for D <= 1/8,
and E f(Z) >= f(0) exp(-2 D). Hence the error relative to the integral is at most

    C D^2m (2m-1)!! (2^(2m+1) exp(2 D^2) + exp(4 D sqrt(m))) exp(2 D).

For g = log S: on those circles |g(z) - g(x)| <= 1 + log sec(1/2) + 1 < 2.2, so the error is at
most 4.4 D^2m (2m-1)!!, absolutely.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from flint import arb, fmpq

MAX_POINTS = 5
LARGEST_SPREAD = 0.125


@dataclass(frozen=True)
class HermiteAxis:
    """The rule of ``points`` nodes, exact for polynomials of degree 2 points - 1."""

    points: int

    @property
    def nodes(self) -> int:
        return self.points


def nodes_and_weights(points: int) -> tuple[list[Any], list[Any]]:
    """Roots of the Hermite polynomial He_m and their weights (sum 1), as balls."""
    if points == 1:
        return [arb(0)], [arb(1)]
    if points == 2:
        return [arb(-1), arb(1)], [arb(fmpq(1, 2))] * 2
    if points == 3:
        root = arb(3).sqrt()
        return [-root, arb(0), root], [arb(fmpq(1, 6)), arb(fmpq(2, 3)), arb(fmpq(1, 6))]
    if points == 4:
        near, far = (3 - arb(6).sqrt()).sqrt(), (3 + arb(6).sqrt()).sqrt()
        inner, outer = 1 / (4 * near * near), 1 / (4 * far * far)
        return [-far, -near, near, far], [outer, inner, inner, outer]
    ten = arb(10).sqrt()
    near, far = (5 - ten).sqrt(), (5 + ten).sqrt()
    inner, outer = (7 + 2 * ten) / 60, (7 - 2 * ten) / 60
    return [-far, -near, arb(0), near, far], [outer, inner, arb(fmpq(8, 15)), inner, outer]


def relative_error(points: int, spread: Any) -> Any | None:
    """rho for a function psi_i psi_k or psi_i; None where D may be above 1/8."""
    d = arb(spread.upper())
    if not d <= LARGEST_SPREAD:
        return None
    c = arb(2).exp() / (arb(1) / 2).cos() ** 2
    wide = 2 ** (2 * points + 1) * (2 * d * d).exp() + (4 * d * arb(points).sqrt()).exp()
    return c * d ** (2 * points) * _odd_factorial(points) * wide * (2 * d).exp()


def log_error(points: int, spread: Any) -> Any:
    """The absolute error for log S."""
    return arb("4.4") * arb(spread.upper()) ** (2 * points) * _odd_factorial(points)


def points_for(spread: float, error: float) -> int | None:
    """The fewest points whose relative error is about ``error``; None if the spread is not tiny
    enough for any (a guess in float64: :func:`relative_error` proves)."""
    if not spread <= LARGEST_SPREAD:
        return None
    for points in range(1, MAX_POINTS + 1):
        log = 2 * points * math.log(max(spread, 1e-300)) + math.log(
            9.7 * _odd_factorial(points) * (2.1 * 4.0**points + math.e**2) * 1.3
        )
        if log <= math.log(error):
            return points
    return None


def _odd_factorial(points: int) -> int:
    return math.prod(range(1, 2 * points, 2))
