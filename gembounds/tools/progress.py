"""A progress bar on a terminal; a line now and then elsewhere."""

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

LINE = 10.0
"""Seconds between two lines where the stream is no terminal (a taste: a log stays short)."""


class Progress:
    """Call it as ``progress(done, total, label)``; use it as a context manager.

    Draws on ``stream`` if that is a terminal, and wipes the line at the end. While nothing is
    reported for a second or more a clock behind the bar counts on, so that a long task is seen
    to run. Elsewhere it writes a line every ten seconds, so that short runs are silent.
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
        if now < self._next and done < total:
            return
        self._next = now + INTERVAL
        filled = WIDTH * done // total if total else WIDTH
        bar = f"[{'#' * filled}{'.' * (WIDTH - filled)}] " if self._terminal else ""
        with self._lock:
            self._line = f"{bar}{done}/{total} {label}"
            if self._terminal:
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
        while not self._over.wait(BEAT if self._terminal else LINE):
            with self._lock:
                minutes, seconds = divmod(int(time.monotonic() - self._start), 60)
                clock = f" {minutes}:{seconds:02}"
                line = self._line[: 79 - len(clock)] + clock
                if self._terminal:
                    self._draw(line)
                else:
                    self._stream.write(f"gembounds: {line}\n")
                    self._stream.flush()

    def _draw(self, line: str) -> None:
        line = line[:79]
        self._stream.write("\r" + line.ljust(self._shown))
        self._stream.flush()
        self._shown = len(line)
