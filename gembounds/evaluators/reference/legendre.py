"""Gauss-Legendre nodes and weights at any precision."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mpmath import mp

from gembounds.evaluators.reference.precision import ObjectArray, objects

STEP = 64
"""Rules have a multiple of so many bits: one serves all precisions up to it."""


@dataclass(frozen=True)
class Gauss:
    """``sum_j weights[j] f(nodes[j])`` is the integral of f over [-1, 1] up to degree 2N-1.

    ``last`` and ``second`` are ``weights[j] P_m(nodes[j]) (2m+1)/2`` for m = N-1 and N-2: their
    products with f are its last two Legendre coefficients.
    """

    nodes: ObjectArray
    weights: ObjectArray
    last: ObjectArray
    second: ObjectArray


def gauss(count: int) -> Gauss:
    """The rule with ``count`` >= 2 nodes at the working precision of mpmath or a little more.

    Newton's iteration on P_N from cos(pi (j - 1/4) / (N + 1/2)).
    """
    return _gauss(count, -(-mp.prec // STEP) * STEP)


@lru_cache(maxsize=512)
def _gauss(count: int, prec: int) -> Gauss:
    with mp.workprec(prec + 20):
        half = [_root(count, j) for j in range(1, count // 2 + 1)]
        if count % 2:
            half.append((mp.zero, *_pair(count, mp.zero)))
        mirrored = [(-x, p, -q) for x, p, q in reversed(half[: count // 2])]
        # P_(N-1) has the parity of N-1 and P_(N-2) that of N: signs of the mirrored nodes
        sign = -1 if count % 2 == 0 else 1
        nodes = [x for x, _, _ in half] + [x for x, _, _ in mirrored]
        p1 = [p for _, p, _ in half] + [sign * p for _, p, _ in mirrored]
        # weight = 2 (1 - x^2) / (N P_(N-1))^2 at a root of P_N
        weights = [2 * (1 - x * x) / (count * p) ** 2 for x, p in zip(nodes, p1, strict=True)]
        # at a root of P_N: (N-1) P_(N-2) = (2N-1) x P_(N-1)
        p2 = [(2 * count - 1) * x * p / (count - 1) for x, p in zip(nodes, p1, strict=True)]
        last = [w * p * (2 * count - 1) / 2 for w, p in zip(weights, p1, strict=True)]
        second = [w * p * (2 * count - 3) / 2 for w, p in zip(weights, p2, strict=True)]
    with mp.workprec(prec):
        return Gauss(*(objects([+v for v in seq]) for seq in (nodes, weights, last, second)))


def _pair(count: int, x: Any) -> tuple[Any, Any]:
    """(P_(N-1)(x), P_N(x))."""
    previous, current = mp.one, x
    for m in range(1, count):
        previous, current = current, ((2 * m + 1) * x * current - m * previous) / (m + 1)
    return previous, current


def _root(count: int, j: int) -> tuple[Any, Any, Any]:
    """The j-th largest root of P_N, with P_(N-1) and P_N there."""
    x = mp.cos(mp.pi * (j - mp.mpf(1) / 4) / (count + mp.mpf(1) / 2))
    target = mp.mpf(2) ** (-mp.prec // 2 - 4)
    while True:
        previous, current = _pair(count, x)
        step = current * (1 - x * x) / (count * (previous - x * current))
        x -= step
        if abs(step) < target:  # quadratic convergence: the step after would be below 2^-prec
            return x, *_pair(count, x)
