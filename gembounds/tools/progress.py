"""A progress bar on a terminal; a line now and then elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

WIDTH = 30
"""Characters of the bar itself."""

INTERVAL = 0.1
"""Seconds between two drawings (a taste: fluent, and too rare to cost anything)."""

BEAT = 1.0
"""Seconds after which the bar is drawn again though nothing was reported: its clock goes on; and
after which the first line is written where the stream is no terminal."""

LINE = 10.0
"""Seconds between two lines where the stream is no terminal (a taste: a log stays short)."""


class Progress:
    """Call it as ``progress(done, total, label)``; use it as a context manager.

    Draws on ``stream`` if that is a terminal, and wipes the line at the end. While nothing is
    reported for a second or more a clock behind the bar counts on, so that a long task is seen
    to run. Elsewhere it writes a line after a second, so that short runs are silent, one as soon
    as it can say how long it will take, and one every ten seconds. That is by the rate since the
    label began, of what is done or, where it is given, of ``worth``: what that and all are worth
    in time. A stream that cannot be written stops nothing.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown = 0
        self._next = 0.0
        self._terminal = stream.isatty()
        self._line = ""
        self._start = time.monotonic()
        self._now: tuple[str, float, float] = ("", 0, 0)  # label, and what all and it are worth
        self._since = (0.0, 0.0)  # when the label began, and what was done then
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._clock: threading.Thread | None = None

    def __call__(
        self, done: int, total: int, label: str = "", worth: tuple[float, float] | None = None
    ) -> None:
        now = time.monotonic()
        if now < self._next and done < total:
            return
        self._next = now + INTERVAL
        filled = WIDTH * done // total if total else WIDTH
        bar = f"[{'#' * filled}{'.' * (WIDTH - filled)}] " if self._terminal else ""
        with self._lock:
            spent, all_of_it = worth or (done, total)
            if label != self._now[0] or not self._since[0]:
                self._since = now, spent
            self._now = label, all_of_it, spent
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
            self._put("\r")

    def _beat(self) -> None:
        due, told = 0.0, False
        while not self._over.wait(BEAT):
            now = time.monotonic()
            with self._lock:
                left = self._left(now)
                clock = f" {_clock(now - self._start)}{left}"
                line = self._line[: 79 - len(clock)] + clock
                if self._terminal:
                    self._draw(line)
                elif now >= due or (left and not told):
                    self._put(f"gembounds: {line}\n")
                    due, told = now + LINE, told or bool(left)

    def _left(self, now: float) -> str:
        """How long the rest takes, where that can be said."""
        _, total, done = self._now
        began, before = self._since
        if done <= before or done >= total:
            return ""
        return f", about {_clock((now - began) * (total - done) / (done - before))} left"

    def _draw(self, line: str) -> None:
        line = line[:79]
        self._put("\r" + line.ljust(self._shown))
        self._shown = len(line)

    def _put(self, text: str) -> None:
        with suppress(OSError):
            self._stream.write(text)
            self._stream.flush()


class Count:
    """Work that is counted as it comes, for ``progress``: what was ``known`` before is done at
    once, and says nothing of how long the rest takes."""

    def __init__(self, progress: Callable[..., None] | None, total: int, label: str) -> None:
        self._progress, self._total, self._label = progress, total, label
        self._done = self._known = 0
        if progress is not None and total:
            progress(0, total, label)

    def __call__(self, size: int, known: bool) -> None:
        self._done += size
        self._known += size if known else 0
        if self._progress is not None:
            worth = (self._done - self._known, self._total - self._known)
            self._progress(self._done, self._total, self._label, worth)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
