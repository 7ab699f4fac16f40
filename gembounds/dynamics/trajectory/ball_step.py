"""One state of a run in balls: integers over a power of 2, so that nothing depends on order.

A state is M / 2^p, M (k, d) whole numbers. Overlaps are balls; their middles, rounded to
multiples of 2^-p (those of an orbit from the hull of its balls), make the gradient an exact
integer product, and the step's quotient is rounded to nearest, halves away from 0: permuting
components or changing signs does the same to the result. What was rounded off, and the balls'
radii, bound the error.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from flint import arb, fmpq

from gembounds.dynamics.trajectory.start import Start
from gembounds.evaluators.balls.expectations import expectations
from gembounds.evaluators.balls.quantities import mean_square, spread_overlaps
from gembounds.evaluators.data.balls import loss_of_itself
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
    """The state M / 2^places, its overlaps to ``bits`` relative bits. Over data, the sums of those
    of the means (M c - 2^places A_j) / (c 2^places), A_j / c the centres, with the weights
    W_j / C: the gradient is rounded once."""
    data = start.data.mix
    c = math.lcm(*(x.denominator for row in data.exact_means for x in row))
    shares = [int(w * math.lcm(*(x.denominator for x in data.exact_weights)))
              for w in data.exact_weights]  # fmt: skip
    k, d = len(whole), len(whole[0])
    slopes, mass = [[0] * d for _ in range(k)], [0] * k
    errors, mass_error, loss = [0.0] * k, [0.0] * k, arb(0)
    each = []
    for place in data.exact_means:
        moved = [int(a * c) << places for a in place]
        each.append([[x * c - a for x, a in zip(row, moved, strict=True)] for row in whole])
    for share, means, seen in zip(shares, each, _seen(each, places, c, start, bits), strict=True):
        part = share / sum(shares)
        columns = list(zip(*means, strict=True))
        norms = [_norm(row, c << places) for row in means]
        for a, (middle, radius) in enumerate(zip(seen.middle, seen.radius, strict=True)):
            for j, column in enumerate(columns):
                slopes[a][j] += share * _dot(middle, column)
            mass[a] += share * sum(middle)
            errors[a] += part * (sum(r * x for r, x in zip(radius, norms, strict=True)) * ROUND)
            mass_error[a] += part * (sum(radius) * ROUND)
        with working_precision(places + 64):
            loss += seen.loss * fmpq(share, sum(shares))
    if len(shares) > 1 or c > 1:
        whole_share = sum(shares)
        slopes = [[quotient(x, whole_share * c) for x in row] for row in slopes]
        mass = [quotient(x, whole_share) for x in mass]
        errors = [(x + 4.0**-places * math.sqrt(d)) * ROUND for x in errors]
        mass_error = [(x + 2.0**-places) * ROUND for x in mass_error]
        with working_precision(places + 64):
            loss -= loss_of_itself(start.data, bits)
    return BallState(whole, slopes, errors, mass, mass_error, loss)


class Seen(NamedTuple):
    """The overlaps' middles times 2^places, rounded, their radii with what that takes, and L."""

    middle: Integers
    radius: list[list[float]]
    loss: Any


def _seen(
    each: Sequence[Integers], places: int, c: int, start: Start, bits: int
) -> Iterator[Seen]:
    """Of the means over c 2^places seen from each component of the data."""
    scale = c << places
    overlaps, losses = [], []
    for means in each:
        mix = Mixture(
            [[Fraction(x, scale) for x in row] for row in means], start.merged.exact_weights
        )
        reduction = reduce_exactly(mix)
        wanted = frozenset(["overlaps", "loss"])
        found = expectations(reduction, wanted, bits, bits + 32, ARB_MAX_NODES)
        with working_precision(places + 64):
            overlaps.append(spread_overlaps(mix, reduction, found))
            losses.append(arb(mean_square(mix) / 2) - found.excess)
    with working_precision(places + 64):
        hulls = _hulled(np.array(overlaps, dtype=object), start.symmetry.seen)
        middles = [[[nearest(x.mid(), places) for x in row] for row in p] for p in hulls]
        radii = [[[float_ends(x.rad())[1] + 2.0**-places for x in row] for row in p]
                 for p in hulls]  # fmt: skip
    return map(Seen, middles, radii, losses)


def _hulled(overlaps: npt.NDArray[Any], orbit: npt.NDArray[np.intp] | None) -> npt.NDArray[Any]:
    if orbit is None:
        return overlaps
    known: dict[int, Any] = {}
    for number, x in zip(orbit.ravel().tolist(), overlaps.ravel(), strict=True):
        known[number] = known[number].union(x) if number in known else x
    return np.array([known[number] for number in orbit.ravel().tolist()]).reshape(orbit.shape)


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


def _norm(row: Sequence[int], scale: int) -> float:
    """|M_a| / scale, rounded up."""
    return _root_above(sum(x * x for x in row), scale)


def root_above(square: int, places: int) -> float:
    """sqrt(square) / 2^places, rounded up."""
    return _root_above(square, 1 << places)


def _root_above(square: int, scale: int) -> float:
    root = math.isqrt(square) + 1 if square else 0
    return root / scale * ROUND


def scaled(whole: int, places: int) -> float:
    """whole / 2^places as a float64, to nearest."""
    return whole / (1 << places)


def floats(whole: Integers, places: int) -> Any:
    """The state rounded to float64, (k, d)."""
    return np.array([[scaled(x, places) for x in row] for row in whole], dtype=np.float64) + 0.0
