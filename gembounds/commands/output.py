"""What the commands share: where JSON goes."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from gembounds.tools.errors import InputError
from gembounds.tools.files import replace_file

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

    Raises :class:`InputError` for numbers out of range, or a place that cannot be written.
    """
    for name in ("points", "jobs"):
        value = getattr(options, name, None)
        if value is not None and value < 1:
            raise InputError(f"--{name} is {value}: give a positive integer")
    if options.seed < 0:
        raise InputError(f"--seed is {options.seed}: give an integer that is not negative")
    targets, target = list(options.targets), getattr(options, "json", None)
    if target not in (None, STDOUT):
        from gembounds.statements.library import file_of, is_target

        if is_target(target, targets):  # an id behind a file belongs to it
            behind = any(map(file_of, targets))
            targets = [*targets, target] if behind else [target, *targets]
            target = STDOUT
    check_target(target)
    return targets, target


def check_target(target: str | None) -> None:
    """Raise :class:`InputError` if JSON cannot be written to ``target``: before the work."""
    if target is None or target == STDOUT:
        return
    path = Path(target)
    if path.is_dir():
        raise InputError(f"--json {target}: is a directory; give a file")
    if not path.parent.is_dir():
        raise InputError(f"--json {target}: no directory {path.parent}; make it first")
    if not os.access(path.parent, os.W_OK):
        raise InputError(f"--json {target}: cannot write in {path.parent}; give another file")


def write_json(value: Any, target: str) -> None:
    """``value`` as JSON to stdout (``"-"``) or to the file ``target``, whole or not at all.

    Raises :class:`InputError` if the file cannot be written.
    """
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    if target == STDOUT:
        # by lines: an unbuffered stdout silently drops the rest of one long write where the
        # reader has left
        sys.stdout.writelines(text.splitlines(keepends=True))
        return
    try:
        replace_file(Path(target), text)
    except OSError as error:
        raise InputError(f"--json {target}: cannot be written ({error.strerror})") from None
