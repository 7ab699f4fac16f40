"""What changed between two reports: verdicts, and certified intervals that no longer meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gembounds.referee.proofs import said
from gembounds.tools.errors import InputError
from gembounds.tools.files import read_json

Data = Mapping[str, Any]


def load(path: Path) -> dict[str, Any]:
    """An earlier report's JSON; raises :class:`InputError` for anything else."""
    try:
        data = read_json(path)
    except FileNotFoundError:
        raise InputError(f"--against {path}: no such file; give a report.json") from None
    except (OSError, ValueError) as error:
        raise InputError(f"--against {path}: cannot be read ({error})") from None
    if not isinstance(data, dict) or not isinstance(data.get("claims"), list):
        raise InputError(f"--against {path}: not a report; give a report.json")
    return data


def differences(old: Data, new: Data) -> list[str]:
    """One line a difference: a verdict that changed, a claim that came or went, an old and a
    new certified interval of one constant that are disjoint."""
    before = {row["id"]: row for row in old["claims"]}
    after = {row["id"]: row for row in new["claims"]}
    lines = [f"{name}: no longer there" for name in before if name not in after]
    lines += [f"{name}: new" for name in after if name not in before]
    for name in sorted(before.keys() & after.keys()):
        was, now = said(before[name]), said(after[name])
        if was != now:
            lines.append(f"{name}: {was} before, {now} now")
        lines += _disjoint(name, before[name]["tightness"], after[name]["tightness"])
    return lines


def _disjoint(name: str, old: list[Any], new: list[Any]) -> Iterator[str]:
    known = {c["constant"]: c for c in old}
    for c in new:
        past = known.get(c["constant"])
        if past is not None and (_above(past, c) or _above(c, past)):
            yield f"{name}, {c['constant']}: the certified intervals are disjoint"


def _above(a: Data, b: Data) -> bool:
    low, high = a["certified_lower"], b["certified_upper"]
    return low is not None and high is not None and float(low) > float(high)
