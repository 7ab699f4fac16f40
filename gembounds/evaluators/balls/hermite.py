"""Gauss-Hermite rules of few points for coordinates of tiny range, with their error bounds.

Let D <= 1/8 be the range of v_i along one coordinate z, f = psi_i psi_k (the others fixed and
real). log f has slope within 2 D, and for |Im| <= 1/D, |f(z)| <= f(Re z)/cos^2(1/2). Cauchy's
estimate on circles of radius 1/D gives |f^(q)(x)| <= C q! D^q f(x), C = e^2/cos^2(1/2) < 9.6,
and f(x) <= exp(2 D |x|) f(0). With T the Taylor polynomial of degree 2m - 1 at 0,
|f - T|(x) <= C (D |x|)^2m exp(2 D |x|) f(0). The m-point rule integrates T exactly, its nodes
are below 2 sqrt(m) (eigenvalues of a Jacobi matrix with 0 and sqrt(k), k < m, in its diagonals),
and its value for x^2m is at most the moment (2m-1)!!; also
E |Z|^2m exp(2 D |Z|) <= 2 exp(2 D^2) E(Z + 2D)^2m <= 2^(2m+1) exp(2 D^2) (2m-1)!! for D <= 1/8,
and E f(Z) >= f(0) exp(-2 D). Hence the error relative to the integral is at most

    C D^2m (2m-1)!! (2^(2m+1) exp(2 D^2) + exp(4 D sqrt(m))) exp(2 D).

For g = log S: on those circles |g(z) - g(x)| <= 1 + log sec(1/2) + 1 < 2.2, so the error is at
most 4.4 D^2m (2m-1)!!, absolutely.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flint import arb, ctx, fmpz_poly

from gembounds.values.precision import working_precision

MAX_POINTS = 40
"""Most points of a rule (a choice: for 1000 bits and ranges below 2^-12)."""

LARGEST_SPREAD = 0.125

GUARD_BITS = 80
"""More bits for the weights: He_{m-1} at a root loses some to cancellation (a choice: what is lost
is inside the balls)."""


@dataclass(frozen=True)
class HermiteAxis:
    """The rule of ``points`` nodes, exact for polynomials of degree 2 points - 1."""

    points: int

    @property
    def nodes(self) -> int:
        return self.points


def nodes_and_weights(points: int) -> tuple[list[Any], list[Any]]:
    """Roots y of the Hermite polynomial He_m in increasing order, and their weights
    (m-1)!/(m He_{m-1}(y)^2) (sum 1), as balls at the current precision."""
    nodes, weights = _rule(points, ctx.prec)
    return list(nodes), list(weights)


@lru_cache(maxsize=64)
def _rule(points: int, bits: int) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    former, last = fmpz_poly([0]), fmpz_poly([1])
    for k in range(points):
        former, last = last, fmpz_poly([0, 1]) * last - k * former
    with working_precision(bits + GUARD_BITS):
        found: list[Any] = list(last.complex_roots())  # with multiplicities
        roots = sorted((root.real for root, _ in found), key=lambda y: y.mid())
        share = arb(math.factorial(points - 1)) / points
        return tuple(roots), tuple(share / former(y) ** 2 for y in roots)


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
