"""The log-density at the places of a case: enclosures, and what an error is measured against.

    log p(x) = log sum_i w_i N(x; mu_i, I),     l_i = log w_i - |x - mu_i|^2/2 - (d/2) log 2 pi

Only components whose weight is not 0 count. Without cancellation: all l_i are negative, so
**size**, the sum of the absolute values of the terms of the likeliest component, is -max l_i; log
p(x) is at most log n above max l_i.

**Rounding** of the direct formula, x - mu_i first, is at most u ((d + 8) B + n + 32) with B = max
|x - mu_i|^2/2 + max |log w_i| + d: each l_i errs by gamma_(d+8) of its terms, log-sum-exp by no
more than the worst of them and n + 32 roundings. Expanding the square costs more where x and the
means share a shift, and is not allowed for. Numbers of the means and of x that the core rounds
first, by a share e of themselves, move l_i by e |x - mu_i| (|x| + |mu_i|) + e^2 (...)^2.

The float64 enclosure: the sum is monotone in each l_i, so that it is evaluated with all of them
as low, then as high as they can be. With t_i = l_i - max l it errs by at most (2 n + 8) U + 2 LIBM
(1 + log n) + 4 U |log p|, because sum_i exp(t_i) is in [1, n] and |t| exp(t) < 1/2 for t <= 0.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import numpy as np

from gembounds.conform.case import Case
from gembounds.conform.protocol import FloatArray
from gembounds.values.balls import float_ends
from gembounds.values.enclosure import Enclosure
from gembounds.values.precision import working_precision
from gembounds.values.rounding import LIBM, U, gamma

BITS = 128

HALF_LOG = 0.5 * math.log(2 * math.pi)

FAR = -700.0
"""Of t_i; what is below adds less than n exp(-700)."""


class Density:
    """log p at the p places of ``case``."""

    def __init__(self, case: Case) -> None:
        self.case = case

    @cached_property
    def squares(self) -> FloatArray:
        """|x - mu_i|^2, to gamma(d + 3), (p, components of weight above 0)."""
        means, places = self.case.mix.means, self.case.places
        return np.stack([np.sum((places - mean) ** 2, axis=1) for mean in means], axis=1)

    @cached_property
    def size(self) -> FloatArray:
        """-max l_i, (p,), to rounding."""
        likeliest = np.min(0.5 * self.squares - self.case.mix.log_weights, axis=1)
        return np.asarray(likeliest + self.case.d * HALF_LOG)

    @cached_property
    def terms(self) -> FloatArray:
        """(d + 8) B + n + 32, (p,)."""
        d, logs = self.case.d, float(np.abs(self.case.mix.log_weights).max())
        reach = 0.5 * self.squares.max(axis=1) + logs + d
        return np.asarray((d + 8) * reach + self.case.n + 32)

    def moved(self, share: float) -> FloatArray:
        """What it costs at most that means and places err by ``share`` of themselves, (p,)."""
        lengths = np.linalg.norm(self.case.places, axis=1)[:, None]
        both = share * (lengths + np.linalg.norm(self.case.mix.means, axis=1))
        return np.asarray(np.max(np.sqrt(self.squares) * both + both**2, axis=1) * 1.01)

    def enclosed(self, room: FloatArray) -> Enclosure:
        """By float64; by balls at the places where that is wider than ``room``."""
        lower, upper = self._floats()
        for k in np.flatnonzero(~(upper - lower <= room)).tolist():
            lower[k], upper[k] = float_ends(self._ball(k))
        excess = abs(math.fsum(self.case.weights.tolist()) - 1)
        if excess:  # for the weights divided by their sum or not: both readings are inside
            lower, upper = lower - 2 * excess, upper + 2 * excess
        return Enclosure(lower, upper, "float64")

    def _floats(self) -> tuple[FloatArray, FloatArray]:
        mix, d = self.case.mix, self.case.d
        with np.errstate(all="ignore"):
            value = mix.log_weights - 0.5 * self.squares
            error = 0.5 * gamma(d + 8) * self.squares + mix.log_weights_error + 4 * U * abs(value)
            ends = []
            for sign in (-1, 1):
                logs = value + sign * error
                top = logs.max(axis=1)
                below = np.exp(np.maximum(logs - top[:, None], FAR))
                found = top + np.log(below.sum(axis=1)) - d * HALF_LOG
                slack = 2 * ((2 * mix.n + 8) * U + 2 * LIBM * (1 + math.log(mix.n)))
                slack = slack + 8 * U * (np.abs(found) + d)
                ends.append(found + sign * slack)
        return ends[0], ends[1]

    def _ball(self, k: int) -> Any:
        """At the place ``k``; with more bits the longer the l_i are, because only differences of
        theirs with small radii have an exp."""
        from flint import arb, fmpq

        mix, place = self.case.mix, self.case.places[k].tolist()
        with working_precision(BITS + max(0, math.frexp(self.size[k])[1])):
            logs = []
            for mean, weight in zip(mix.means.tolist(), mix.exact_weights, strict=True):
                gaps = (arb(a) - arb(b) for a, b in zip(place, mean, strict=True) if a != b)
                square = sum((g * g for g in gaps), arb(0))
                share = arb(fmpq(weight.numerator, weight.denominator))
                logs.append(share.log() - square / 2)
            return log_sum(logs) - (2 * arb.pi()).log() * mix.d / 2


def log_sum(logs: list[Any]) -> Any:
    """log sum_i exp(l_i) of balls, of any size and of small radii."""
    top = max(logs, key=lambda v: v.mid())
    return top + sum((v - top).exp() for v in logs).log()
