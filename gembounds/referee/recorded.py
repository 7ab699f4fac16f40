"""Last known verdicts of a paper's claims, ``verdicts.json``, and the certificates beside it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import gembounds
from gembounds.points.point import Point
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.paper import Paper, papers
from gembounds.tools.errors import InputError
from gembounds.tools.files import read_json

Result = dict[str, Any]

VERDICTS = "verdicts.json"


def reports_directory() -> Path:
    """``reports`` of the working directory if it is there, else of this checkout."""
    here = Path("reports")
    return here if here.is_dir() or not _of_this_checkout().is_dir() else _of_this_checkout()


@lru_cache(maxsize=1)
def _of_this_checkout() -> Path:
    return Path(gembounds.__file__).resolve().parent.parent / "reports"


def directory_of(paper: Paper) -> Path:
    """Where a paper's verdicts and certificates are recorded: those of a paper that does not come
    with gembounds below the working directory."""
    folder = reports_directory() if paper.comes_with_gembounds else Path("reports")
    return folder / paper.folder


def read(directory: Path | None = None) -> dict[str, Result] | None:
    """The recorded results by claim id; None if nothing was ever recorded.

    Raises :class:`InputError` where the file is not what :mod:`gembounds.referee.keep` writes.
    """
    path = (directory or reports_directory()) / VERDICTS
    try:
        data = read_json(path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read ({error}): record the verdicts again") from None
    if not isinstance(data, dict) or not all(isinstance(v, dict) for v in data.values()):
        raise InputError(f"{path} is not an object of claims: record the verdicts again")
    return data


def certificate_path(claim_id: str, directory: Path | None = None) -> Path:
    """Where the certificate of a refuted claim is kept."""
    return (directory or reports_directory()) / "certificates" / f"{claim_id}.json"


def place_of(claim: Claim) -> Path | None:
    """Where the certificate of a paper's or a file's claim is kept; None for other claims."""
    paper = papers().get(claim.home)
    if paper is not None:
        return certificate_path(claim.id, directory_of(paper))
    folder = library.certificates_of(claim)
    return None if folder is None else folder / f"{claim.id}.json"


def witness_of(claim: Claim) -> Point | None:
    """The stored witness against a claim; None where there is none to be read."""
    path = place_of(claim)
    try:
        return None if path is None else _point(read_json(path)["point"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def stored(claim: Claim, known: Mapping[str, Result] | None) -> list[Point]:
    """The points that are kept of a claim, to be run again: its witness, and its nearest miss as
    ``known``, the recorded results of its paper, has it."""
    closest = (known or {}).get(claim.id, {}).get("closest")
    found = [witness_of(claim), _point(closest)]
    return [p for k, p in enumerate(found) if p is not None and p not in found[:k]]


def _point(data: Any) -> Point | None:
    """The point that is written, None where it is none."""
    try:
        return Point.from_json(data)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None
