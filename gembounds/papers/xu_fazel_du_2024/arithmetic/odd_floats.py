"""The grid sums of :mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.odd_grid` in float64.

With z_i = log w_i + <sy, v_i>, 0 for *, the psi_i are exp(z_i - M) over their sum, M the largest
z. What is computed of psi_i lies within a relative ``relative`` of it, plus ``LEAST`` where exp
underflows; so g errs by at most theta m, m = sum_i (psi_i(sx) + psi_i(-sx)) |v_i| >= |g|, and
|g|^2 and <g, y>^2 by at most 3 theta m^2 (1 + |y|^2): all errors are multiples of the majorant,
as those of the rule are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from flint import arb

from gembounds.values.rounding import LIBM, U, gamma

if TYPE_CHECKING:
    from gembounds.evaluators.balls.relative import Odd
    from gembounds.values.rule import Axis

FloatArray = npt.NDArray[np.float64]

LEAST = 1e-290
"""Above what is lost where exp underflows, of a posterior or a weight, or a product does."""

MOST = 1 << 20
"""Nodes times components that are looked at together (a choice: some tens of megabytes)."""

FARTHEST = 36.0
"""Radius up to which exp(-y^2/2) is a normal float64."""


def sums(odd: Odd, s: Any, axes: Sequence[Axis]) -> tuple[Any, Any, Any] | None:
    """T_R of |g(sy)|^2, <g(sy), y>^2 and G in balls; None beyond what float64 can tell."""
    reach = [axis.radius for axis in axes]
    count = math.prod(2 * axis.count + 1 for axis in axes) * (len(odd.weights) + 1)
    if max(reach) > FARTHEST or count > MOST:
        return None
    slopes, slopes_error = _floats([[s * x for x in row] for row in odd.offsets])
    offsets, offsets_error = _floats(odd.offsets)
    logs, logs_error = _floats([w.log() for w in odd.weights])
    lengths, lengths_error = _floats([row[i].sqrt() for i, row in enumerate(odd.inner)])
    if not (np.isfinite(slopes).all() and np.isfinite(logs).all() and lengths.min() > 0):
        return None
    r, n = len(axes), len(odd.weights) + 1
    far = np.array(reach)
    size = float((np.abs(slopes) @ far + np.abs(logs)).max())
    moved = float((slopes_error @ far + logs_error).max()) + (r + 6) * U * size
    if not moved < 1e-7:
        return None
    relative = math.expm1(2 * moved * (1 + 1e-6)) + 2 * LIBM + gamma(n + 8)
    known = float(((offsets_error.sum(axis=1) + lengths_error) / lengths).max())
    theta = 4 * (relative + known + gamma(2 * n + 2 * r + 20))
    node = 4 * U * float(far @ far) + r * (LIBM + 8 * U)
    if not theta + node < 1e-6:
        return None
    with np.errstate(all="ignore"):
        square, radial, majorant = _totals(slopes, offsets, logs, lengths, axes)
    share = 3 * theta + node + gamma(count + 40)
    lost = count * LEAST * (1 + 16 * n * float(lengths.max() ** 2)) * (1 + float(far @ far))
    if not lost < 1e-9 * majorant:
        return None
    error = arb(majorant) * (2 * share) + lost
    return tuple(arb(x) + arb(0, 1) * error.upper() for x in (square, radial, majorant))  # type: ignore[return-value]


def _totals(
    slopes: FloatArray, offsets: FloatArray, logs: FloatArray, lengths: FloatArray,
    axes: Sequence[Axis],
) -> tuple[float, float, float]:  # fmt: skip
    """The sums over half the grid, the integrands being even."""
    y = [np.arange(-axis.count, axis.count + 1) * axis.step for axis in axes]
    y[0] = y[0][axes[0].count :]
    scale = [axis.step / math.sqrt(2 * math.pi) for axis in axes]
    gauss = [c * np.exp(-0.5 * x * x) for c, x in zip(scale, y, strict=True)]
    gauss[0][1:] *= 2
    places = np.stack([x.ravel() for x in np.meshgrid(*y, indexing="ij")])  # (r, nodes)
    weights = gauss[0]
    for factor in gauss[1:]:
        weights = np.multiply.outer(weights, factor)
    along = slopes @ places
    ahead, behind = _posteriors(logs[:, None] + along), _posteriors(logs[:, None] - along)
    g = offsets.T @ (ahead - behind)
    m = lengths @ (ahead + behind)
    flat, y2 = weights.ravel(), (places * places).sum(axis=0)
    h = (g * places).sum(axis=0)
    return (
        float(flat @ (g * g).sum(axis=0)), float(flat @ (h * h)), float(flat @ (m * m * (1 + y2)))
    )  # fmt: skip


def _posteriors(z: FloatArray) -> FloatArray:
    """psi_i from the z_i of all components but *, whose z is 0."""
    top = np.maximum(z.max(axis=0), 0.0)
    e = np.exp(z - top)
    found: FloatArray = e / (e.sum(axis=0) + np.exp(-top))
    return found


def _floats(balls: Any) -> tuple[FloatArray, FloatArray]:
    """Middles of balls, nested like them, and bounds of their distance from what is in the
    balls."""
    rows = np.array(balls, dtype=object)
    middle = np.array([float(x.mid()) for x in rows.ravel()]).reshape(rows.shape)
    radius = np.array([float(x.rad()) for x in rows.ravel()]).reshape(rows.shape)
    return middle, radius * (1 + 1e-6) + np.abs(middle) * (2 * U) + 1e-300
