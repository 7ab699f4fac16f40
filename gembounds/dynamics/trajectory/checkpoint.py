"""Checkpoints: a run's state in one file, replaced whole, from which it goes on to the same
bytes."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.tools.errors import InputError
from gembounds.tools.files import replace_file

FloatArray = npt.NDArray[np.float64]

SECONDS = 0.5
"""Least time between two checkpoints; a slow disk gets twenty times what one takes (choices)."""


class Checkpoint:
    """The file ``path``, for the run with this ``fingerprint``."""

    def __init__(self, path: Any, fingerprint: str) -> None:
        self.path, self.fingerprint = Path(path), fingerprint
        self.due = time.monotonic() + SECONDS

    def load(self) -> dict[str, Any] | None:
        """What the file holds, None if there is none; :class:`InputError` if it is no checkpoint
        or another run's."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{self.path}: cannot be read as a checkpoint ({error})") from None
        try:
            found = json.loads(text)
            mine = found["fingerprint"] == self.fingerprint
            state: dict[str, Any] = found["state"]
        except (ValueError, KeyError, TypeError):
            raise InputError(f"{self.path}: is no checkpoint; remove it or name another") from None
        if not mine:
            raise InputError(
                f"{self.path}: is the checkpoint of another run (mixture or options differ); "
                "remove it or name another"
            )
        return state

    def offer(self, state: Any) -> None:
        """Write ``state()`` if it is time."""
        if time.monotonic() >= self.due:
            self.write(state())

    def write(self, state: dict[str, Any]) -> None:
        """Write ``state`` now, whole or not at all."""
        begin = time.monotonic()
        text = json.dumps({"fingerprint": self.fingerprint, "state": state})
        try:
            replace_file(self.path, text + "\n")
        except OSError as error:
            raise InputError(f"{self.path}: cannot be written ({error.strerror})") from None
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
