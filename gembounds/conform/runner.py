"""Running checks against a core."""

from __future__ import annotations

import json
import shlex
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from gembounds.conform import domains
from gembounds.conform.case import Case
from gembounds.conform.check import Check, Finding
from gembounds.conform.checks import matching, select
from gembounds.conform.protocol import LIMITS, Broken, Core, Wrong, as_core
from gembounds.conform.report import Report, Result
from gembounds.conform.tolerance import accuracy
from gembounds.conform.truth import truth_of
from gembounds.errors import InputError

Progress = Callable[[int, int, str], None]

LONG = 900
"""Characters of JSON up to which a line to paste holds the point itself."""


def run(
    core: Any,
    *,
    seed: int = 0,
    quick: bool = False,
    only: Sequence[str] | str | None = None,
    expected_failures: Mapping[str, str] | None = None,
    at: Any = None,
    points: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Run the checks of ``only`` (ids or patterns; all if None) against ``core``.

    ``core``: a spec (``"module:object"``), a module or an object: see
    :mod:`gembounds.conform.protocol`. ``expected_failures``: reasons by id or pattern; a check
    that is listed and passes fails for that. ``at``: a point (as reports show it) to try
    instead of generated ones. ``points``: as many for each check, instead of its own number.

    Raises :class:`InputError` where there is no such core, check or point, and for an expected
    failure that matches no check that ran.
    """
    judged = as_core(core)
    for name, number, least in (("seed", seed, 0), ("points", points, 1)):
        if number is not None and number < least:
            raise InputError(f"{name} is {number}: give an integer of at least {least}")
    chosen = select(only)
    reasons = reasons_by_id(judged, chosen, expected_failures)
    case = None if at is None else Case.from_json(at)
    began = time.perf_counter()
    results = []
    for k, check in enumerate(chosen):
        if progress is not None:
            progress(k, len(chosen), check.id)
        results.append(run_check(judged, check, seed, quick, case, reasons.get(check.id), points))
    seconds = round(time.perf_counter() - began, 3)
    return Report(judged.name, seed, quick, declared(judged), tuple(results), seconds)


def run_check(
    core: Core,
    check: Check,
    seed: int = 0,
    quick: bool = False,
    case: Case | None = None,
    reason: str | None = None,
    points: int | None = None,
) -> Result:
    """The result of one check, at generated cases or at ``case``."""
    missing = [f for f in check.functions if f not in core.functions]
    if missing:
        return _result(check, "absent", message=f"the core has no {' and no '.join(missing)}")
    began = time.perf_counter()
    cases = [case] if case else list(_cases(check.domain, points or check.count(quick), seed))
    inside = [c for c in cases if outside(core, check, c) is None]
    tally = Tally()
    for one in inside:
        tally.add(one, attempt(core, check, one))
    return tally.result(core, check, seed, cases, reason, time.perf_counter() - began)


def attempt(core: Core, check: Check, case: Case) -> Finding:
    """What ``check`` finds at ``case``; outcome "error" where the core raises."""
    try:
        return check.at(core, case, truth_of(case, accuracy(core)))
    except Wrong as wrong:
        return Finding("failed", 0.0, str(wrong))
    except Broken as broken:
        return Finding("error", None, str(broken))


def outside(core: Core, check: Check, case: Case) -> str | None:
    """The declared limit that ``case`` is beyond, in words; None where it is inside."""
    for which in LIMITS:
        for function in check.functions:
            limit = core.limit(which, function)
            if limit is None:
                continue
            value = case.size(which)
            if (value < limit) if which == "min_weight" else (value > limit):
                return f"{which} = {limit:g}"
    return None


def declared(core: Core) -> dict[str, Any]:
    """What the core has and declares."""
    return {
        "functions": list(core.functions),
        "dtype": core.dtype,
        "rtol": {f: core.rtol(f) for f in core.functions},
        "samples": {f: core.samples(f) for f in core.functions},
        "limits": {w: {f: core.limit(w, f) for f in core.functions} for w in LIMITS},
    }


class Tally:
    """Findings at the cases of one check."""

    def __init__(self) -> None:
        self.found: list[tuple[Case, Finding]] = []

    def add(self, case: Case, finding: Finding) -> None:
        self.found.append((case, finding))

    def result(
        self, core: Core, check: Check, seed: int, cases: Sequence[Case], reason: str | None,
        seconds: float,
    ) -> Result:  # fmt: skip
        """The result, with its message."""
        left_out = len(cases) - len(self.found)
        if not self.found:
            limit = outside(core, check, cases[0]) or "nothing drawn"
            return _result(check, "absent", left_out=left_out, seconds=seconds,
                           message=f"outside the declared domain: {limit}")  # fmt: skip
        by = {o: [(c, f) for c, f in self.found if f.outcome == o]
              for o in ("passed", "failed", "error", "undecided")}  # fmt: skip
        digits = [f.digits for _, f in self.found if f.digits is not None]
        decided = len(self.found) - len(by["undecided"])
        common: dict[str, Any] = {
            "points": decided,
            "undecided": len(by["undecided"]),
            "left_out": left_out,
            "seconds": round(seconds, 4),
            "digits_worst": min(digits, default=None),
            "digits_median": statistics.median(digits) if digits else None,
            "reason": reason,
        }
        bad = by["failed"] or by["error"]
        if not bad:
            if not decided:
                return _result(check, "error", message="no point could be decided: the "
                               "certified values are too wide for the declared accuracy",
                               **common)  # fmt: skip
            if reason is not None:
                text = f"passes, though listed as an expected failure ({reason}): remove it"
                return _result(check, "failed", message=text, **common)
            worst = min((f.digits, k) for k, (_, f) in enumerate(self.found)
                        if f.digits is not None) if digits else None  # fmt: skip
            point = self.found[worst[1]][0].to_json() if worst else None
            return _result(check, "passed", worst_point=point, **common)
        status = "failed" if by["failed"] else "error"
        case, finding = bad[0]
        k = list(cases).index(case)
        line = reproduction(core, check, case, seed, k)
        message = "\n".join((
            finding.message,
            f"at {len(bad)} of {len(self.found)} points ({check.text})",
            f"point: {case!r}" if len(repr(case)) <= LONG else f"point: {case.mix!r}, number {k}",
            f"reproduce: {line}",
        ))  # fmt: skip
        status = "expected" if reason is not None else status
        return _result(check, status, message=message, worst_point=case.to_json(),
                       reproduce=line, **common)  # fmt: skip


def reproduction(core: Core, check: Check, case: Case, seed: int, number: int) -> str:
    """A line to paste that tries ``check`` at ``case`` again."""
    text = json.dumps(case.to_json())
    if core.spec is not None:
        where = ["--at", text] if len(text) <= LONG else ["--seed", str(seed)]
        return shlex.join(["gembounds", "conform", core.spec, "--only", check.id, *where])
    where_ = f"at={text}" if len(text) <= LONG else f"seed={seed}"
    return f"print(gembounds.conform.run(core, only={check.id!r}, {where_}).failures())"


@lru_cache(maxsize=64)
def _cases(domain: str, count: int, seed: int) -> tuple[Case, ...]:
    return tuple(domains.cases(domain, count, seed))


def reasons_by_id(
    core: Core, chosen: Sequence[Check], expected: Mapping[str, str] | None
) -> dict[str, str]:
    """Reasons by check id. Raises for an entry that no check matches that could run."""
    able = [c.id for c in select() if all(f in core.functions for f in c.functions)]
    found: dict[str, str] = {}
    for pattern, reason in (expected or {}).items():
        ids = matching(pattern, able)
        if not ids:
            raise InputError(
                f"expected failure {pattern!r} matches no check that this core takes: remove it"
            )
        found.update(dict.fromkeys(ids, str(reason)))
    return {c.id: found[c.id] for c in chosen if c.id in found}


def _result(check: Check, status: str, **rest: Any) -> Result:
    return Result(
        id=check.id, kind=check.kind, function=", ".join(check.functions), domain=check.domain,
        text=check.text, status=status, **rest,
    )  # fmt: skip


