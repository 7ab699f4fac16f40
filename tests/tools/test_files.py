"""Files are put in place whole, together, with their mode, and never by halves."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gembounds.tools import files
from gembounds.tools.errors import InputError
from gembounds.tools.files import (
    Growing,
    descriptor,
    locked,
    make_folder,
    read_file,
    try_folder,
    try_place,
    write_file,
    write_files,
)


def test_all_are_written(tmp_path: Path) -> None:
    write_files({tmp_path / "a": "one", tmp_path / "b": "zwei \u2265"})
    assert (tmp_path / "a").read_text() == "one"
    assert (tmp_path / "b").read_text(encoding="utf-8") == "zwei \u2265"
    assert len(list(tmp_path.iterdir())) == 2


def test_none_is_written_where_one_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with pytest.raises(InputError, match="no directory"):
        write_files({tmp_path / "a": "new", tmp_path / "none" / "b": "new"})
    assert (tmp_path / "a").read_text() == "old" and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("call", ["write", "fsync", "replace", "open", "fchmod"])
def test_each_call_of_the_system_may_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = tmp_path / "a"
    path.write_text("old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    if call == "write":  # beyond the buffer, so that it is the system that is asked
        import resource

        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, before[1]))
    else:
        monkeypatch.setattr(os, call, full)
    try:
        with pytest.raises(InputError, match=r"a: cannot be written \((No space|File too large)"):
            write_file(path, "new" * 100_000)
    finally:
        if call == "write":
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        monkeypatch.undo()
    assert path.read_text() == "old" and len(list(tmp_path.iterdir())) == 1


def test_the_file_and_its_directory_reach_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[bool | None] = []
    monkeypatch.setattr(os, "fsync", lambda n: done.append(stat.S_ISDIR(os.fstat(n).st_mode)))
    replace = os.replace
    monkeypatch.setattr(os, "replace", lambda a, b: (done.append(None), replace(a, b)))  # type: ignore[func-returns-value]
    write_file(tmp_path / "a", "new")
    assert done == [False, None, True]


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755])
def test_the_mode_of_a_file_is_kept(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(mode)
    write_file(path, "new")
    assert stat.S_IMODE(path.stat().st_mode) == mode and path.read_text() == "new"


def test_a_new_file_has_the_mode_of_the_umask(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    write_file(tmp_path / "a", "new")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_is_followed_once(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target, link, chain = tmp_path / "there" / "a", tmp_path / "link", tmp_path / "chain"
    link.symlink_to("there/a")
    write_file(link, "through")  # to a file that was not there
    assert target.read_text() == "through" and link.is_symlink()
    chain.symlink_to("link")
    with pytest.raises(InputError, match="is a link to a link"):
        write_file(chain, "new")
    assert target.read_text() == "through"


def test_pipes_and_devices_are_written_to(tmp_path: Path) -> None:
    write_file(Path("/dev/null"), "nothing")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "link").symlink_to("pipe")
    for path in (pipe, tmp_path / "link"):
        found: list[bytes] = []
        reader = threading.Thread(target=lambda: found.append(pipe.read_bytes()))  # noqa: B023
        reader.start()
        write_file(path, "words")
        reader.join()
        assert found == [b"words"] and pipe.is_fifo()


def test_a_full_device_is_one_line() -> None:
    with pytest.raises(InputError, match=r"/dev/full: cannot be written \(No space left"):
        write_file(Path("/dev/full"), "words")


def test_open_files_are_written_to_where_they_stand(tmp_path: Path) -> None:
    """``--json /dev/stdout > out`` neither renames a file over ``out`` nor starts it again."""
    code = (
        "import sys; from pathlib import Path; from gembounds.tools.files import write_file;"
        "sys.stdout.write('first '); sys.stdout.flush();"
        "write_file(Path(sys.argv[1]), 'second '); sys.stdout.write('third')"
    )
    for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
        with (tmp_path / "out").open("w") as out:
            subprocess.run([sys.executable, "-c", code, name], stdout=out, check=True)
        assert (tmp_path / "out").read_text() == "first second third"
        assert descriptor(Path(name)) == 1
    assert descriptor(Path("/dev/null")) is None and descriptor(tmp_path) is None
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_what_a_killed_writer_left_is_removed_and_what_a_living_one_has_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / ".a.12.0123abcd.part"
    gone.write_text("ha")
    own = tmp_path / ".a.note"
    own.write_text("mine")
    with files._finished(tmp_path / "a", b"half") as living:
        write_file(tmp_path / "a", "new")
        assert living.exists() and not gone.exists() and own.exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == [".a.note", "a"]


def test_a_file_that_may_not_be_written_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o444)
    monkeypatch.setattr(os, "access", lambda *_: False)  # as for anybody but root
    for write in (try_place, lambda p: write_file(p, "new")):
        with pytest.raises(InputError, match="is read-only"):
            write(path)
    assert path.read_text() == "old"


def test_places_are_tried_without_a_trace(tmp_path: Path) -> None:
    try_place(tmp_path / "a")
    try_folder(tmp_path / "x" / "y")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("old")
    for path, message in ((tmp_path, "is a directory"), (tmp_path / "x" / "y", "no directory")):
        with pytest.raises(InputError, match=message):
            try_place(path)
    for path in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/none")):
        with pytest.raises(InputError):
            try_folder(path)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("name", ["/dev/zero", "sparse"])
def test_input_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 1 << 20)
    path = tmp_path / name  # tmp_path / "/dev/zero" is /dev/zero
    if name == "sparse":
        path.touch()
        os.truncate(path, 1 << 20)
        assert len(read_file(path)) == 1 << 20
        os.truncate(path, 1 << 40)
    with pytest.raises(InputError, match="longer than 1 MiB"):
        read_file(path)


def test_blocks_of_one_folder_wait_for_each_other(tmp_path: Path) -> None:
    count, number = tmp_path / "count", 4
    count.write_text("0")
    code = (
        "import sys; from pathlib import Path; from gembounds.tools.files import locked\n"
        "for _ in range(50):\n"
        "    with locked(Path(sys.argv[1]).parent):\n"
        "        known = int(Path(sys.argv[1]).read_text())\n"
        "        Path(sys.argv[1]).write_text(str(known + 1))\n"
    )
    words = [sys.executable, "-c", code, str(count)]
    for process in [subprocess.Popen(words) for _ in range(number)]:
        assert process.wait() == 0
    assert count.read_text() == str(50 * number)
    with locked(tmp_path):
        pass


def test_new_folders_and_files_that_grow_are_in_folders_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda n: done.append(os.readlink(f"/proc/self/fd/{n}")))
    inner = tmp_path / "a" / "b"
    make_folder(inner)
    assert set(done) == {str(tmp_path), str(tmp_path / "a")}
    make_folder(inner)
    assert len(done) == 2
    both = [Growing(inner, "results", ".txt", 600.0) for _ in range(2)]
    assert done[2:] == [str(inner)] * 2
    for file in both:
        file.add(b"one\n")
        file.add(b"two\n")
        file.close()
    assert [p.read_text() for p in inner.iterdir()] == ["one\ntwo\n"] * 2
    assert done[-1] == str(inner / "results-2.txt")
