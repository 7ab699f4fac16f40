"""Overlaps over data of several components by one reduction and one choice of a grid.

With b_i = mu_i - mu_0 the logits from a_j are those of
:mod:`gembounds.evaluators.float64.coordinates`, where c_i = -<b_i, mu_i + mu_0 - 2 a_j>/2 + log
pi_i: coordinates, ranges and rules do not depend on j. Rounding mu_i - a_j and mu_0 - a_j costs
c_i at most |b_i| max_k |mu_k - a_j| U more. The grid reaches out for the overlaps over the data,
not for those of each part.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.data.components import Components
from gembounds.evaluators.data.rounded import NEAR
from gembounds.evaluators.float64.coordinates import (
    FLOOR,
    MAX_COLUMNS,
    ROUND,
    Coordinates,
    floating,
    without_tiny,
)
from gembounds.evaluators.float64.errors import SLACK, USELESS, factors, facts, rounding_errors
from gembounds.evaluators.float64.grid import make_grid, softmax_sums
from gembounds.evaluators.float64.overlaps import TINY_SHARE, check_rank
from gembounds.evaluators.float64.plan import (
    FIRST_GUESS,
    LEAST,
    RETRY,
    RULE_SHARE,
    TAIL_SHARE,
    nodes_of,
    plan_axes,
)
from gembounds.evaluators.float64.product import product_sums
from gembounds.values.directed import Ends
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import U, gamma
from gembounds.values.rule import Axis

FloatArray = npt.NDArray[np.float64]

MOST = 64
"""Components of the data beyond which they go one by one (a choice)."""


class Sums(NamedTuple):
    """``parts`` (J, n, n) are sums whose integrals lie between ``few`` times them, less ``SLACK``
    and ``less``, and ``many`` times them, and ``more``; ``weights`` w (J,), which err by ``off``
    relatively."""

    parts: FloatArray
    few: float
    many: float
    more: float
    weights: FloatArray
    off: float
    less: float = 0.0

    def overlaps(self) -> Ends:
        """E[psi_i psi_k] over the data."""
        total = np.tensordot(self.weights, self.parts, 1)
        rel = (self.off + gamma(len(self.weights) + 6)) * ROUND
        low = total * (self.few * (1 - rel)) - (2 * SLACK + self.less * (1 + rel))
        high = total * (self.many * (1 + rel)) + self.more * (1 + rel)
        return np.maximum(low, 0.0), np.minimum(high, 1.0)

    def gradient(self, mix: Mixture, data: Mixture) -> Ends:
        """sum_j w_j sum_k P_ik (mu_k - a_j), (n, d)."""
        away = mix.means - data.means[:, None]
        size = np.abs(away)
        weighted = self.parts * self.weights[:, None, None]
        value = np.einsum("jik,jkd->id", weighted, away)
        error = np.einsum("jik,jkd->id", weighted, size)
        rel = self.off + gamma(len(self.weights) * mix.n + 12)
        error *= max(self.many - 1, 1 - self.few) + rel * (1 + self.many)
        error += (self.more + self.less + SLACK) * np.tensordot(self.weights, size.sum(axis=1), 1)
        error = error * ROUND + 1e-300
        return np.nextafter(value - error, -np.inf), np.nextafter(value + error, np.inf)


@np.errstate(all="ignore")
def sums(mix: Mixture, data: Components, rtol: float, max_nodes: int) -> Sums | None:
    """None where the general way, component by component, is needed."""
    if not simple(mix, data):
        return None
    co = floating(mix, rtol)
    constants, error_c = _constants(mix, data.mix)
    if not 4 * (co.error_v * 9 + error_c + co.beyond) < 0.1 * rtol:
        return None
    co, tiny, _ = without_tiny(co._replace(error_c=error_c), TINY_SHARE * rtol, math.inf)
    check_rank(co.rank)
    logits = constants + co.log_weights
    logits -= logits.max(axis=1, keepdims=True)
    if co.rank == 0 or not (np.isfinite(logits).all() and all(map(math.isfinite, co.spreads))):
        return None
    goal, found = FIRST_GUESS, None
    least_weights, weights = data.weights
    off = float(((weights - least_weights) / weights).max()) + 2 * U
    for _ in range(2):
        share = RULE_SHARE * rtol / co.rank
        axes = plan_axes(co.spreads, share, TAIL_SHARE * rtol * goal, max_nodes)
        summed = None if axes is None else _parts(axes, co, constants, logits)
        if axes is None or summed is None:
            break
        parts, error = summed
        known = facts(axes)
        found = Sums(parts, *factors(error + 2 * tiny, known), weights, off)
        smallest = max(float(np.tensordot(weights, parts, 1).min()), LEAST)
        enough = known.outside <= RETRY * TAIL_SHARE * rtol * smallest
        if enough or 2 * nodes_of(axes) >= max_nodes:
            break
        goal = 0.5 * smallest
    return found if found is not None and found.many < math.inf else None


def simple(mix: Mixture, data: Components) -> bool:
    """Whether all is of float64 numbers, the data have not too many components, and one alone is
    not near the means."""
    over = data.mix
    if mix.means_error or over.means_error or mix.d > MAX_COLUMNS or over.n > MOST:
        return False
    return over.n > 1 or float(np.abs(mix.means - over.means).max()) >= NEAR


def _constants(mix: Mixture, data: Mixture) -> tuple[FloatArray, float]:
    """c_i from each a_j without the weights, (J, n), and a bound of their errors."""
    means, d = mix.means, mix.d
    b, seen = means - means[0], means - data.means[:, None]
    away = seen + seen[:, :1]
    g, floor = gamma(d + 4), FLOOR * math.sqrt(d)
    largest, whole, total = (
        math.sqrt(float(np.einsum("...d,...d->...", x, x).max())) * (1 + g) * ROUND + floor
        for x in (b, seen, away)
    )
    error = 0.5 * (g + 3 * U) * largest * total + U * largest * whole
    error += floor * (1 + largest + total)
    return -0.5 * np.einsum("id,jid->ji", b, away), error * ROUND


def _parts(
    axes: tuple[Axis, ...], co: Coordinates, constants: FloatArray, logits: FloatArray
) -> tuple[FloatArray, float] | None:
    """The sums from each centre, (J, n, n), and a bound of their relative errors' exponents."""
    found, worst = [], 0.0
    for c, k in zip(constants, logits, strict=True):
        grid = make_grid(axes, co.v, k)
        worst = max(worst, rounding_errors(grid, co._replace(c=c)).overlap)
        if not worst < USELESS:
            return None
        found.append(product_sums(grid) if grid.product_form else softmax_sums(grid))
    return np.array(found), worst
