"""Both sides of Stein's identity for a posterior, x ~ N(m, s^2 I_d), in balls.

With x = m + s y, y ~ N(0, I_d), and nu_k = s mu_k,

    psi_k(x) = w_k exp(<y, nu_k>) / sum_l w_l exp(<y, nu_l>),
    w_k = pi_k exp(<m, mu_k> - |mu_k|^2/2),

depends on y through its projection on the span of the differences nu_k - nu_l, where the
trapezoidal rule of :mod:`gembounds.values.rule` applies to any positive weights w. Coordinates
along the orthonormal axes q_a of that span are z_a. Absolute errors are enough here: abs(psi_k) is
at most 1/cos(theta/2) on the strip abs(Im z_a) <= alpha of axis a, and abs(z_a) <= abs(Re z_a) +
alpha, so with S_a the rule's error for a function bounded by 1 on the strip, and the other axes
summed or integrated (totals at most M = prod_a T[phi], first moments of a factor too),

    E[psi_k psi_l]: at most sum_a S_a M / cos^2(theta_a/2), and the tails sum_a tail_a M;
    E[psi_k z_b]:   at most sum_a S_a (1 + alpha_a) M / cos(theta_a/2), and the tails
                    sum_a (tail_a + first moment's tail_a) M.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from gembounds.evaluators.balls import bounds
from gembounds.evaluators.balls.grid import grid_sums
from gembounds.evaluators.balls.radial import ball
from gembounds.evaluators.reduction.exact import ExactReduction, reduce_exactly
from gembounds.values.balls import float_ends
from gembounds.values.mixture import Mixture
from gembounds.values.precision import working_precision
from gembounds.values.rule import Axis, axis_rule

Balls = list[Any]

LEAST_SPREAD = 2.0**-40
"""Ranges below this are treated as this wide: an upper bound of the range is a bound."""

GUARD_BITS = 64
"""Extra working bits for the grid's recurrences and sums (a choice: losses are in the balls)."""


@dataclass(frozen=True)
class Sides:
    """E[psi_i(x) (x - m)] and E[grad psi_i(x)], vectors of R^d."""

    moment: Balls
    gradient: Balls


def stein_sides(
    mix: Mixture, i: int, m: Sequence[Fraction], s: Fraction, bits: int, max_nodes: int
) -> Sides | None:
    """Both sides, with absolute errors near ``2^-bits s`` and ``2^-bits max|mu_i - mu_k|``;
    None where the grid would have more than ``max_nodes`` nodes. ``m`` has d entries, s > 0.

    Source: the gradient is the paper's (8), psi_i (mu_i - sum_k psi_k mu_k).
    """
    scaled = Mixture([[s * x for x in row] for row in mix.exact_means], mix.exact_weights)
    reduction = reduce_exactly(scaled)
    rank = reduction.rank
    if rank == 0:
        zeros = [arb(0)] * mix.d
        return Sides(zeros, zeros)
    with working_precision(64):
        widths = [max(LEAST_SPREAD, float_ends(x)[1]) for x in reduction.spreads()]
    radius = math.sqrt(2.0 * bits * math.log(2.0)) + 1.0
    axes = [axis_rule(w, 2.0**-bits / rank, radius) for w in widths]
    if math.prod(2.0 * a.count + 1.0 for a in axes) > max_nodes:
        return None
    reach = radius + max(widths)
    lost = math.ceil(math.log2(2.0 + reach * max(widths) * rank))
    with working_precision(bits + lost + GUARD_BITS):
        moments, overlaps = _expectations(reduction, _weights(mix, reduction, m), axes)
        return _sides(mix, reduction, i, s, moments, overlaps)


def _weights(mix: Mixture, reduction: ExactReduction, m: Sequence[Fraction]) -> Balls:
    """w_k of the merged components, divided by the largest exponential."""
    exponents = []
    for k in reduction.representatives:
        row = mix.exact_means[k]
        terms = (x * (y - x / 2) for x, y in zip(row, m, strict=True))
        exponents.append(sum(terms, Fraction(0)))
    top = max(exponents)
    return [
        arb(w) * ball(c - top).exp() for w, c in zip(reduction.weights, exponents, strict=True)
    ]


def _expectations(
    reduction: ExactReduction, weights: Balls, axes: Sequence[Axis]
) -> tuple[list[Balls], list[Balls]]:
    """E[psi_k z_a] and E[psi_k psi_l] of the merged components."""
    coordinates, size, rank = reduction.coordinates(), len(weights), len(axes)
    pulls = [[u[a] for u in coordinates] for a in range(rank)]
    shifts = [[arb(0)] * size for _ in range(rank)]
    sums = grid_sums(axes, pulls, shifts, weights, frozenset(["moments", "overlaps"]))
    mass = arb(1)
    for axis in axes:
        mass *= bounds.discrete_total(axis)
    moment, overlap = arb(0), arb(0)
    for axis, spread in zip(axes, reduction.spreads(), strict=True):
        cosine = bounds.sector_cosine(axis, spread)
        if cosine is None:
            moment = overlap = arb.pos_inf()
            break
        strip, tail = bounds.one_strip_error(axis), bounds.tail(axis)
        overlap += (strip / cosine**2 + tail) * mass
        far = tail + bounds.first_moment_tail(axis)
        moment += (strip * (1 + arb(axis.halfwidth)) / cosine + far) * mass
    return (
        [[x + _within(moment) for x in row] for row in sums.moment],
        [[x + _within(overlap) for x in row] for row in sums.overlap],
    )


def _sides(
    mix: Mixture,
    reduction: ExactReduction,
    i: int,
    s: Fraction,
    moments: list[Balls],
    overlaps: list[Balls],
) -> Sides:
    """E[psi_i (x - m)] = s sum_a E[psi_i z_a] q_a, and
    E[grad psi_i] = sum_k E[psi_i psi_k] (mu_i - mu_k).

    Component i has the share pi_i / (merged weight) of the posterior of its merged component.
    """
    group = reduction.group[i]
    weight = mix.exact_weights[i]
    share = arb(fmpq(weight.numerator, weight.denominator) / reduction.weights[group])
    rows = [mix.exact_means[k] for k in reduction.representatives]
    moment, gradient = [], []
    for j in range(mix.d):
        along, slope = arb(0), arb(0)
        for a in range(reduction.rank):
            steps = zip(reduction.directions[a], rows, strict=True)
            q = sum((c * _rational(row[j] - rows[0][j]) for c, row in steps), fmpq(0))
            root = arb(reduction.squares[a]).sqrt()
            along += moments[group][a] * arb(q * _rational(s)) / root
        for k, row in enumerate(rows):
            slope += overlaps[group][k] * ball(mix.exact_means[i][j] - row[j])
        moment.append(share * ball(s) * along)
        gradient.append(share * slope)
    return Sides(moment, gradient)


def _rational(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)


def _within(bound: Any) -> Any:
    """A ball around 0 of radius ``bound``."""
    return bound.upper().union(-bound.upper())
