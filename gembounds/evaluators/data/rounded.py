"""Translated means rounded to float64, and what that costs.

With u = fl(mu - a), mu - a = u + e exactly (e is a float64), eps >= |e_i| and m >= |u_i| for all
i: along u + t e the posteriors change by psi_i (delta_i - sum_k psi_k delta_k), delta_i =
<x - u_i - t e_i, e_i>, so

    |dP_ik/dt| <= 2 E[psi_i psi_k (max delta - min delta)],
    max delta - min delta <= max_ik |<x, e_i - e_k>| + 2 eps (m + eps).

Each <x, e_i - e_k> is normal of deviation at most 2 eps. Where none is above 2 R eps, R = 40, that
is 2 R eps; the rest adds at most 2 eps n^2 E[|z|; |z| > R] < 2 eps n^2 10^-347. By Gronwall's
inequality P changes by a factor within exp(+-g), g = 4 eps (R + m + eps), and 10^-300 e^g besides.
grad_i L = sum_k P_ik u_k is at most m E psi_i, and the E psi_i sum to 1: L changes by at most
eps (m + eps).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.data.components import difference
from gembounds.evaluators.float64 import batch_sums
from gembounds.evaluators.float64.coordinates import ROUND
from gembounds.values.batch_enclosure import BatchEnclosure
from gembounds.values.directed import Ends
from gembounds.values.enclosure import Enclosure
from gembounds.values.rounding import LIBM, TINY, U, gamma

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

REACH = 40.0
"""R above."""

SLACK = 1e-300
"""Absolute error of an overlap, see above; covers the underflow of products too."""

SHARE = 0.1
"""Part of rtol that rounding the translated means may cost the overlaps; where it costs more they
stay exact (a choice)."""

NEAR = 0.1
"""Means as near as this to the one component of the data are translated exactly: L and the
gradient are accurate relative to themselves there (a choice)."""


class Translated(NamedTuple):
    """``means`` u (K, n, d); ``lost`` |e| or None where all e are 0."""

    means: FloatArray
    lost: FloatArray | None


class Rounded(NamedTuple):
    """The fields of :class:`Translated`; ``growth`` g and ``moved``,
    that of L, (K,); ``size`` m; ``sure``: the k whose g is small enough."""

    means: FloatArray
    lost: FloatArray | None
    growth: FloatArray
    moved: FloatArray
    size: FloatArray
    sure: IndexArray

    @property
    def others(self) -> list[int]:
        if len(self.sure) == len(self.means):
            return []
        mask = np.ones(len(self.means), dtype=bool)
        mask[self.sure] = False
        return np.flatnonzero(mask).tolist()


Many = Callable[[IndexArray], Ends]
"""Ends for the rounded means of some k."""

One = Callable[[str, int], Enclosure]
"""A quantity, by name, of the exact means of one k."""


@np.errstate(all="ignore")
def rounded(points: FloatArray, centres: FloatArray, rtol: float, inexact: float = 0.0) -> Rounded:
    """Of B models (B, n, d) and J centres (J, d), which err by ``inexact`` relatively; K = B J,
    the J of a model together."""
    means, lost = translated(points, centres, inexact)
    largest = largest_norm(means)
    if lost is None:
        none = np.zeros(len(means))
        return Rounded(means, None, none, none, largest, np.flatnonzero(np.isfinite(largest)))
    growth, moved = costs(largest, lost)
    return Rounded(means, lost, growth, moved, largest, np.flatnonzero(growth < SHARE * rtol))


@np.errstate(all="ignore")
def translated(points: FloatArray, centres: FloatArray, inexact: float = 0.0) -> Translated:
    """Of what :func:`rounded` takes."""
    _, n, d = points.shape
    means, error = difference(points[:, None], centres[:, None])
    lost = np.abs(error)
    if inexact:
        lost += (inexact * ROUND) * np.abs(centres[:, None]) + TINY
    return Translated(means.reshape(-1, n, d), lost.reshape(-1, n, d) if lost.any() else None)


def costs(size: FloatArray, lost: FloatArray) -> Ends:
    """g and what L changes by, (K,), where ``size`` is m."""
    eps = largest_norm(lost)
    moved = eps * (size + eps) * ROUND
    return 4 * (REACH * eps + moved) * ROUND, moved


def largest_norm(vectors: FloatArray) -> FloatArray:
    """At least the largest norm of the rows of each, and 1e-150."""
    d = vectors.shape[2]
    squares = np.einsum("kij,kij->ki", vectors, vectors).max(axis=1)
    return np.asarray(np.sqrt(squares) * ((1 + gamma(d + 4)) * ROUND) + 1e-150)


@np.errstate(all="ignore")
def overlaps(these: Rounded, many: Many, one: One) -> Ends:
    """P of the exact means, (K, n, n)."""
    return _with_others(these, "overlaps", _overlaps(these, many), one)


@np.errstate(all="ignore")
def gradient(these: Rounded, many: Many, one: One) -> Ends:
    """sum_k P_ik (u_k + e_k), (K, n, d)."""
    ends = _overlaps(these, many)
    found = batch_sums.gradient(BatchEnclosure.of(*ends, None), these.means[these.sure])
    low, high = found.lower, found.upper
    if these.lost is not None:
        room = ends[1] @ these.lost[these.sure] * ROUND + SLACK
        low, high = np.nextafter(low - room, -np.inf), np.nextafter(high + room, np.inf)
    return _with_others(these, "gradient", (low, high), one)


@np.errstate(all="ignore")
def loss(these: Rounded, many: Many, one: One) -> Ends:
    """L of the exact means, (K,); ``many`` gives it of the rounded ones."""
    low, high = many(these.sure)
    if these.lost is not None:
        low, high = loosened(low, high, these.moved[these.sure])
    return _with_others(these, "loss", (low, high), one)


def _overlaps(these: Rounded, many: Many) -> Ends:
    """Of the exact means that are sure, from ``many`` of the rounded ones."""
    low, high = many(these.sure)
    if these.lost is None:
        return low, high
    growth = these.growth[these.sure][:, None, None]
    return from_below(low, growth), from_above(high, growth)


def from_below(low: Any, growth: Any) -> FloatArray:
    """P of the exact means, at least; ``low`` is that of the rounded ones."""
    return np.asarray(np.fmax(low * ((1 - growth) * (1 - 8 * U)) - SLACK, 0.0))


def from_above(high: Any, growth: Any) -> FloatArray:
    """P of the exact means, or a sum of its entries, at most; 1 where e^g overflows."""
    return np.asarray(np.minimum((high + SLACK) * (np.exp(growth) * (1 + LIBM + 8 * U)), 1.0))


def loosened(low: Any, high: Any, moved: Any) -> Ends:
    """L of the exact means, from ends of that of the rounded ones."""
    return (
        np.maximum(np.nextafter(low - moved, -np.inf), 0.0),
        np.asarray(np.nextafter(high + moved, np.inf)),
    )


def _with_others(these: Rounded, name: str, sure: Ends, one: One) -> Ends:
    """All K: where the rounded means are not sure, of the exact ones."""
    others = these.others
    if not others:
        return sure
    found = [one(name, k) for k in others]
    ends = []
    for side, those in zip(
        sure, ([e.lower for e in found], [e.upper for e in found]), strict=True
    ):
        out = np.empty((len(these.means), *side.shape[1:]))
        out[these.sure], out[others] = side, those
        ends.append(out)
    return ends[0], ends[1]


@np.errstate(all="ignore")
def weighted(ends: Ends, weights: Ends) -> Ends:
    """sum_j w_j [low_j, high_j] over the second axis of (B, J, ...), rounded outward; where J = 1
    what there is."""
    low, high = ends
    if low.shape[1] == 1:
        return low[:, 0], high[:, 0]
    least, weight = weights
    count = len(weight)
    off = ((weight - least) + gamma(count + 4) * weight + TINY) * ROUND
    values = np.array((-low, high))
    total, size = _sum(values, weight), _sum(np.abs(values), off)
    size += 4 * count * TINY
    total += size
    least, most = np.nextafter(total, np.inf)
    return _known(-least, -np.inf), _known(most, np.inf)


def _known(end: FloatArray, unknown: float) -> FloatArray:
    """Without NaN, which an infinite end makes."""
    none = np.isnan(end)
    return np.where(none, unknown, end) if none.any() else end


def _sum(values: FloatArray, weights: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("sbj...,j->sb...", values, weights))
