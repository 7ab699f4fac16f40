"""Many mixtures of one shape at once.

Everything is vectorised over the mixtures: for two components by
:mod:`gembounds.evaluators.float64.batch_two`, for more that span up to three dimensions by
:mod:`gembounds.evaluators.float64.batch_grids`. What these leave is evaluated one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.batch_grids import FEWEST, enclose
from gembounds.evaluators.float64.batch_reduce import reduce
from gembounds.evaluators.float64.batch_two import enclose_pairs, pairs_of
from gembounds.evaluators.float64.overlaps import enclose_overlaps
from gembounds.evaluators.float64.plan import default_nodes
from gembounds.tools.errors import InputError
from gembounds.values.enclosure import BatchEnclosure
from gembounds.values.mixture import WEIGHT_SUM_TOLERANCE, Mixture
from gembounds.values.numerals import exact_floats

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

CHUNK = 1 << 13
"""Mixtures taken at a time: their arrays stay in cache too, and are small enough for the
allocator to reuse (empirical)."""


@np.errstate(all="ignore")
def overlaps(means: Any, weights: Any = None, *, rtol: float = 1e-10,
             max_nodes: int | None = None) -> BatchEnclosure:  # fmt: skip
    """E[psi_i psi_k] of B mixtures at once: a :class:`BatchEnclosure` of shape (B, n, n).

    ``means`` holds floats (B, n, d), ``weights`` (n,) or (B, n), positive, each sum within
    1e-9 of 1 (then divided by it), or None for equal weights. ``rtol`` and what the enclosures
    mean are as for :func:`gembounds.overlaps`. Raises :class:`InputError` for anything else.
    """
    points = checked_means(means)
    size, n, _ = points.shape
    shares = _weights(weights, size, n)
    _check_rtol(rtol)
    nodes = checked_nodes(max_nodes, n)
    lower, upper = np.empty((size, n, n)), np.empty((size, n, n))
    single = np.zeros(size, dtype=bool)
    for start in range(0, size, CHUNK):
        part = slice(start, start + CHUNK)
        some = None if shares is None else shares[part]
        rest = _many(points[part], some, rtol, nodes, lower[part], upper[part])
        single[start + rest] = True
    for b in np.flatnonzero(single).tolist():
        mix = Mixture(points[b], None if shares is None else shares[b])
        lower[b], upper[b], _ = enclose_overlaps(mix, rtol, nodes)
    return BatchEnclosure(lower, upper, single=single)


def _many(
    points: FloatArray, shares: FloatArray | None, rtol: float, max_nodes: int, lower: FloatArray,
    upper: FloatArray,
) -> IndexArray:  # fmt: skip
    """Fill the ends of all mixtures but those that are returned."""
    n = points.shape[1]
    if n == 1 or len(points) < FEWEST:
        return np.arange(len(points))
    if n == 2:
        return enclose_pairs(pairs_of(points, shares, rtol), rtol, lower, upper)
    return enclose(reduce(points, shares, rtol), rtol, max_nodes, lower, upper)


def mixtures(means: Any, weights: Any, rtol: float) -> list[Mixture]:
    """The mixtures themselves; :class:`InputError` as for :func:`overlaps`."""
    points = checked_means(means)
    shares = _weights(weights, *points.shape[:2])
    _check_rtol(rtol)
    return [Mixture(p, None if shares is None else shares[b]) for b, p in enumerate(points)]


def checked_nodes(max_nodes: int | None, n: int) -> int:
    """``max_nodes``, or what is usual for n components; :class:`InputError` if it is no budget."""
    if max_nodes is None:
        return default_nodes(n)
    if isinstance(max_nodes, bool) or not isinstance(max_nodes, int) or max_nodes < 1:
        raise InputError(f"max_nodes is {max_nodes!r}: choose a whole number from 1")
    return max_nodes


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
