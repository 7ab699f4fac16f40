"""Many mixtures of two components at once: a rule a group, and few exponentials.

Mixtures are grouped by their distance, to a quarter of a power of two, and a group shares the rule
that is proved for its largest distance. Everything else (errors, tails, ends) is taken mixture by
mixture, in arrays.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64 import compiled, memory
from gembounds.evaluators.float64.coordinates import ROUND
from gembounds.evaluators.float64.errors import SLACK, USELESS, rule_factors, tails
from gembounds.evaluators.float64.grid import ROOT_2PI
from gembounds.evaluators.float64.plan import (
    FIRST_GUESS,
    LEAST,
    RETRY,
    RULE_SHARE,
    TAIL_SHARE,
    plan_axes,
)
from gembounds.evaluators.float64.two import (
    LARGEST_LOGIT,
    Pair,
    constant_error,
    distance_error,
    logit_error,
)
from gembounds.values.rounding import LIBM, U, gamma

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

BLOCK = 1 << 15
"""Nodes of a block, over all its mixtures: two arrays of 256 kB stay in cache (empirical)."""

SERIAL = 9000
"""Entries of a matrix times a vector: beyond, OpenBLAS starts threads, which wait by spinning
(its 2,304 times 4)."""

LEAST_GROUP = 200
"""Groups smaller than this are joined with the next: a rule costs as much as its excess nodes
(empirical)."""

SHIFT = 50
"""The bits of a float64 from this one on: sign, exponent, and two of the mantissa."""

NEAREST = 0.25
"""Distances below this are grouped together: the rule hardly depends on them."""

FIRST_KEY = 1021 << 2
"""The bits of ``NEAREST`` from ``SHIFT`` on."""

SPARE = 2.0**-30
"""Part of a distance, or of ``NEAREST``, that its error may be."""


class Plan(NamedTuple):
    """A rule for a group of distances. Its nodes are ``coarse`` (A, 1) plus ``fine`` (B, 1), and
    the weights (A B,) those of the sums. ``reach`` bounds abs(coarse) + abs(fine);
    ``rounding`` is the error of the sums beside that of the logits."""

    coarse: FloatArray
    fine: FloatArray
    weights: FloatArray
    reach: float
    rounding: float
    outside: float
    down: float
    up: float


class Sums(NamedTuple):
    """T_R of psi_1^2, psi_1 psi_2, psi_2^2 (3, m), NaN where no rule fits; of the rules used the
    largest reach, rounding and tail, the least and the largest factor;
    ``spare`` is memory that may be written to."""

    total: FloatArray
    spare: FloatArray
    reach: float
    rounding: float
    outside: float
    down: float
    up: float


def pairs_of(points: FloatArray, shares: FloatArray | None, rtol: float) -> Pair:
    """D and c of the mixtures with means (B, 2, d) and weights (B, 2), and their errors: for all
    together if that is little beside ``rtol``, else one by one."""
    d = points.shape[2]
    if d == 1:
        b, s = points[:, 1, 0] - points[:, 0, 0], points[:, 1, 0] + points[:, 0, 0]
        distance, norm = np.abs(b), np.abs(s)
        constant = b * s
    else:
        b, s = points[:, 1] - points[:, 0], points[:, 1] + points[:, 0]
        distance = np.sqrt(np.einsum("bj,bj->b", b, b))
        norm = np.sqrt(np.einsum("bj,bj->b", s, s))
        constant = np.einsum("bj,bj->b", b, s)
    constant *= -0.5
    rounded: FloatArray | float = 0.0
    if shares is not None:
        logs = np.log(shares)
        # the sum that weights are divided by cancels between the two
        rounded = (2 * LIBM + 4 * U) * np.abs(logs).sum(axis=1) + 2 * U * np.abs(constant)
        constant += logs[:, 1] - logs[:, 0]
    largest, widest = float(distance.max()), float(norm.max())
    error_v = distance_error(d, largest)
    error_c = constant_error(d, largest, widest) + float(np.max(rounded))
    if not 4 * (9 * error_v + error_c) < 0.01 * rtol:
        error_v = distance_error(d, distance)
        error_c = constant_error(d, distance, norm) + rounded
    return Pair(distance, constant, error_v, error_c)


def enclose_pairs(pairs: Pair, rtol: float, lower: FloatArray, upper: FloatArray) -> IndexArray:
    """Fill ``lower`` and ``upper``, (B, 2, 2); return the mixtures that are left to the general
    way."""
    fits = pairs.distance * 4 + np.abs(pairs.constant) < LARGEST_LOGIT
    fits &= pairs.distance > 0
    fits &= pairs.error_v + pairs.error_c < 0.02 * USELESS
    fits &= pairs.error_v <= SPARE * NEAREST
    flat = lower.reshape(-1, 4), upper.reshape(-1, 4)
    todo, goal = np.flatnonzero(fits), FIRST_GUESS
    left, some = [], pairs
    if len(todo) < len(fits):
        left, some = [np.flatnonzero(~fits)], _taken(pairs, todo)
    while todo.size:
        sums = _sums(some.distance, some.constant, rtol, goal)
        left.append(todo[_write(sums, some, flat, todo)])
        enough = sums.outside / (RETRY * TAIL_SHARE * rtol)
        if goal <= LEAST or float(sums.total.min()) >= enough:
            break
        far = np.flatnonzero(np.maximum(np.minimum.reduce(sums.total), LEAST) < enough)
        todo, some = todo[far], _taken(some, far)
        goal = max(LEAST, goal * 1e-6 if goal > 1e-30 else goal**2)
    return np.concatenate(left) if left else todo[:0]


def _taken(pairs: Pair, index: IndexArray) -> Pair:
    return Pair(*(x if isinstance(x, float) else x[index] for x in pairs))


def _write(
    sums: Sums, pairs: Pair, flat: tuple[FloatArray, FloatArray], todo: IndexArray
) -> IndexArray:
    """Put the ends (B, 4) of the mixtures ``todo`` in their place; say which have none."""
    size = np.abs(pairs.constant)
    largest = pairs.distance * sums.reach + size
    bad = np.flatnonzero(~((largest < LARGEST_LOGIT) & (sums.total[0] >= 0)))
    if isinstance(pairs.error_v, float):
        pairs, size = pairs._replace(distance=pairs.distance.max()), size.max()
    error = logit_error(sums.reach, pairs._replace(constant=size))
    error = (4 * error + sums.rounding) * ROUND
    rows = np.empty((len(todo), 4))
    ends = sums.spare
    # exp(-x) >= 1 - x, and exp(x) <= 1 + x + x^2 up to 1
    np.multiply(sums.total, (1 - error) * (sums.down * (1 - 8 * U)), out=ends)
    ends -= SLACK
    _put(np.maximum(ends, 0.0, out=ends), rows, flat[0], todo)
    np.add(sums.total, sums.outside, out=ends)
    ends *= (1 + error + error * error) * (sums.up * (1 + 8 * U))
    ends += SLACK
    _put(np.minimum(ends, 1.0, out=ends), rows, flat[1], todo)
    return bad


def _put(ends: FloatArray, rows: FloatArray, flat: FloatArray, todo: IndexArray) -> None:
    target = flat if len(flat) == len(todo) else rows
    target[:, 0], target[:, 1], target[:, 2], target[:, 3] = ends[0], ends[1], ends[1], ends[2]
    if target is rows:
        flat[todo] = rows


@lru_cache(maxsize=128)
def _plan(key: int, rtol: float, goal: float) -> Plan | None:
    """The rule for all distances of the group ``key``, reaching out for overlaps of ``goal``."""
    edge = float(np.array((FIRST_KEY + key + 1) << SHIFT, dtype=np.uint64).view(np.float64))
    error = RULE_SHARE * rtol
    axes = plan_axes([edge * (1 + 4 * SPARE)], error, TAIL_SHARE * rtol * goal, BLOCK // 8)
    if axes is None or not axes[0].error <= 1.01 * error:
        return None
    axis = axes[0]
    # nodes k h, k = -K + a B + b: exp(D k h) is a product, and A + B exponentials do for A B nodes
    nodes = 2 * axis.count + 1
    size = min(range(1, nodes + 1), key=lambda s: 2 * s * -(-nodes // s) + s - -nodes // s)
    parts = -(-nodes // size)
    coarse = axis.step * (np.arange(0.0, parts * size, size) - axis.count)
    fine = axis.step * np.arange(0.0, size)
    y = np.add.outer(coarse, fine).ravel()
    weights = np.exp(-0.5 * y * y) * (axis.step / ROOT_2PI)
    reach = (float(np.abs(y).max()) + 2 * size * axis.step) * ROUND
    rounding = reach * reach * U + 5 * LIBM + 28 * U + gamma(len(y) + 4)
    return Plan(coarse[:, None], fine[:, None], weights, reach, rounding, tails(axes)[0],
                *rule_factors(axes))  # fmt: skip


def _groups(counts: list[int]) -> Iterator[tuple[int, int]]:
    """Where each group ends, and its largest key, for the numbers of mixtures of each key."""
    size, end, last = 0, 0, 0
    for key, count in enumerate(counts):
        size += count
        end += count
        last = key if count else last
        if size >= LEAST_GROUP:
            yield end, last
            size = 0
    if size:
        yield end, last


def _sums(distance: FloatArray, constant: FloatArray, rtol: float, goal: float) -> Sums:
    """The sums on one grid a group, each reaching out for overlaps of ``goal``."""
    space = memory.space(2 * BLOCK).reshape(2, BLOCK)
    bits = np.maximum(distance, NEAREST).view(np.uint64) >> np.uint64(SHIFT)
    keys = (bits - np.uint64(FIRST_KEY)).astype(np.uint8)
    order = np.argsort(keys, kind="stable")  # linear for 8 bits
    d, c = distance[order], constant[order]
    sums = np.empty((3, len(order)))
    plans = []
    start = 0
    for end, key in _groups(np.bincount(keys).tolist()):
        plan = _plan(key, rtol, goal)
        if plan is None:
            sums[:, start:end] = np.nan
        else:
            plans.append(plan)
            most = max(1, BLOCK // len(plan.weights))
            for first in range(start, end, most):
                part = slice(first, min(end, first + most))
                _block_sums(plan, d[part], c[part], space, sums[:, part])
        start = end
    total = np.empty_like(sums)
    for one, row in zip(total, sums, strict=True):
        one[order] = row
    return Sums(
        total,
        sums,
        max((p.reach for p in plans), default=1.0),
        max((p.rounding for p in plans), default=0.0),
        max((p.outside for p in plans), default=1.0),
        min((p.down for p in plans), default=0.0),
        max((p.up for p in plans), default=1.0),
    )


def _block_sums(
    plan: Plan, d: FloatArray, c: FloatArray, space: FloatArray, total: FloatArray
) -> None:
    """The sums of some mixtures into ``total`` (3, m); ``space`` holds the nodes. Overflow gives
    NaN, or values that are not used."""
    shape = len(plan.coarse), len(plan.fine), len(d)
    size = len(plan.weights) * len(d)
    e, q = space[0, :size].reshape(shape), space[1, :size].reshape(-1, len(d))
    coarse = d * plan.coarse
    coarse += c
    np.exp(coarse, out=coarse)
    fine = d * plan.fine
    np.exp(fine, out=fine)
    if compiled.chosen(2, len(d)):
        compiled.pair_sums(coarse, fine, plan.weights, total)
        return
    np.multiply(coarse[:, None], fine, out=e)
    e = e.reshape(q.shape)
    np.add(e, 1.0, out=q)
    np.divide(1.0, q, out=q)  # NumPy's reciprocal takes twice as long
    q *= q
    _weighted(plan.weights, q, total[0])
    q *= e
    _weighted(plan.weights, q, total[1])
    q *= e
    _weighted(plan.weights, q, total[2])


def _weighted(weights: FloatArray, q: FloatArray, out: FloatArray) -> None:
    """``weights`` times ``q`` (nodes, m), in parts, and the rest."""
    parts = -(-q.size // SERIAL)
    width = q.shape[1] // parts
    stop = parts * width
    pieces = q[:, :stop].reshape(len(q), parts, width).transpose(1, 0, 2)
    np.matmul(weights, pieces, out=out[:stop].reshape(parts, width))
    if stop < len(out):
        np.dot(weights, q[:, stop:], out=out[stop:])
