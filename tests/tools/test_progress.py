"""The progress bar on a terminal, gone at the end; lines elsewhere."""

from __future__ import annotations

import io
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
    monkeypatch.setattr(module, "LINE", 0.01)
    stream = io.StringIO()
    with Progress(stream) as progress:
        progress(1, 4, "a long task")
        while stream.getvalue().count("\n") < 2:
            time.sleep(0.01)
    assert set(stream.getvalue().splitlines()) == {"gembounds: 1/4 a long task 0:00"}
