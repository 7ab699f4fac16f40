"""The quantities of many mixtures from their overlaps: the sums of
:mod:`gembounds.evaluators.float64.quantities` with one more axis, and the same bounds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.coordinates import ROUND
from gembounds.evaluators.float64.quantities import UNDERFLOW, around, middle_and_radius
from gembounds.values.batch_enclosure import BatchEnclosure
from gembounds.values.rounding import gamma

FloatArray = npt.NDArray[np.float64]


@np.errstate(all="ignore")
def gradient(overlaps: BatchEnclosure, means: FloatArray) -> BatchEnclosure:
    """sum_k P_ik mu_k, (B, n, d), for float means (B, n, d)."""
    middle, radius = middle_and_radius(overlaps.lower, overlaps.upper)
    inexact = gamma(means.shape[1] + 2)
    error = (radius + inexact * middle) @ np.abs(means) * ROUND + UNDERFLOW
    found = around(middle @ means, error)
    return BatchEnclosure.of(found.lower, found.upper, overlaps.single)


@np.errstate(all="ignore")
def psi_tilde_norm2(overlaps: BatchEnclosure, means: FloatArray) -> BatchEnclosure:
    """sum_ik P_ik <mu_i, mu_k>, (B,), for float means (B, n, d)."""
    _, n, d = means.shape
    middle, radius = middle_and_radius(overlaps.lower, overlaps.upper)
    gram = means @ means.swapaxes(1, 2)
    norms = np.sqrt(np.diagonal(gram, axis1=1, axis2=2)) * ((1 + gamma(d + 4)) * ROUND) + 1e-150
    size = norms[:, :, None] * norms[:, None, :]
    inexact = gamma(d + n * n + 4)
    value = np.sum(middle * gram, axis=(1, 2))
    error = np.sum((radius + inexact * middle) * size, axis=(1, 2)) * ROUND + UNDERFLOW
    found = around(value, error)
    lower = np.maximum(found.lower, 0.0)
    return BatchEnclosure.of(lower, found.upper, overlaps.single)
