"""Two components over data of several: D is the same from everywhere, so one grid serves all.

From a_j the logit is D y + c_j, c_j = -<mu_2 - mu_1, mu_2 + mu_1 - 2 a_j>/2 + log(pi_2/pi_1), as
in :mod:`gembounds.evaluators.float64.two`, whose bounds hold here too; rounding mu_1 - a_j
and mu_2 - a_j costs c_j at most |mu_2 - mu_1| (|mu_1 - a_j| + |mu_2 - a_j|) U/2 more.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.data.components import Components
from gembounds.evaluators.data.together import Sums, simple
from gembounds.evaluators.float64.coordinates import ROUND
from gembounds.evaluators.float64.errors import factors, facts
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
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import U
from gembounds.values.rule import Axis

FloatArray = npt.NDArray[np.float64]


def sums(mix: Mixture, data: Components, rtol: float, max_nodes: int) -> Sums | None:
    """None where the general way is needed."""
    if not simple(mix, data) or mix.d > FEW:
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
        least = max(float((weights @ parts.reshape(-1, 4)).min()), LEAST)
        known = facts((axis,))
        if known.outside <= RETRY * TAIL_SHARE * rtol * least:
            break
        goal = 0.5 * least
    error = (4 * logit_error(axis.radius, pair) + sums_rounding(axis)) * ROUND
    off = float(((weights - least_weights) / weights).max()) + 2 * U
    return Sums(parts, *factors(error, known), weights, off)


def _pairs(mix: Mixture, data: Mixture) -> tuple[Pair, FloatArray]:
    """D, the largest |c_j|, bounds of their errors; and all c_j, (J, 1)."""
    first, second = mix.means.tolist()
    b = [y - x for x, y in zip(first, second, strict=True)]
    distance = math.sqrt(sum(x * x for x in b))
    norm, whole, middle = 0.0, 0.0, []
    for a in data.means.tolist():
        seen = [[x - z for x, z in zip(row, a, strict=True)] for row in (first, second)]
        t = [x + y for x, y in zip(*seen, strict=True)]
        norm = max(norm, math.sqrt(sum(x * x for x in t)))
        whole = max(whole, sum(math.sqrt(sum(x * x for x in row)) for row in seen))
        middle.append(-0.5 * sum(x * y for x, y in zip(b, t, strict=True)))
    error = constant_error(mix.d, distance, norm) + 0.51 * U * distance * whole
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
