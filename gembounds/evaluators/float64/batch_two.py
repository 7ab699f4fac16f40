"""Many mixtures of two components at once: a rule a group, and few exponentials.

Mixtures are grouped by their distance, to a quarter of a power of two, and a group shares the rule
that is proved for its largest distance. Everything else (errors, tails, ends) is taken mixture by
mixture, in arrays.

At each node psi_1^2 + 2 psi_1 psi_2 + psi_2^2 = 1, so that two sums give the third, less the sum W
of the weights: that of the heavier component, the second after exchange, of which hardly anything
cancels. With g >= the relative errors of the two it errs by g (W - S) and three roundings.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64 import compiled, memory
from gembounds.evaluators.float64.batch_two_plan import (
    NEAREST,
    SPARE,
    Plan,
    groups,
    keys_of,
    plan_for,
)
from gembounds.evaluators.float64.coordinates import ROUND
from gembounds.evaluators.float64.errors import SLACK, USELESS
from gembounds.evaluators.float64.plan import FIRST_GUESS, LEAST, RETRY, TAIL_SHARE
from gembounds.evaluators.float64.two import (
    LARGEST_LOGIT,
    Pair,
    constant_error,
    distance_error,
    logit_error,
)
from gembounds.values.rounding import LIBM, U

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]

BLOCK = 1 << 16
"""Nodes of a block, over all its mixtures: two arrays of 512 kB stay in cache (empirical)."""

MOST = 1 << 14
"""Mixtures that memory is kept for."""

SERIAL = 9000
"""Entries of a matrix times a vector: beyond, OpenBLAS starts threads, which wait by spinning
(its 2,304 times 4)."""


class Sums(NamedTuple):
    """T_R of psi_1^2, psi_1 psi_2, psi_2^2 (3, m), NaN where no rule fits; of the rules used the
    largest W, reach, rounding, chain and tail, the least and the largest factor;
    ``spare`` is memory that may be written to."""

    total: FloatArray
    spare: FloatArray
    mass: float
    reach: float
    rounding: float
    chain: float
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
    swapped = pairs.constant < 0
    pairs = pairs._replace(constant=np.abs(pairs.constant))
    fits = pairs.distance * 4 + pairs.constant < LARGEST_LOGIT
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
        left.append(todo[_write(sums, some, swapped, flat, todo)])
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
    sums: Sums, pairs: Pair, swapped: BoolArray, flat: tuple[FloatArray, FloatArray],
    todo: IndexArray,
) -> IndexArray:  # fmt: skip
    """Put the ends (B, 4) of the mixtures ``todo``, abs(c) in ``pairs``, in their place; say which
    have none. Overwrites the sums."""
    largest = pairs.distance * sums.reach + pairs.constant
    bad = np.flatnonzero(~((largest < LARGEST_LOGIT) & (sums.total[0] >= 0)))
    if isinstance(pairs.error_v, float):
        pairs = pairs._replace(distance=pairs.distance.max(), constant=pairs.constant.max())
    error = (4 * logit_error(sums.reach, pairs) + sums.rounding) * ROUND
    ends, last = sums.spare, sums.total[2]
    away = last * -sums.chain
    away += (sums.chain + 4 * U) * sums.mass
    every = len(flat[0]) == len(todo)
    swapped = swapped if every else swapped[todo]
    # exp(-x) >= 1 - x, and exp(x) <= 1 + x + x^2 up to 1
    last -= away
    np.multiply(sums.total, (1 - error) * (sums.down * (1 - 8 * U)), out=ends)
    ends -= SLACK
    np.maximum(ends, 0.0, out=ends)
    _put(ends, swapped, flat[0], None if every else todo)
    away *= 2
    last += away
    many = (1 + error + error * error) * (sums.up * (1 + 8 * U))
    np.multiply(sums.total, many, out=ends)
    ends += sums.outside * many * ROUND + SLACK
    np.minimum(ends, 1.0, out=ends)
    _put(ends, swapped, flat[1], None if every else todo)
    return bad


def _put(ends: FloatArray, swapped: BoolArray, flat: FloatArray, todo: IndexArray | None) -> None:
    target = flat if todo is None else np.empty((len(todo), 4))
    first, both, second = ends
    target[:, 0] = np.where(swapped, second, first)
    target[:, 1] = target[:, 2] = both
    target[:, 3] = np.where(swapped, first, second)
    if todo is not None:
        flat[todo] = target


def _sums(distance: FloatArray, constant: FloatArray, rtol: float, goal: float) -> Sums:
    """The sums on one grid a group, each reaching out for overlaps of ``goal``."""
    m = len(distance)
    rows = memory.space("pairs", 8 * MOST) if m <= MOST else np.empty(8 * m)
    given, (sums, total) = rows[: 2 * m].reshape(2, m), rows[2 * m : 8 * m].reshape(2, 3, m)
    keys = keys_of(distance)
    order = np.argsort(keys, kind="stable")  # linear for 8 bits
    np.take(distance, order, out=given[0], mode="clip")
    np.take(constant, order, out=given[1], mode="clip")
    plans, start, kernel = [], 0, compiled.chosen(2, m)
    for end, key in groups(np.bincount(keys).tolist()):
        plan = plan_for(key, rtol, goal)
        if plan is None:
            sums[:, start:end] = np.nan
        else:
            plans.append(plan)
            most = max(1, BLOCK // len(plan.weights))
            for first in range(start, end, most):
                part = slice(first, min(end, first + most))
                _block_sums(plan, given[:, part], sums[:, part], kernel)
        start = end
    for one, row in zip(total, sums, strict=True):
        one[order] = row
    return Sums(
        total,
        sums,
        max((p.mass for p in plans), default=1.0),
        max((p.reach for p in plans), default=1.0),
        max((p.rounding for p in plans), default=0.0),
        max((p.chain for p in plans), default=0.0),
        max((p.outside for p in plans), default=1.0),
        min((p.down for p in plans), default=0.0),
        max((p.up for p in plans), default=1.0),
    )


def _block_sums(plan: Plan, given: FloatArray, total: FloatArray, kernel: bool) -> None:
    """The sums of m mixtures, D and c >= 0 (2, m), into ``total`` (3, m). Overflow gives NaN,
    or values that are not used."""
    m, few, nodes = given.shape[1], plan.split, len(plan.weights)
    factors = np.dot(plan.rows, given)
    np.exp(factors, out=factors)
    coarse, fine = factors[:few], factors[few:]
    if kernel:
        compiled.pair_sums(coarse, fine, plan.weights, total)
    else:
        space = memory.space("nodes", 2 * BLOCK)
        e, q = space[: nodes * m].reshape(nodes, m), space[BLOCK : BLOCK + nodes * m]
        q = q.reshape(nodes, m)
        product = e.reshape(few, -1, m)
        np.copyto(product, coarse[:, None])  # else NumPy's loops are as short as m
        product *= fine
        np.add(e, 1.0, out=q)
        np.divide(1.0, q, out=q)  # NumPy's reciprocal takes twice as long
        q *= q
        _weighted(plan.weights, q, total[0])
        q *= e
        _weighted(plan.weights, q, total[1])
    np.multiply(total[1], -2.0, out=total[2])
    total[2] -= total[0]
    total[2] += plan.mass


def _weighted(weights: FloatArray, q: FloatArray, out: FloatArray) -> None:
    """``weights`` times ``q`` (nodes, m), in parts, and the rest."""
    parts = -(-q.size // SERIAL)
    width = q.shape[1] // parts
    stop = parts * width
    pieces = q[:, :stop].reshape(len(q), parts, width).transpose(1, 0, 2)
    np.matmul(weights, pieces, out=out[:stop].reshape(parts, width))
    if stop < len(out):
        np.dot(weights, q[:, stop:], out=out[stop:])
