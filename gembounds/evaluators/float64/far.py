"""Components that matter little where x is near a point a, in float64.

With x ~ N(a, I), q_i = |mu_i - a|^2/2 - log pi_i, m the i of the least of them and D = |mu_i -
mu_m|, log(psi_i/psi_m) is normal with mean k = q_m - q_i <= 0 and variance D^2, and as in
:mod:`gembounds.evaluators.balls.near`

    E psi_i <= E log(1 + psi_i/psi_m) <= exp(p k + p^2 D^2/2)/p,    any p in (0, 1].

Leaving i out changes E log S by at most that, and so a product of s posteriors by s times that.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.coordinates import FLOOR, ROUND
from gembounds.values.rounding import LIBM, U, gamma

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

LIGHTEST = 1e-290
"""Least weight of a mixture that is looked at: float64 must resolve all."""


class Seen(NamedTuple):
    """Means (n, d) and weights (n,); seen from each of J points, |mu_i - a|^2/2 and k, (J, n);
    m, |mu_m - a|^2/2 and q_m, (J,)."""

    means: FloatArray
    weights: FloatArray
    half: FloatArray
    logs: FloatArray
    first: IndexArray
    nearest: FloatArray
    top: FloatArray

    def heights(self, rows: IndexArray, columns: IndexArray) -> FloatArray:
        """exp(k), relatively within 2 gamma_(d+6) max |mu_i - a|^2/2 + LIBM + 10 U."""
        away = self.nearest[rows, None] - self.half[rows[:, None], columns]
        shares = self.weights[columns] / self.weights[self.first[rows], None]
        return np.asarray(shares * np.exp(away))


def seen_from(
    means: FloatArray, weights: FloatArray, log_weights: FloatArray, points: FloatArray
) -> Seen | None:
    """From ``points`` (J, d); None where float64 does not hold the squares or the weights."""
    u = means - points[:, None]
    half = 0.5 * np.einsum("jid,jid->ji", u, u)
    q = half - log_weights
    first = q.argmin(axis=1)
    rows = np.arange(len(q))
    top = q[rows, first]
    if not (float(q.max()) < math.inf and float(weights.min()) > LIGHTEST):
        return None
    logs = top[:, None] - q
    return Seen(means, weights, half, logs, first, half[rows, first], top)


def left_out(seen: Seen) -> FloatArray:
    """What leaving a component out costs at most, (J, n); infinite for m."""
    rows, d = np.arange(len(seen.first)), seen.means.shape[1]
    away = seen.means[seen.first][:, None] - seen.means
    square = np.einsum("jid,jid->ji", away, away) * ((1 + gamma(d + 6)) * ROUND) + FLOOR
    size = seen.nearest[:, None] + seen.half + np.abs(seen.logs) + 700  # more than |log pi|
    c = seen.logs + gamma(d + 40) * size
    p = np.minimum(1.0, -c / square)
    bounds = np.exp(p * c + 0.5 * p * p * square + 8 * U * np.abs(p * c)) / p * (1 + 2 * LIBM)
    bounds[~(p > 0)] = math.inf
    bounds[rows, seen.first] = math.inf
    return np.asarray(bounds)
