"""A progress bar on a terminal; nothing elsewhere."""

from __future__ import annotations

import threading
import time
from typing import TextIO

WIDTH = 30
"""Characters of the bar itself."""

INTERVAL = 0.1
"""Seconds between two drawings (a taste: fluent, and too rare to cost anything)."""

BEAT = 1.0
"""Seconds after which the bar is drawn again though nothing was reported: its clock goes on."""


class Progress:
    """Call it as ``progress(done, total, label)``; use it as a context manager.

    Draws on ``stream`` if that is a terminal, and wipes the line at the end. While nothing is
    reported for a second or more a clock behind the bar counts on, so that a long task is seen
    to run. Elsewhere every call does nothing.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown = 0
        self._next = 0.0
        self._terminal = stream.isatty()
        self._line = ""
        self._start = time.monotonic()
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._clock: threading.Thread | None = None

    def __call__(self, done: int, total: int, label: str = "") -> None:
        now = time.monotonic()
        if not self._terminal or (now < self._next and done < total):
            return
        self._next = now + INTERVAL
        filled = WIDTH * done // total if total else WIDTH
        with self._lock:
            self._line = f"[{'#' * filled}{'.' * (WIDTH - filled)}] {done}/{total} {label}"
            self._draw(self._line)
        if self._clock is None:
            self._clock = threading.Thread(target=self._beat, daemon=True)
            self._clock.start()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._clock is not None:
            self._clock.join()
        if self._shown:
            self._draw("")
            self._stream.write("\r")
            self._stream.flush()

    def _beat(self) -> None:
        while not self._over.wait(BEAT):
            with self._lock:
                minutes, seconds = divmod(int(time.monotonic() - self._start), 60)
                clock = f" {minutes}:{seconds:02}"
                self._draw(self._line[: 79 - len(clock)] + clock)

    def _draw(self, line: str) -> None:
        line = line[:79]
        self._stream.write("\r" + line.ljust(self._shown))
        self._stream.flush()
        self._shown = len(line)
