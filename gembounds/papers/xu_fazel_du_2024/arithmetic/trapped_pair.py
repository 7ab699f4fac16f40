"""Gradient EM from means M and 0 on the line, equal weights: all steps up to a time at once.

The argument is in :mod:`gembounds.papers.xu_fazel_du_2024.arguments.beyond_em`: as long as a is
at least low and -c in [0, x], with s = (low - x)/2 and Q = Pr[z > s],

    -c <= M Q/(1 - 3Q),    a lies in [M - (eta t) M Q, M],

so intervals that contain these again contain the whole trajectory up to t.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

PASSES = 3
"""How often the intervals are taken anew (a choice: each is far narrower than the one before)."""


class Pair(NamedTuple):
    """Enclosures at every time up to t: mu_1, -mu_2, and L from below."""

    far: Any
    near: Any
    loss: Any


def longest_length(ops: Any, m: Fraction, level: Fraction) -> Any:
    """A length eta t up to which a >= M - 2/M, -c <= 1/(10 M) and L >= ``level``; None where the
    induction does not close."""
    top = ops.ball(m)
    low, off = top - 2 / top, 1 / (10 * top)
    tail = _tail(ops, (low - off) / 2)
    found = _found(ops, top, low, off)
    if not (top * tail / (1 - 3 * tail) <= off and found.loss >= ops.ball(level)):
        return None
    return 2 / (top * top * tail)


def pair_after(ops: Any, m: Fraction, length: Any) -> Pair | None:
    """After steps of one size eta <= 1 that have the total ``length`` = eta t, a ball; None where
    the induction does not close. m >= 6."""
    top = ops.ball(m)
    low, off = top - 2 / top, 1 / (10 * top)
    for k in range(PASSES):
        s = (low - off) / 2
        tail = _tail(ops, s)
        share = top * tail
        new_off = share / (1 - 3 * tail)
        new_low = top - length * share
        if not (new_off <= off and new_low >= low and off * 4 <= low):
            return None if not k else _found(ops, top, low, off)
        low, off = ops.ball(new_low.lower()), ops.ball(new_off.upper())
    return _found(ops, top, low, off)


def _found(ops: Any, top: Any, low: Any, off: Any) -> Pair:
    """E log(1 + exp(k (x - s))) <= k E max(0, x - s) + E exp(-k |x - s|); with f the density at s
    these are f - s Q and at most f/(s + k) + f/(k - s)."""
    s, most = (low - off) / 2, top / 2
    density = ops.exp(-s * s / 2) / ops.sqrt(2 * ops.pi())
    tail = _tail(ops, s)
    over = (top + off) * (density - s * tail) + density * (1 / (s + low) + 1 / (low - most))
    loss = ops.log(2) - over
    return Pair(low.union(top), ops.ball(0).union(off), loss)


def _tail(ops: Any, s: Any) -> Any:
    """Pr[z > s]."""
    return (s / ops.sqrt(2)).erfc() / 2
