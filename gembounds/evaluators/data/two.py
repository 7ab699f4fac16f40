"""Two components over data of several: D is the same from everywhere, so one grid serves all.

From a_j the logit is D y + c_j, c_j = -<mu_2 - mu_1, mu_2 + mu_1 - 2 a_j>/2 + log(pi_2/pi_1), as
in :mod:`gembounds.evaluators.float64.two`, whose bounds hold here too; forming mu_2 + mu_1 first
costs c_j at most |mu_2 - mu_1| |mu_2 + mu_1| U/2 more. The grid reaches out for the overlaps over
the data, not for those of each part.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.data.components import Components
from gembounds.evaluators.float64.coordinates import ROUND
from gembounds.evaluators.float64.errors import SLACK, factors, facts
from gembounds.evaluators.float64.grid import nodes
from gembounds.evaluators.float64.plan import (
    FIRST_GUESS,
    LEAST,
    RETRY,
    RULE_SHARE,
    TAIL_SHARE,
    tabulated_axis,
)
from gembounds.evaluators.float64.two import (
    FEW,
    LARGEST_LOGIT,
    MOST_NODES,
    NEAREST,
    Pair,
    constant_error,
    distance_error,
    logit_error,
    sums_rounding,
)
from gembounds.values.directed import Ends
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import U, gamma
from gembounds.values.rule import Axis

FloatArray = npt.NDArray[np.float64]

MOST = 64
"""Components of the data beyond which they go one by one (a choice)."""


class Sums(NamedTuple):
    """``parts`` (J, 2, 2) are sums whose integrals lie between ``few`` and ``many`` times them,
    but for ``SLACK`` and ``more``; ``weights`` w (J,), which err by ``off`` relatively."""

    parts: FloatArray
    few: float
    many: float
    more: float
    weights: FloatArray
    off: float

    def overlaps(self) -> Ends:
        """E[psi_i psi_k] over the data."""
        total = np.tensordot(self.weights, self.parts, 1)
        rel = (self.off + gamma(len(self.weights) + 6)) * ROUND
        low = total * (self.few * (1 - rel)) - 2 * SLACK
        high = total * (self.many * (1 + rel)) + self.more * (1 + rel)
        return np.maximum(low, 0.0), np.minimum(high, 1.0)

    def gradient(self, mix: Mixture, data: Mixture) -> Ends:
        """sum_j w_j sum_k P_ik (mu_k - a_j), (2, d)."""
        away = mix.means - data.means[:, None]
        size = np.abs(away)
        weighted = self.parts * self.weights[:, None, None]
        value = np.einsum("jik,jkd->id", weighted, away)
        error = np.einsum("jik,jkd->id", weighted, size)
        rel = self.off + gamma(2 * len(self.weights) + 12)
        error *= max(self.many - 1, 1 - self.few) + rel * (1 + self.many)
        error += (self.more + SLACK) * np.tensordot(self.weights, size.sum(axis=1), 1)
        error = error * ROUND + 1e-300
        return np.nextafter(value - error, -np.inf), np.nextafter(value + error, np.inf)


def sums(mix: Mixture, data: Components, rtol: float, max_nodes: int) -> Sums | None:
    """None where the general way is needed."""
    count, d = data.mix.n, mix.d
    if mix.means_error or data.mix.means_error or d > FEW or not 1 < count <= MOST:
        return None
    pair, middle = _pairs(mix, data.mix)
    if not 4 * (9 * pair.error_v + pair.error_c) < 0.1 * rtol:
        return None
    size = pair.constant
    spread = (pair.distance + 2 * pair.error_v) * ROUND
    if not NEAREST < spread < LARGEST_LOGIT:
        return None
    least_weights, weights = data.weights
    goal = FIRST_GUESS
    for _ in range(2):
        axis = tabulated_axis(spread, RULE_SHARE * rtol, 0.5 * TAIL_SHARE * rtol * goal)
        fits = 2 * axis.count + 1 <= min(max_nodes, MOST_NODES)
        if not (fits and axis.radius * pair.distance + size < LARGEST_LOGIT):
            return None
        parts = _parts(axis, pair.distance, middle)
        least = max(float((weights @ parts.reshape(count, 4)).min()), LEAST)
        if facts((axis,)).outside <= RETRY * TAIL_SHARE * rtol * least:
            break
        goal = 0.5 * least
    error = (4 * logit_error(axis.radius, pair) + sums_rounding(axis)) * ROUND
    off = float(((weights - least_weights) / weights).max()) + 2 * U
    return Sums(parts, *factors(error, (axis,)), weights, off)


def _pairs(mix: Mixture, data: Mixture) -> tuple[Pair, FloatArray]:
    """D, the largest |c_j|, bounds of their errors; and all c_j, (J, 1)."""
    first, second = mix.means.tolist()
    b = [y - x for x, y in zip(first, second, strict=True)]
    s = [y + x for x, y in zip(first, second, strict=True)]
    distance = math.sqrt(sum(x * x for x in b))
    whole = math.sqrt(sum(x * x for x in s))
    norm, middle = 0.0, []
    for a in data.means.tolist():
        t = [x - 2 * z for x, z in zip(s, a, strict=True)]
        norm = max(norm, math.sqrt(sum(x * x for x in t)))
        middle.append(-0.5 * sum(x * y for x, y in zip(b, t, strict=True)))
    error = constant_error(mix.d, distance, norm) + 0.51 * U * distance * whole * ROUND
    shift = 0.0
    if not mix.equal_weights:
        low, high = mix.log_weights.tolist()
        shift = high - low
        error += sum(mix.log_weights_error.tolist())
    found = np.array(middle)[:, None]
    size = float(np.abs(found).max())
    error += 2 * U * (abs(shift) + size)
    pair = Pair(distance, size + abs(shift), distance_error(mix.d, distance), error)
    return pair, found + shift


def _parts(axis: Axis, distance: float, middle: FloatArray) -> FloatArray:
    """T_R of psi_i psi_k from each centre, (J, 2, 2)."""
    y, w = nodes(axis, -axis.count, axis.count + 1)
    psi: Any = np.empty((len(middle), 2, len(w)))
    q, e = psi[:, 0], psi[:, 1]
    np.multiply(y[0], distance, out=e[0])
    np.add(e[0], middle[1:], out=e[1:])
    e[0] += middle[0]
    np.exp(e, out=e)
    np.add(e, 1.0, out=q)
    np.divide(1.0, q, out=q)
    e *= q
    return np.asarray(np.matmul(psi * w, psi.swapaxes(1, 2)))
