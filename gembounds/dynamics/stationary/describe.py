"""What a proved stationary point is: eigenvalues, multipliers of EM's step, the loss.

At the point itself, within ``near`` of the place, the Hessian differs from the place's by a matrix
of norm at most K(near) near, E psi_i by p' near (:mod:`gembounds.dynamics.trajectory.smoothness`),
and L by |F| near + (1 + m^2) near^2 / 2. EM's step has the derivative I - D^-1 H there, D the
diagonal matrix of E psi_i (of mu_i and of lambda_i, H that of Phi): its eigenvalues are those of
I - D^(-1/2) H D^(-1/2), none below 0, as H <= D. Of lambda + c it sees nothing: that is an
eigenvalue 0, along (0, sqrt p), which is left out.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from flint import arb

from gembounds.dynamics.stationary import floats, slopes
from gembounds.dynamics.stationary.place import Place, rational
from gembounds.dynamics.stationary.proof import Hessian, length, lipschitz, loosened
from gembounds.dynamics.stationary.spectrum import eigenvalues, product
from gembounds.dynamics.trajectory.smoothness import mass_slope, steepest
from gembounds.evaluators.balls.quantities import not_negative
from gembounds.evaluators.data.balls import evaluate
from gembounds.evaluators.options import ARB_MAX_NODES
from gembounds.evaluators.reduction.exact import exact_rank
from gembounds.tools.errors import RankError

BallArray = npt.NDArray[Any]

LOSS_BITS = 64
"""Relative bits of the loss (a choice)."""


def of_loss(hessian: Hessian, near: float) -> list[Any]:
    """Enclosures of the eigenvalues of the Hessian of L within ``near`` of the place."""
    place = hessian.place
    moved = (lipschitz(place, near) + place.free) * near
    matrix = hessian.matrix
    if place.free:
        basis = _without_scale(place)
        matrix = product(basis.T, product(matrix - _outer(place), basis))
    return [x + arb(0, moved) for x in eigenvalues(matrix)]


def of_step(hessian: Hessian, near: float, bits: int) -> list[Any]:
    """Enclosures of the eigenvalues of the derivative of EM's step at the stationary point."""
    place = hessian.place
    off = arb(0, mass_slope((place.reach + near) * (1 + 1e-12) + place.free) * near)
    scales = [1 / (x + off).sqrt() for x in slopes.masses(place, bits)]
    each = np.array(
        [s for s in scales for _ in range(place.d)] + scales * place.free, dtype=object
    )
    matrix = loosened(hessian.matrix, lipschitz(place, near) * near)
    matrix = matrix * each[:, None] * each
    if place.free:  # (0, sqrt p) has the eigenvalue 1: make it 2, the largest
        root = np.array([1 / s for s in scales], dtype=object)
        matrix[place.n * place.d :, place.n * place.d :] += root[:, None] * root
    found = [1 - x for x in reversed(eigenvalues(matrix))]
    return found[1:] if place.free else found


def loss_near(place: Place, gradient: BallArray, near: float) -> Any:
    """L at a point within ``near`` of the place."""
    at = _loss(place)
    reach = (place.reach + near) * (1 + 1e-12) + place.free
    curved = steepest(reach) + place.free
    change = length(gradient) * near + 0.5 * curved * near * near
    return not_negative(at + arb(0, change * (1 + 1e-12)))


def _loss(place: Place) -> Any:
    """At the place, in balls where these are quick for the data too; L >= 0 alone is known of data
    whose centres span more than float64's grids do."""
    if place.flat and exact_rank(place.data.mix) <= 2:
        bits = LOSS_BITS
        return arb(evaluate("loss", place.mix, place.data, bits, bits, ARB_MAX_NODES)[0])
    try:
        found = floats.quantity(place, "loss")
    except RankError:
        return arb(0, math.inf)
    return arb(float(found.lower)).union(arb(float(found.upper)))


def around(place: Place, distance: float) -> tuple[BallArray, BallArray]:
    """The means and the weights of all places within ``distance`` in each unknown."""
    means = slopes.means_of(place.mix) + arb(0, distance)
    weights = [arb(rational(w)) for w in place.mix.exact_weights]
    if place.free:
        weights = [w * arb(0, distance).exp() for w in weights]
    return means, np.array(weights, dtype=object)


def inside(place: Place, side: float) -> tuple[BallArray, BallArray]:
    """Means and weights of places within ``side`` in each unknown, before any rounding."""
    means = slopes.means_of(place.mix) + arb(0, side)
    part = 1 + arb(0, -math.expm1(-side))
    weights = [arb(rational(w)) * part for w in place.mix.exact_weights]
    return means, np.array(weights, dtype=object)


def _outer(place: Place) -> BallArray:
    """(grad log s)(grad log s)^T at a place whose weights sum to 1."""
    nothing = [arb(0)] * (place.n * place.d)
    w = np.array([*nothing, *(arb(rational(x)) for x in place.mix.exact_weights)], dtype=object)
    return np.asarray(w[:, None] * w, dtype=object)


def _without_scale(place: Place) -> BallArray:
    """Orthonormal columns that span all directions whose logits sum to 0 (Helmert's)."""
    first, n = place.n * place.d, place.n
    basis = np.full((first + n, first + n - 1), arb(0), dtype=object)
    for i in range(first):
        basis[i, i] = arb(1)
    for k in range(1, n):
        root = arb(k * (k + 1)).sqrt()
        for i in range(k):
            basis[first + i, first + k - 1] = 1 / root
        basis[first + k, first + k - 1] = -k / root
    return basis
