"""float64 states of runs of one structure: gradients and losses, with their errors bounded."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.trajectory.start import Starts
from gembounds.dynamics.trajectory.sums import ordered_sum, symmetric_product
from gembounds.dynamics.trajectory.symmetry import hull
from gembounds.evaluators.data.components import Components
from gembounds.evaluators.data.float64 import divergence
from gembounds.evaluators.data.rounded import (
    Translated,
    costs,
    from_above,
    from_below,
    largest_norm,
    loosened,
    translated,
    weighted,
)
from gembounds.evaluators.float64 import batch
from gembounds.evaluators.float64.batch_loss import Overlaps
from gembounds.evaluators.float64.coordinates import ROUND, Coordinates, coordinates
from gembounds.evaluators.float64.joint import overlaps_and_loss
from gembounds.evaluators.float64.plan import MOST_NODES, default_nodes
from gembounds.evaluators.float64.quantities import UNDERFLOW, middle_and_radius
from gembounds.evaluators.options import DEFAULT_RTOL, MIN_RTOL
from gembounds.tools.errors import InputError
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import U, gamma

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

MAX_NODES = MOST_NODES


class Part(NamedTuple):
    """The ``means`` (B, k, d) seen from a component of the data of this ``weight``; ``shares``
    (B, k) in proportion to the weights of theirs, or None where no float64 are; and the
    coordinates of each."""

    weight: float
    means: FloatArray
    shares: FloatArray | None
    coordinates: Callable[[int], Coordinates]

    def taken(self, index: IndexArray) -> Part:
        """See :meth:`State.taken`."""
        shares = None if self.shares is None else self.shares[index]
        return Part(
            self.weight, self.means[index], shares, lambda b: self.coordinates(int(index[b]))
        )


class State(NamedTuple):
    """B states. The classes' means (B, k, d), the largest |mu_i - a_j| (B,), rounded up, and the
    weights (B, k) where those have moved; the gradient of one member of each class (B, k, d) and
    its error, entry by entry; ends of the overlaps, (B, k, k) each, but for ``tail`` (B,), the sum
    of what both lack; ends of L (B, 2); the parts, whose means lie within ``slip`` (B,)
    (Euclidean, all together) of the exact translated ones; which were evaluated one by one."""

    means: FloatArray
    top: FloatArray
    shares: FloatArray | None
    gradient: FloatArray
    error: FloatArray
    overlaps: tuple[FloatArray, FloatArray]
    tail: FloatArray
    loss: FloatArray
    parts: tuple[Part, ...]
    slip: FloatArray
    single: npt.NDArray[np.bool_]

    @property
    def mass(self) -> FloatArray:
        """Ends of E psi of each class, (2, B, k)."""
        lower = self.overlaps[0]
        least = ordered_sum(lower, 2) * (1 - 4 * lower.shape[1] * U)
        return np.array([least, self.most_mass])

    @property
    def most_mass(self) -> FloatArray:
        """The upper ends alone, (B, k)."""
        upper = self.overlaps[1]
        most = (ordered_sum(upper, 2) + self.tail[:, None]) * (1 + 4 * upper.shape[1] * U)
        return np.asarray(np.minimum(most, 1.0))

    def taken(self, index: IndexArray) -> State:
        """Some of them, in their order."""
        if len(index) == len(self.means):
            return self
        lower, upper = self.overlaps
        parts = tuple(part.taken(index) for part in self.parts)
        return State(
            self.means[index], self.top[index],
            None if self.shares is None else self.shares[index], self.gradient[index],
            self.error[index], (lower[index], upper[index]),
            self.tail[index], self.loss[index], parts, self.slip[index], self.single[index],
        )  # fmt: skip


class Joints(NamedTuple):
    """Of K mixtures what :func:`gembounds.evaluators.float64.joint.overlaps_and_loss` has of one;
    ends of L (2, K); which were evaluated one by one."""

    lower: FloatArray
    upper: FloatArray
    tail: FloatArray
    loss: FloatArray
    coordinates: Callable[[int], Coordinates]
    single: npt.NDArray[np.bool_]


def parts_of(mix: Mixture, data: Components) -> tuple[Translated, tuple[Part, ...]]:
    """The float64 means of one mixture seen from each component of the data."""
    seen = translated(mix.means[None], data.mix.means, data.mix.means_error)
    parts = []
    for one, weight in zip(seen.means, data.weights[1].tolist(), strict=True):
        co = coordinates(mix.moved(one.copy()), 1e-6)
        parts.append(Part(weight, one[None], None, [co].__getitem__))
    return seen, tuple(parts)


@np.errstate(all="ignore")
def bare(
    mix: Mixture, gradient: FloatArray, overlaps: tuple[FloatArray, FloatArray], start: Starts
) -> State:
    """A state of which the gradient and the overlaps are known from elsewhere, for the maps'
    factors."""
    seen, parts = parts_of(mix, start.data)
    nothing, none = np.zeros((1, *gradient.shape)), np.zeros(1)
    lower, upper = overlaps
    return State(
        mix.means[None], start.seen(mix.means[None]), None, gradient[None], nothing,
        (lower[None], upper[None]), none, np.zeros((1, 2)), parts, _slip(seen, start), none > 0,
    )  # fmt: skip


def _slip(seen: Translated, start: Starts) -> FloatArray:
    count = len(start.each)
    if seen.lost is None:
        return np.zeros(count)
    return np.asarray(norm(seen.lost, start.counts).reshape(count, -1).max(axis=1))


@np.errstate(all="ignore")
def evaluate(
    start: Starts,
    means: FloatArray,
    shares: FloatArray | None,
    rtol: float,
    loss_rtol: float | None = None,
) -> State:
    """The states at ``means`` (B, k, d) with the starts' weights, or ``shares`` (B, k).

    grad L of one member of each class: sum_j w_j sum_b P_ab (mu_b - a_j) / m_a, P over N(0, I)
    of the means mu - a_j. The tail of the overlaps adds at most its sum times max_b |mu_b - a_j|
    to a row, and their rounding at most P times itself (:mod:`gembounds.evaluators.data.rounded`
    has what it does to P and L)."""
    data = start.data
    seen = translated(means, data.mix.means, data.mix.means_error)
    if not np.isfinite(seen.means).all():
        raise InputError(
            "the means less those of the data leave the range of float64: give smaller numbers"
        )
    size, k, _ = means.shape
    every = len(data.mix.means)
    found = _joints(start, seen.means, shares, rtol, loss_rtol)
    lower, upper = found.lower, found.upper
    tail, loss, lost = found.tail, (found.loss[0], found.loss[1]), seen.lost
    if lost is not None:
        growth, moved = costs(largest_norm(seen.means), lost)
        each = growth[:, None, None]
        lower, upper = from_below(lower, each), from_above(upper, each)
        tail, loss = from_above(tail, growth), loosened(*loss, moved)
    several = hull(start.symmetry.seen, *(x.reshape(size, every, k, k) for x in (lower, upper)))
    lower, upper = (x.reshape(-1, k, k) for x in several)
    middle, radius = middle_and_radius(lower, upper)
    inexact = gamma(k + 4 + (every + 4) * (every > 1))
    sizes, away = np.abs(seen.means), tail[:, None, None]
    wrong = (radius + inexact * middle) @ sizes + away * np.maximum.reduce(
        sizes, axis=1, keepdims=True
    )
    if lost is not None:
        wrong += upper @ lost + away * lost.max(axis=1, keepdims=True)
    slopes = symmetric_product(middle, seen.means)

    def over_data(x: FloatArray) -> Any:
        if every == 1:
            return x
        seen_from = x.reshape(size, every, *x.shape[1:])
        return ordered_sum(seen_from * data.weights[1].reshape(every, *(x.ndim - 1) * [1]), 1)

    low, high = hull(start.symmetry.orbit, *weighted(several, data.weights))
    fine = max(min(rtol, DEFAULT_RTOL), MIN_RTOL)
    own = divergence([x.reshape(size, every) for x in loss], data, fine, default_nodes(data.mix.n))
    counts = start.counts[:, None]
    given = start.shares if shares is None else shares
    parts = tuple(
        Part(weight, seen.means[j::every], given, partial(_every, found.coordinates, j, every))
        for j, weight in enumerate(data.weights[1].tolist())
    )
    return State(
        means, start.seen(means), shares, over_data(slopes) / counts,
        over_data(wrong) / counts * ROUND + UNDERFLOW, (low, high), over_data(tail) * ROUND,
        np.array(own).T, parts, _slip(seen, start),
        np.logical_or.reduce(found.single.reshape(size, every), axis=1),
    )  # fmt: skip


def _joints(
    start: Starts, means: FloatArray, shares: FloatArray | None, rtol: float,
    loss_rtol: float | None,
) -> Joints:  # fmt: skip
    """Overlaps and L of ``means`` (K, k, d), those of a start side by side: in a batch where there
    are several, and what that leaves one by one."""
    size, k, _ = means.shape
    every = size // len(start.each)
    lower, upper = np.empty((2, size, k, k))
    tail, loss = np.zeros(size), np.empty((2, size))
    given = start.shares if shares is None else shares
    done = np.zeros(size, dtype=bool)
    if len(start.each) > 1 and given is not None:
        batch.enclose_both(means, given.repeat(every, axis=0), rtol, default_nodes(k),
                           Overlaps(lower, upper, tail, done), loss)  # fmt: skip
    known: dict[int, Coordinates] = {}
    for a in (~done).nonzero()[0].tolist():
        mix = start.mixture(a // every, means[a], shares)
        found = overlaps_and_loss(mix, rtol, MAX_NODES, loss_rtol)
        lower[a], upper[a], tail[a], loss[:, a], known[a] = found

    def coordinates_of(a: int) -> Coordinates:
        if a in known:
            return known[a]
        return coordinates(start.mixture(a // every, means[a].copy(), shares), 1e-6)

    return Joints(lower, upper, tail, loss, coordinates_of, ~done)


def _every(of: Callable[[int], Coordinates], first: int, every: int, b: int) -> Coordinates:
    return of(first + every * b)


def norm(a: FloatArray, counts: FloatArray) -> Any:
    """The Euclidean norms of all members' vectors, rounded up; ``a`` (..., k, d), ``counts`` (k,)
    or (..., k)."""
    squares = np.add.reduce(np.add.reduce(a * a, axis=-1) * counts, axis=-1)
    return np.sqrt(squares) * ((1 + gamma(a.shape[-1] * a.shape[-2] + 8)) * ROUND) + 1e-150
