"""Files that are written whole or not at all, by one function, and read up to a limit.

A file is finished under a name of its own beside its place, brought to the disk, renamed, and the
directory brought to the disk: whoever reads it, and whatever ends the process, there is the former
content or the new one. What a killed process left half-written is removed by the next one that
writes there: a writer holds a lock on what it writes.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Any, BinaryIO

from gembounds.tools.errors import InputError

MOST_BYTES = 2**28
"""Of a file that is read (a choice: 256 MiB, a million dimensions and tens of components)."""

_DESCRIPTOR = re.compile(r"/proc/(?:self|\d+)(?:/task/\d+)?/fd/(\d+)|/dev/fd/(\d+)")


def typed(path: str | Path) -> str:
    """``path`` as one would type it here: relative where it is below the working directory."""
    place, here = Path(path), Path.cwd()
    return str(place.relative_to(here) if place.is_relative_to(here) else place)


def write_file(path: Path, content: str | bytes) -> None:
    """``content`` at ``path``; see :func:`write_files`."""
    write_files({path: content})


def write_files(contents: Mapping[Path, str | bytes]) -> None:
    """Several files: all are finished before the first is put in its place.

    A link is followed once; the mode of a file that is there is kept; a pipe, a device, or a
    descriptor (``/dev/stdout``, ``/dev/fd/N``) is written to directly.

    Raises :class:`InputError`, in one line, for a place that cannot be written; then nothing is
    left behind, and no file is half-written.
    """
    with ExitStack() as stack:
        waiting = []
        for path, content in contents.items():
            data = content.encode() if isinstance(content, str) else content
            with _said(path):
                place = destination(path)
                if place is None:
                    _stream(path, data)
                else:
                    waiting.append((path, stack.enter_context(_finished(place, data)), place))
        for path, name, place in waiting:
            with _said(path):
                os.replace(name, place)
                _to_disk(place.parent)


def read_file(path: str | Path) -> bytes:
    """The bytes of a file; raises ``OSError`` where it cannot be read, and :class:`InputError`
    where it is longer than ``MOST_BYTES``, or has no end."""
    with open(path, "rb") as file:
        return up_to_limit(file, str(path))


def up_to_limit(file: BinaryIO, name: str) -> bytes:
    """What an open file has left; raises :class:`InputError` beyond ``MOST_BYTES``."""
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise InputError(f"{name}: longer than {MOST_BYTES >> 20} MiB; give a smaller file")
    return data


def read_json(path: str | Path) -> Any:
    """The JSON in a file; raises as :func:`read_file` does, and :class:`InputError` for what is no
    JSON, has a key twice, or is nested too deeply."""
    data = read_file(path)
    try:
        return json.loads(data, object_pairs_hook=_object)
    except RecursionError:
        raise InputError(f"{path}: is not JSON (nested too deeply)") from None
    except ValueError as error:
        raise InputError(f"{path}: is not JSON ({error})") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found


def try_place(path: Path) -> None:
    """Raise :class:`InputError` where :func:`write_file` would: before a long run."""
    with _said(path):
        place = destination(path)
        if place is not None:
            with _finished(place, b""):
                pass


def try_folder(path: Path) -> None:
    """Raise :class:`InputError` where no files can be written in the folder ``path``, which may
    have to be made, with those above it."""
    with _said(path):
        if path.exists() and not path.is_dir():
            raise InputError(f"{path}: is no directory; give one")
        there = next(p for p in (path, *path.absolute().parents) if p.exists())
        with _finished(there / "gembounds", b""):
            pass


def make_folder(path: Path) -> None:
    """The folder ``path``, made with those above it if it is not there."""
    full = path.absolute()
    with _said(path):
        new = [folder for folder in (full, *full.parents) if not folder.exists()]
        path.mkdir(parents=True, exist_ok=True)
        for folder in new:
            _to_disk(folder.parent)


class Growing:
    """A new file in ``folder``, ``{stem}-N{suffix}``, to which pieces are added, each whole or not
    at all, and brought to the disk after so many ``seconds``. Raises ``OSError`` where it cannot
    be written."""

    def __init__(self, folder: Path, stem: str, suffix: str, seconds: float) -> None:
        self._file, self._seconds, self._synced = _new(folder, stem, suffix), seconds, 0.0
        _to_disk(folder)

    def add(self, data: bytes) -> None:
        """The next piece."""
        before = os.fstat(self._file.fileno()).st_size
        try:
            left = memoryview(data)
            while left:
                left = left[self._file.write(left) :]
            if time.monotonic() - self._synced > self._seconds:
                os.fsync(self._file.fileno())
                self._synced = time.monotonic()
        except OSError:
            self._file.seek(self._file.truncate(before))
            raise

    def close(self) -> None:
        """Bring what was added to the disk."""
        with suppress(OSError):
            os.fsync(self._file.fileno())
        self._file.close()


def _new(folder: Path, stem: str, suffix: str) -> FileIO:
    number = 1
    while True:
        try:
            return FileIO(folder / f"{stem}-{number}{suffix}", "x")
        except FileExistsError:
            number += 1


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Inside, no other process is in such a block with the same folder: others wait."""
    with _said(folder):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with _said(folder):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def destination(path: Path) -> Path | None:
    """The file to be replaced, where ``path`` or the link that it is leads; None for what is
    written to directly. Raises :class:`InputError` or ``OSError`` where nothing can be."""
    if descriptor(path) is not None:
        return None
    place = path
    if path.is_symlink():
        place = path.parent / path.readlink()
        if place.is_symlink() and not _special(path):
            raise InputError(f"{path}: is a link to a link; name {path.resolve()} itself")
    if _special(path):
        return None
    if place.is_dir():
        raise InputError(f"{path}: is a directory; give a file")
    if not place.parent.is_dir():
        raise InputError(f"{path}: no directory {place.parent}; make it first")
    if place.exists() and not os.access(place, os.W_OK):
        raise InputError(f"{path}: is read-only; give another file, or make it writable")
    return place


def descriptor(path: Path) -> int | None:
    """The number of this process's open file that ``path`` stands for: ``/dev/stdout`` and the
    like."""
    name = Path(os.path.abspath(path))
    for _ in range(8):  # links lead to /proc/self/fd/1, which leads to what is open there
        found = _DESCRIPTOR.fullmatch(f"{os.path.realpath(name.parent)}/{name.name}")
        if found is not None:
            return int(found[1] or found[2])
        if not name.is_symlink():
            return None
        name = Path(os.path.abspath(name.parent / name.readlink()))
    return None


def _special(path: Path) -> bool:
    """Whether ``path`` is there and is a pipe, a device or a socket."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _stream(path: Path, data: bytes) -> None:
    number = descriptor(path)
    with open(path, "wb") if number is None else os.fdopen(os.dup(number), "wb") as file:
        file.write(data)


@contextmanager
def _finished(place: Path, data: bytes) -> Iterator[Path]:
    """A finished file beside ``place``, gone afterwards unless it was renamed."""
    _sweep(place)
    name, handle = _part(place)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            with suppress(FileNotFoundError):
                known = place.stat()
                with suppress(PermissionError):
                    os.fchown(handle, known.st_uid, known.st_gid)
                os.fchmod(handle, stat.S_IMODE(known.st_mode))
            file.flush()
            os.fsync(handle)
            yield name
    finally:
        with suppress(OSError):
            name.unlink()


def _part(place: Path) -> tuple[Path, int]:
    """A new file beside ``place``, and its descriptor, locked."""
    while True:
        name = place.parent / f"{_start(place)}{os.getpid()}.{os.urandom(4).hex()}.part"
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if os.fstat(handle).st_nlink:  # not swept before it was locked
                return name, handle
        except BaseException:
            with suppress(OSError):
                name.unlink()
            os.close(handle)
            raise
        os.close(handle)


def _start(place: Path) -> str:
    return f".{os.fsdecode(os.fsencode(place.name)[:200])}."


def _sweep(place: Path) -> None:
    """Remove what writers that are gone left half-written for ``place``."""
    part = re.compile(rf"{re.escape(_start(place))}\d+\.[0-9a-f]{{8}}\.part")
    for name in os.listdir(place.parent):
        if part.fullmatch(name):
            with suppress(OSError), open(place.parent / name, "rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                (place.parent / name).unlink()


def _to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:  # some file systems cannot do that to a directory
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)


@contextmanager
def _said(path: Path) -> Iterator[None]:
    """An ``OSError`` inside becomes one line about ``path``."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            f"{path}: cannot be written ({reason}); make room or name another place"
        ) from None
