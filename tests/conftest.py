"""A directory to work in, for the tests of commands; the suite's own garbage."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from tests.command_line import GOOD


def pytest_collection_finish() -> None:
    """Thousands of tests live to the end: the collector of garbage need not walk over them."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.json").write_text(GOOD)
    return tmp_path
