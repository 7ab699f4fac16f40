"""Integrals on a line of functions that are not analytic, cell by cell in ``mpmath.iv``.

    E|g|, g = psi_i psi_k of one mixture less psi_i psi_k of another, x ~ N(0, 1);
    E[psi_k given |x| <= R].

A function f with |f'| <= B takes on a cell of width w around m values in f(m) +- B w/2, so the
integral of |f| phi over the cell is in (|f(m)| +- B w/2) times the integral of phi, which itself
is w times a value of phi in the cell. psi_i' = psi_i (u_i - sum_k psi_k u_k), so |psi_i'| <= D/4
for means that spread over D, and |(psi_i psi_k)'| <= D/2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from mpmath import iv

from gembounds.referee.verify.interval import exact, exponential, rational

CELLS_PER_BIT = 6
"""Cells: this many for each bit asked (a choice: gives a few digits)."""

REACH = Fraction(12)
"""Where E|g| is cut off: beyond lies a mass of at most 2 phi(12)/12, and |g| <= 1."""


class Line:
    """A mixture on a line: ``places`` are intervals around u_k, ``squares`` exact |u_k|^2."""

    def __init__(
        self, places: Sequence[Any], squares: Sequence[Fraction], weights: Sequence[Fraction]
    ) -> None:
        self.places = places
        ends = [(exact(u.a), exact(u.b)) for u in places]
        self.spread = max(b for _, b in ends) - min(a for a, _ in ends)
        self._shares = [
            rational(w) * exponential(rational(-s / 2))
            for w, s in zip(weights, squares, strict=True)
        ]

    def posteriors(self, y: Fraction) -> list[Any]:
        """psi_k at y."""
        terms = [
            share * exponential(rational(y) * u)
            for share, u in zip(self._shares, self.places, strict=True)
        ]
        total = sum(terms[1:], terms[0])
        return [t / total for t in terms]


def expected_change(before: Line, after: Line, bits: int) -> dict[tuple[int, int], Any]:
    """E|g_ik| for k <= i."""
    pairs = [(i, k) for i in range(len(before.places)) for k in range(i + 1)]
    totals = dict.fromkeys(pairs, iv.mpf(0))
    for middle, width, mass in _cells(REACH, CELLS_PER_BIT * bits):
        slack = _around(rational((before.spread + after.spread) / 2 * width / 2))
        p, q = before.posteriors(middle), after.posteriors(middle)
        for i, k in pairs:
            size = abs(q[i] * q[k] - p[i] * p[k]) + slack
            totals[i, k] += iv.mpf([max(size.a, iv.mpf(0).a, key=exact), size.b]) * mass
    tail = 2 * _density(REACH) / rational(REACH) * iv.mpf([0, 1])
    return {pair: total + tail for pair, total in totals.items()}


def mean_within(line: Line, radius: Fraction, bits: int) -> list[Any]:
    """E[psi_k given |y| <= radius]."""
    totals, whole = [iv.mpf(0)] * len(line.places), iv.mpf(0)
    for middle, width, mass in _cells(radius, CELLS_PER_BIT * bits):
        slack = _around(rational(line.spread / 4 * width / 2))
        whole += mass
        found = line.posteriors(middle)
        totals = [t + (p + slack) * mass for t, p in zip(totals, found, strict=True)]
    return [t / whole for t in totals]


def _cells(radius: Fraction, count: int) -> Iterator[tuple[Fraction, Fraction, Any]]:
    """Middle, width and mass of ``count`` cells of [-radius, radius]; an even count, so that
    phi is monotone in each."""
    width, half = radius / (count // 2), count // 2
    heights = [_density(k * width) for k in range(half + 1)]
    for k in range(-half, half):
        high, low = sorted((abs(k), abs(k + 1)))
        ends = iv.mpf([heights[low].a, heights[high].b])
        yield (k + Fraction(1, 2)) * width, width, rational(width) * ends


def _density(y: Fraction) -> Any:
    return exponential(rational(-(y**2) / 2)) / iv.sqrt(2 * iv.pi)


def _around(size: Any) -> Any:
    return iv.mpf([-size.b, size.b])
