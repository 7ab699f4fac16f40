"""The reduced mixture in float64, its posteriors, and what their rounding costs on average."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from gembounds.evaluators.qmc.points import MEAN_ABS, POINT_ERROR
from gembounds.evaluators.reduction.exact import reduce_exactly
from gembounds.values.balls import float_ends
from gembounds.values.enclosure import FloatArray
from gembounds.values.mixture import Mixture
from gembounds.values.precision import working_precision
from gembounds.values.rounding import LIBM, gamma

BITS = 128
"""Precision at which coordinates are computed before they are rounded to float64."""


@dataclass(frozen=True)
class Plane:
    """Merged components in the reduced space, rounded to nearest.

    ``coordinates`` u (n', r); ``halves`` abs(u_i)^2/2 less the smallest; ``log_weights``;
    ``group[i]`` and ``share[i]``: the merged component of component i, and its part of that
    one's weight; ``offset2`` and ``least2``, lower and upper ends of abs(c)^2 and of
    min abs(mu_i)^2; ``diameter`` and ``size``, upper bounds of max abs(u_i - u_k) and
    max abs(u_i).
    """

    coordinates: FloatArray
    halves: FloatArray
    log_weights: FloatArray
    group: tuple[int, ...]
    share: FloatArray
    offset2: tuple[float, float]
    least2: tuple[float, float]
    diameter: float
    size: float

    @property
    def logit_error(self) -> float:
        """Bound on E max_i abs(computed logit - exact logit), over the points as drawn.

        The logit T <y,u_i> - T^2 abs(u_i)^2/2 + log pi_i, 0 <= T <= 1, is a sum of r + 2
        products of inputs that err by a few U; y itself by ``POINT_ERROR`` on average.
        """
        rank = self.coordinates.shape[1]
        unit = gamma(rank + 16.0)
        reach = float(np.abs(self.coordinates).max(axis=0).sum())
        level = float((self.halves + np.abs(self.log_weights)).max())
        return (reach * (POINT_ERROR + MEAN_ABS * unit) + level * unit) * (1.0 + unit)

    @property
    def posterior_error(self) -> float:
        """Bound on the relative error that exp, the sum and the quotient add to a posterior."""
        return 2.0 * LIBM + gamma(2.0 * len(self.halves) + 8.0)

    def logits(self, y: FloatArray, scale: FloatArray | None = None) -> FloatArray:
        """The logits at ``y`` (..., r) and then at -y: (2, ..., n').

        ``scale`` T (...): those of the mixture whose means are T times as long.
        """
        linear = y @ self.coordinates.T
        if scale is None:
            level = self.log_weights - self.halves
            return np.stack([level + linear, level - linear])
        linear = linear * scale[..., None]
        level = self.log_weights - self.halves * (scale**2)[..., None]
        return np.stack([level + linear, level - linear])


def posterior(logits: FloatArray) -> FloatArray:
    """softmax over the last axis; at most 1."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(np.minimum(powers / powers.sum(axis=-1, keepdims=True), 1.0))


def log_sum_exp(logits: FloatArray) -> FloatArray:
    """log sum exp over the last axis."""
    top = logits.max(axis=-1)
    return np.asarray(top + np.log(np.exp(logits - top[..., None]).sum(axis=-1)))


def plane_of(mix: Mixture) -> Plane:
    """The reduced mixture (exact rank and coordinates, rounded at the end)."""
    from flint import arb

    reduced = reduce_exactly(mix)
    gram = [[reduced.gram[i, k] for k in reduced.representatives]
            for i in reduced.representatives]  # fmt: skip
    merged = range(len(gram))
    norms = [gram[i][i] for i in merged]
    widest = max(norms[i] + norms[k] - 2 * gram[i][k] for i in merged for k in merged)
    totals = [Fraction(int(w.p), int(w.q)) for w in reduced.weights]
    pairs = zip(mix.exact_weights, reduced.group, strict=True)
    with working_precision(BITS):
        return Plane(
            coordinates=_rounded(reduced.coordinates()).reshape(len(gram), reduced.rank),
            halves=_rounded([arb((x - min(norms)) / 2) for x in norms]),
            log_weights=_rounded([arb(w).log() for w in reduced.weights]),
            group=reduced.group,
            share=np.array([float(w / totals[m]) for w, m in pairs]),
            offset2=float_ends(arb(reduced.offset2)),
            least2=float_ends(arb(min(norms))),
            diameter=float_ends(arb(widest).sqrt())[1],
            size=float_ends(arb(max(norms) - reduced.offset2).sqrt())[1],
        )


def _rounded(balls: Any) -> FloatArray:
    """Balls whose relative error is far below U (no cancellation: exact rationals and roots of
    them), rounded to nearest."""
    return np.array(balls, dtype=object).astype(np.float64)
