"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path


def replace_file(path: Path, text: str) -> None:
    """Put ``text`` at ``path`` by renaming a finished file over it: readers see all or nothing.

    A link is followed; what is no regular file (a pipe, a device) is written to instead.
    Raises ``OSError``; then nothing is left behind.
    """
    replace_bytes(path, text.encode("utf-8"))


def replace_bytes(path: Path, content: bytes) -> None:
    """As :func:`replace_file`, with bytes."""
    path = path.resolve()
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    name = _written(path, content)
    try:
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def replace_files(texts: Mapping[Path, str]) -> None:
    """Several files at once: all are finished before the first is put in its place.

    Raises ``OSError``; then nothing is left behind, and no file is half-written.
    """
    with ExitStack() as stack:
        waiting = []
        for path, text in texts.items():
            name = _written(path.resolve(), text.encode())
            stack.callback(Path(name).unlink, missing_ok=True)
            waiting.append((name, path.resolve()))
        for name, path in waiting:
            os.replace(name, path)


def _written(path: Path, content: bytes) -> str:
    """A finished file beside ``path``."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "wb") as file:
            file.write(content)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)  # mkstemp keeps its files private
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return name
