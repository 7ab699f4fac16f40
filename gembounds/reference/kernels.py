"""The integrands, written as the definitions write them.

Everywhere z = (x, y) is a point of the plane, parts_i = pi_i exp(-|z - mu_i|^2/2),
psi_i = parts_i / sum_k parts_k, and the means are their coordinates in the plane. An integral
with an absolute value in it only measures others, and its own error is not looked at (inf).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from mpmath import mp

from gembounds.reference.precision import ObjectArray, log, objects

Ground = tuple[ObjectArray, Any]
"""exp(-x^2/2) at the nodes, exp(-y^2/2)."""


def _without(parts: ObjectArray, i: int) -> ObjectArray:
    return np.asarray(parts[:, :i].sum(axis=1) + parts[:, i + 1 :].sum(axis=1))


def _cancelled(scale: Any, value: Any) -> float:
    if scale == 0:
        return 0.0
    return math.inf if value == 0 else max(0.0, float(mp.log10(scale / abs(value))))


def _dot(a: ObjectArray, b: ObjectArray) -> Any:
    return mp.fdot(a, b)


@dataclass(frozen=True)
class Overlaps:
    """E[psi_i psi_k] for i <= k, row by row: positive, nothing cancels."""

    n: int
    power = 2

    @property
    def size(self) -> int:
        return self.n * (self.n + 1) // 2

    def values(self, x: ObjectArray, y: Any, parts: ObjectArray, ground: Ground,
               weights: ObjectArray) -> ObjectArray:
        # psi_i psi_k = parts_i parts_k / (sum of parts)^2
        total = parts.sum(axis=1)
        weighted = parts * (weights / (total * total))[:, None]
        return objects([
            _dot(weighted[:, i], parts[:, k]) for i in range(self.n) for k in range(i, self.n)
        ])

    def scales(self, total: ObjectArray) -> ObjectArray:
        return total

    def lost(self, total: ObjectArray, besides: Any) -> list[float]:
        return [0.0]


@dataclass(frozen=True)
class GradientForms:
    """Which form of the gradient to take, row by row: a first look at few digits.

    Three blocks of n: E[psi_i |mu_i - z|_1], what cancels in :class:`Gradient`'s literal form;
    E[psi_i |mu_i|_1 + (1 - psi_i) |z|_1], what cancels in its other form; E psi_i.
    """

    means: ObjectArray
    power = 1

    @property
    def size(self) -> int:
        return 3 * len(self.means)

    def values(self, x: ObjectArray, y: Any, parts: ObjectArray, ground: Ground,
               weights: ObjectArray) -> ObjectArray:
        scaled = weights / parts.sum(axis=1)
        reach = abs(x) + abs(y)
        out = []
        for i, (mx, my) in enumerate(self.means):
            own = parts[:, i] * scaled
            others = _without(parts, i) * scaled
            share = mp.fsum(own)
            literal = _dot(own, abs(mx - x)) + share * abs(my - y)
            out.append([literal, share * (abs(mx) + abs(my)) + _dot(others, reach), share])
        return np.asarray(objects(out).T.ravel())

    def scales(self, total: ObjectArray) -> ObjectArray:
        return np.full(len(total), mp.inf, dtype=object)

    def chosen(self, total: ObjectArray) -> Gradient:
        literal, shifted, _ = total.reshape(3, -1)
        smaller = np.asarray(literal <= shifted, dtype=bool)
        return Gradient(self.means, smaller, np.where(smaller, literal, shifted))


@dataclass(frozen=True)
class Gradient:
    """E[psi_i (mu_i - z)], or E[psi_i mu_i + (1 - psi_i) z], which is equal for E z = 0.

    The literal form (where ``literal[i]``) loses digits where psi_i is near 1; the other keeps
    them. Three blocks of n: the two coordinates, then E psi_i. ``sizes`` (n,) are the integrals
    of absolute values that errors are measured by.
    """

    means: ObjectArray
    literal: npt.NDArray[np.bool_]
    sizes: ObjectArray
    power = 1

    @property
    def size(self) -> int:
        return 3 * len(self.means)

    def values(self, x: ObjectArray, y: Any, parts: ObjectArray, ground: Ground,
               weights: ObjectArray) -> ObjectArray:
        scaled = weights / parts.sum(axis=1)
        out = []
        for i, (mx, my) in enumerate(self.means):
            own = parts[:, i] * scaled
            share = mp.fsum(own)
            if self.literal[i]:
                out.append([_dot(own, mx - x), share * (my - y), share])
            else:
                others = _without(parts, i) * scaled
                rest = mp.fsum(others) * y
                out.append([share * mx + _dot(others, x), share * my + rest, share])
        return np.asarray(objects(out).T.ravel())

    def scales(self, total: ObjectArray) -> ObjectArray:
        return np.concatenate([self.sizes, self.sizes, total[2 * len(self.sizes) :]])

    def lost(self, total: ObjectArray, besides: Any) -> list[float]:
        """Row by row; ``besides`` is |c|, whose part of row i is |c| E psi_i."""
        rows = total.reshape(3, -1).T
        norms = [mp.norm([over, up, share * besides]) for over, up, share in rows]
        return list(map(_cancelled, self.sizes, norms))


@dataclass(frozen=True)
class MeanSquare:
    """E |sum_i psi_i mu_i|^2, and E (sum_i psi_i |mu_i|_1)^2, which its error is measured by."""

    means: ObjectArray
    power = 2
    size = 2

    def values(self, x: ObjectArray, y: Any, parts: ObjectArray, ground: Ground,
               weights: ObjectArray) -> ObjectArray:
        psi = parts / parts.sum(axis=1)[:, None]
        over, up = psi @ self.means[:, 0], psi @ self.means[:, 1]
        size = psi @ abs(self.means).sum(axis=1)
        return objects([_dot(weights, over * over + up * up), _dot(weights, size * size)])

    def scales(self, total: ObjectArray) -> ObjectArray:
        return np.asarray(total[[1, 1]])

    def lost(self, total: ObjectArray, besides: Any) -> list[float]:
        return [_cancelled(total[1], total[0] + besides)]


class Loss:
    """-E log(p_mu / p_0), and E (1 + |log(p_mu / p_0)|), which its error is measured by."""

    power = 0
    size = 2

    def values(self, x: ObjectArray, y: Any, parts: ObjectArray, ground: Ground,
               weights: ObjectArray) -> ObjectArray:
        ratio = log(parts.sum(axis=1) / (ground[0] * ground[1]))
        return objects([-_dot(weights, ratio), _dot(weights, 1 + abs(ratio))])

    def scales(self, total: ObjectArray) -> ObjectArray:
        return objects([total[1], mp.inf])

    def lost(self, total: ObjectArray, besides: Any) -> list[float]:
        return [_cancelled(total[1], total[0] + besides)]
