"""Recording: evidence stays.

A certificate that ``verify`` confirms is replaced by none but another that it confirms, a verdict
by none that rests on fewer points than a run with the usual number needs; one process records at
a time. A refuted step of an argument is recorded whatever the number of points. What a new record
proves or no longer proves elsewhere is recorded with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gembounds.referee import recorded
from gembounds.referee.proofs import resettle
from gembounds.referee.recorded import Result
from gembounds.referee.verify.confirm import confirm, read
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.paper import papers
from gembounds.tools.errors import InputError
from gembounds.tools.files import locked, make_folder, write_file, write_files

KEPT = (
    "form", "verdict", "by", "proof", "basis", "void", "checked", "undecided", "max_ratio",
    "max_ratio_log10", "nearest_ratio", "witness", "digest", "closest", "points", "seed",
    "statistical",
)  # fmt: skip
"""What is recorded of a result: everything that a seed determines."""

Proof = dict[str, Any]


def write(results: Sequence[Result]) -> list[str]:
    """Record the results of papers' claims, keeping what is recorded of others; a line for each
    claim of which something was kept in place of what was found.

    Sets ``witness`` and ``recorded_...`` of the results to what is recorded now. Raises
    :class:`InputError` where that cannot be written: all stays as it was.
    """
    said = []
    for name, paper in papers().items():
        found = [r for r in results if r["paper"] == name]
        if found:
            said += _write(found, recorded.directory_of(paper), library.collection(name))
    return said


def keep(result: Result, path: Path) -> list[str]:
    """A result's certificate to ``path``, unless what is there stays; the result says where."""
    make_folder(path.parent)
    proof, said = _evidence(result, path)
    if proof is not None:
        write_file(path, _text(proof))
        result["witness"] = path.as_posix()
    return said


def _write(results: Sequence[Result], directory: Path, claims: Mapping[str, Claim]) -> list[str]:
    make_folder(directory / "certificates")
    said: list[str] = []
    with locked(directory):
        known = recorded.read(directory) or {}
        contents: dict[Path, str | bytes] = {}
        stale = []
        for result in results:
            path = recorded.certificate_path(result["id"], directory)
            proof, lines = _evidence(result, path)
            entry, why = _entry(result, proof, known.get(result["id"]))
            said += lines + why
            if proof is not None:
                contents[path] = _text(proof)
            elif entry is not None and entry["witness"] is None:
                stale.append(path)
            result["witness"] = None if proof is None else path.as_posix()
            if entry is not None:
                known[result["id"]] = entry
        for name in resettle(claims, known):
            said.append(f"{name}: recorded as {known[name]['verdict']} now, by what it rests on")
        for result in results:
            entry = known.get(result["id"])
            for key in ("verdict", "statistical", "by", "basis"):
                result[f"recorded_{key}"] = None if entry is None else entry.get(key)
        contents[directory / recorded.VERDICTS] = _text(dict(sorted(known.items())))
        write_files(contents)
        for path in stale:
            path.unlink(missing_ok=True)
    return said


def _evidence(result: Result, path: Path) -> tuple[Proof | None, list[str]]:
    """The certificate to have at ``path`` now: the one found, unless that would lose the one that
    is there."""
    found: Proof | None = result["certificate"]
    there = _confirmed(path)
    if there is None or (found is not None and found["digest"] == there["digest"]):
        return found, []
    if found is None:
        return there, [f"{result['id']}: its certificate is confirmed still, and kept"]
    if found["point"] == there["point"]:
        return there, []
    if confirm(found):
        return there, [f"{result['id']}: its certificate is kept, the one found is not confirmed"]
    return found, []


def _confirmed(path: Path) -> Proof | None:
    """The certificate at ``path``, None unless it is there and confirmed."""
    try:
        proof = read(path)
        return None if confirm(proof) else proof
    except InputError:
        return None


def _entry(
    result: Result, proof: Proof | None, known: Mapping[str, Any] | None
) -> tuple[dict[str, Any] | None, list[str]]:
    """What is recorded of a claim now, None for nothing, and what is to be said of it."""
    decided, least, said = result["checked"], result["min_recorded"], []
    entry: dict[str, Any] | None = {key: result.get(key) for key in KEPT}
    if decided < least and not (result["verdict"] == "undecided" and result["points"] >= least):
        entry = None if known is None else dict(known)
        stays = "nothing is recorded" if entry is None else (
            f"its record, {entry['verdict']} at {entry['checked']} points, is kept"
        )  # fmt: skip
        said = [f"{result['id']}: {stays}: {decided} decided now, {least} are the least"]
        if entry is not None and result.get("void"):
            entry["void"] = True
    if entry is not None and proof is not None:
        witness = f"certificates/{result['id']}.json"
        entry |= {"verdict": "refuted", "by": None, "witness": witness, "digest": proof["digest"]}
    elif entry is not None and not said:
        entry |= {"witness": None, "digest": None}
    return entry, said


def _text(data: Any) -> str:
    return json.dumps(data, indent=1, allow_nan=False) + "\n"
