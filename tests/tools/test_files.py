"""Several files are put in place together, or none is."""

from __future__ import annotations

from pathlib import Path

import pytest

from gembounds.tools.files import replace_files


def test_all_are_written(tmp_path: Path) -> None:
    replace_files({tmp_path / "a": "one", tmp_path / "b": "zwei \u2265"})
    assert (tmp_path / "a").read_text() == "one"
    assert (tmp_path / "b").read_text(encoding="utf-8") == "zwei \u2265"
    assert len(list(tmp_path.iterdir())) == 2


def test_none_is_written_where_one_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with pytest.raises(FileNotFoundError):
        replace_files({tmp_path / "a": "new", tmp_path / "none" / "b": "new"})
    assert (tmp_path / "a").read_text() == "old" and len(list(tmp_path.iterdir())) == 1
