"""The store of an undisturbed sweep."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.referee.sweep.stores import sweep


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of an undisturbed run."""
    out = tmp_path_factory.mktemp("whole")
    assert sweep(out) == 0
    return out


@pytest.fixture
def copied(whole: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(whole, tmp_path / "copy"))
