"""Trapezoidal rules for cells: by the largest distance of means that a cell allows.

A cell whose means differ by at most D along every axis uses the rule of the smallest class that
covers D, so that a certificate need not name it. What the finite sum T misses, for every mixture
with ranges at most D and |mu_i| <= M, s axes (:mod:`gembounds.values.rule`):

of the overlaps, relative to themselves, (1 + rho)^s - 1, and the tail, Pr(outside), at most;
of L = -E log S', S' = sum_i pi_i exp(<x, mu_i - c> - |mu_i|^2/2) with c the middle of the means:
-|x| D' - M^2/2 <= log S' <= |x| D' with D' = sqrt(s) D/2 (Jensen from below; the linear part <x,
c> is odd, and the nodes are symmetric), on the strip |log S'(z)| <= |log S'(x)| + log sec(theta/2)
+ theta/2; so each axis misses at most rho (E|x| D' + M^2/2 + log sec(theta/2) + theta/2), and the
tail sum over |x| > R of |x| D' + M^2/2.

Where means may be 0, L and T(L) vanish there with their gradients (the nodes are symmetric, the
weights of the mixture add up to 1), and T(L) - L is half the second derivative of their difference
along the means, somewhere between. That of log S along v, |v_i| <= M, is sum_i psi_i <z_i, v_i>^2
- (sum_i psi_i <z_i, v_i>)^2 - sum_i psi_i |v_i|^2, z_i = x - mu_i: on the strip at most
sec^2(theta/2) M^2 (2 (|x| + M)^2 + 2 a^2 + 1), and (|x| + M)^2 <= 2 |x|^2 + 2 M^2.

Of the derivatives of E[psi_i psi~] on the line, z = x - mu_k: psi_i ([i = k] z psi~ + psi_k (1 + z
(mu_k - 2 psi~))) is at most 1 + 4 M |z| in size, |z| <= |x| + M; on the strip |psi_i| grows by
kappa = 1/cos(theta/2) at most, |psi~| <= kappa M, |z| by a at most and phi by exp(a^2/2), so that
all of it is at most kappa^2 exp(a^2/2) (1 + 2 (1 + kappa) M (|x| + M + a)) phi: the infinite sum
misses rho (1 + 2 (1 + kappa) M (1 + M + a)), the tail sum over |x| > R of 1 + 4 M (|x| + M)."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from gembounds.evaluators.boxes.nodes import Rule
from gembounds.values.rounding import LIBM, U
from gembounds.values.rule import axis_rule, discrete_total, normal_tail, tail_radius

CLASSES = tuple(2.0 ** (k / 2) * (1 + 2.0**-30) for k in range(-6, 13))
"""The largest distances of the rules: 1/8 to 64, and a little, lest the rounding of a cell's
distance chooses the rule: a checker that computes it exactly chooses the same."""

RHO = 2.0**-41
"""The relative error asked of an axis (a choice: half of it costs 2 % more nodes)."""

TAIL = 2.0**-44
"""About what may lie outside the nodes (a choice)."""


class Missed(NamedTuple):
    """What a rule misses: ``overlap`` relative, ``tail`` absolute, of overlaps; ``rho``,
    ``beyond`` and ``beyond_squares`` (E|x| and E|x|^2 outside) and ``strip`` for the loss;
    ``halfwidth`` a and ``secant`` kappa."""

    overlap: float
    tail: float
    rho: float
    beyond: float
    beyond_squares: float
    strip: float
    halfwidth: float
    secant: float

    def square(self, largest: Any) -> Any:
        """Of E|psi~|^2, all |mu_i| <= ``largest``."""
        return (self.overlap + self.tail) * largest * largest * ROUND

    def loss(self, distance: Any, largest: Any, axes: int) -> Any:
        """Of L, distances along an axis at most ``distance``."""
        half = math.sqrt(axes) * distance / 2
        inside = math.sqrt(axes) * half + largest * largest / 2 + self.strip
        outside = self.beyond * half + self.tail * largest * largest / 2
        return (axes * self.rho * inside + outside) * ROUND

    def flat_loss(self, largest: Any, axes: int) -> Any:
        """Of L where means may be 0: ``largest`` squared times what does not vanish with it."""
        square = largest * largest
        inside = 2 * axes + 2 * square + self.halfwidth**2 + 0.5
        outside = 2 * self.beyond_squares + (2 * square + 0.5) * self.tail
        return square * (axes * self.rho * inside + outside) * ROUND

    def slope(self, largest: Any) -> Any:
        """Of a derivative of E[psi_i psi~] along a mean, on the line."""
        inside = 1 + 2 * (1 + self.secant) * largest * (1 + largest + self.halfwidth)
        outside = self.tail * (1 + 4 * largest * largest) + 4 * largest * self.beyond
        return (self.rho * inside + outside) * ROUND


ROUND = 1 + 2.0**-30
"""Covers the rounding of these few sums and products."""


def class_of(distance: float) -> int:
    """The number of the rule for cells whose means differ by at most ``distance``; -1: none."""
    for k, most in enumerate(CLASSES):
        if distance <= most:
            return k
    return -1


@lru_cache(maxsize=64)
def rule(number: int, axes: int) -> tuple[Rule, Missed]:
    """The nodes of a class on the line or in the plane, and what they miss."""
    spread = CLASSES[number]
    axis = axis_rule(spread, RHO, tail_radius(TAIL))
    x = np.arange(-axis.count, axis.count + 1) * axis.step  # exact
    w = axis.step * DENSITY * np.exp(-0.5 * x * x)
    e = LIBM + (5 + 1.5 * x * x) * U
    nodes, weights, errors = x[:, None], w, e
    if axes == 2:
        a, b = (k.ravel() for k in np.meshgrid(range(len(x)), range(len(x)), indexing="ij"))
        nodes, weights, errors = np.stack([x[a], x[b]], axis=1), w[a] * w[b], e[a] + e[b] + 2 * U
    mass = discrete_total(axis.step) ** axes * ROUND
    tail = normal_tail(axis.radius)
    density = DENSITY * math.exp(-0.5 * axis.radius**2)  # sum of h y phi(y) beyond R, at most
    far = density * (axis.radius + 1 / axis.radius)  # sum of h y^2 phi(y) beyond R, at most
    missed = Missed(
        overlap=((1 + axis.error) ** axes - 1) * ROUND,
        tail=2 * axes * tail * mass,
        rho=axis.error,
        beyond=2 * axes * (density * mass + (axes - 1) * tail * mass) * ROUND,
        beyond_squares=2 * axes * (far * mass + (axes - 1) * tail) * ROUND,
        halfwidth=axis.halfwidth,
        strip=(theta := axis.halfwidth * spread / 2) - math.log(math.cos(theta)),
        secant=ROUND / math.cos(theta),
    )
    return Rule(nodes, weights, errors * ROUND), missed


DENSITY = 0.3989422804014327
"""phi(0) = 1/sqrt(2 pi), to nearest."""
