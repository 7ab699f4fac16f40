"""One state of a run in balls: integers over a power of 2, so that nothing depends on order.

A state is M / 2^p, M (k, d) whole numbers. Overlaps are balls; their middles, rounded to
multiples of 2^-p (those of an orbit from the hull of its balls), make the gradient an exact
integer product, and the step's quotient is rounded to nearest, halves away from 0: permuting
components or changing signs does the same to the result. What was rounded off, and the balls'
radii, bound the error.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from flint import arb

from gembounds.dynamics.trajectory.start import Start
from gembounds.evaluators.balls.expectations import expectations
from gembounds.evaluators.balls.quantities import mean_square, spread_overlaps
from gembounds.evaluators.options import ARB_MAX_NODES
from gembounds.evaluators.reduction.exact import reduce_exactly
from gembounds.values.balls import float_ends
from gembounds.values.mixture import Mixture
from gembounds.values.precision import working_precision

Integers = list[list[int]]

ROUND = 1.0 + 1e-12
"""Covers the rounding of the float64 sums of bounds below (derived: far fewer than 1000)."""


class BallState(NamedTuple):
    """``whole`` M; ``slopes`` the merged gradient times 2^2p, exactly sum_b P_ab M_b with the
    rounded overlaps; ``errors`` >= its error, each row's norm; ``mass`` E psi of the classes times
    2^p and its error; ``loss`` a ball."""

    whole: Integers
    slopes: Integers
    errors: list[float]
    mass: list[int]
    mass_error: list[float]
    loss: Any


def evaluate(whole: Integers, places: int, start: Start, bits: int) -> BallState:
    """The state M / 2^places, its overlaps to ``bits`` relative bits."""
    scale = 1 << places
    mix = Mixture([[Fraction(x, scale) for x in row] for row in whole], start.merged.exact_weights)
    reduction = reduce_exactly(mix)
    wanted = frozenset(["overlaps", "loss"])
    nodes = ARB_MAX_NODES
    found = expectations(reduction, wanted, bits, bits + 32, nodes)
    with working_precision(places + 64):
        overlaps = _hulled(spread_overlaps(mix, reduction, found), start)
        loss = arb(mean_square(mix) / 2) - found.excess
        middle = [[nearest(x.mid(), places) for x in row] for row in overlaps]
        radius = [[float_ends(x.rad())[1] + 2.0**-places for x in row] for row in overlaps]
    columns = list(zip(*whole, strict=True))
    slopes = [[_dot(row, column) for column in columns] for row in middle]
    norms = [_norm(row, places) for row in whole]
    errors = [sum(r * x for r, x in zip(row, norms, strict=True)) * ROUND for row in radius]
    mass = [sum(row) for row in middle]
    return BallState(whole, slopes, errors, mass, [sum(r) * ROUND for r in radius], loss)


def _hulled(overlaps: list[list[Any]], start: Start) -> list[list[Any]]:
    orbit = start.symmetry.orbit
    if orbit is None:
        return overlaps
    hull: dict[int, Any] = {}
    pairs = [(a, b) for a in range(len(overlaps)) for b in range(len(overlaps))]
    for a, b in pairs:
        number, x = int(orbit[a, b]), overlaps[a][b]
        hull[number] = x if number not in hull else hull[number].union(x)
    return [[hull[int(number)] for number in row] for row in orbit]


def nearest(point: Any, places: int) -> int:
    """An exact arb times 2^places, rounded to nearest, halves away from 0."""
    mantissa, exponent = point.man_exp()
    shift = int(exponent) + places
    whole = int(mantissa)
    return whole << shift if shift >= 0 else quotient(whole, 1 << -shift)


def quotient(a: int, b: int) -> int:
    """a / b, b > 0, rounded to nearest, halves away from 0: odd in a."""
    found = (2 * abs(a) + b) // (2 * b)
    return found if a >= 0 else -found


def nearest_fraction(x: Fraction, places: int) -> int:
    """x 2^places, rounded to nearest, halves away from 0."""
    return quotient(x.numerator << places, x.denominator)


def _dot(row: Sequence[int], column: Sequence[int]) -> int:
    return sum(p * x for p, x in zip(row, column, strict=True))


def _norm(row: Sequence[int], places: int) -> float:
    """|M_a| / 2^places, rounded up."""
    return root_above(sum(x * x for x in row), places)


def root_above(square: int, places: int) -> float:
    """sqrt(square) / 2^places, rounded up."""
    root = math.isqrt(square) + 1 if square else 0
    return scaled(root, places) * ROUND


def scaled(whole: int, places: int) -> float:
    """whole / 2^places as a float64, to nearest."""
    return whole / (1 << places)


def floats(whole: Integers, places: int) -> Any:
    """The state rounded to float64, (k, d)."""
    return np.array([[scaled(x, places) for x in row] for row in whole], dtype=np.float64) + 0.0
