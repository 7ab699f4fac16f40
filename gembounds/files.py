"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
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
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "wb") as file:
            file.write(content)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)  # mkstemp keeps its files private
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
