"""One and only one stationary point in a ball: Kantorovich's argument.

At a place z let F be the gradient, H the Hessian, l <= min |eigenvalues of H|, s = H^-1 F and
Y >= |s|; K(r) is a Lipschitz constant of the Hessian on the ball of radius r, so
T(y) = y - H^-1 F(y) has |DT| <= K(r) r / l there. Where q = K(r) r / l <= 1/2 it has at most one
fixed point in the ball, and where 2 Y <= r one within 2 Y of z: T maps that ball into itself, as
|T(y) - z| <= Y + q 2 Y <= 2 Y. Fixed points of T are the zeros of F, and the Hessian is
invertible on all of the ball, so that its signs are those at z.

K: M_3(m) of :mod:`gembounds.dynamics.trajectory.smoothness` over each component of the data, m
the largest |mu_i - a_j| on the ball. With free weights |a_i| gains at most r_i, so it is
M_3(m + 1) (:mod:`gembounds.dynamics.trajectory.weights_map`), and sum_i exp(lambda_i), whose third
derivative along a unit direction is sum_i exp(lambda_i) v_i^3, adds its largest term. That of
log sum_i exp(lambda_i), a third cumulant of v of range sqrt 2, is below 1.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from flint import arb, arb_mat

from gembounds.dynamics.stationary import floats, slopes
from gembounds.dynamics.stationary.place import Place
from gembounds.dynamics.stationary.spectrum import eigenvalues, norm
from gembounds.dynamics.trajectory.smoothness import third_derivative
from gembounds.values.balls import float_ends
from gembounds.values.precision import working_precision

BallArray = npt.NDArray[Any]

GUARD, LEAST_BITS = 64, 64
"""Working bits beyond those of what is summed, and of the linear algebra (choices)."""

ROUND = 1.0 + 1e-12
"""Covers the rounding of a few float64 operations on positive numbers."""


class Hessian(NamedTuple):
    """The Hessian at a place, the least size of its eigenvalues, rounded down (0: unknown), and,
    where that is known, how many are below 0; by balls, or by float64."""

    place: Place
    matrix: BallArray
    least: float
    below: int
    by_balls: bool = True

    def at(self, place: Place) -> Hessian:
        """That of another place, from this one's: it changes by K(r) r within r."""
        if place is self.place:
            return self
        away = place.distance(self.place)
        change = lipschitz(self.place, away) * away * ROUND
        matrix, least = loosened(self.matrix, change), max(self.least - change, 0.0)
        return self._replace(place=place, matrix=matrix, least=least)


class Proof(NamedTuple):
    """One and only one stationary point within ``unique`` of the place; it is within ``near``."""

    place: Place
    near: float
    unique: float

    @property
    def side(self) -> float:
        """Half the side of a box in the ball of uniqueness: it stays there with its ends rounded
        as a ball's radius is, or as that is printed."""
        return 0.9 * self.unique / math.sqrt(self.place.size)

    def within(self, side: float) -> bool:
        """Whether the box of half that side, of weights as ``inside`` of
        :mod:`gembounds.dynamics.stationary.describe` has it, contains the stationary point."""
        return self.near <= side and math.expm1(self.near) * ROUND <= -math.expm1(-side)


def hessian_at(place: Place, bits: int) -> Hessian:
    """From overlaps to ``bits`` bits; for 0 by float64, at the place rounded."""
    with working_precision(max(bits, LEAST_BITS) + GUARD):
        if bits:
            return _hessian(place, slopes.curvature(place, bits))
        place = place.rounded()
        found = floats.curvature(place)
        if found is None:
            nothing = np.full((place.size, place.size), arb(0, math.inf), dtype=object)
            return Hessian(place, nothing, 0.0, 0)
        matrix = np.array([[arb(x) for x in row] for row in found.matrix.tolist()], dtype=object)
        error = found.error + lipschitz(place, found.slip) * found.slip * ROUND
        return _hessian(place, loosened(matrix, error))._replace(by_balls=False)


def _hessian(place: Place, matrix: BallArray) -> Hessian:
    found = eigenvalues(matrix)
    sizes = [float_ends(abs(x))[0] for x in found]
    return Hessian(place, matrix, max(min(sizes), 0.0), sum(bool(x < 0) for x in found))


def newton_step(hessian: Hessian, gradient: BallArray) -> BallArray | None:
    """H^-1 F, enclosed; None where H may be singular."""
    try:
        found = arb_mat(hessian.matrix.tolist()).solve(arb_mat([[x] for x in gradient]))
    except ZeroDivisionError:
        return None
    step = np.array([x for row in found.tolist() for x in row], dtype=object)
    return step if all(x.is_finite() for x in step) else None


def length(vector: BallArray) -> float:
    """The Euclidean norm, rounded up."""
    return float_ends(norm(vector))[1]


def lipschitz(place: Place, radius: float) -> float:
    """K on the ball of ``radius``."""
    m = (place.reach + radius) * ROUND
    if not place.free:
        return float(third_derivative(m))
    bend = float(third_derivative(m + 1))
    return (bend + place.heaviest * math.exp(min(radius, 700.0))) * ROUND


def uniqueness_radius(place: Place, least: float) -> float:
    """The largest radius, nearly, with K(r) r <= least / 2."""
    low, high = 0.0, min(least / (2 * lipschitz(place, 0.0)), 1e6)
    for _ in range(40):
        middle = 0.5 * (low + high)
        fits = lipschitz(place, middle) * middle * ROUND <= 0.5 * least
        low, high = (middle, high) if fits else (low, middle)
    return low


def proof_at(hessian: Hessian, step: BallArray) -> Proof | None:
    """The proof at the Hessian's place, ``step`` being H^-1 F there; the box in the ball of
    uniqueness has the stationary point too."""
    place = hessian.place
    near = 2 * length(step) * ROUND
    found = Proof(place, near, uniqueness_radius(place, hessian.least))
    return found if found.within(found.side) else None


def loosened(matrix: BallArray, by: float) -> BallArray:
    """Each entry as uncertain as a matrix of norm ``by`` makes it."""
    out: Any = matrix + arb(0, by)
    return np.asarray(out, dtype=object)
