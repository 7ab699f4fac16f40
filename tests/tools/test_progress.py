"""The progress bar on a terminal, gone at the end; lines elsewhere."""

from __future__ import annotations

import io
import re
import time

import pytest

from gembounds.tools import progress as module
from gembounds.tools.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_short_runs_are_silent_off_a_terminal() -> None:
    stream = io.StringIO()
    with Progress(stream) as progress:
        progress(1, 2, "x")
        progress(2, 2, "x")
    assert stream.getvalue() == ""


def test_a_bar_that_is_wiped() -> None:
    stream = Terminal()
    with Progress(stream) as progress:
        progress(0, 4, "points")
        progress(4, 4, "points")
    first, last, wiped, end = stream.getvalue().split("\r")[1:]
    assert first == "[" + "." * 30 + "] 0/4 points"
    assert last == "[" + "#" * 30 + "] 4/4 points"
    assert wiped == " " * len(last) and end == ""


def test_not_drawn_too_often_nor_too_long() -> None:
    stream = Terminal()
    with Progress(stream) as progress:
        for k in range(1000):
            progress(k, 1000, "x" * 200)
    lines = stream.getvalue().split("\r")
    assert len(lines) < 20 and max(map(len, lines)) <= 79


def test_nothing_to_do() -> None:
    stream = Terminal()
    with Progress(stream) as progress:
        progress(0, 0)
    assert "0/0" in stream.getvalue()


def test_the_clock_goes_on_while_nothing_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BEAT", 0.01)
    stream = Terminal()
    with Progress(stream) as progress:
        progress(1, 4, "a long task")
        while stream.getvalue().count("\r") < 4:
            time.sleep(0.01)
    lines = stream.getvalue().split("\r")
    assert all("1/4 a long task" in line for line in lines[1:4])
    assert lines[-2].strip() == "" and lines[-3].rstrip().endswith("0:00")


def test_lines_off_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BEAT", 0.01)
    monkeypatch.setattr(module, "LINE", 0.01)
    stream = io.StringIO()
    with Progress(stream) as progress:
        progress(1, 4, "a long task")
        while stream.getvalue().count("\n") < 2:
            time.sleep(0.01)
    assert set(stream.getvalue().splitlines()) == {"gembounds: 1/4 a long task 0:00"}


def test_the_first_line_comes_soon_and_says_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the first two lines comes after a beat, though the next is due in an hour."""
    monkeypatch.setattr(module, "BEAT", 0.01)
    monkeypatch.setattr(module, "LINE", 3600.0)
    stream = io.StringIO()
    with Progress(stream) as progress:
        progress(0, 1000, "points")
        while stream.getvalue().count("\n") < 1:
            time.sleep(0.01)
        monkeypatch.setattr(module, "INTERVAL", 0.0)
        progress._next = 0.0
        progress(1, 1000, "points")
        while stream.getvalue().count("\n") < 2:
            time.sleep(0.01)
    first, second = stream.getvalue().splitlines()
    assert first == "gembounds: 0/1000 points 0:00"
    assert re.fullmatch(r"gembounds: 1/1000 points 0:0\d, about (\d+:)?\d+:\d\d left", second)


def test_what_is_left_is_told_by_the_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "INTERVAL", 0.0)
    progress = Progress(io.StringIO())
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    progress(0, 100, "points")
    assert progress._left(now + 5) == ""
    now += 30.0
    progress(20, 100, "points")
    assert progress._left(now) == ", about 2:00 left"
    progress(100, 100, "points")
    assert progress._left(now) == ""
    progress(5, 10, "searches")  # another stage, whose first five were done before
    assert progress._left(now + 60) == ""
    now += 3600.0
    progress(6, 10, "searches")
    assert progress._left(now) == ", about 4:00:00 left"
    progress.__exit__()


def test_a_stream_that_is_full_stops_nothing() -> None:
    class Full(Terminal):
        def write(self, _: str) -> int:
            raise OSError(28, "No space left on device")

    with Progress(Full()) as progress:
        progress(1, 2, "x")
