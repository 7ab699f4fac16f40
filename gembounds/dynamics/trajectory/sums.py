"""Sums that do not depend on the order of their terms and change sign with them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.values.rounding import U

FloatArray = npt.NDArray[np.float64]


def symmetric_product(p: FloatArray, means: FloatArray) -> FloatArray:
    """``p @ means``, (..., n, d), rounded in the same way whatever the order of the components,
    and with its sign changed exactly where a column of ``means`` changes its sign. Errors: those
    of sums of n products, gamma_(n+2) sum |p mu|."""
    return ordered_sum(p[..., None] * means[..., None, :, :], -2)


def ordered_sum(terms: FloatArray, axis: int) -> FloatArray:
    """The sum along ``axis``: the terms are sorted before they are added, and so are their
    negatives; half the difference of the two sums is odd. Never -0."""
    count = terms.shape[axis]
    if count <= 2:  # addition of two numbers is commutative and odd
        return np.asarray(terms.sum(axis=axis) + 0.0)
    ordered = np.sort(terms, axis=axis)
    before: Any = (slice(None),) * (axis % terms.ndim)
    up, down = ordered[(*before, 0)], ordered[(*before, -1)]
    for k in range(1, count):
        up = up + ordered[(*before, k)]
        down = down + ordered[(*before, -1 - k)]
    return np.asarray(0.5 * (up + down) + 0.0)


def largest(means: FloatArray) -> Any:
    """max |mu_i| of means (..., n, d), rounded up."""
    d = means.shape[-1]
    squares = np.add.reduce(means * means, axis=-1)  # the method takes twice as long on few
    return np.sqrt(np.maximum.reduce(squares, axis=-1)) * (1 + (d + 8) * U) + 1e-150
