"""Reduced coordinates of many mixtures, in float64, mixtures last.

The bounds are those of :mod:`gembounds.evaluators.float64.coordinates`, mixture by mixture. Axes
come from pivoted Gram-Schmidt (the longest of what is left of the b_i, made orthogonal once more),
so that Q^T Q - I and b - Q v are small, and are bounded afterwards from the axes as they are. A
rotation R inside their span then turns them to principal axes: with ||R^T R - I|| <= tau its polar
factor is within tau of R, so that |fl(R^T vh) - R^T v| is at most

    (sqrt(r) gamma_(r+1) (1 + tau) + tau) |vh| + (1 + tau) |vh - v|,

R^T v the coordinates along axes that are exactly orthonormal.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.batch_rotation import rotations
from gembounds.evaluators.float64.coordinates import FLOOR, MAX_COLUMNS, ROUND
from gembounds.values.rounding import LIBM, U, gamma

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

MOST_AXES = 3
"""Mixtures that span more dimensions go one by one."""

LOST = 1e-15
"""What is left of a mean counts as rounding where it is this part of the longest."""

ENTRIES = 1 << 17
"""Entries of means reduced at a time: a few arrays of 1 MB (a choice)."""


class Reduced(NamedTuple):
    """Of B mixtures: ``v`` (r, n, B), widest axis first, 0 beyond ``rank`` (B,), the middle of
    each range at 0; ``c`` and ``logs``, the logarithms of the weights as they are given, (n, B);
    ``spreads`` (r, B) >= D_j.

    ``error_v``, ``error_c``, ``error_w`` bound the errors of every v_i, c_i and logarithm, but for
    what is common; ``beyond`` is that of single mixtures (``coordinates.Coordinates``); ``tiny``
    the sum of the squares of the ranges that are left out; ``fits``: all is finite, and small
    beside ``rtol``."""

    v: FloatArray
    c: FloatArray
    logs: FloatArray
    spreads: FloatArray
    rank: npt.NDArray[np.intp]
    error_v: FloatArray
    error_c: FloatArray
    error_w: FloatArray
    beyond: FloatArray
    tiny: FloatArray
    fits: BoolArray


def reduce(
    points: FloatArray, shares: FloatArray | None, rtol: FloatArray, spare: FloatArray
) -> Reduced:
    """The coordinates of the mixtures with means (B, n, d) and weights (B, n), or equal ones, but
    those whose squared ranges add up to no more than ``spare`` (B,), for accuracies ``rtol``
    (B,). Called with NumPy's floating-point errors ignored."""
    size, n, d = points.shape
    step = max(1, ENTRIES // (n * d))
    parts = []
    for start in range(0, size, step):
        part = slice(start, start + step)
        some = None if shares is None else shares[part]
        parts.append(_reduced(points[part], some, rtol[part], spare[part]))
    if len(parts) == 1:
        return parts[0]
    return Reduced(*(np.concatenate(x, axis=-1) for x in zip(*parts, strict=True)))


def _reduced(
    points: FloatArray, shares: FloatArray | None, rtol: FloatArray, spare: FloatArray
) -> Reduced:
    means = np.ascontiguousarray(points.transpose(1, 2, 0))
    n, d, _ = means.shape
    b, total = means[1:] - means[0], means[1:] + means[0]
    g, floor = gamma(d + 4), FLOOR * d
    grown = (1 + g) * ROUND
    largest = np.sqrt(_squares(b).max(axis=0, initial=0.0)) * grown + floor
    anchor = np.sqrt(_squares(means[:1])[0]) * grown + floor
    around = 2 * anchor + largest
    error_b = U * largest + floor
    c = np.zeros((n, means.shape[2]))
    np.einsum("idb,idb->ib", b, total, out=c[1:])
    c *= -0.5
    error_c = (0.5 * largest * (g * around + U * around) + 0.5 * error_b * around + floor) * ROUND
    logs = np.zeros_like(c) if shares is None else np.log(shares.T)
    error_w = 2 * LIBM * np.abs(logs).max(axis=0)
    small = rtol / (1e3 * (1 + anchor + largest))
    v, tau, out = _along_axes(b, np.maximum(small, LOST * largest), largest)
    error_v = (np.sqrt(len(v)) * g + tau) * (1 + tau) * largest + (1 + tau) * error_b
    error_v *= ROUND
    beyond = np.sqrt(n - 1.0) * (out + error_b) * ROUND
    v, error_v = _turned(v, error_v, largest)
    low, high = v.min(axis=1), v.max(axis=1)
    spreads = (high - low + 2 * error_v) * ROUND
    v -= 0.5 * (low + high)[:, None]
    if len(v) > 1:
        order = np.argsort(-spreads, axis=0, kind="stable")
        spreads = np.take_along_axis(spreads, order, axis=0)
        v = np.take_along_axis(v, order[:, None], axis=0)
    rank, tiny = _without_tiny(v, spreads, spare)
    cost = 4 * (9 * error_v + error_c + beyond)
    fits = (cost < 0.1 * rtol) & (spreads[0] < np.inf) & (np.abs(c).max(axis=0) < np.inf)
    fits &= d <= MAX_COLUMNS
    return Reduced(v, c, logs, spreads, rank, error_v, error_c, error_w, beyond, tiny, fits)


def _squares(x: FloatArray) -> FloatArray:
    found: FloatArray = np.einsum("idb,idb->ib", x, x)
    return found


def _along_axes(
    b: FloatArray, small: FloatArray, largest: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Coordinates (r, n, B) of 0 and the b_i (n - 1, d, B), tau, and what they leave out, (B,).

    An axis is 0 where what is left is ``small``."""
    count, d, size = b.shape
    most = min(MOST_AXES, count, d)
    q = np.zeros((most, d, size))
    v = np.zeros((most, count + 1, size))
    left, squares = b, _squares(b)
    for j in range(most):
        best = squares.argmax(axis=0)
        pivot = np.take_along_axis(left, best[None, None], axis=0)[0] if count > 1 else left[0]
        for other in q[:j]:  # once more: what is left may be small beside what was taken off
            pivot = pivot - other * np.einsum("db,db->b", other, pivot)
        length = np.sqrt(np.einsum("db,db->b", pivot, pivot))
        some = length > small
        if not some.any():
            break
        np.multiply(pivot, np.where(some, 1 / length, 0.0), out=q[j])
        np.einsum("db,idb->ib", q[j], b, out=v[j, 1:])
        if j + 1 < most:
            left = left - q[j] * np.einsum("db,idb->ib", q[j], left)[:, None]
            squares = _squares(left)
    rest = np.einsum("jdb,jib->idb", q, v[:, 1:])
    rest -= b
    out = np.sqrt(_squares(rest).max(axis=0, initial=0.0)) * (1 + gamma(d + 4)) * ROUND
    out += 3 * np.sqrt(most) * gamma(most + 2) * largest + FLOOR * d
    away = np.einsum("jdb,kdb->jkb", q, q)
    for j in range(most):
        away[j, j] -= away[j, j] > 0
    tau = np.sqrt(np.einsum("jkb,jkb->b", away, away)) * ROUND + most * gamma(d + 2) * ROUND
    tau[~(tau < 1e-6)] = np.inf
    return v, tau, out


def _turned(
    v: FloatArray, error_v: FloatArray, largest: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """``v`` turned to principal axes, and the errors of that."""
    used = int((v != 0).any(axis=(1, 2)).sum())
    if used < 2:
        return v, error_v
    turn = rotations(v[:used])
    away = np.einsum("jib,jkb->ikb", turn, turn)
    away -= np.eye(used)[:, :, None]
    tau = np.sqrt(np.einsum("ikb,ikb->b", away, away)) * ROUND + used * gamma(used + 2) * ROUND
    tau[~(tau < 1e-6)] = np.inf
    out = np.zeros_like(v)
    np.einsum("jib,jkb->ikb", turn, v[:used], out=out[:used])
    size = largest * ROUND + error_v
    wrong = (np.sqrt(used) * gamma(used + 1) * (1 + tau) + tau) * size + (1 + tau) * error_v
    return out, wrong * ROUND


def _without_tiny(
    v: FloatArray, spreads: FloatArray, spare: FloatArray
) -> tuple[npt.NDArray[np.intp], FloatArray]:
    """The numbers of axes kept, at least one, and the sum of the squares of the ranges of those
    that are left out, whose ``v`` and ``spreads`` become 0."""
    tiny = np.zeros(v.shape[2])
    rank = np.full(v.shape[2], len(v))
    for j in range(len(v) - 1, 0, -1):
        square = spreads[j] ** 2 * ROUND + FLOOR
        out = (rank == j + 1) & (tiny + square <= spare)
        tiny[out] += square[out]
        rank[out] = j
        v[j][:, out] = 0.0
        spreads[j][out] = 0.0
    return rank, tiny * ROUND
