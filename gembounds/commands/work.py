"""Who computes what a command asks for, and where results are kept: shared by the long ones."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gembounds.commands.output import check_folder

if TYPE_CHECKING:
    from gembounds.tools.workers import Workers


def add_work(parser: argparse.ArgumentParser) -> None:
    """Give ``parser`` the options ``--keep DIR`` and ``--dask ADDRESS``."""
    parser.add_argument(
        "--keep", type=Path, metavar="DIR",
        help="keep results there as they come: ended at any time, the same command goes on",
    )  # fmt: skip
    add_dask(parser)


def add_dask(parser: argparse.ArgumentParser) -> None:
    """Give ``parser`` the option ``--dask ADDRESS``."""
    parser.add_argument(
        "--dask", metavar="ADDRESS", help="the scheduler of a dask cluster, in place of --jobs"
    )


def check_work(options: argparse.Namespace) -> None:
    """Before the work: raise :class:`InputError` where nothing can be kept."""
    check_folder("--keep", options.keep)


@contextmanager
def work(options: argparse.Namespace) -> Iterator[Workers]:
    """The workers that are asked for, with what was kept."""
    from gembounds.referee.origin import version
    from gembounds.tools.kept import Results
    from gembounds.tools.workers import workers

    results = None if options.keep is None else Results(options.keep, version(), warn)
    try:
        with workers(options.jobs, options.dask) as found:
            found.kept = results
            found.version = version if results is not None or options.dask is not None else None
            yield found
    finally:
        if results is not None:
            results.close()


def warn(line: str) -> None:
    """A line that does not end the command."""
    sys.stderr.write(f"gembounds: {line}\n")
