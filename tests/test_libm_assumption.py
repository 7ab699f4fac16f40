"""The assumption on exp, expm1, log and log1p of ``values.rounding``, against balls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from flint import arb

from gembounds.values.precision import working_precision
from gembounds.values.rounding import LIBM_ULPS

FloatArray = npt.NDArray[np.float64]


def _arguments(low: float, high: float) -> FloatArray:
    rng = np.random.default_rng(3)
    small = 10.0 ** rng.uniform(-300, 0, 500)
    return np.concatenate((rng.uniform(low, high, 3000), small, -small if low < 0 else small))


@pytest.mark.parametrize(
    ("function", "exact", "arguments"),
    [
        (np.exp, lambda x: x.exp(), _arguments(-700, 700)),
        (np.exp, lambda x: x.exp(), _arguments(-1, 1)),
        (np.expm1, lambda x: x.expm1(), _arguments(-30, 1)),
        (np.log, lambda x: x.log(), _arguments(1e-3, 1e3)),
        (np.log, lambda x: x.log(), 1 + _arguments(-1e-3, 1e-3)),
        (np.log1p, lambda x: x.log1p(), _arguments(-0.5, 1)),
    ],
)
@pytest.mark.parametrize("stride", [1, 3])
def test_errors_stay_below_the_assumed_ulps(
    function: Callable[[FloatArray], FloatArray],
    exact: Callable[[Any], Any],
    arguments: FloatArray,
    stride: int,
) -> None:
    """Contiguous (vectorised) and strided arrays take different paths in NumPy."""
    chosen = np.repeat(arguments, stride)[::stride]
    values = function(chosen)
    ulps = np.spacing(np.abs(values))
    worst = 0.0
    with working_precision(120):
        for x, value, ulp in zip(chosen.tolist(), values.tolist(), ulps.tolist(), strict=True):
            error = abs(exact(arb(x)) - arb(value)) / arb(ulp)
            worst = max(worst, float(error.upper()))
    assert worst <= LIBM_ULPS
