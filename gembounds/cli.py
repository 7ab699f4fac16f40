"""The command line: one module of :mod:`gembounds.commands` a sub-command.

A command module has ``NAME``, ``HELP``, ``arguments(parser)`` and ``run(options) -> status``,
and imports what it works with inside ``run``, so that ``--help`` and mistakes are answered at
once. Exit status: 0 as expected, 1 a verdict or value differs from what is recorded, 2 usage
or bad input, 3 undecided.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

from gembounds.commands import (
    check,
    conform,
    em,
    erratum,
    evaluate,
    figures,
    listing,
    merge,
    prove,
    report,
    show,
    stationary,
    status,
    sweep,
    tightness,
    trap,
    verify,
)
from gembounds.commands.output import say
from gembounds.statements.paper import papers
from gembounds.tools.errors import InputError

COMMANDS = (
    evaluate, listing, show, check, prove, verify, tightness, sweep, merge, status, em, stationary,
    trap, report, figures, erratum, conform,
)  # fmt: skip
"""Those of gembounds itself; a paper may bring others."""

BAD_INPUT = 2
INTERRUPTED = 130
"""128 + SIGINT, what a shell reports of a process that Ctrl-C ended."""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage before it."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message}; see {self.prog} --help")

    def _print_message(self, message: str, file: Any = None) -> None:
        say(message)  # argparse ignores where it cannot write


class _Version(argparse.Action):
    """Looks the version up only where it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        import gembounds

        say(f"gembounds {gembounds.__version__}\n")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    top = _Parser(
        prog="gembounds",
        description="Inequalities about Gaussian mixtures, decided with certified arithmetic.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    brought = (name for paper in papers().values() for name in paper.commands)
    for module in (*COMMANDS, *map(import_module, brought)):
        command = commands.add_parser(
            module.NAME, help=module.HELP, description=module.HELP, allow_abbrev=False
        )
        module.arguments(command)
        command.set_defaults(run=module.run)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line ``arguments`` (``sys.argv[1:]`` if None); the exit status.

    Bad input ends in one line on stderr and status 2, and so does a standard output that is full
    or closed.
    """
    try:
        _open_streams()
        if arguments is None:
            os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", _cache())
        options = parser().parse_args(arguments)
        return int(options.run(options))
    except InputError as error:
        return _failed(str(error))
    except OSError as error:  # of what no part of the program reads or writes by name
        return _failed(f"{error.filename or 'the system'}: {error.strerror or error}")
    except KeyboardInterrupt:
        sys.stderr.write("gembounds: interrupted\n")
        return INTERRUPTED


def _open_streams() -> None:
    """Standard streams that are closed become empty ones, lest a file gets their numbers; raises
    :class:`InputError` where that is standard output."""
    closed = sys.stdout is None
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115 - stays open
            setattr(sys, name, stream)
    if closed:
        raise InputError("standard output is closed: give it a place, /dev/null for none")


def _cache() -> str:
    """Where Hypothesis keeps what it read of sources, in place of the working directory."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = home if os.path.isabs(home) else tempfile.gettempdir()
    return os.path.join(folder, "gembounds", "hypothesis")


def _failed(text: str) -> int:
    with suppress(OSError):
        sys.stderr.write(f"gembounds: error: {' '.join(text.split())}\n")
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # what cannot be written is not tried again at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return BAD_INPUT
