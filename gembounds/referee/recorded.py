"""Last known verdicts of a paper's claims, ``verdicts.json``, and the certificates beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gembounds
from gembounds.points.point import Point
from gembounds.statements.claim import Claim
from gembounds.statements.paper import Paper, papers
from gembounds.tools.errors import InputError
from gembounds.tools.files import replace_file

Result = dict[str, Any]

KEPT = (
    "form", "verdict", "checked", "undecided", "max_ratio", "max_ratio_log10", "nearest_ratio",
    "witness", "digest", "closest", "points", "seed", "statistical",
)  # fmt: skip
"""What is recorded of a result: everything that a seed determines."""


def reports_directory() -> Path:
    """``reports`` of the working directory if it is there, else of this checkout."""
    here = Path("reports")
    checkout = Path(gembounds.__file__).resolve().parent.parent / "reports"
    return here if here.is_dir() or not checkout.is_dir() else checkout


def directory_of(paper: Paper) -> Path:
    """Where a paper's verdicts and certificates are recorded: those of a paper that does not come
    with gembounds below the working directory."""
    own = paper.claims.startswith("gembounds.")
    return (reports_directory() if own else Path("reports")) / paper.folder


def read(directory: Path | None = None) -> dict[str, Result] | None:
    """The recorded results by claim id; None if nothing was ever recorded.

    Raises :class:`InputError` where the file is not what :func:`write` writes.
    """
    path = (directory or reports_directory()) / "verdicts.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
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


def witness_of(claim: Claim) -> Point | None:
    """The recorded witness against a paper's claim; None where there is none to be read."""
    paper = papers().get(claim.home)
    if paper is None:
        return None
    path = certificate_path(claim.id, directory_of(paper))
    try:
        return Point.from_json(json.loads(path.read_text(encoding="utf-8"))["point"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write(results: Sequence[Result]) -> None:
    """Record the results of papers' claims, keeping what is recorded of others; each file whole
    or not.

    The certificate of a claim that is no longer refuted is removed. Sets ``witness`` and
    ``recorded_verdict`` of the results to what is recorded now.
    """
    for name, paper in papers().items():
        found = [r for r in results if r["paper"] == name]
        if found:
            _write(found, directory_of(paper))


def _write(results: Sequence[Result], directory: Path) -> None:
    known = read(directory) or {}
    for result in results:
        path = certificate_path(result["id"], directory)
        if result["certificate"] is not None:
            keep(result, path)
        else:
            path.unlink(missing_ok=True)
            result["witness"] = None
        result["recorded_verdict"] = result["verdict"]
        result["recorded_statistical"] = result.get("statistical")
        proof = result["certificate"]
        kept = {**result, "digest": None if proof is None else proof["digest"]}
        known[result["id"]] = {key: kept.get(key) for key in KEPT}
        if result["witness"] is not None:
            known[result["id"]]["witness"] = f"certificates/{path.name}"
    replace(directory / "verdicts.json", dict(sorted(known.items())))


def keep(result: Result, path: Path) -> None:
    """Write a result's certificate to ``path``, and say so in the result."""
    replace(path, result["certificate"])
    result["witness"] = path.as_posix()


def replace(path: Path, data: Any) -> None:
    """``data`` as JSON at ``path``, whole or not; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, json.dumps(data, indent=1, allow_nan=False) + "\n")
