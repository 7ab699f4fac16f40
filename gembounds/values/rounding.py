"""The model of float64 arithmetic that every float64 enclosure rests on.

Assumptions (the trusted base of the float64 evaluator, see ARCHITECTURE.md):

1. ``+ - * / sqrt`` on float64 are IEEE 754, round to nearest, relative error at most ``U``
   unless the result is subnormal, where the absolute error is at most ``TINY``.
2. ``np.exp``, ``np.expm1``, ``np.log`` and ``np.log1p`` (and their ``math`` namesakes) err by at
   most ``LIBM_ULPS`` units in the last place. ``tests/test_libm_assumption.py`` compares them
   with balls.
3. A sum of N products evaluated by BLAS or NumPy, in whatever order and with or without fused
   multiply-add, errs by at most gamma(N) times the sum of the absolute values (Higham,
   *Accuracy and Stability of Numerical Algorithms*, 2nd ed., section 3.1).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

U = 2.0**-53
"""Unit roundoff of float64."""

TINY = 2.0**-1074
"""Smallest positive float64: bounds the absolute error of one operation that underflows."""

LIBM_ULPS = 4.0
"""Assumed error of exp, expm1, log and log1p, in units in the last place (empirical: the
largest error seen against balls is below 1; vendors of vector libraries promise 4)."""

LIBM = 2.0 * LIBM_ULPS * U
"""``LIBM_ULPS`` as a relative error: one ulp is at most ``2 U`` of the value."""


@lru_cache(maxsize=4096)
def gamma(count: float) -> float:
    """Higham's gamma: ``count U / (1 - count U)``, rounded up.

    Bounds the relative error of ``count`` successive roundings, and of a sum of ``count``
    products of one sign. Infinite where ``count U >= 1/2``: there it bounds nothing.
    """
    x = count * U
    if not x < 0.5:
        return math.inf
    return x / (1.0 - x) * (1.0 + 4 * U)


def up(x: Any) -> Any:
    """The next float64 above ``x`` (elementwise)."""
    return np.nextafter(x, np.inf)


def down(x: Any) -> Any:
    """The next float64 below ``x`` (elementwise)."""
    return np.nextafter(x, -np.inf)
