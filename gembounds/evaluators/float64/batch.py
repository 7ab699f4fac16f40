"""Many mixtures of one shape at once.

Everything is vectorised over the mixtures: for two components by
:mod:`gembounds.evaluators.float64.batch_two`, for more that span up to three dimensions by
:mod:`gembounds.evaluators.float64.batch_grids`. What these leave is evaluated one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64 import batch_grids, batch_loss
from gembounds.evaluators.float64.batch_groups import FEWEST
from gembounds.evaluators.float64.batch_two import enclose_pairs, pairs_of
from gembounds.evaluators.float64.loss import enclose_loss
from gembounds.evaluators.float64.overlaps import enclose_overlaps
from gembounds.evaluators.float64.plan import default_nodes
from gembounds.evaluators.options import MIN_RTOL
from gembounds.tools.errors import InputError
from gembounds.values.batch_enclosure import BatchEnclosure
from gembounds.values.mixture import WEIGHT_SUM_TOLERANCE, Mixture
from gembounds.values.numerals import exact_floats

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

CHUNK, ENTRIES = 1 << 14, 1 << 20
"""Mixtures, and pairs of components of all of them, taken at a time: enough for groups that are
alike, and memory stays flat (a choice)."""


def overlaps(means: Any, weights: Any = None, *, rtol: float = 1e-10,
             max_nodes: int | None = None) -> BatchEnclosure:  # fmt: skip
    """E[psi_i psi_k] of B mixtures at once: a :class:`BatchEnclosure` of shape (B, n, n).

    ``means`` holds floats (B, n, d), ``weights`` (n,) or (B, n), positive, each sum within
    1e-9 of 1 (then divided by it), or None for equal weights. ``rtol`` and what the enclosures
    mean are as for :func:`gembounds.overlaps`. Raises :class:`InputError` for anything else.
    """
    points, shares, nodes = checked(means, weights, rtol, max_nodes)
    shape = points.shape[1], points.shape[1]
    return _found("overlaps", points, shares, rtol, nodes, shape, enclose_overlaps)


def loss(means: Any, weights: Any = None, *, rtol: float = 1e-10,
         max_nodes: int | None = None) -> BatchEnclosure:  # fmt: skip
    """L of B mixtures at once, (B,), as :func:`gembounds.loss`; otherwise as :func:`overlaps`."""
    points, shares, nodes = checked(means, weights, rtol, max_nodes)
    return _found("loss", points, shares, rtol, nodes, (), enclose_loss)


@np.errstate(all="ignore")
def _found(
    name: str, points: FloatArray, shares: FloatArray | None, rtol: float, nodes: int,
    shape: tuple[int, ...], one: Callable[[Mixture, float, int], Sequence[Any]],
) -> BatchEnclosure:  # fmt: skip
    """What :func:`enclose` fills in, but for the mixtures that it leaves; ``one`` for those."""
    lower, upper = np.empty((2, len(points), *shape))
    single = enclose(name, points, shares, rtol, nodes, lower, upper)
    for b in np.flatnonzero(single).tolist():
        mix = Mixture(points[b], None if shares is None else shares[b])
        lower[b], upper[b] = one(mix, rtol, nodes)[:2]
    return BatchEnclosure.of(lower, upper, single)


@np.errstate(all="ignore")
def enclose(
    name: str, points: FloatArray, shares: FloatArray | None, rtol: float, nodes: int,
    lower: FloatArray, upper: FloatArray,
) -> npt.NDArray[np.bool_]:  # fmt: skip
    """Fill the ends of the overlaps (B, n, n) or L (B,) for means (B, n, d) and weights in
    proportion to ``shares`` (B, n), None where they are equal; say which mixtures (B,) are left to
    the single way."""
    size, n, _ = points.shape
    single = np.full(size, n == 1 or size < FEWEST)
    step = min(CHUNK, max(1, ENTRIES // (n * n)))
    for start in range(0, 0 if single[0] else size, step):
        part = slice(start, start + step)
        some = None if shares is None else shares[part]
        left = WAYS[name](points[part], some, rtol, nodes, lower[part], upper[part])
        single[start + left] = True
    return single


@np.errstate(all="ignore")
def enclose_both(
    points: FloatArray, shares: FloatArray, rtol: float, nodes: int,
    overlaps: batch_loss.Overlaps, loss: FloatArray,
) -> None:  # fmt: skip
    """Fill the overlaps and the ends of L (2, B), as :func:`enclose` does, from one grid where
    that serves both; ``overlaps.done`` says which mixtures have both."""
    size, n, _ = points.shape
    step = min(CHUNK, max(1, ENTRIES // (n * n)))
    if n == 1 or size < FEWEST:
        return
    for start in range(0, size, step):
        part = slice(start, start + step)
        given = points[part], shares[part]
        low, high, tail = overlaps.lower[part], overlaps.upper[part], overlaps.tail[part]
        mine = batch_loss.Overlaps(low, high, tail, overlaps.done[part])
        left = batch_loss.enclose(*given, rtol, nodes, loss[0, part], loss[1, part], mine)
        rest = ~mine.done
        mine.done[left] = rest[left] = False
        some = np.flatnonzero(rest)  # tiny ones, for which any grid is small
        if some.size >= FEWEST:
            ends = np.empty((2, some.size, n, n))
            fine = max(MIN_RTOL, rtol * 1e-3)
            single = enclose(
                "overlaps", given[0][some], given[1][some], fine, nodes, ends[0], ends[1]
            )
            low[some], high[some] = ends
            tail[some], mine.done[some] = 0.0, ~single


def _overlaps(
    points: FloatArray, shares: FloatArray | None, rtol: float, nodes: int,
    lower: FloatArray, upper: FloatArray,
) -> IndexArray:  # fmt: skip
    if points.shape[1] == 2:
        return enclose_pairs(pairs_of(points, shares, rtol), rtol, lower, upper)
    return batch_grids.enclose(points, shares, rtol, nodes, lower, upper)


WAYS: dict[str, Callable[..., IndexArray]] = {"overlaps": _overlaps, "loss": batch_loss.enclose}


def checked(
    means: Any, weights: Any, rtol: float, max_nodes: int | None
) -> tuple[FloatArray, FloatArray | None, int]:
    """Means (B, n, d), weights (B, n) or None, nodes; :class:`InputError` for anything else."""
    points = checked_means(means)
    size, n, _ = points.shape
    shares = _weights(weights, size, n)
    _check_rtol(rtol)
    return points, shares, checked_nodes(max_nodes, n)


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
