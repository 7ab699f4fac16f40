"""The sums of overlaps over grids that batches share, compiled by numba.

The environment variable ``GEMBOUNDS_KERNEL=numba`` chooses it, with the extra ``compiled``
installed; else they are taken by NumPy, which is the reference
(:mod:`gembounds.evaluators.float64.batch_kernel`, :mod:`gembounds.evaluators.float64.batch_two`).

Mixtures run along memory, ``LANES`` of them at a time, so that LLVM need not reorder any sum, and
may not (no fast-math): what is said of sums by columns, then rows, holds. Exponentials are
NumPy's.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64 import memory
from gembounds.evaluators.float64.grid import pair_places
from gembounds.tools.errors import InputError

FloatArray = npt.NDArray[np.float64]

VARIABLE, NUMPY, NUMBA = "GEMBOUNDS_KERNEL", "numpy", "numba"

LANES = 32
"""Mixtures that are summed side by side (empirical)."""

MOST = 5
"""Components up to which compiled sums are quicker than matrix products (empirical)."""

BLOCK = 1 << 17
"""Exponentials of a block (empirical)."""


def chosen(n: int, size: int) -> bool:
    """Whether sums of ``size`` mixtures of n components are compiled, as pays for many of few;
    :class:`InputError` for an unknown kernel, and for one that is not installed."""
    name = os.environ.get(VARIABLE, NUMPY)
    if name not in (NUMPY, NUMBA):
        raise InputError(f"{VARIABLE} is {name!r}: choose {NUMPY} or {NUMBA}")
    return name == NUMBA and n <= MOST and 2 * size > LANES and _compiled(n) is not None


def kernel() -> str:
    """The kernel that was asked for, with the version of numba: other sums round otherwise."""
    name = os.environ.get(VARIABLE, NUMPY)
    if name != NUMBA or find_spec(NUMBA) is None:
        return name
    return f"{NUMBA} {version(NUMBA)}"


def overlap_sums(
    rows: FloatArray, row_weights: FloatArray, columns: FloatArray, column_weights: FloatArray,
    ends: npt.NDArray[np.intp], coordinates: FloatArray,
) -> FloatArray:  # fmt: skip
    """:func:`gembounds.evaluators.float64.batch_kernel.overlap_sums` of a grid, for mixtures whose
    products are in range."""
    n, size, r = coordinates.shape
    place, sums = pair_places(n)[2], _compiled(n)
    out = np.empty((size, n, n))
    each = n * (len(ends) + len(columns))
    most = LANES * max(1, BLOCK // (each * LANES))
    space = memory.space("compiled", BLOCK) if each * most <= BLOCK else np.empty(each * most)
    for first in range(0, size, most):
        part = coordinates[:, first : first + most]
        m = part.shape[1]
        if m % LANES:  # the last stands in for those that are not there
            part = part[:, np.minimum(np.arange(m + LANES - m % LANES), m - 1)]
        flat = part.reshape(-1, r)
        shape = n, part.shape[1]
        split = len(ends) * len(flat)
        outer = space[:split].reshape(len(ends), -1)
        inner = space[split : split + len(columns) * len(flat)].reshape(len(columns), -1)
        np.dot(rows.T, flat[:, 1:].T, out=outer)
        np.multiply.outer(columns, flat[:, 0], out=inner)
        for x in (outer, inner):
            np.exp(x, out=x)
        total = np.zeros((n * (n + 1) // 2, shape[1]))
        sums(outer.reshape(-1, *shape), row_weights, inner.reshape(-1, *shape), column_weights,
             ends, total)  # fmt: skip
        out[first : first + m] = total[place, :m].transpose(2, 0, 1)
    return out


def pair_sums(
    coarse: FloatArray, fine: FloatArray, weights: FloatArray, total: FloatArray
) -> None:
    """sum_m w_m (q^2, E q^2), q = 1/(1 + E), into the first rows of ``total``, for E the products
    of the rows of ``coarse`` (A, m) and ``fine`` (B, m)."""
    _compiled(2)(coarse, fine, weights, total)


@lru_cache
def _compiled(n: int) -> Callable[..., None]:
    """The sums for n components."""
    try:
        import numba
    except ImportError:
        raise InputError(
            f"{VARIABLE} is numba, which is not installed: pip install 'gembounds[compiled]'"
        ) from None
    line, ends = (numba.types.Array(x, 1, "C", readonly=True) for x in (numba.f8, numba.intp))
    cube, table = numba.f8[:, :, ::1], numba.f8[:, ::1]
    given: tuple[Any, ...] = (cube, line, cube, line, ends, table)
    if n == 2:
        given = table, table, line, numba.f8[:, :]
    sums = _pair_sums if n == 2 else _sums_for(n)

    def made(cache: bool) -> Callable[..., None]:
        found: Callable[..., None] = numba.njit(
            numba.void(*given), error_model="numpy", cache=cache
        )(sums)
        return found

    try:
        return made(cache=True)
    except RuntimeError:  # no folder that it could be kept in
        return made(cache=False)


def _pair_sums(coarse: Any, fine: Any, weights: Any, total: Any) -> None:
    size = coarse.shape[1]
    rows, columns, parts = len(coarse), len(fine), np.empty((2, LANES))
    x, y = np.ones(LANES), np.ones((columns, LANES))
    for first in range(0, size, LANES):
        lanes = min(LANES, size - first)
        y[:, :lanes] = fine[:, first : first + lanes]
        parts[:] = 0.0
        for a in range(rows):
            x[:lanes] = coarse[a, first : first + lanes]
            for b in range(columns):
                weight = weights[a * columns + b]
                for lane in range(LANES):
                    e = x[lane] * y[b, lane]
                    q = 1.0 / (1.0 + e)
                    q *= weight * q
                    parts[0, lane] += q
                    q *= e
                    parts[1, lane] += q
        total[:2, first : first + lanes] = parts[:, :lanes]


def _sums_for(n: int) -> Callable[..., None]:
    pairs = n * (n + 1) // 2

    def sums(
        rows: Any, row_weights: Any, columns: Any, column_weights: Any, ends: Any, total: Any
    ) -> None:
        """Exponentials (A, n, m) and (C, n, m), weights, ends as in a grid: into (pairs, m)."""
        middle = len(column_weights) // 2
        x, y = np.empty((n, LANES)), np.empty((len(column_weights), n, LANES))
        inner = np.empty((pairs, LANES))
        for first in range(0, rows.shape[2], LANES):
            y[:] = columns[:, :, first : first + LANES]
            for a in range(len(ends)):
                x[:] = rows[a, :, first : first + LANES]
                inner[:] = 0.0
                for c in range(middle - ends[a], middle + ends[a] + 1):
                    weight = column_weights[c]
                    for lane in range(LANES):
                        s = 0.0
                        for i in range(n):
                            s += x[i, lane] * y[c, i, lane]
                        g = weight / (s * s)
                        p = 0
                        for i in range(n):
                            z = g * y[c, i, lane]
                            for k in range(i, n):
                                inner[p, lane] += z * y[c, k, lane]
                                p += 1
                p = 0
                for i in range(n):
                    for k in range(i, n):
                        for lane in range(LANES):
                            both = row_weights[a] * x[i, lane] * x[k, lane]
                            total[p, first + lane] += both * inner[p, lane]
                        p += 1

    return sums
