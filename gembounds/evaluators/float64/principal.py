"""Principal axes of a few points in float64, and how far they are from orthonormal."""

from __future__ import annotations

import math
from operator import mul
from typing import NamedTuple

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

PLANE, SHORT = 0.02, 1e-250
"""Least square of the sine between two differences whose plane is taken from their inner
products, which errs by rounding over it, and least of those products (a choice)."""


class Axes(NamedTuple):
    """``columns``: coordinates along the axes Qh; ``tau`` >= ||Qh^T Qh - I||; ``out`` bounds what
    they leave out, ``inner`` |b_i| the errors of the coordinates, Qh^T b_i."""

    columns: Columns
    tau: float
    out: float
    inner: float


def rotated(
    b: Rows, squares: list[float], small: float, largest: float, room: float = math.inf
) -> Axes:
    """Coordinates of b, the first row of which is 0, along its principal axes, given the |b_i|^2
    and a bound of |b_i|; ranges below ``small`` are left out. Three points go by their inner
    products, which errs a few times more than axes that are formed, where that is below ``room``.
    """
    n, d = len(b), len(b[0])
    nothing = Axes([], 0.0, largest, 0.0)
    if not math.isfinite(largest):
        return nothing
    plane = _in_plane(b, squares) if n == 3 and d > 2 else None
    plane = plane if plane and plane[1] + plane[2] < room else None
    if plane:
        columns, tau, inner = plane
    elif d == 1:
        columns, tau = [[x for (x,) in b]], 0.0
    elif d == 2:
        columns, tau = _turned([x for x, _ in b], [y for _, y in b])
    else:
        b = np.array(b)
        try:
            q = _principal(b)
        except np.linalg.LinAlgError:
            return nothing
        tau = _away(q)
        v = np.dot(b, q)
        columns = v.T.tolist()
    if not tau < 1e-6:
        return nothing
    sizes = [max(x) - min(x) for x in columns]
    r = sum([x > max(1e-15 * sizes[0], small) for x in sizes])
    if not plane:
        inner = math.sqrt(r) * gamma(d + 4)
    if r == (2 if plane else d):  # nothing is orthogonal to Q
        return Axes(columns, tau, 0.0, inner)
    if plane:
        left = sum(sizes[r:]) + 2 * (tau + inner) * largest
    elif d <= 2:
        left = sum(sizes[r:])  # at least what the first row, 0, is away from
    else:
        residual = np.dot(v[:, :r], q[:, :r].T)
        residual -= b
        left = math.sqrt(np.vdot(residual, residual))
    out = left * (1 + gamma(n * d + 4)) * ROUND + gamma(r + 2) * 3 * math.sqrt(max(r, 1)) * largest
    return Axes(columns[:r], tau, out, inner)


def inner_products(a: Rows, b: Rows) -> list[float]:
    """<a_i, b_i> of the rows."""
    if isinstance(a, list):
        return [sum(map(mul, x, y), 0.0) for x, y in zip(a, b, strict=True)]
    found: list[float] = np.einsum("ij,ij->i", a, b).tolist()
    return found


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
    first; the caller bounds how well that did."""
    n = len(b)
    axes: FloatArray = np.linalg.svd(b - np.add.reduce(b) / n, full_matrices=False)[2]
    return axes[: n - 1].T


def _in_plane(b: Rows, squares: list[float]) -> tuple[Columns, float, float] | None:
    """Of 0 and two more points, from their inner products G alone: coordinates along axes
    Qh = (b_1 b_2) A^T, tau, and the coordinates' error relative to |b_i|; None where the three are
    nearly on a line.

    Qh is A's floats times the b's in exact arithmetic and is never formed: its plane is theirs,
    its coordinates are A G, and Qh^T Qh = A G A^T. G errs by gamma_d |b_i| |b_k|, so A G errs by
    gamma w |b_i| in all and A G A^T by gamma w^2, w_k = sum_j |A_kj| |b_j|. What underflows is
    below ``SHORT`` by 10^70, and covered by the gamma of a few terms more."""
    d = len(b[0])
    (_, one, two), (both,) = squares, inner_products(b[1:2], b[2:])
    height = one * two - both * both
    if not (height > PLANE * one * two and min(one, two) > SHORT):
        return None
    x = math.sqrt(one)  # b_1 = (x, 0), b_2 = (z, y) in their plane
    z, y = both / x, math.sqrt(height / one)
    middle = (x + z) / 3
    c, s = _direction(x * x + z * z - 3 * middle * middle, y * (z - middle), 2 / 3 * y * y)
    f, g = z / (x * y), 1 / y
    axes = (c / x - s * f, s * g), (-s / x - c * f, c * g)
    columns = [[0.0, p * one + q * both, p * both + q * two] for p, q in axes]
    size = math.hypot(*[abs(p) * x + abs(q) * math.sqrt(two) for p, q in axes])
    inner = gamma(d + 8) * size * ROUND
    away = [v * p + w * q - (k == j) for k, (_, v, w) in enumerate(columns)
            for j, (p, q) in enumerate(axes)]  # fmt: skip
    return columns, (math.hypot(*away) + inner * size) * ROUND, inner


def _direction(xx: float, xy: float, yy: float) -> tuple[float, float]:
    """Cosine and sine of the angle to the principal axis of [[xx, xy], [xy, yy]]."""
    angle = 0.5 * math.atan2(2 * xy, xx - yy)
    return math.cos(angle), math.sin(angle)
