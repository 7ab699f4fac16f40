"""Two opposite means far out, the others at 0: the gradient over a whole interval, in balls.

With mu_1 = -mu_2 = a u (u a unit vector), mu_3 = ... = mu_n = 0 and equal weights, only
y = <x, u> counts. Reflection of x swaps psi_1 and psi_2, so

    grad_1 = -grad_2 = a g u,   g = P_11 - P_12 = E(psi_1 - psi_2)^2 / 2 >= 0,   grad_k = 0.

P_11 comes from the trapezoidal rule (:mod:`gembounds.values.rule`), which takes a as a ball: the
result encloses every a in it. psi_1 psi_2 <= (psi_1/psi_3)(psi_2/psi_3) / (n-2)^2 =
exp(-a^2)/(n-2)^2 bounds P_12, where the logits are a y - a^2/2, -a y - a^2/2 and 0.

A bound with no grid, for all n >= 3 at once: psi_1 <= min(1, exp(a y - a^2/2)), whose
expectation is 2 Pr[y > a/2] = erfc(a / (2 sqrt 2)), decreasing in a.
"""

from __future__ import annotations

import math
from typing import Any

from flint import arb

from gembounds.evaluators.balls import bounds
from gembounds.evaluators.balls.grid import grid_sums
from gembounds.values.balls import float_ends
from gembounds.values.rule import Axis, axis_rule

LEAST_BITS = 16
"""Bits of the rule below which no grid is worth its time (a choice)."""


def pair_force_bound(low: Any, high: Any) -> Any:
    """At least ``a g`` for every a in [low, high] and every n >= 3 (positive ends)."""
    return high * (low / (2 * arb(2).sqrt())).erfc()


def pair_force(a: Any, n: int, bits: int, max_nodes: int) -> Any:
    """``a g`` for every a in the positive ball ``a``; n >= 3 components, at the current
    precision. Wide where ``max_nodes`` is too small, never below 0 or beyond the bound."""
    low, high = float_ends(a)
    ceiling = arb(0).union(pair_force_bound(arb(a.lower()), arb(a.upper())).upper())
    if not (low > 0 and math.isfinite(high)):
        return arb(0, math.inf)
    axis = _axis(high, n, bits, max_nodes)
    if axis is None:
        return ceiling
    rho = bounds.relative_error(axis, 2 * a)
    if rho is None or not rho < 1:
        return ceiling
    weights = [arb(1) / n, arb(1) / n, arb(n - 2) / n]
    shift = -a * a / 2
    sums = grid_sums([axis], [[a, -a, arb(0)]], [[shift, shift, arb(0)]], weights,
                     frozenset(["overlaps"]))  # fmt: skip
    total = sums.overlap[0][0]
    tail = bounds.tail(axis) * bounds.discrete_total(axis)
    lowest = arb((total / (1 + rho)).lower())
    overlap = lowest.union(arb(((total + tail) / (1 - rho)).upper()))
    cross = arb(0).union(((-a * a).exp() / arb(n - 2) ** 2).upper())
    found = a * (overlap - cross)
    if not found.is_finite() or not found <= ceiling.upper():
        return ceiling
    return found if found >= 0 else arb(0).union(found.upper())


def _axis(a: float, n: int, bits: int, max_nodes: int) -> Axis | None:
    """A rule of about ``bits`` bits, or half of them and so on, that fits; None if none does."""
    depth = _depth(a, n)
    while bits >= LEAST_BITS:
        radius = math.sqrt(2 * (bits * math.log(2) + depth))
        axis = axis_rule(2 * a, 2.0**-bits, radius)
        if 2 * axis.count + 1 <= max_nodes:
            return axis
        bits //= 2
    return None


def _depth(a: float, n: int) -> float:
    """About ``-log max_y psi_1^2 phi``: psi_1 turns at y = a/2 + log(n-2)/a, and below that
    psi_1^2 phi grows up to y = 2a. Sizes the grid, proves nothing."""
    many = math.log(n - 2)
    turn = a / 2 + many / a
    return turn * turn / 2 if turn <= 2 * a else 2 * many - a * a
