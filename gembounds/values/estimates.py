"""What decides nothing: estimates, and intervals that hold with a probability."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
ObjectArray = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Estimate:
    """Numbers of which ``digits`` digits are believed. Never evidence: it decides nothing.

    ``values`` is an object array of ``mpmath.mpf`` (0-d for scalars).
    """

    values: ObjectArray
    digits: int
    evaluator: str = "mpmath"

    @property
    def shape(self) -> tuple[int, ...]:
        return self.values.shape

    @property
    def mid(self) -> FloatArray:
        """The values rounded to float64."""
        return np.asarray(self.values, dtype=np.float64)

    def __getitem__(self, key: Any) -> Estimate:
        return replace(self, values=np.asarray(self.values[key], dtype=object))


@dataclass(frozen=True, eq=False)
class StatisticalInterval:
    """Intervals that contain *all* the values at once except with ``failure_probability``.

    The probability is over the random shifts or scrambles drawn from ``seed``. Not an
    enclosure: it decides no claim.
    """

    lower: FloatArray
    upper: FloatArray
    estimate: FloatArray
    failure_probability: float
    samples: int
    seed: int
    evaluator: str = "qmc"

    @property
    def shape(self) -> tuple[int, ...]:
        return self.lower.shape

    def __getitem__(self, key: Any) -> StatisticalInterval:
        return replace(
            self,
            lower=np.asarray(self.lower[key]),
            upper=np.asarray(self.upper[key]),
            estimate=np.asarray(self.estimate[key]),
        )
