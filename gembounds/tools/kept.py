"""Results of tasks that are kept in a folder, so that a run that was ended goes on from there.

A task is a function of a module and its arguments. Its name is a digest of both, of what stands in
the Python files that the arguments name, and of the version of what computes: any number of runs,
at once or one after the other, ended at any time, add to the same folder, and none takes a result
of anything else. A run writes one file, a line a task, each with a digest of its own.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from gembounds.tools.errors import InputError
from gembounds.tools.files import Growing, make_folder
from gembounds.tools.plainly import from_plain, returned, to_plain
from gembounds.tools.state import content_of, state_of
from gembounds.tools.versions import Version, digest_of, file_digest, files_in

SUFFIX = ".jsonl"

SYNC = 5.0
"""Seconds of work that a machine which is switched off may cost (a choice); a process that is
killed loses none."""

_HEAD = re.compile(rb'\{"digest": "[0-9a-f]{64}", "owner": "([0-9a-f]{32})", "content": ')


class Line(NamedTuple):
    """Where a result stands."""

    path: Path
    start: int
    length: int


class Results:
    """The results in ``folder``, of tasks computed by ``version``; ``damaged`` is told, in a line
    each, of those that were altered, which are computed again."""

    def __init__(self, folder: Path, version: Version, damaged: Callable[[str], None]) -> None:
        self.folder, self.version, self.damaged = folder, version, damaged
        self._lines: dict[str, Line] = {}
        self._file: Growing | None = None
        self._lock = threading.Lock()
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            self._index(path)

    def name(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> str:
        """What the task's result is kept under."""
        module = function.__module__
        source = None if module.startswith("gembounds.") else sys.modules[module].__file__
        plain = _with_files(to_plain(arguments), files_in(arguments))
        words = [module, function.__qualname__, plain, self.version]
        return digest_of([*words, source and file_digest(Path(source))])

    def load(self, name: str, function: Callable[..., Any]) -> tuple[Any] | None:
        """The result of that name, None where there is none."""
        line = self._lines.get(name)
        if line is None:
            return None
        try:
            with line.path.open("rb") as file:
                file.seek(line.start)
                content = content_of(file.read(line.length).decode(), name, "kept result")
        except (OSError, UnicodeDecodeError, InputError) as error:
            self.damaged(f"{line.path}: a line {error}; it is computed again")
            return None
        return (from_plain(returned(function), content),)

    def store(self, name: str, function: Callable[..., Any], result: Any) -> Any:
        """Keep it, and return what :meth:`load` will. Raises :class:`InputError` where it cannot
        be written; then nothing is half-written, and all that was kept before is."""
        text = state_of(name, to_plain(result))
        with self._lock:
            self._append(text.encode())
        return from_plain(returned(function), json.loads(text)["content"])

    def close(self) -> None:
        """Bring what was written to the disk."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _index(self, path: Path) -> None:
        start = 0
        try:
            with path.open("rb") as file:
                for text in file:
                    head = _HEAD.match(text)
                    if head is not None and text.endswith(b"\n"):
                        self._lines[head[1].decode()] = Line(path, start, len(text))
                    elif text.endswith(b"\n"):  # else it was cut short by the end of a run
                        self.damaged(f"{path}: a line is no kept result; it is left out")
                    start += len(text)
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror})") from None

    def _append(self, data: bytes) -> None:
        try:
            if self._file is None:
                make_folder(self.folder)
                self._file = Growing(self.folder, "results", SUFFIX, SYNC)
            self._file.add(data)
        except OSError as error:
            raise InputError(
                f"{self.folder}: cannot be written ({error.strerror}); make room, and run the "
                "same command again: what is done is kept"
            ) from None


def _with_files(plain: Any, files: Mapping[str, str]) -> Any:
    """JSON with the names of files replaced by what stands in them."""
    if isinstance(plain, list):
        return [_with_files(x, files) for x in plain]
    if isinstance(plain, dict):
        return {k: _with_files(x, files) for k, x in plain.items()}
    if isinstance(plain, str) and plain in files:
        return [Path(plain).name, files[plain]]
    return plain
