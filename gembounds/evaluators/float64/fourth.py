"""Fourth-order overlaps E[psi_i psi_j psi_k psi_l] in float64, on one grid.

The integrand is positive, and on the strip of axis j it is at most cos^-4(theta/2) times itself
on the real line, where a product of two posteriors had cos^-2 (:mod:`gembounds.values.rule`): the
trapezoidal rule's relative error is

    rho_4 = 2 exp(a^2/2) / (cos^4(theta/2) (exp(2 pi a/h) - 1)) = rho / cos^2(theta/2).

Rounding and inexact coordinates count twice as often as for two posteriors
(:func:`gembounds.evaluators.float64.errors.rounding_errors`), the directions that the coordinates
leave out change a product of four by a factor between exp(-8 b) and exp(8 b + 32 b^2), b =
``beyond``. Summing over l gives third-order overlaps, over k and l the overlaps, with the same
errors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.coordinates import ROUND, Coordinates
from gembounds.evaluators.float64.errors import SLACK, rounding_errors, tails
from gembounds.evaluators.float64.grid import BLOCK, Grid, make_grid, pair_places, posteriors
from gembounds.evaluators.float64.plan import nodes_of, power_below, tabulated_axis
from gembounds.values.rounding import U, gamma
from gembounds.values.rule import SLACK as RULE_SLACK
from gembounds.values.rule import Axis

FloatArray = npt.NDArray[np.float64]

MAX_RANK = 4
MAX_WORK = 1 << 27
"""Multiplications in all (a choice: a tenth of a second); beyond, nothing comes back."""


class Fourth(NamedTuple):
    """``values`` (n, n, n, n), each within ``relative`` of itself and ``absolute`` besides."""

    values: FloatArray
    relative: float
    absolute: float


@np.errstate(all="ignore")
def fourth_overlaps(co: Coordinates, rtol: float) -> Fourth | None:
    """All E[psi_i psi_j psi_k psi_l] of the mixture that has the coordinates ``co``, with relative
    errors near ``rtol``; None where a grid of ``MAX_WORK`` does not reach that."""
    n, r = len(co.c), co.rank
    pairs = n * (n + 1) // 2
    if r > MAX_RANK or not co.beyond < 0.01:
        return None
    v = co.v - 0.5 * (co.v.max(axis=0) + co.v.min(axis=0))
    k = co.c + co.log_weights
    k -= k.max()
    if not (np.isfinite(k).all() and np.isfinite(v).all()):
        return None
    sizes = power_below(0.3 * rtol / max(r, 1)), power_below(1e-3 * rtol / max(r, 1))
    axes = tuple([tabulated_axis(d, *sizes) for d in co.spreads])
    nodes = nodes_of(axes)
    if nodes * pairs**2 > MAX_WORK:
        return None
    grid = make_grid(axes, v, k)
    relative = relative_errors(axes, co.spreads)
    errors = rounding_errors(grid, co)
    relative += 2 * errors.overlap + 32 * co.beyond**2 + gamma(2 * nodes + 16)
    if not relative < 0.1:
        return None
    values = _sums(grid)
    # exponents among the errors: exp(e) - 1 <= 1.1 e below 0.1
    return Fourth(values, relative * 1.1 * ROUND, tails(axes)[0] * 1.2 + n**4 * SLACK)


def relative_errors(axes: Sequence[Axis], spreads: Sequence[float]) -> float:
    """A bound of prod(1 + rho_4) - 1 and of 1/prod(1 - rho_4) - 1."""
    total = 0.0
    for axis, spread in zip(axes, spreads, strict=True):
        cosine = math.cos(0.5 * axis.halfwidth * max(spread, 2.0**-40) * (1 + 4 * U))
        if not cosine > 0.01:
            return math.inf
        total += axis.error / (cosine * cosine) * RULE_SLACK
    return total / (1 - total) * ROUND if total < 0.5 else math.inf


def _sums(grid: Grid) -> FloatArray:
    """T_R[psi_i psi_j psi_k psi_l phi], (n, n, n, n)."""
    n = len(grid.k)
    first, second, place = pair_places(n)
    total = np.zeros((len(first), len(first)))
    for psi, weights in posteriors(grid, BLOCK // (4 * len(first))):
        products = psi[first] * psi[second]
        total += np.dot(products * weights, products.T)
    flat = place.ravel()
    return np.asarray(total[flat[:, None], flat].reshape(n, n, n, n))
