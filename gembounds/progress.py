"""A progress bar on a terminal; nothing elsewhere."""

from __future__ import annotations

import time
from typing import TextIO

WIDTH = 30
"""Characters of the bar itself."""

INTERVAL = 0.1
"""Seconds between two drawings (a taste: fluent, and too rare to cost anything)."""


class Progress:
    """Call it as ``progress(done, total, label)``; use it as a context manager.

    Draws on ``stream`` if that is a terminal, and wipes the line at the end. Elsewhere every
    call does nothing.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown = 0
        self._next = 0.0
        self._terminal = stream.isatty()

    def __call__(self, done: int, total: int, label: str = "") -> None:
        now = time.monotonic()
        if not self._terminal or (now < self._next and done < total):
            return
        self._next = now + INTERVAL
        filled = WIDTH * done // total if total else WIDTH
        self._draw(f"[{'#' * filled}{'.' * (WIDTH - filled)}] {done}/{total} {label}"[:79])

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            self._draw("")
            self._stream.write("\r")
            self._stream.flush()

    def _draw(self, line: str) -> None:
        self._stream.write("\r" + line.ljust(self._shown))
        self._stream.flush()
        self._shown = len(line)
