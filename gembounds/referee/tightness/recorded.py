"""The intervals of the committed report, ``reports/report.json``, to compare with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gembounds.referee.recorded import reports_directory
from gembounds.tools.errors import InputError
from gembounds.tools.files import read_json

Row = Mapping[str, Any]

FILE = "report.json"


def read(directory: Path | None = None) -> dict[tuple[str, str], Row]:
    """The recorded rows by claim and constant; none where there is no report.

    Raises :class:`InputError` where the file is not a report.
    """
    path = (directory or reports_directory()) / FILE
    try:
        claims = read_json(path)["claims"]
        rows = [row for claim in claims for row in claim["tightness"]]
        return {(row["claim"], row["constant"]): row for row in rows}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is no report ({error!r}): run gembounds report") from None


def differences(rows: Iterable[Row], known: Mapping[tuple[Any, ...], Row]) -> list[str]:
    """One line a constant of an unchanged statement whose recorded interval and new one are
    disjoint."""
    lines = []
    for row in rows:
        old = known.get((row["paper"], row["claim"], row["constant"]))
        if old is None or old["statement"] != row["statement"]:
            continue
        if _above(old, row) or _above(row, old):
            lines.append(
                f"{row['claim']}, {row['constant']}: {_interval(row)} is disjoint from the "
                f"recorded {_interval(old)}"
            )
    return lines


def _above(a: Row, b: Row) -> bool:
    low, high = a["certified_lower"], b["certified_upper"]
    return low is not None and high is not None and float(low) > float(high)


def _interval(row: Row) -> str:
    return f"[{row['certified_lower']}, {row['certified_upper']}]"
