"""Exact moments outside the span: E[|zeta|^2p prod_k zeta_k^m_k], zeta a Gaussian in R^m.

With zeta = |zeta| omega the two are independent, so a factor |zeta|^2p multiplies a moment of
degree s by E|zeta|^(s + 2p) / E|zeta|^s = (m + s) (m + s + 2) ... (m + s + 2p - 2); the moment
itself is a sum over pairings (Isserlis).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from flint import fmpq

Covariance = Callable[[int, int], fmpq]


def moments(dimension: int, covariance: Covariance) -> Callable[[int, tuple[int, ...]], fmpq]:
    """``moment(p, (k, ...))``, k once for each factor zeta_k, in order."""

    @cache
    def pairings(factors: tuple[int, ...]) -> fmpq:
        if not factors:
            return fmpq(1)
        if len(factors) % 2:
            return fmpq(0)
        first, rest = factors[0], factors[1:]
        total = fmpq(0)
        for place, other in enumerate(rest):
            c = covariance(first, other)
            if c != 0:
                total += c * pairings(rest[:place] + rest[place + 1 :])
        return total

    def moment(p: int, factors: tuple[int, ...]) -> fmpq:
        value = pairings(factors)
        for t in range(p):
            value *= dimension + len(factors) + 2 * t
        return value

    return moment
