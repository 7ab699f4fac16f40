"""How a claim's batched sides are declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gembounds.points.batch import Batch, FloatArray

Constants = Mapping[str, float]
Logs = tuple[FloatArray, FloatArray]
Mask = Callable[[Batch], npt.NDArray[np.bool_]]


@dataclass(frozen=True)
class Sides:
    """``logs`` gives the logarithms of both sides over a batch of ``ensemble``; ``mask`` says
    where a configuration is in the claim's domain, everywhere if None. ``maps`` are the maps that
    make sense: see :mod:`gembounds.referee.atlas.maps`."""

    ensemble: str
    logs: Callable[[Batch, Constants], Logs]
    mask: Mask | None = None
    maps: tuple[str, ...] = ()


def log(x: FloatArray) -> FloatArray:
    """The logarithm; NaN or -inf where there is none, quietly."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found: FloatArray = np.log(x)
    return found
