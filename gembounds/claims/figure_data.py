"""What `gembounds figures` recorded, for claims that are about longer runs than a check makes."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

Row = dict[str, str]


def directory() -> Path:
    """``reports/figures`` of the working directory or of this checkout."""
    from gembounds.recorded import reports_directory

    return reports_directory() / "figures"


def stamp(name: str) -> int:
    """Changes when ``name``.csv does: for caches of what is made of it. 0 without the file."""
    path = directory() / f"{name}.csv"
    return path.stat().st_mtime_ns if path.is_file() else 0


def rows(name: str) -> tuple[Row, ...]:
    """The rows of ``name``.csv as texts; none where it was not recorded."""
    changed = stamp(name)
    return _rows(directory() / f"{name}.csv", changed) if changed else ()


@lru_cache(maxsize=8)
def _rows(path: Path, changed: int) -> tuple[Row, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
