"""Checkpoints: a run's state in one file, replaced whole, from which it goes on to the same
bytes."""

from __future__ import annotations

import base64
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.tools.state import read_state, write_state

FloatArray = npt.NDArray[np.float64]

SECONDS = 0.5
"""Least time between two checkpoints; a slow disk gets twenty times what one takes (choices)."""


class Checkpoint:
    """The file ``path``, for the run with this ``fingerprint``."""

    def __init__(self, path: Any, fingerprint: str) -> None:
        self.path, self.fingerprint = Path(path), fingerprint
        self.due = time.monotonic() + SECONDS

    def load(self) -> Any:
        """What the file holds, None if there is none; :class:`InputError` if it is no checkpoint,
        another run's, or altered."""
        return read_state(self.path, self.fingerprint, "checkpoint")

    def offer(self, state: Any) -> None:
        """Write ``state()`` if it is time."""
        if time.monotonic() >= self.due:
            self.write(state())

    def write(self, state: dict[str, Any]) -> None:
        """Write ``state`` now, whole or not at all."""
        begin = time.monotonic()
        write_state(self.path, self.fingerprint, state)
        now = time.monotonic()
        self.due = now + max(SECONDS, 20 * (now - begin))


def packed(array: FloatArray) -> dict[str, Any]:
    """A float64 array as JSON, exactly."""
    data = np.ascontiguousarray(array, dtype="<f8")
    return {"shape": list(array.shape), "data": base64.b64encode(data.tobytes()).decode()}


def unpacked(value: dict[str, Any]) -> FloatArray:
    """The array of :func:`packed`."""
    flat = np.frombuffer(base64.b64decode(value["data"]), dtype="<f8").astype(np.float64)
    return flat.reshape(value["shape"])
