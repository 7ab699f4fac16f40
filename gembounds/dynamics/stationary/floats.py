"""The gradient and the Hessian at a place in float64, as balls that contain what rounding, the
grids and inexact coordinates cost.

With Q wrong by e relatively, and with what absolute errors come to in e
(:func:`gembounds.dynamics.trajectory.em_map.moments_of`), the Hessian by the means errs by at most
e (1 + 24 m^2) in norm (:mod:`gembounds.dynamics.trajectory.hessian`). With free weights
-E[psi_i psi_k (mu_i - x)] = P_ik mu_k - 2 sum_a T_ika mu_a errs by 3 e m P_ik, g_i by e m p_i,
and P + diag(exp(lambda) - p) by 2 e: 4 e m + 2 e more in all, for a matrix of blocks is at most
the sum of their norms. Means of the parts that were rounded by s change it by K(s) s.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.stationary.place import Place
from gembounds.dynamics.trajectory.em_map import Moments, moments_of
from gembounds.dynamics.trajectory.float_step import norm, parts_of
from gembounds.dynamics.trajectory.hessian import reduced
from gembounds.evaluators.data import float64
from gembounds.evaluators.data.components import Components
from gembounds.evaluators.data.rounded import Translated
from gembounds.evaluators.float64.plan import default_nodes
from gembounds.values.enclosure import Enclosure
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import U

FloatArray = npt.NDArray[np.float64]

RTOL = 1e-12
"""Of the overlaps (a choice: for less, the parts' means must be exact, which takes long)."""


def quantity(place: Place, name: str) -> Enclosure:
    """Over the data, by the certified evaluator."""
    return float64.evaluate(name, place.mix, place.data, RTOL, default_nodes(place.n))


@np.errstate(all="ignore")
def moments(mix: Mixture, data: Components) -> tuple[Translated, Moments] | None:
    """What the Hessian is made of; None where no grid fits."""
    seen, parts = parts_of(mix, data)
    found = moments_of(parts, reduced(parts, False), np.ones(1))
    if found is None or not found.relative[0] < np.inf:
        return None
    return seen, Moments(*(x[0] for x in found))


def symmetric(found: Moments, weights: FloatArray | None) -> FloatArray:
    """The Hessian of L by the means, or of Phi where ``weights`` are given."""
    n, d = found.gradient.shape
    flat = found.hessian.reshape(n * d, n * d)
    if weights is None:
        return flat
    return np.asarray(with_weights(flat, found.gradient, found.p, found.crossed, weights))


class Curvature(NamedTuple):
    """The Hessian of means within ``slip`` of the place's, (N, N), and its error in norm."""

    matrix: FloatArray
    error: float
    slip: float


def curvature(place: Place) -> Curvature | None:
    """At a place whose means are float64; None where no grid fits."""
    assert not place.mix.means_error
    known = moments(place.mix, place.data)
    if known is None:
        return None
    seen, found = known
    matrix = symmetric(found, place.mix.weights if place.free else None)
    if not np.isfinite(matrix).all():
        return None
    m = float(found.size)
    size = 1 + 24 * m * m + place.free * (4 * m + 2)
    error = (float(found.relative) + 64 * U) * size * 1.01
    lost = [] if seen.lost is None else list(seen.lost)
    slip = max((float(norm(x, np.ones(place.n))) for x in lost), default=0.0)
    return Curvature(matrix, error, slip)


def with_weights(flat: Any, slope: Any, p: Any, crossed: Any, weights: Any) -> npt.NDArray[Any]:
    """The Hessian of Phi from that by the means, (n d, n d), grad L, the overlaps,
    E[psi_i psi_k (mu_i - x)] and exp(lambda), of balls or floats."""
    n, d = slope.shape
    each = np.arange(n)
    mixed = -crossed
    mixed[each, each] = mixed[each, each] + slope
    mixed = mixed.swapaxes(1, 2).reshape(n * d, n)
    own = p.copy()
    own[each, each] = own[each, each] + weights - p.sum(axis=1)
    return np.block([[flat, mixed], [mixed.T, own]])
