"""Cases whose numbers are float32's, for cores that work in it.

A core of ``dtype`` "float32" is asked for functions at places where nothing is lost before it
begins: means, weights and x are float32 numbers exactly, so that what it owes is its own rounding.
Expectations keep their points, whose rank rounding would change; there what inputs lose is allowed
(:mod:`gembounds.conform.tolerance`).
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from gembounds.conform.case import Case
from gembounds.conform.protocol import FloatArray

GRID, BELOW, LEAST = 2.0**-24, 2.0**-40, 2.0**-126
"""Weights are multiples of the first, with sum 1; those below the second, which do not touch the
sum, are float32's nearest, the third at least."""


class Single(Case):
    """``case`` rounded; its rank is that of ``case``."""

    def __init__(self, case: Case) -> None:
        self.rounded_from = case
        x, eta = case.given_x, case.given_eta
        super().__init__(
            _float32(case.means), _weights(case.weights), case.salt,
            None if x is None else _float32(x), case.point.parameters, rows=case.given_rows,
            eta=eta, how=case.how, data=case.given_data,
        )  # fmt: skip

    @cached_property
    def places(self) -> FloatArray:
        return _float32(self.rounded_from.places)

    @cached_property
    def rank(self) -> int:
        return self.rounded_from.rank


def is_single(*arrays: FloatArray) -> bool:
    """Whether all numbers are float32's."""
    return all(np.array_equal(a, _float32(a)) for a in arrays)


def _float32(a: Any) -> FloatArray:
    return np.asarray(a, dtype=np.float32).astype(np.float64)


def _weights(weights: FloatArray) -> FloatArray:
    whole = np.maximum(np.round(weights / GRID), 1.0) * GRID
    tiny = _float32(np.maximum(weights, LEAST))
    found = np.where(weights == 0, 0.0, np.where(weights < BELOW, tiny, whole))
    large = found >= GRID
    large[np.argmax(weights)] = False
    found[np.argmax(weights)] = 1 - found[large].sum()
    return np.asarray(found)
