"""No write of any command that fails costs more than the command: a sample of what
:mod:`tests.faults` tries."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from gembounds.tools import files
from tests.faults import COMMANDS, failing, kills

SAMPLE = 2
"""Calls of each command that fail here (a choice: seconds)."""


@pytest.mark.parametrize("name", COMMANDS)
def test_a_write_that_fails_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)

    def some(count: int) -> list[int]:
        assert count
        return random.Random(name).sample(range(1, count + 1), min(SAMPLE, count))

    seen = failing(name, tmp_path, some)
    assert seen["refused"] >= 1


def test_a_few_are_killed_at_random_moments() -> None:
    seen = kills(2, 7, ("check --record", "em"))
    assert seen["gone on to the end"] == 2


def test_halves_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a writer that writes in place."""

    def in_place(contents: dict[Path, str]) -> None:
        for path, text in contents.items():
            with files._said(path), files.open(path, "wb") as file:  # type: ignore[attr-defined]
                file.write(text.encode())

    monkeypatch.setattr(files, "write_files", in_place)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AssertionError, match=r"out.json is half-written|\('eval', "):
        failing("eval", tmp_path, lambda count: range(1, count + 1))
