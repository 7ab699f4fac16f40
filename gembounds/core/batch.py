"""Many mixtures of one shape at once.

For two components everything is vectorised over the mixtures: they are sorted by their
distance, so that a block shares one rule (proved for the block's largest distance), and one
exponential a node is left. Other shapes are evaluated one by one.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.core.coordinates import FLOOR, ROUND
from gembounds.core.errors import SLACK, USELESS, rule_factors, tails
from gembounds.core.grid import ROOT_2PI
from gembounds.core.overlaps import enclose_overlaps
from gembounds.core.plan import (
    FIRST_GUESS,
    LEAST,
    LEAST_SPREAD,
    RETRY,
    RULE_SHARE,
    TAIL_SHARE,
    plan_axes,
)
from gembounds.core.two import LARGEST_LOGIT
from gembounds.enclosure import Enclosure
from gembounds.errors import InputError
from gembounds.mixture import WEIGHT_SUM_TOLERANCE, Mixture
from gembounds.numerals import exact_floats
from gembounds.rounding import LIBM, U, gamma
from gembounds.rule import Axis

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]

BLOCK = 1 << 15
"""Nodes of a block, over all its mixtures: two arrays of 256 kB stay in cache (empirical)."""

CHUNK = 1 << 13
"""Mixtures taken at a time: their arrays are small enough to be used again by the allocator,
and fresh memory costs more than the sums (empirical)."""


class Pairs(NamedTuple):
    """Per mixture: distance D, constant c of the logit D y + c, and its error's two parts."""

    distance: FloatArray
    constant: FloatArray
    error_v: FloatArray
    error_c: FloatArray


@np.errstate(all="ignore")
def overlaps(means: Any, weights: Any = None, *, rtol: float = 1e-10,
             max_nodes: int = 2**28) -> Enclosure:  # fmt: skip
    """E[psi_i psi_k] of B mixtures at once: an :class:`Enclosure` of shape (B, n, n).

    ``means`` holds floats (B, n, d), ``weights`` (n,) or (B, n), positive, each sum within
    1e-9 of 1 (then divided by it), or None for equal weights. ``rtol`` and what the enclosures
    mean are as for :func:`gembounds.overlaps`. Raises :class:`InputError` for anything else.
    """
    points = checked_means(means)
    size, n, _ = points.shape
    shares = _weights(weights, size, n)
    _check_rtol(rtol)
    lower, upper = np.zeros((size, n, n)), np.ones((size, n, n))
    rest: list[int] = [] if n == 2 else list(range(size))
    space = np.empty((2, 2 * BLOCK if n == 2 else 0))
    for start in range(0, size if n == 2 else 0, CHUNK):
        part = slice(start, start + CHUNK)
        pairs = _pairs(points[part], None if shares is None else shares[part])
        rest += (start + _two(pairs, rtol, lower[part], upper[part], space)).tolist()
    for b in rest:
        mix = Mixture(points[b], None if shares is None else shares[b])
        lower[b], upper[b], _ = enclose_overlaps(mix, rtol, max_nodes)
    return Enclosure(lower, upper)


def mixtures(means: Any, weights: Any, rtol: float) -> list[Mixture]:
    """The mixtures themselves; :class:`InputError` as for :func:`overlaps`."""
    points = checked_means(means)
    shares = _weights(weights, *points.shape[:2])
    _check_rtol(rtol)
    return [Mixture(p, None if shares is None else shares[b]) for b, p in enumerate(points)]


def _check_rtol(rtol: float) -> None:
    if not isinstance(rtol, (int, float)) or not 1e-13 <= rtol <= 1e-3:
        raise InputError(f"rtol is {rtol!r}: choose it from 1e-13 to 1e-3")


def checked_means(means: Any) -> FloatArray:
    """``means`` as a float array (B, n, d); :class:`InputError` if it is none."""
    points = exact_floats(means, "means")
    if points.ndim != 3 or 0 in points.shape:
        raise InputError(f"means has shape {points.shape}: give (B, n, d), none of them 0")
    if not np.isfinite(points).all():
        b = int(np.argmin(np.isfinite(points).all(axis=(1, 2))))
        raise InputError(f"means[{b}] has an entry that is not finite: give finite numbers")
    return points


def _weights(weights: Any, size: int, n: int) -> FloatArray | None:
    if weights is None:
        return None
    shares = exact_floats(weights, "weights")
    if shares.shape not in ((n,), (size, n)):
        raise InputError(f"weights has shape {shares.shape}: give ({n},) or ({size}, {n})")
    shares = np.broadcast_to(shares, (size, n))
    good = (shares > 0) & (shares < np.inf)
    off = np.abs(shares.sum(axis=1) - 1) > 0.99 * float(WEIGHT_SUM_TOLERANCE)
    if not good.all():
        b = int(np.argmin(good.all(axis=1)))
        raise InputError(f"weights[{b}] is {shares[b].tolist()}: weights must be positive")
    for b in np.flatnonzero(off).tolist():
        Mixture(np.zeros((n, 1)), shares[b])  # decides exactly, and says what is wrong
    return shares


def _pairs(points: FloatArray, shares: FloatArray | None) -> Pairs:
    """As :mod:`gembounds.core.coordinates` for n = 2, for all mixtures at once."""
    d = points.shape[2]
    g, floor = gamma(d + 4), FLOOR * d
    with np.errstate(all="ignore"):
        b = points[:, 1] - points[:, 0]
        s = points[:, 1] + points[:, 0]
        distance = np.sqrt(np.einsum("bj,bj->b", b, b))
        total = np.sqrt(np.einsum("bj,bj->b", s, s)) * ((1 + g) * ROUND) + floor
        constant = -0.5 * np.einsum("bj,bj->b", b, s)
        largest = distance * ((1 + g) * ROUND) + floor
        error_v = ((g + U) * largest + floor) * ROUND
        error_c = ((0.5 * g + 1.5 * U) * largest * total + floor * (1 + total)) * ROUND
        if shares is not None:
            logs = np.log(shares[:, 1]) - np.log(shares[:, 0])
            size = np.abs(np.log(shares)).sum(axis=1)
            # the sum that weights are divided by cancels between the two
            error_c += (2 * LIBM + 2 * U) * size
            error_c += U * (np.abs(logs) + np.abs(constant)) * 2
            constant = constant + logs
    return Pairs(distance, constant, error_v, error_c)


def _two(
    pairs: Pairs, rtol: float, lower: FloatArray, upper: FloatArray, space: FloatArray
) -> IndexArray:
    """Fill ``lower`` and ``upper``; return the mixtures that are left to the general way."""
    with np.errstate(invalid="ignore"):
        fits = (pairs.distance < LARGEST_LOGIT) & (np.abs(pairs.constant) < LARGEST_LOGIT)
        fits &= (pairs.distance > 0) & (40 * (pairs.error_v + pairs.error_c) < USELESS)
    left = [np.flatnonzero(~fits)]
    todo, goal = np.flatnonzero(fits), FIRST_GUESS
    flat = lower.reshape(-1, 4), upper.reshape(-1, 4)
    while todo.size:
        order = todo[_by_size(pairs.distance[todo])]
        found = _sweep(pairs, order, rtol, goal, *flat, space)
        left.append(order[found.left])
        if goal <= LEAST:
            break
        todo, goal = order[found.far], max(LEAST, goal * 1e-6 if goal > 1e-30 else goal**2)
    return np.concatenate(left)


def _by_size(values: FloatArray) -> IndexArray:
    """An order that is nearly increasing: by 16 bits, for which NumPy's sort is linear."""
    scale = 65535.0 / float(values.max())
    return np.argsort((values * scale).astype(np.uint16), kind="stable")


class Swept(NamedTuple):
    """Which mixtures are left to the general way, which need a wider grid."""

    left: BoolArray
    far: BoolArray


def _sweep(
    pairs: Pairs, order: IndexArray, rtol: float, goal: float,
    lower: FloatArray, upper: FloatArray, space: FloatArray,
) -> Swept:  # fmt: skip
    """One grid a block of mixtures, taken in ``order`` of distance, reaching out for overlaps of
    ``goal``; writes to the ends (B, 4)."""
    m = len(order)
    found = Swept(np.zeros(m, bool), np.zeros(m, bool))
    start, size = 0, 128
    while start < m:
        part = slice(start, min(start + size, m))
        index = order[part]
        some = Pairs(*(x[index] for x in pairs))
        d, c = some.distance, some.constant
        spread = float((d + 2 * some.error_v).max()) * ROUND
        axes = plan_axes([max(spread, LEAST_SPREAD)], RULE_SHARE * rtol,
                         TAIL_SHARE * rtol * goal, BLOCK)  # fmt: skip
        if (
            axes is None
            or axes[0].error > rtol
            or axes[0].radius * float(d.max()) + float(np.abs(c).max()) > LARGEST_LOGIT
        ):
            found.left[part] = True
            start = part.stop
            continue
        nodes = (2 * axes[0].count + 1) * len(d)
        if nodes > space.shape[1]:
            space = np.empty((2, nodes))
        total, error = _block_sums(axes[0], some, space[:, :nodes])
        outside, _ = tails(axes)
        down, up = rule_factors(axes)
        few, many = math.exp(-error) * down * (1 - 8 * U), math.exp(error) * up * (1 + 8 * U)
        ends = np.maximum(total * few - SLACK, 0.0)
        rows = np.empty((len(d), 4))
        rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3] = ends[0], ends[1], ends[1], ends[2]
        lower[index] = rows
        ends = np.minimum(total * many + (outside * many + SLACK), 1.0)
        rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3] = ends[0], ends[1], ends[1], ends[2]
        upper[index] = rows
        smallest = np.maximum(total.min(axis=0), LEAST)
        found.far[part] = outside > RETRY * TAIL_SHARE * rtol * smallest
        start, size = part.stop, max(1, BLOCK // (2 * axes[0].count + 1))
    return found


def _block_sums(axis: Axis, pairs: Pairs, space: FloatArray) -> tuple[FloatArray, float]:
    """T_R of psi_0^2, psi_0 psi_1, psi_1^2 (3, m), and the largest relative error exponent, in
    ``space``, (2, m nodes).

    t = D y + c errs by R error_v + error_c + 4 U (R D + |c|); psi = (q, E q), E = exp(t): the
    factors err by 4 (that + LIBM) and 16 U, the weights by R^2 U + LIBM + 4 U, sums by gamma.
    """
    d, c = pairs.distance, pairs.constant
    y = axis.step * np.arange(-axis.count, axis.count + 1, dtype=np.float64)
    w = np.exp(-0.5 * y * y) * (axis.step / ROOT_2PI)
    e, q = space.reshape(2, len(d), len(y))
    np.dot(np.column_stack((d, c)), np.stack((y, np.ones_like(y))), out=e)
    np.exp(e, out=e)
    np.add(e, 1.0, out=q)
    np.divide(1.0, q, out=q)  # NumPy's reciprocal takes twice as long
    q *= q
    total = np.empty((3, len(d)))
    np.dot(q, w, out=total[0])
    q *= e
    np.dot(q, w, out=total[1])
    q *= e
    np.dot(q, w, out=total[2])
    radius = axis.radius
    logit = radius * float(pairs.error_v.max()) + float(pairs.error_c.max()) + LIBM
    logit += 4 * U * (radius * float(d.max()) + float(np.abs(c).max())) * ROUND
    fixed = radius * radius * U + LIBM + 24 * U + gamma(len(y) + 4)
    return total, (4 * logit + fixed) * ROUND
