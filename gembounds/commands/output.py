"""What the commands share: what goes to standard output, and where files go."""

from __future__ import annotations

import argparse
import json
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gembounds.tools.errors import InputError
from gembounds.tools.files import descriptor, read_file, try_folder, try_place, write_file

if TYPE_CHECKING:
    from gembounds.values.mixture import Mixture

STDOUT = "-"


def add_json(parser: argparse.ArgumentParser) -> None:
    """Give ``parser`` the option ``--json [FILE]``: None, or ``"-"`` for stdout, or a path."""
    parser.add_argument(
        "--json",
        nargs="?",
        const=STDOUT,
        metavar="FILE",
        help="write JSON to stdout, or to FILE",
    )


def add_mixture(parser: argparse.ArgumentParser) -> None:
    """Give ``parser`` the argument ``FILE`` of a mixture."""
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help='{"means": [[...], ...], "weights": [...]}; - for standard input',
    )


def add_data(parser: argparse.ArgumentParser) -> None:
    """Give ``parser`` the option ``--data FILE``."""
    parser.add_argument(
        "--data", metavar="FILE", help="what x is distributed as, a mixture; N(0, I) if left out"
    )


def model_and_data(file: str, data: str | None) -> tuple[Mixture, Mixture | None]:
    """The mixtures of FILE and of ``--data``; :class:`InputError` where both are standard input,
    and for data of another dimension."""
    from gembounds.values.configuration import read_mixture

    if data == STDOUT == file:
        raise InputError("--data -: standard input is the model; give the data in a file")
    mix = read_mixture(file)
    if data is None:
        return mix, None
    x = read_mixture(data)
    if x.d != mix.d:
        raise InputError(f"--data {data}: has {x.d} coordinates, the model {mix.d}")
    return mix, x


def mixture_and_target(options: argparse.Namespace) -> tuple[str, str | None]:
    """The input file, and where JSON goes; in ``--json FILE`` the one name given is the input's.

    Raises :class:`InputError` where no file is named.
    """
    file, target = options.file, options.json
    if file is None and target not in (None, STDOUT):
        file, target = target, STDOUT
    if file is None:
        raise InputError("no FILE: name a JSON file, or - for standard input")
    return file, target


def add_targets(parser: argparse.ArgumentParser, what: str) -> None:
    """Give ``parser`` the arguments ``TARGET...``, seed and number of processes."""
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET",
        help=f"{what}: ID, PAPER, PAPER:ID, FILE.py or FILE.py:ID; all if none",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, help="of all that is drawn (default 0)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")


def targets_and_json(options: argparse.Namespace) -> tuple[list[str], str | None]:
    """The targets, and where JSON goes: what follows ``--json`` is a target where it names one.

    Raises :class:`InputError` for numbers out of range.
    """
    for name in ("points", "jobs"):
        value = getattr(options, name, None)
        if value is not None and value < 1:
            raise InputError(f"--{name} is {value}: give a positive integer")
    if options.seed < 0:
        raise InputError(f"--seed is {options.seed}: give an integer that is not negative")
    return taken(options.targets, getattr(options, "json", None), STDOUT)


def taken(targets: Sequence[str], word: str | None, alone: str) -> tuple[list[str], str | None]:
    """The targets, and the word that follows an option, which is ``alone`` where nothing does: a
    word that names claims is a target."""
    from gembounds.statements.library import file_of, is_target

    if word is None or word == alone or not is_target(word, targets):
        return list(targets), word
    behind = any(map(file_of, targets))  # an id behind a file belongs to it
    return ([*targets, word] if behind else [word, *targets]), alone


def add_plot(parser: argparse.ArgumentParser, what: str, name: str) -> None:
    """Give ``parser`` the option ``--plot [FILE]``: None, or a path, ``name`` by default."""
    parser.add_argument(
        "--plot", nargs="?", const=name, metavar="FILE", help=f"draw {what} (default {name})"
    )


def check_places(
    outputs: Mapping[str, str | Path | None], inputs: Iterable[str | Path | None] = ()
) -> None:
    """Before the work: raise :class:`InputError` where a file that the command will write cannot
    be written, is one that it reads, or is another that it writes.

    ``outputs`` has what an output is called (``--json``) and where it goes; None and ``"-"`` are
    no files there, and ``"-"`` is standard input among the ``inputs``.
    """
    read = {_identity(i if i != STDOUT else "/dev/stdin"): i for i in inputs if i is not None}
    written = {_identity("/dev/stdout"): "standard output"}
    for name, target in outputs.items():
        if target is None or target == STDOUT:
            continue
        path = Path(target)
        with named(name):
            try_place(path)
        identity = _identity(path)
        if descriptor(path) is not None or identity is None:
            continue
        if identity in read:
            raise InputError(f"{name} {target}: is an input of this command; name another file")
        if identity in written:
            raise InputError(
                f"{name} {target}: is where {written[identity]} goes; name another file"
            )
        written[identity] = name


def is_input(target: str) -> bool:
    """Whether the file that follows ``--json``, where that may be an input's place, is one: any
    that is there, unless it is empty or an earlier result, which is a list."""
    path = Path(target)
    if not path.is_file():
        return False
    try:
        return read_file(path).lstrip()[:1] not in (b"", b"[")
    except OSError:
        return True


def same_file(a: str | Path, b: str | Path) -> bool:
    """Whether two paths are one file."""
    found = _identity(a)
    return found is not None and found == _identity(b)


def check_folder(name: str, folder: Path | None) -> None:
    """Before the work: raise :class:`InputError` where no files can be written in ``folder``."""
    if folder is not None:
        with named(name):
            try_folder(folder)


def write_json(value: Any, target: str) -> None:
    """``value`` as JSON to stdout (``"-"``) or to the file ``target``, whole or not at all.

    Raises :class:`InputError` if it cannot be written.
    """
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    if target == STDOUT:
        say(text)
        return
    with named("--json"):
        write_file(Path(target), text)


def say(text: str) -> None:
    """``text`` to standard output, now; raises :class:`InputError` if that is full or closed."""
    try:
        # by lines: an unbuffered stdout silently drops the rest of one long write where the
        # reader has left
        sys.stdout.writelines(text.splitlines(keepends=True))
        sys.stdout.flush()
    except (OSError, ValueError) as error:  # a character that its encoding lacks, too
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"standard output: cannot be written ({reason})") from None


@contextmanager
def named(name: str) -> Iterator[None]:
    """Errors inside begin with the option that named the place."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{name} {error}") from None


def _identity(path: str | Path) -> tuple[int, int] | str | None:
    """What is the same for two paths to one file; None for what is neither a file nor will be."""
    number = descriptor(Path(path))
    try:
        found = os.stat(path) if number is None else os.fstat(number)
    except OSError:
        return os.path.realpath(path) if number is None else None
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else None
