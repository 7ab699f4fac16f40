"""Principal axes of a few points in float64, and how far they are from orthonormal."""

from __future__ import annotations

import math
from operator import mul

import numpy as np
import numpy.typing as npt

from gembounds.values.rounding import U, gamma

FloatArray = npt.NDArray[np.float64]

Rows = list[list[float]] | FloatArray
"""The rows of a matrix: lists, which are quicker where there are few entries, or an array."""

Columns = list[list[float]]
"""Coordinates, one list an axis."""

ROUND = 1.0 + 2.0**-40
"""Covers the rounding of the bounds themselves: fewer than 2^12 operations on positive terms.
Norms of d terms are multiplied by 1 + gamma_(d+4) besides."""

PLANE = 0.02
"""Least square of the sine between two differences whose plane is taken from their inner
products, which errs by rounding over it (a choice)."""


def rotated(b: Rows, small: float, largest: float) -> tuple[Columns, float, float]:
    """Coordinates of b, the first row of which is 0, along its principal axes; tau, and the bound
    on what they leave out."""
    n, d = len(b), len(b[0])
    if not math.isfinite(largest):
        return [], 0.0, largest
    if d == 1:
        columns, tau = [[x for (x,) in b]], 0.0
    elif d == 2:
        columns, tau = _turned([x for x, _ in b], [y for _, y in b])
    else:
        b = np.array(b)
        try:
            q = _principal(b)
        except np.linalg.LinAlgError:
            return [], 0.0, largest
        tau = _away(q)
        v = np.dot(b, q)
        columns = v.T.tolist()
    if not tau < 1e-6:
        return [], 0.0, largest
    sizes = [max(x) - min(x) for x in columns]
    r = sum([x > max(1e-15 * sizes[0], small) for x in sizes])
    if r == d:  # nothing is orthogonal to Q
        return columns, tau, 0.0
    if d <= 2:
        left = sum(sizes[r:])  # at least what the first row, 0, is away from
    else:
        residual = np.dot(v[:, :r], q[:, :r].T)
        residual -= b
        left = math.sqrt(np.vdot(residual, residual))
    out = left * (1 + gamma(n * d + 4)) * ROUND + gamma(r + 2) * 3 * math.sqrt(max(r, 1)) * largest
    return columns[:r], tau, out


def _turned(x: list[float], y: list[float]) -> tuple[Columns, float]:
    """Coordinates of points (x, y) along their principal axes, and tau."""
    n, far, high = len(x), sum(x), sum(y)
    xx, yy, xy = (sum(map(mul, p, q), 0.0) for p, q in ((x, x), (y, y), (x, y)))
    c, s = _direction(xx - far * far / n, xy - far * high / n, yy - high * high / n)
    first = [c * p + s * q for p, q in zip(x, y, strict=True)]
    second = [c * q - s * p for p, q in zip(x, y, strict=True)]
    return [first, second], 1.5 * (abs(c * c + s * s - 1) + 4 * U)


def _away(q: FloatArray) -> float:
    """At least ||q^T q - I||."""
    d, r = q.shape
    away = np.dot(q.T, q)
    away.ravel()[:: r + 1] -= 1.0
    norm = math.sqrt(np.vdot(away, away))
    found: float = (norm * ROUND + r * gamma(d + 2) * (1 + 1e-6)) * ROUND
    return found


def _principal(b: FloatArray) -> FloatArray:
    """The principal axes (d, min(n - 1, d)) of the rows of b, the first of which is 0, widest
    first. In closed form for three; the caller bounds how well that or the SVD did."""
    n = len(b)
    if n == 3:
        (one, both), (_, two) = np.dot(b[1:], b[1:].T).tolist()
        height = one * two - both * both
        if height > PLANE * one * two:  # b_1 = (x, 0), b_2 = (z, y) in their plane
            x = math.sqrt(one)
            z, y = both / x, math.sqrt(height / one)
            middle = (x + z) / 3
            c, s = _direction(x * x + z * z - 3 * middle * middle, y * (z - middle), 2 / 3 * y * y)
            f, g = z / (x * y), 1 / y
            rows = np.array([[c / x - s * f, s * g], [-s / x - c * f, c * g]])
            found: FloatArray = np.dot(rows, b[1:]).T
            return found
    axes: FloatArray = np.linalg.svd(b - np.add.reduce(b) / n, full_matrices=False)[2]
    return axes[: n - 1].T


def _direction(xx: float, xy: float, yy: float) -> tuple[float, float]:
    """Cosine and sine of the angle to the principal axis of [[xx, xy], [xy, yy]]."""
    angle = 0.5 * math.atan2(2 * xy, xx - yy)
    return math.cos(angle), math.sin(angle)
