"""Overlaps and L of one mixture from one grid in float64, for runs of many mixtures.

The grid's rule serves both: relative errors of the overlaps (:mod:`gembounds.core.overlaps`) and
the absolute error of E log S (:mod:`gembounds.core.loss`).
Overlaps are accurate absolutely here, not each relative to itself: no grid is made wider for a
tiny one.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.core.coordinates import Coordinates, coordinates, without_tiny
from gembounds.core.errors import SLACK, USELESS, rounding_errors, rule_factors, tails
from gembounds.core.grid import joint_sums, make_grid
from gembounds.core.loss import discretisation, enclose_loss, half_square, log_rounding
from gembounds.core.overlaps import TINY_SHARE, enclose_overlaps
from gembounds.core.plan import FIRST_GUESS, RULE_SHARE, TAIL_SHARE, tabulated_axis
from gembounds.mixture import Mixture
from gembounds.rounding import U

FloatArray = npt.NDArray[np.float64]

LARGEST = 1 << 22
"""Nodes up to which one grid serves both (a choice: beyond, L needs far fewer)."""


class Joint(NamedTuple):
    """Ends of the overlaps (n, n) and of L, and the coordinates."""

    lower: FloatArray
    upper: FloatArray
    loss: tuple[float, float]
    co: Coordinates


@np.errstate(all="ignore")
def overlaps_and_loss(mix: Mixture, rtol: float, max_nodes: int) -> Joint:
    """Errors near ``rtol``: of the overlaps absolutely, of L relative to sum pi_i |mu_i|^2/2."""
    co = coordinates(mix, rtol)
    found = _shared(mix, co, rtol, min(max_nodes, LARGEST)) if co.rank and mix.n > 1 else None
    if found is not None:
        return found
    lower, upper, _ = enclose_overlaps(mix, rtol, max_nodes)
    return Joint(lower, upper, enclose_loss(mix, rtol, max_nodes)[:2], co)


def _shared(mix: Mixture, whole: Coordinates, rtol: float, max_nodes: int) -> Joint | None:
    half, half_error = half_square(mix)
    co, tiny, tiny_loss = without_tiny(whole, TINY_SHARE * rtol, TINY_SHARE * rtol * half)
    r = co.rank
    if not r or not co.beyond < USELESS:
        return None
    weights = mix.weights
    v = co.v - weights @ co.v
    c = co.c - float(weights @ co.c)
    if not (np.isfinite(v).all() and np.isfinite(c).all() and half < math.inf):
        return None
    sizes = np.abs(co.c).tolist()
    ceiling = max(0.0, *c.tolist()) + co.error_c * 2 + (mix.n + 12) * U * max(sizes)
    crude = sum(co.spreads) + ceiling + 2 * co.beyond
    share = rtol * min(1.0, half / (crude + 3.0))
    error, tail = RULE_SHARE * share / r, TAIL_SHARE * min(share, rtol * FIRST_GUESS)
    axes = tuple([tabulated_axis(d, error, tail / (2 * r)) for d in co.spreads])
    if math.prod(2.0 * a.count + 1.0 for a in axes) > max_nodes:
        return None
    grid = make_grid(axes, v, c + co.log_weights)
    if not grid.product_form:
        return None
    errors = rounding_errors(grid, co)
    if not errors.overlap < USELESS:
        return None
    total, log_total = joint_sums(grid)
    outside = tails(axes)[0]
    down, up = rule_factors(axes)
    away = errors.overlap + 2 * tiny
    lower = np.maximum(total * (math.exp(-away) * down * (1 - 8 * U)) - SLACK, 0.0)
    upper = (total * math.exp(away) + outside) * (up * (1 + 8 * U)) + SLACK
    rule_error, loss_tail = discretisation(axes, co.spreads, ceiling)
    absolute = rule_error + log_rounding(grid, co, c, errors) + 2 * co.beyond + SLACK
    low = max(0.0, log_total * (1 - errors.sum) - absolute * (1 + 8 * U))
    high = log_total * (1 + errors.sum) + (absolute + loss_tail) * (1 + 8 * U)
    rest = half_error + tiny_loss
    least = half - high - (rest + 4 * U * (half + high))
    most = half - low + (rest + 4 * U * (half + low))
    if not most < math.inf:
        return None
    return Joint(lower, np.minimum(upper, 1.0), (max(0.0, least), max(0.0, most)), whole)
