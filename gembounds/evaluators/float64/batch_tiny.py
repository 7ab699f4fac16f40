"""L of many tiny configurations at once: :mod:`gembounds.evaluators.float64.centred` in arrays.

The formulas and bounds are those of that module, with gamma_(2n+8) where it has gamma_(n+8):
weights are divided by their sum in float64. Mixtures that need as many points an axis share nodes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.batch_reduce import Reduced, reduce
from gembounds.evaluators.float64.centred import (
    LEAST,
    MOST_NODES,
    MOST_POINTS,
    SHARE,
    TERMS,
    WIDEST,
    excess,
    hermite,
    remainder,
)
from gembounds.evaluators.float64.coordinates import ROUND
from gembounds.values.rounding import U, gamma

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

FEWEST = 2
"""Groups smaller than this are left to the single way (empirical)."""

BLOCK = 1 << 15
"""Numbers in an array of a block (a choice)."""

ENOUGH = 0.5
"""Part of rtol that the whole error may be, else the single way has more exact means."""


class Parts(NamedTuple):
    """Of m mixtures what the formulas are made of, see :class:`centred.Around`: weights and
    |v_i|^2 (m, n), <m, v_i> (n, m), v along the axes (r, n, m), and numbers (m,)."""

    pi: FloatArray
    squares: FloatArray
    tilt: FloatArray
    v: FloatArray
    square: FloatArray
    size: FloatArray
    mean_error: FloatArray
    away_error: FloatArray
    tilt_error: FloatArray
    tilted: FloatArray
    longest: FloatArray
    across: FloatArray
    beyond: FloatArray


def enclose(
    points: FloatArray, shares: FloatArray | None, pi: FloatArray, rtol: float, some: IndexArray,
    lower: FloatArray, upper: FloatArray,
) -> IndexArray:  # fmt: skip
    """Fill the ends (B,) of the mixtures ``some``, whose means range over ``WIDEST`` at most;
    return those that are left to the single way."""
    if not some.size:
        return some
    parts, reduced, fits = _parts(
        points[some], None if shares is None else shares[some], pi[some], rtol
    )
    counts, errors = _points(reduced.spreads, SHARE * rtol * parts.size / len(parts.v))
    nodes = counts.prod(axis=0)
    fits &= (counts.max(axis=0) <= MOST_POINTS) & (nodes <= MOST_NODES)
    left = [some[~fits]]
    places = np.flatnonzero(fits)
    kinds, kind = np.unique(counts[:, places], axis=1, return_inverse=True)
    for k, points_each in enumerate(kinds.T.tolist()):
        group = places[kind.ravel() == k]
        if len(group) < FEWEST:
            left.append(some[group])
            continue
        step = max(1, BLOCK // (pi.shape[1] * int(nodes[group[0]])))
        for start in range(0, len(group), step):
            index = group[start : start + step]
            value, error = _sums(_taken(parts, index), points_each, points.shape[2])
            error = (error + errors[index]) * ROUND + 1e-300
            lower[some[index]] = np.maximum(value - error, 0.0)
            upper[some[index]] = value + error
            left.append(some[index[~(error <= ENOUGH * rtol * value)]])
    return np.concatenate(left)


def _taken(parts: Parts, index: IndexArray) -> Parts:
    return Parts(*(x[index] for x in parts[:2]), *(x[..., index] for x in parts[2:]))


def _parts(
    points: FloatArray, shares: FloatArray | None, pi: FloatArray, rtol: float
) -> tuple[Parts, Reduced, npt.NDArray[np.bool_]]:
    _, n, d = points.shape
    b = points - points[:, :1]
    away = b - np.einsum("bi,bid->bd", pi, b)[:, None]
    mean = np.einsum("bi,bid->bd", pi, points)
    square = np.einsum("bd,bd->b", mean, mean)
    grown = (1 + gamma(d + 4)) * ROUND
    size, length, widest = (_longest(x) * grown for x in (points, b, away))
    away_error = 2 * gamma(2 * n + 8) * length * ROUND + 1e-300
    widest += away_error
    mean_error = gamma(2 * n + 8) * size * ROUND + 1e-300
    norm = np.sqrt(square) * grown + mean_error
    tilt = np.einsum("bid,bd->ib", away, mean)
    tilt_error = gamma(d + 2) * widest * norm + norm * away_error + widest * mean_error
    tilt_error *= ROUND
    tilted = np.abs(tilt).max(axis=0) + tilt_error
    reduced = reduce(points, shares, rtol * widest, np.zeros(len(points)))
    v = reduced.v - np.einsum("bi,jib->jb", pi, reduced.v)[:, None]
    spread = np.einsum("bi,jib,kib->jkb", pi, v, v, optimize=True)
    squares = np.einsum("jkb,jkb->b", spread, spread)
    along = [np.sqrt(np.square(x).sum(axis=0).max(axis=0)) * ROUND for x in (reduced.v, v)]
    longest = np.maximum(along[1], widest)
    across = 2 * reduced.error_v + 2 * gamma(2 * n + 10) * (along[0] + longest)
    fits = reduced.fits & (widest > 0) & (widest <= WIDEST) & (tilted < 0.5)
    fits &= (square + squares > LEAST) & (square + squares < np.inf)
    fits &= reduced.spreads[0] <= WIDEST
    return Parts(
        pi, np.einsum("bid,bid->bi", away, away), tilt, v, square, 0.5 * square + 0.25 * squares,
        mean_error, away_error, tilt_error, tilted, longest, across, reduced.beyond,
    ), reduced, fits  # fmt: skip


def _longest(rows: FloatArray) -> FloatArray:
    found: FloatArray = np.sqrt(np.einsum("bid,bid->bi", rows, rows).max(axis=1)) + 1e-150
    return found


def _points(spreads: FloatArray, error: FloatArray) -> tuple[npt.NDArray[np.intp], FloatArray]:
    """The fewest points p an axis (r, m) whose rule error, 18 D^2p (2p-1)!!, is at most ``error``,
    one more than ``MOST_POINTS`` where there are none; the errors of all axes together (m,)."""
    counts = np.full(spreads.shape, MOST_POINTS + 1)
    errors = np.zeros(spreads.shape)
    bound = np.full(spreads.shape, 18 * ROUND)
    for p in range(1, MOST_POINTS + 1):
        bound *= spreads * spreads * (2 * p - 1)
        some = (bound <= error) & (counts > p)
        counts[some], errors[some] = p, bound[some]
        if (counts <= p).all():
            break
    return counts, errors.sum(axis=0)


def _sums(parts: Parts, points: list[int], d: int) -> tuple[FloatArray, FloatArray]:
    """L and its error but for the rule's, (m,)."""
    n, r = parts.v.shape[1], len(points)
    y, weights = np.zeros((0, 1)), np.ones(1)
    for p in points:
        at, w = hermite(p)
        y = np.concatenate((np.repeat(y, p, axis=1), np.tile(at, y.shape[1])[None]))
        weights = np.multiply.outer(weights, w).ravel()
    radius = np.sqrt(np.square(y).sum(axis=0)) * ROUND
    longest, inner = parts.longest, parts.tilted + 0.5 * parts.longest**2
    logits = np.tensordot(parts.v, y, axes=(0, 0))
    logits -= (parts.tilt + 0.5 * parts.squares.T)[:, :, None]
    reach = (np.multiply.outer(longest, radius) + inner[:, None]) * ROUND
    g = gamma(r + d + 8)
    wrong = parts.tilt_error + longest * parts.away_error + g * inner + 2 * parts.beyond**2
    eps = np.multiply.outer(parts.across + g * longest, radius) + wrong[:, None]
    rho = np.einsum("bi,bi->b", parts.pi, parts.squares)
    w = np.einsum("bi,ibm->bm", parts.pi, remainder(logits)) - 0.5 * rho[:, None]
    sums = gamma(2 * n + 8) + 3 * TERMS * U
    off = 1.72 * reach * eps + sums * 0.72 * reach * reach + U * np.abs(w)
    off += (gamma(2 * n + d + 8) * rho + longest * parts.away_error)[:, None]
    off *= ROUND
    total = excess(w) @ weights
    error = (2.72 * (np.abs(w) + off) * off) @ weights
    error += total * (4 * TERMS * U + gamma(len(weights) + 4 * r + 8))
    known = np.einsum("bi,ib->b", parts.pi, remainder(-parts.tilt))  # E w
    error += known * sums + 1.72 * parts.tilted * parts.tilt_error + 2 * parts.beyond**2
    error += (2 * np.sqrt(parts.square) + parts.mean_error) * parts.mean_error
    error += gamma(d + 4) * parts.square + 4 * U * (parts.square + known + total)
    error[~(reach.max(axis=1) <= 1)] = np.inf
    return 0.5 * parts.square - known + total, error
