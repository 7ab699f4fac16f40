"""What `gembounds figures` recorded, for claims that are about longer runs than a check makes.

Such a claim is as good as the file: nothing is run again, so ``gembounds verify`` confirms none of
them. What can be seen is checked: a file counts only where the settings beside it (``.json``) are
those of a full run with seed 0, the one that the repository records.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from gembounds.tools.files import read_json

Row = dict[str, str]


def directory() -> Path:
    """``reports/figures`` of the working directory or of this checkout."""
    from gembounds.referee.recorded import reports_directory

    return reports_directory() / "figures"


def stamp(name: str) -> tuple[Path, int, int]:
    """Changes when ``name``.csv or ``name``.json does: for caches of what is made of them. 0
    in place of a file that is not there."""
    folder = directory()
    return folder, _changed(folder / f"{name}.csv"), _changed(folder / f"{name}.json")


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def is_the_recorded_run(figure: str) -> bool:
    """Whether ``figure``.json says: a full run, seed 0, the section's d and eta."""
    return _is_the_recorded_run(figure, stamp(figure))


@lru_cache(maxsize=8)
def _is_the_recorded_run(figure: str, changed: tuple[Path, int, int]) -> bool:
    from gembounds.papers.xu_fazel_du_2024 import experiments

    try:
        settings = read_json(changed[0] / f"{figure}.json")["settings"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    dimension = settings.get("d", settings.get("d (chosen)"))
    found = (settings.get("seed"), settings.get("quick"), dimension, settings.get("eta"))
    return found == (0, False, experiments.DIMENSION, experiments.STEP_SIZE)


def rows(name: str) -> tuple[Row, ...]:
    """The rows of ``name``.csv as texts; none where it was not recorded."""
    folder, changed, _ = stamp(name)
    return _rows(folder / f"{name}.csv", changed) if changed else ()


@lru_cache(maxsize=8)
def _rows(path: Path, changed: int) -> tuple[Row, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
