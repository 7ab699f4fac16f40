"""Expectations over x ~ N(0, I) of functions of posteriors, by sums of intervals.

Posteriors depend on x through its projection y on the span of the means, y ~ N(0, I_r). The
expectation is an r-fold sum over nodes y_j = h_j k, |k| <= N_j, of weights h_j phi(y_j). Two
errors, bounded here for f with |f(y)| <= c0 + c1 sum_j |y_j| at real y and |f(z)| <= s0 +
s1 (sum_j |y_j| + a_j) where coordinate j has an imaginary part b, |b| <= a_j, the others being
real (:class:`Growth`).

*Strip.* Let the means of a mixture spread over D along axis j and a_j D <= pi/2. The terms
w_k exp(<z, u_k> - |u_k|^2/2) of S(z) then lie in a sector of half-angle pi/4 about some ray, so
|S(z)| >= cos(pi/4) sum_k |terms| = S(y)/sqrt(2): S has no zero and |psi_k(z)| <= sqrt(2) psi_k(y).

*Rule.* |phi(y + ib)| = phi(y) exp(b^2/2), so f phi integrates on every line of the strip to at
most M = 2^(r-1) exp(a^2/2) (s0 + s1 (2r + a)): the other coordinates, summed or integrated, have
weights of at most 2 in all and first absolute moments of at most 2 (h <= 2: a sum over one side
is at most the integral plus h times the maximum). By the theorem on the trapezoidal rule for
functions analytic in a strip (Trefethen and Weideman, SIAM Review 56 (2014), Theorem 5.1) the
sum over all k errs by at most 2 M / (exp(2 pi a/h) - 1), and the axes' errors add.

*Tail.* With R = h N >= 1, phi and y phi decrease beyond R, so the terms left out weigh at most
2 phi(R)/R, and 2 phi(R) with a factor |y|: at most 2^r ((c0 + 2 r c1) phi(R)/R + c1 phi(R)) for
each axis.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from mpmath import iv

from gembounds.referee.verify.interval import exact, exponential, rational
from gembounds.referee.verify.space import Space

MOST_NODES = 60_000
"""Nodes beyond which the sum is out of reach (a choice: seconds)."""


class OutOfReach(ArithmeticError):
    """A sum with more nodes than ``MOST_NODES``."""


class Growth(NamedTuple):
    """Bounds of a function: see the module."""

    real: Fraction
    real_slope: Fraction
    strip: Fraction
    strip_slope: Fraction


PRODUCT = Growth(Fraction(1), Fraction(0), Fraction(2), Fraction(0))
"""Of psi_i, and of psi_i psi_k: 1, and sqrt(2)^2."""

MOMENT = Growth(Fraction(0), Fraction(1), Fraction(0), Fraction(3, 2))
"""Of psi_i y_j: |y_j|, and sqrt(2) |z_j|."""


def logarithm_growth(longest: Fraction) -> Growth:
    """Of log S, ``longest`` >= U = max |u_k|. S is a mean of exp(<y, u_k> - |u_k|^2/2), so |log S|
    is at most U sum |y_j| + U^2/2; in the strip also log sqrt(2) + pi/4 < 6/5 and a U."""
    square = longest**2 / 2
    return Growth(square, longest, square + Fraction(6, 5), longest)


class Axis(NamedTuple):
    """Step h, nodes k h with |k| <= half, and the half-width of the strip."""

    step: Fraction
    half: int
    strip: Fraction


class Mixtures(NamedTuple):
    """Mixtures in one space: for each its weights, and exact |u_k|^2 of all its means, which are
    consecutive vectors of ``space``."""

    space: Space
    weights: list[Sequence[Fraction]]
    squares: list[Fraction]

    @property
    def longest(self) -> Fraction:
        """At least the largest |u_k|."""
        return Fraction(exact(iv.sqrt(rational(max(self.squares))).b))


Integrand = Callable[[list[list[Any]], list[Any], list[Any]], list[Any]]
"""(posteriors of each mixture, S of each, y) -> values."""


def expectations(
    mixtures: Mixtures, integrand: Integrand, growths: Sequence[Growth], bits: int
) -> list[Any]:
    """``iv`` intervals around the expectations of the values of ``integrand``, value v bounded by
    ``growths[v]``; errors near 2^-bits for functions of moderate size.

    Raises :class:`OutOfReach` where that takes too many nodes.
    """
    axes = [_axis(d, bits) for d in _spreads(mixtures)]
    if math.prod(2 * axis.half + 1 for axis in axes) > MOST_NODES:
        raise OutOfReach(f"rank {mixtures.space.rank} takes more than {MOST_NODES} nodes")
    totals = _summed(mixtures, axes, integrand)
    errors = [_error(axes, growth) for growth in growths]
    return [t + iv.mpf([-e, e]) for t, e in zip(totals, errors, strict=True)]


def _summed(mixtures: Mixtures, axes: list[Axis], integrand: Integrand) -> list[Any]:
    tables = [_table(mixtures.space.coordinates, j, axis) for j, axis in enumerate(axes)]
    starts = [
        [rational(w) * exponential(rational(-s / 2)) for w, s in zip(ws, part, strict=True)]
        for ws, part in zip(mixtures.weights, _parts(mixtures), strict=True)
    ]
    totals: list[Any] = []
    for node in itertools.product(*tables):
        weight, factors = iv.mpf(1), [iv.mpf(1)] * len(mixtures.squares)
        for _, share, column in node:
            weight = weight * share
            factors = [f * c for f, c in zip(factors, column, strict=True)]
        posteriors, sums, first = [], [], 0
        for start in starts:
            terms = [s * f for s, f in zip(start, factors[first:], strict=False)]
            first += len(start)
            total = sum(terms[1:], terms[0])
            posteriors.append([t / total for t in terms])
            sums.append(total)
        values = integrand(posteriors, sums, [y for y, _, _ in node])
        scaled = [weight * v for v in values]
        totals = [t + s for t, s in zip(totals, scaled, strict=True)] if totals else scaled
    return totals


def _parts(mixtures: Mixtures) -> list[list[Fraction]]:
    out, first = [], 0
    for weights in mixtures.weights:
        out.append(mixtures.squares[first : first + len(weights)])
        first += len(weights)
    return out


def _spreads(mixtures: Mixtures) -> list[Fraction]:
    """For each axis at least the largest difference of coordinates within one mixture."""
    out = []
    for j in range(mixtures.space.rank):
        values = [row[j] for row in mixtures.space.coordinates]
        widest, first = Fraction(0), 0
        for weights in mixtures.weights:
            part = values[first : first + len(weights)]
            first += len(weights)
            high = max(exact(v.b) for v in part)
            widest = max(widest, high - min(exact(v.a) for v in part))
        out.append(widest)
    return out


def _axis(spread: Fraction, bits: int) -> Axis:
    """Steps for an error near 2^-bits: 2 pi a/h - a^2/2 = bits log 2, with the a that makes h
    largest. Chosen in floating point; what they achieve is bounded by :func:`_error`."""
    need = bits * math.log(2) + 2
    strip = math.sqrt(2 * need)
    if spread > 0:
        strip = min(strip, 0.999 * math.pi / (2 * float(spread)))
    step = min(2 * math.pi * strip / (need + strip**2 / 2), 1.0)
    reach = math.sqrt(2 * need) + 1
    short = Fraction(max(1, round(step * 2**30)), 2**30)
    return Axis(short, math.ceil(reach / float(short)), Fraction(round(strip * 2**30), 2**30))


def _table(coordinates: list[list[Any]], j: int, axis: Axis) -> list[tuple[Any, Any, list[Any]]]:
    """For every node y: y, h phi(y), and exp(y u_k) for every k."""
    out = []
    density = rational(axis.step) / iv.sqrt(2 * iv.pi)
    for k in range(-axis.half, axis.half + 1):
        place = axis.step * k
        y = rational(place)
        share = density * exponential(rational(-(place**2) / 2))
        out.append((y, share, [exponential(y * row[j]) for row in coordinates]))
    return out


def _error(axes: list[Axis], growth: Growth) -> Any:
    """The bound of both errors, the upper end of an interval."""
    r = len(axes)
    total = iv.mpf(0)
    for step, half, strip in axes:
        a, h, reach = rational(strip), rational(step), rational(step * half)
        size = rational(growth.strip) + rational(growth.strip_slope) * (2 * r + a)
        mass = 2 ** (r - 1) * exponential(a * a / 2) * size
        total += 2 * mass / (exponential(2 * iv.pi * a / h) - 1)
        phi = exponential(-reach * reach / 2) / iv.sqrt(2 * iv.pi)
        level = rational(growth.real + 2 * r * growth.real_slope)
        total += 2**r * (level * phi / reach + rational(growth.real_slope) * phi)
    return total.b
