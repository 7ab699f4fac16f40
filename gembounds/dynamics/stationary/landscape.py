"""L around a stationary point: along the direction in which it is flattest, and over a plane.

The directions are unit vectors of R^(n d), the means moved together, the weights held: approximate
eigenvectors of the Hessian to its least eigenvalues; the plane is that of the unknowns where there
are two. Between neighbours on the line, h apart, L differs from the chord by at most K h^2 / 8
with K >= |H| (:func:`gembounds.dynamics.trajectory.smoothness.steepest`), and |grad L| is at most
K times the means' sizes, which bounds what rounding the points does: the ends drawn as polygons
enclose L everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gembounds import batch
from gembounds.dynamics.stationary.guess import slopes_of
from gembounds.dynamics.stationary.result import StationaryPoint
from gembounds.dynamics.trajectory.smoothness import steepest
from gembounds.evaluators.data.components import checked_data
from gembounds.values.mixture import Mixture

FloatArray = npt.NDArray[np.float64]

HALF = 3.0
"""Length of the line either way, in standard deviations of a component (a choice)."""

ON_LINE, ON_SIDE = 301, 41
"""Points of the line, and of a side of the plane (choices)."""

RTOL = 1e-6


@dataclass(frozen=True)
class Landscape:
    """``line``: distances along ``direction``, (n, d); L is in [``lower``, ``upper``] there
    and, by linear interpolation, between. ``plane``: its middle over ``first`` (across) and
    ``second``, around ``centre`` there; None where there is one unknown."""

    direction: FloatArray
    line: FloatArray
    lower: FloatArray
    upper: FloatArray
    plane: FloatArray | None
    first: FloatArray
    second: FloatArray
    centre: tuple[float, float]
    labels: tuple[str, str]


def landscape(found: StationaryPoint, data: Mixture | None) -> Landscape:
    """Around the point, or where the search ended."""
    if found.means is None or found.weights is None:
        means, weights = found.candidate.means, found.candidate.weights
    else:
        means, weights = found.means.mid, found.weights.mid
    weights = weights / weights.sum()
    n, d = means.shape
    components = checked_data(d, data)
    flat = _directions(Mixture(means, weights), data)
    line = np.linspace(-HALF, HALF, ON_LINE)

    def losses(moves: FloatArray) -> tuple[FloatArray, FloatArray]:
        at = means + moves.reshape(-1, n, d)
        found = batch.loss(at, weights, data=data, rtol=RTOL)
        return found.lower, found.upper

    lower, upper = losses(line[:, None] * flat[0])
    far = np.linalg.norm(means[:, None] - components.mix.means, axis=2).max() + 2 * HALF
    bend = float(steepest(far)) * ((line[1] - line[0]) ** 2 / 8 + n * d * far**2 * 2.0**-50)
    side = np.linspace(-HALF, HALF, ON_SIDE)
    plane, own, labels, centre = None, n * d == 2, _FLAT, (0.0, 0.0)
    if n * d > 1:
        axes = np.eye(2) if own else flat[:2]
        x, y = np.meshgrid(side, side)
        ends = losses(x.reshape(-1, 1) * axes[0] + y.reshape(-1, 1) * axes[1])
        plane = (0.5 * (ends[0] + ends[1])).reshape(x.shape)
    if own:
        centre = (float(means.flat[0]), float(means.flat[1]))
        labels = ("mean 0", "mean 1") if d == 1 else ("coordinate 0", "coordinate 1")
    return Landscape(
        flat[0].reshape(n, d), line, lower - bend, upper + bend, plane,
        side + centre[0], side + centre[1], centre, labels,
    )  # fmt: skip


_FLAT = ("along the flattest direction", "along the next")


def _directions(mix: Mixture, data: Mixture | None) -> FloatArray:
    """As rows, the flattest first."""
    slopes = slopes_of(mix, checked_data(mix.d, data), False)
    if slopes is None:
        return np.eye(mix.n * mix.d)
    return np.asarray(np.linalg.eigh(slopes[0])[1].T)
