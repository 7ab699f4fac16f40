"""Sums that do not depend on the order of their terms and change sign with them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def symmetric_product(p: FloatArray, means: FloatArray) -> FloatArray:
    """``p @ means``, (n, d), rounded in the same way whatever the order of the components, and
    with its sign changed exactly where a column of ``means`` changes its sign.

    The products of one entry are sorted before they are added, and so are their negatives; half
    the difference of the two sums is odd. Errors as a sum of n products: gamma_(n+2) sum |p mu|.
    """
    if len(means) <= 2:  # addition of two numbers is commutative and odd
        return np.asarray((p[:, :, None] * means).sum(axis=1) + 0.0)
    terms = np.sort(p[:, :, None] * means, axis=1)
    up, down = terms[:, 0], terms[:, -1]
    for k in range(1, terms.shape[1]):
        up = up + terms[:, k]
        down = down + terms[:, -1 - k]
    return np.asarray(0.5 * (up + down) + 0.0)
