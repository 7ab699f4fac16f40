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
from mpmath import mp

from gembounds.reference.precision import ObjectArray, log, objects


def _posterior(parts: ObjectArray) -> ObjectArray:
    return np.asarray(parts / parts.sum(axis=1)[:, None])


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

    def values(self, x: ObjectArray, y: Any, parts: ObjectArray, ground: ObjectArray,
               weights: ObjectArray) -> ObjectArray:
        psi = _posterior(parts)
        weighted = psi * weights[:, None]
        return objects([
            _dot(weighted[:, i], psi[:, k]) for i in range(self.n) for k in range(i, self.n)
        ])

    def scales(self, total: ObjectArray) -> ObjectArray:
        return total

    def lost(self, total: ObjectArray, besides: Any) -> float:
        return 0.0


@dataclass(frozen=True)
class Gradient:
    """E[psi_i (mu_i - z)] (2n), then E[psi_i |mu_i - z|_1] (n), then E psi_i (n)."""

    means: ObjectArray
    power = 1

    @property
    def size(self) -> int:
        return 4 * len(self.means)

    def values(self, x: ObjectArray, y: Any, parts: ObjectArray, ground: ObjectArray,
               weights: ObjectArray) -> ObjectArray:
        weighted = _posterior(parts) * weights[:, None]
        over, up, size = [], [], []
        for i, (mx, my) in enumerate(self.means):
            away = mx - x
            over.append(_dot(weighted[:, i], away))
            share = mp.fsum(weighted[:, i])
            up.append(share * (my - y))
            size.append((_dot(weighted[:, i], abs(away)) + abs(up[-1]), share))
        return objects([*over, *up, *(s for s, _ in size), *(s for _, s in size)])

    def scales(self, total: ObjectArray) -> ObjectArray:
        n = len(self.means)
        sizes = total[2 * n : 3 * n]
        return np.concatenate([sizes, sizes, [mp.inf] * n, total[3 * n :]])

    def lost(self, total: ObjectArray, besides: Any) -> float:
        """The most over the rows; ``besides`` is |c|, whose row is E psi_i |c|."""
        over, up, sizes, share = total.reshape(4, -1)
        norms = [mp.norm([a, b, s * besides]) for a, b, s in zip(over, up, share, strict=True)]
        return max(map(_cancelled, sizes, norms))


@dataclass(frozen=True)
class MeanSquare:
    """E |sum_i psi_i mu_i|^2, and E (sum_i psi_i |mu_i|_1)^2, which its error is measured by."""

    means: ObjectArray
    power = 2
    size = 2

    def values(self, x: ObjectArray, y: Any, parts: ObjectArray, ground: ObjectArray,
               weights: ObjectArray) -> ObjectArray:
        psi = _posterior(parts)
        over, up = psi @ self.means[:, 0], psi @ self.means[:, 1]
        size = psi @ abs(self.means).sum(axis=1)
        return objects([_dot(weights, over * over + up * up), _dot(weights, size * size)])

    def scales(self, total: ObjectArray) -> ObjectArray:
        return np.asarray(total[[1, 1]])

    def lost(self, total: ObjectArray, besides: Any) -> float:
        return _cancelled(total[1], total[0] + besides)


class Loss:
    """-E log(p_mu / p_0), and E (1 + |log(p_mu / p_0)|), which its error is measured by."""

    power = 0
    size = 2

    def values(self, x: ObjectArray, y: Any, parts: ObjectArray, ground: ObjectArray,
               weights: ObjectArray) -> ObjectArray:
        ratio = log(parts.sum(axis=1) / ground)
        return objects([-_dot(weights, ratio), _dot(weights, 1 + abs(ratio))])

    def scales(self, total: ObjectArray) -> ObjectArray:
        return objects([total[1], mp.inf])

    def lost(self, total: ObjectArray, besides: Any) -> float:
        return _cancelled(total[1], total[0] + besides)
