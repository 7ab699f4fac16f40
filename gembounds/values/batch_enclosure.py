"""Enclosures of many mixtures, and which of them were evaluated one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from gembounds.values.enclosure import Enclosure

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BatchEnclosure(Enclosure):
    """The enclosures of B mixtures; ``single`` (B,): which of them were evaluated one by one."""

    single: Any = None

    @classmethod
    def of(cls, lower: FloatArray, upper: FloatArray, single: Any) -> Self:
        """As :meth:`proved`."""
        made = cls.proved(lower, upper)
        made.__dict__["single"] = single
        return made
