"""Two components: one exponential a node."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gembounds.core.grid import BLOCK, ROOT_2PI, Grid, overlap_sums

FloatArray = npt.NDArray[np.float64]

LARGEST_LOGIT = 300.0
"""Logit differences beyond this go the general way: exp(-t)^2 must stay a normal number."""


def two_overlap_sums(grid: Grid) -> FloatArray:
    """T_R[psi_i psi_k phi] for n = 2, r = 1: psi = (q, E q), E = exp(t), q = 1/(1 + E).

    t = (v_2 - v_1) y + (k_2 - k_1) has at most twice the error of one logit, which is what the
    bounds for the product form allow the quotient of two terms.
    """
    axis = grid.axes[0]
    nodes = 2 * axis.count + 1
    if nodes > BLOCK or 2 * grid.reach + grid.drop > LARGEST_LOGIT:
        return overlap_sums(grid)
    y = axis.step * np.arange(-axis.count, axis.count + 1, dtype=np.float64)
    e = np.exp((grid.v[1, 0] - grid.v[0, 0]) * y + (grid.k[1] - grid.k[0]))
    q = 1.0 / (1.0 + e)
    w = np.exp(-0.5 * y * y) * (axis.step / ROOT_2PI)
    weighted = w * q
    high = e * q
    both = float(np.dot(weighted, high))
    return np.array([[float(np.dot(weighted, q)), both], [both, float(np.dot(w * high, high))]])
