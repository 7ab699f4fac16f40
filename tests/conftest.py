"""A directory to work in, for the tests of commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import GOOD


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.json").write_text(GOOD)
    return tmp_path
