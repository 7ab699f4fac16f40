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

from gembounds.evaluators.reference.arithmetic import Arithmetic
from gembounds.evaluators.reference.precision import ObjectArray, objects


@dataclass(frozen=True)
class Sample:
    """Nodes x (N,) at height y, in the numbers of ``arithmetic``.

    ``parts`` (N, n) as in the module docstring; ``weights`` (N,) of the rule times phi(x);
    ``ground`` is exp(-x^2/2) (N,) and exp(-y^2/2); ``means`` (n, 2).
    """

    arithmetic: Arithmetic
    x: ObjectArray
    y: Any
    parts: ObjectArray
    weights: ObjectArray
    ground: tuple[ObjectArray, Any]
    means: ObjectArray


def _without(parts: ObjectArray, i: int) -> ObjectArray:
    return np.asarray(parts[:, :i].sum(axis=1) + parts[:, i + 1 :].sum(axis=1))


def _cancelled(scale: Any, value: Any) -> float:
    if scale == 0:
        return 0.0
    return math.inf if value == 0 else max(0.0, float(mp.log10(scale / abs(value))))


@dataclass(frozen=True)
class Overlaps:
    """E[psi_i psi_k] for i <= k, row by row: positive, nothing cancels."""

    n: int
    power = 2

    @property
    def size(self) -> int:
        return self.n * (self.n + 1) // 2

    def values(self, at: Sample) -> ObjectArray:
        # psi_i psi_k = parts_i parts_k / (sum of parts)^2
        total = at.parts.sum(axis=1)
        weighted = at.parts * (at.weights / (total * total))[:, None]
        return objects(
            [
                at.arithmetic.dot(weighted[:, i], at.parts[:, k])
                for i in range(self.n)
                for k in range(i, self.n)
            ]
        )

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

    n: int
    power = 1

    @property
    def size(self) -> int:
        return 3 * self.n

    def values(self, at: Sample) -> ObjectArray:
        scaled = at.weights / at.parts.sum(axis=1)
        dot, reach = at.arithmetic.dot, abs(at.x) + abs(at.y)
        out = []
        for i, (mx, my) in enumerate(at.means):
            own = at.parts[:, i] * scaled
            others = _without(at.parts, i) * scaled
            share = own.sum()
            literal = dot(own, abs(mx - at.x)) + share * abs(my - at.y)
            out.append([literal, share * (abs(mx) + abs(my)) + dot(others, reach), share])
        return np.asarray(objects(out).T.ravel())

    def scales(self, total: ObjectArray) -> ObjectArray:
        return np.full(len(total), mp.inf, dtype=object)

    def chosen(self, total: ObjectArray) -> Gradient:
        literal, shifted, _ = total.reshape(3, -1)
        smaller = np.asarray(literal <= shifted, dtype=bool)
        return Gradient(smaller, np.where(smaller, literal, shifted))


@dataclass(frozen=True)
class Gradient:
    """E[psi_i (mu_i - z)], or E[psi_i mu_i + (1 - psi_i) z], which is equal for E z = 0.

    The literal form (where ``literal[i]``) loses digits where psi_i is near 1; the other keeps
    them. Three blocks of n: the two coordinates, then E psi_i. ``sizes`` (n,) are the integrals
    of absolute values that errors are measured by.
    """

    literal: npt.NDArray[np.bool_]
    sizes: ObjectArray
    power = 1

    @property
    def size(self) -> int:
        return 3 * len(self.sizes)

    def values(self, at: Sample) -> ObjectArray:
        scaled = at.weights / at.parts.sum(axis=1)
        dot = at.arithmetic.dot
        out = []
        for i, (mx, my) in enumerate(at.means):
            own = at.parts[:, i] * scaled
            share = own.sum()
            if self.literal[i]:
                out.append([dot(own, mx - at.x), share * (my - at.y), share])
            else:
                others = _without(at.parts, i) * scaled
                rest = others.sum() * at.y
                out.append([share * mx + dot(others, at.x), share * my + rest, share])
        return np.asarray(objects(out).T.ravel())

    def scales(self, total: ObjectArray) -> ObjectArray:
        return np.concatenate([self.sizes, self.sizes, total[2 * len(self.sizes) :]])

    def lost(self, total: ObjectArray, besides: Any) -> list[float]:
        """Row by row; ``besides`` is |c|, whose part of row i is |c| E psi_i."""
        rows = total.reshape(3, -1).T
        norms = [mp.norm([over, up, share * besides]) for over, up, share in rows]
        return list(map(_cancelled, self.sizes, norms))


class MeanSquare:
    """E |sum_i psi_i mu_i|^2, and E (sum_i psi_i |mu_i|_1)^2, which its error is measured by."""

    power = 2
    size = 2

    def values(self, at: Sample) -> ObjectArray:
        psi = at.parts / at.parts.sum(axis=1)[:, None]
        over, up = psi @ at.means[:, 0], psi @ at.means[:, 1]
        size = psi @ abs(at.means).sum(axis=1)
        squares = over * over + up * up, size * size
        return objects([at.arithmetic.dot(at.weights, f) for f in squares])

    def scales(self, total: ObjectArray) -> ObjectArray:
        return np.asarray(total[[1, 1]])

    def lost(self, total: ObjectArray, besides: Any) -> list[float]:
        return [_cancelled(total[1], total[0] + besides)]


class Loss:
    """-E log(p_mu / p_0), and E (1 + |log(p_mu / p_0)|), which its error is measured by."""

    power = 0
    size = 2

    def values(self, at: Sample) -> ObjectArray:
        ratio = at.arithmetic.log(at.parts.sum(axis=1) / (at.ground[0] * at.ground[1]))
        return objects([at.arithmetic.dot(at.weights, f) for f in (-ratio, 1 + abs(ratio))])

    def scales(self, total: ObjectArray) -> ObjectArray:
        return objects([total[1], mp.inf])

    def lost(self, total: ObjectArray, besides: Any) -> list[float]:
        return [_cancelled(total[1], total[0] + besides)]
