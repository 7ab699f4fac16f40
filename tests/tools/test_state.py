"""A file of state is read as it was written, or refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gembounds.tools.errors import InputError
from gembounds.tools.state import read_state, write_state

CONTENT = {"t": [1, 0.1, "1/3", None], "inf": float("inf")}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "state"
    assert read_state(path, "me", "checkpoint") is None
    write_state(path, "me", CONTENT)
    assert read_state(path, "me", "checkpoint") == CONTENT
    assert json.loads(path.read_text())["content"] == CONTENT
    with pytest.raises(InputError, match="is the checkpoint of another run"):
        read_state(path, "you", "checkpoint")


def test_no_byte_can_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "state"
    write_state(path, "me", CONTENT)
    whole = path.read_bytes()
    for k in range(len(whole)):
        for data in (whole[:k], whole[:k] + whole[k + 1 :], whole[:k] + b"7" + whole[k + 1 :]):
            if data == whole:
                continue
            path.write_bytes(data)
            with pytest.raises(InputError, match=r"is (an altered|no) checkpoint.*remove it or"):
                read_state(path, "me", "checkpoint")


def test_what_is_no_state_is_named(tmp_path: Path) -> None:
    for data in (b"", b"{", b"[]", b"\xff", b'{"digest": 1}', b"[" * 100_000):
        (tmp_path / "state").write_bytes(data)
        with pytest.raises(InputError, match="state: "):
            read_state(tmp_path / "state", "me", "checkpoint")
    with pytest.raises(InputError, match="cannot be read"):
        read_state(tmp_path, "me", "checkpoint")
