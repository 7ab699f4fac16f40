"""Rules that many mixtures of two components share, by their distance."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.float64.coordinates import ROUND
from gembounds.evaluators.float64.errors import rule_factors, tails
from gembounds.evaluators.float64.grid import ROOT_2PI
from gembounds.evaluators.float64.plan import RULE_SHARE, TAIL_SHARE, plan_axes
from gembounds.values.rounding import LIBM, U, gamma

FloatArray = npt.NDArray[np.float64]

MOST_NODES = 1 << 12
"""Rules of more nodes are given up: few distances need them (a choice)."""

LEAST_GROUP = 400
"""Groups smaller than this are joined with the next: a rule costs as much as its excess nodes
(empirical)."""

SHIFT = 50
"""The bits of a float64 from this one on: sign, exponent, and two of the mantissa."""

NEAREST = 0.25
"""Distances below this are grouped together: the rule hardly depends on them."""

FIRST_KEY = 1021 << 2
"""The bits of ``NEAREST`` from ``SHIFT`` on."""

SPARE = 2.0**-30
"""Part of a distance, or of ``NEAREST``, that its error may be."""


def keys_of(distance: FloatArray) -> npt.NDArray[np.uint8]:
    """The groups of distances from 0 to 2^30."""
    bits = np.maximum(distance, NEAREST).view(np.uint64) >> np.uint64(SHIFT)
    return (bits - np.uint64(FIRST_KEY)).astype(np.uint8)


class Plan(NamedTuple):
    """A rule for a group of distances. Its nodes are the first ``split`` = A of ``rows`` (A + B,
    2) plus the others, in the first column (the second is 1 for those, 0 for these); ``weights``
    (A B,), W together, are those of the sums. ``reach`` bounds abs(coarse) + abs(fine);
    ``rounding`` is the error of the sums beside that of the logits, ``chain`` what of it does not
    come with the weights, g above."""

    rows: FloatArray
    split: int
    weights: FloatArray
    mass: float
    reach: float
    rounding: float
    chain: float
    outside: float
    down: float
    up: float


@lru_cache(maxsize=128)
def plan_for(key: int, rtol: float, goal: float) -> Plan | None:
    """The rule for all distances of the group ``key``, reaching out for overlaps of ``goal``."""
    edge = float(np.array((FIRST_KEY + key + 1) << SHIFT, dtype=np.uint64).view(np.float64))
    error = RULE_SHARE * rtol
    axes = plan_axes([edge * (1 + 4 * SPARE)], error, TAIL_SHARE * rtol * goal, MOST_NODES)
    if axes is None or not axes[0].error <= 1.01 * error:
        return None
    axis = axes[0]
    # nodes k h, k = -K + a B + b: exp(D k h) is a product, and A + B exponentials do for A B nodes
    nodes = 2 * axis.count + 1
    size = min(range(1, nodes + 1), key=lambda s: 2 * s * -(-nodes // s) + s - -nodes // s)
    parts = -(-nodes // size)
    coarse = axis.step * (np.arange(0.0, parts * size, size) - axis.count)
    fine = axis.step * np.arange(0.0, size)
    y = np.add.outer(coarse, fine).ravel()
    weights = np.exp(-0.5 * y * y) * (axis.step / ROOT_2PI)
    reach = (float(np.abs(y).max()) + 2 * size * axis.step) * ROUND
    chain = gamma(len(y) + 10)
    rounding = reach * reach * U + 5 * LIBM + 28 * U + chain
    rows = np.stack([np.concatenate((coarse, fine)), np.repeat([1.0, 0.0], [parts, size])], axis=1)
    return Plan(rows, parts, weights, math.fsum(weights), reach, rounding, chain, tails(axes)[0],
                *rule_factors(axes))  # fmt: skip


def groups(counts: list[int]) -> Iterator[tuple[int, int]]:
    """Where each group ends, and its largest key, for the numbers of mixtures of each key."""
    size, end, last = 0, 0, 0
    for key, count in enumerate(counts):
        size += count
        end += count
        last = key if count else last
        if size >= LEAST_GROUP:
            yield end, last
            size = 0
    if size:
        yield end, last
