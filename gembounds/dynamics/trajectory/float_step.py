"""One float64 state of a run: gradient and loss, with their errors bounded."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.trajectory.start import Start
from gembounds.dynamics.trajectory.sums import ordered_sum, symmetric_product
from gembounds.evaluators.data.components import Components
from gembounds.evaluators.data.float64 import divergence
from gembounds.evaluators.data.rounded import (
    Rounded,
    from_above,
    from_below,
    loosened,
    rounded,
    weighted,
)
from gembounds.evaluators.float64.coordinates import ROUND, Coordinates, coordinates
from gembounds.evaluators.float64.joint import overlaps_and_loss
from gembounds.evaluators.float64.plan import MOST_NODES, default_nodes
from gembounds.evaluators.float64.quantities import UNDERFLOW, middle_and_radius
from gembounds.evaluators.options import DEFAULT_RTOL, MIN_RTOL
from gembounds.tools.errors import InputError
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import U, gamma

FloatArray = npt.NDArray[np.float64]

MAX_NODES = MOST_NODES


class Part(NamedTuple):
    """The ``means`` (k, d) seen from a component of the data of this ``weight``, and their
    coordinates."""

    weight: float
    means: FloatArray
    co: Coordinates


class State(NamedTuple):
    """The merged mixture (k, d); the gradient of one member of each class (k, d) and its error,
    entry by entry; ends of the overlaps, (2, k, k), but for ``tail``, the sum of what both lack;
    ends of L; the parts, whose means lie within ``slip`` (Euclidean, all together) of the exact
    translated ones."""

    mix: Mixture
    gradient: FloatArray
    error: FloatArray
    overlaps: tuple[FloatArray, FloatArray]
    tail: float
    loss: tuple[float, float]
    parts: tuple[Part, ...]
    slip: float

    @property
    def mass(self) -> FloatArray:
        """Ends of E psi of each class, (2, k)."""
        lower, upper = self.overlaps
        grown = 4 * len(lower) * U
        least = ordered_sum(lower, 1) * (1 - grown)
        most = (ordered_sum(upper, 1) + self.tail) * (1 + grown)
        return np.array([least, np.minimum(most, 1.0)])


def parts_of(mix: Mixture, data: Components) -> tuple[Rounded, tuple[Part, ...]]:
    """The float64 means seen from each component of the data."""
    seen = rounded(mix.means[None], data.mix.means, 1.0, data.mix.means_error)
    parts = tuple(
        Part(weight, means, coordinates(mix.moved(means.copy()), 1e-6))
        for means, weight in zip(seen.means, data.weights[1].tolist(), strict=True)
    )
    return seen, parts


@np.errstate(all="ignore")
def bare(
    mix: Mixture, gradient: FloatArray, overlaps: tuple[FloatArray, FloatArray], start: Start
) -> State:
    """A state of which the gradient and the overlaps are known from elsewhere, for the maps'
    factors."""
    seen, parts = parts_of(mix, start.data)
    nothing = np.zeros_like(gradient)
    return State(mix, gradient, nothing, overlaps, 0.0, (0.0, 0.0), parts, _slip(seen, start))


def _slip(seen: Rounded, start: Start) -> float:
    if seen.lost is None:
        return 0.0
    return max(norm(lost, start.counts) for lost in seen.lost)


@np.errstate(all="ignore")
def evaluate(mix: Mixture, start: Start, rtol: float, loss_rtol: float | None = None) -> State:
    """grad L of one member of each class: sum_j w_j sum_b P_ab (mu_b - a_j) / m_a, P over N(0, I)
    of the means mu - a_j. The tail of the overlaps adds at most its sum times max_b |mu_b - a_j|
    to a row, and their rounding at most P times itself (:mod:`gembounds.evaluators.data.rounded`
    has what it does to P and L)."""
    data = start.data
    seen = rounded(mix.means[None], data.mix.means, rtol, data.mix.means_error)
    if not np.isfinite(seen.means).all():
        raise InputError(
            "the means less those of the data leave the range of float64: give smaller numbers"
        )
    counts, several = start.counts[:, None], len(seen.means) > 1
    inexact = gamma(mix.n + 4 + (len(seen.means) + 4) * several)
    gradient = error = np.zeros(mix.means.shape)
    low, high, losses, parts, tail = [], [], [], [], 0.0
    for j, (means, weight) in enumerate(zip(seen.means, data.weights[1].tolist(), strict=True)):
        one = mix if data.at_origin else mix.moved(means)
        found = overlaps_and_loss(one, rtol, MAX_NODES, loss_rtol)
        lower, upper = start.symmetry.hull(found.lower, found.upper)
        share, loss = found.tail, found.loss
        if seen.lost is not None:
            growth = seen.growth[j]
            lower, upper = from_below(lower, growth), from_above(upper, growth)
            share = float(from_above(share, growth))
            least, most = loosened(*loss, seen.moved[j])
            loss = float(least), float(most)
        middle, radius = middle_and_radius(lower, upper)
        sizes = np.abs(one.means)
        wrong = (radius + inexact * middle) @ sizes + share * sizes.max(axis=0)
        if seen.lost is not None:
            wrong += upper @ seen.lost[j] + share * seen.lost[j].max(axis=0)
        gradient = gradient + weight * symmetric_product(middle, one.means)
        error = error + weight * wrong
        tail += weight * share
        low.append(lower)
        high.append(upper)
        losses.append(loss)
        parts.append(Part(weight, one.means, found.co))
    ends = weighted((np.array(low)[None], np.array(high)[None]), data.weights)
    fine = max(min(rtol, DEFAULT_RTOL), MIN_RTOL)
    own = divergence(np.array(losses).T[:, None], data, fine, default_nodes(data.mix.n))
    return State(
        mix, gradient / counts, error / counts * ROUND + UNDERFLOW, (ends[0][0], ends[1][0]),
        tail, (float(own[0][0]), float(own[1][0])), tuple(parts), _slip(seen, start),
    )  # fmt: skip


def norm(a: FloatArray, counts: FloatArray) -> float:
    """The Euclidean norm of all members' vectors, rounded up; ``a`` (k, d)."""
    squares = float(counts @ (a * a).sum(axis=1))
    return math.sqrt(squares) * (1 + gamma(a.size + 8)) * ROUND + 1e-150
