"""A report against an earlier one: digits lost, checks that fail now, time lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gembounds.conform.report import Report
from gembounds.tools.errors import InputError

DIGITS, SLOWER = 0.5, 2.0
"""Margins (choices): digits that a check may lose, and the factor by which a function's time, as
a ratio to our own core's, may grow."""

NEEDED = {"core": str, "seed": int, "quick": bool, "results": list, "speed": dict}


def earlier(data: Any, name: str) -> list[dict[str, Any]]:
    """The reports of an earlier ``--json``; raises :class:`InputError` for anything else."""
    found = data if isinstance(data, list) else [data]
    for one in found:
        for key, kind in NEEDED.items():
            if not isinstance(one, Mapping) or not isinstance(one.get(key), kind):
                raise InputError(f"{name}: is no report of conform --json: it has no {key}")
        for r in one["results"]:
            if not isinstance(r, Mapping) or not isinstance(r.get("id"), str):
                raise InputError(f"{name}: is no report of conform --json: a result has no id")
    if not found:
        raise InputError(f"{name}: has no report")
    return list(found)


def of_core(old: Sequence[dict[str, Any]], core: str, name: str) -> dict[str, Any]:
    """The earlier report of ``core``; the only one where there is one."""
    for one in old:
        if one["core"] == core:
            return one
    if len(old) == 1:
        return old[0]
    raise InputError(f"{name}: has no report of {core}: {', '.join(r['core'] for r in old)}")


def worse(
    old: Mapping[str, Any], new: Report, digits: float = DIGITS, slower: float = SLOWER
) -> list[str]:
    """A line for all that got worse by more than the margins."""
    lines = []
    before = {r["id"]: r for r in old["results"]}
    for now in new.results:
        then = before.get(now.id)
        if then is None:
            continue
        if then.get("status") == "passed" and now.status != "passed":
            lines.append(f"{now.id}: passed before, now {now.status}")
        had, has = then.get("digits_worst"), now.digits_worst
        if isinstance(had, (int, float)) and has is not None and had - has > digits:
            lines.append(f"{now.id}: {had:.1f} digits before, now {has:.1f}")
    for function, ratio in new.speed.items():
        then_ratio = old["speed"].get(function)
        if isinstance(then_ratio, (int, float)) and ratio > slower * then_ratio:
            lines.append(f"{function}: {then_ratio:.2g} times our own core's time before, "
                         f"now {ratio:.2g}")  # fmt: skip
    return lines


def told(core: str, lines: Sequence[str], digits: float, slower: float) -> str:
    """The lines, or that there are none."""
    margins = f"more than {digits:g} digits or {slower:g} times the time"
    if not lines:
        return f"{core}: nothing got worse by {margins}\n"
    return "".join(f"{core}: {line}\n" for line in lines)
