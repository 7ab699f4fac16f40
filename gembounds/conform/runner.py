"""Running checks against a core."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from gembounds.conform import domains
from gembounds.conform.attempt import attempt
from gembounds.conform.case import Case
from gembounds.conform.chance import FALSE_ALARM
from gembounds.conform.check import Check
from gembounds.conform.checks import matching, select
from gembounds.conform.core import Core, as_core, load
from gembounds.conform.protocol import LIMITS, LONGEST
from gembounds.conform.report import Report, Result
from gembounds.conform.room import Room, outside, room_of
from gembounds.conform.source import source_of
from gembounds.conform.tally import Tally, result_of
from gembounds.tools.errors import InputError, check_whole
from gembounds.tools.progress import Count
from gembounds.tools.workers import Workers, in_order, pool

MORE = 8
"""Times as many cases are drawn where the core declares limits that leave some out."""

AGAIN, FURTHER = 4, 2**32
"""Draws of a check's cases, and how far apart their seeds are, where the certified values are too
wide at every case of the draws before. A check that decided nothing would say nothing."""

Progress = Callable[..., None]


def run(
    core: Any,
    *,
    seed: int | None = None,
    quick: bool = False,
    only: Sequence[str] | str | None = None,
    expected_failures: Mapping[str, str] | None = None,
    at: Any = None,
    points: int | None = None,
    small: bool = False,
    seconds: float | None = None,
    jobs: int | Workers = 1,
    progress: Progress | None = None,
) -> Report:
    """Run the checks of ``only`` (ids or patterns; all if None) against ``core``.

    ``core``: a spec (``"module:object"``), a module or an object: see
    :mod:`gembounds.conform.protocol`. ``seed``: of all points; None draws one, which the report
    has. ``expected_failures``: reasons by id or pattern; a check
    that is listed and passes fails for that. ``at``: a point (as reports show it) to try
    instead of generated ones. ``points``: as many for each check, instead of its own number.
    ``small``: failing points are made smaller first, which takes up to two seconds each.
    ``seconds``: that a call may take, whatever the core declares. ``jobs``: processes that judge,
    each with a process of the core beside it; the core must be given by a spec for more than one,
    and where results are kept.

    Raises :class:`InputError` where there is no such core, check or point, and for an expected
    failure that matches no check that ran.
    """
    for name, number, least in (("seed", seed, 0), ("points", points, 1)):
        if number is not None:
            check_whole(name, number, least)
    if seconds is not None and not 0 < seconds <= LONGEST:
        raise InputError(f"seconds is {seconds:g}: give a positive number, a day at most")
    seed = fresh_seed() if seed is None else seed
    judged = as_core(core, seconds)
    chosen = select(only)
    reasons = reasons_by_id(judged, chosen, expected_failures)
    case = None if at is None else Case.from_json(at)
    began = time.perf_counter()
    options = {"seed": seed, "quick": quick, "case": case, "points": points, "small": small}
    results: list[Result] = []
    count = Count(progress, len(chosen), "checks")
    with pool(jobs) as workers:
        tried: tuple[Any, ...] = (_here, judged)
        if not workers.alone or workers.kept is not None:
            if not judged.imported:
                raise InputError(f"{judged.name} is an object: give MODULE:OBJECT, or 1 as jobs")
            judged.close()
            tried = (_elsewhere, judged.spec, judged.patience, source_of(str(judged.spec)))
        tasks = ((*tried, c.id, {**options, "reason": reasons.get(c.id)}) for c in chosen)
        for done in in_order(workers, tasks):
            results.append(done.result)
            count(1, done.known)
    took = round(time.perf_counter() - began, 3)
    return Report(judged.name, seed, quick, declared(judged), tuple(results), took)


def fresh_seed() -> int:
    """Another one each time."""
    return secrets.randbelow(10**6)


def _here(core: Core, check_id: str, options: dict[str, Any]) -> Result:
    (check,) = select(check_id)
    return run_check(core, check, **options)


def _elsewhere(
    spec: str, seconds: float | None, source: str, check_id: str, options: dict[str, Any]
) -> Result:
    return _here(_loaded(spec, seconds), check_id, options)


@lru_cache(maxsize=1)
def _loaded(spec: str, seconds: float | None) -> Core:
    """The core of a process that judges among others."""
    return load(spec, seconds)


def run_check(
    core: Core,
    check: Check,
    seed: int = 0,
    quick: bool = False,
    case: Case | None = None,
    reason: str | None = None,
    points: int | None = None,
    small: bool = False,
) -> Result:
    """The result of one check, at generated cases or at ``case``."""
    lacking = check.lacking(core)
    if quick and not check.quick and case is None and points is None:
        lacking = "left out of a quick run"
    if lacking:
        missing = check.unoffered(core)
        return result_of(check, "absent", message=lacking, unoffered=missing)
    began = time.perf_counter()
    tally, sharp = Tally(), check.sharp and not quick
    for drawn in (seed + k * FURTHER for k in range(AGAIN)):
        cases, left_out = _inside(core, check, points or check.count(quick), drawn, case)
        for one in cases:
            finding = attempt(core, check, one, sharp=sharp)
            if finding.outcome == "outside":
                left_out.append(one)
                tally.limit = finding.message
            else:
                tally.add(one, finding)
            if finding.final:
                break
        if case is not None or tally.decided or not cases:
            break
    seconds = time.perf_counter() - began
    return tally.result(core, check, drawn, left_out, reason, seconds, small)


def declared(core: Core) -> dict[str, Any]:
    """What the core has and declares."""
    return {
        "functions": list(core.functions),
        "misspelt": dict(core.declared.misspelt),
        "dtype": core.dtype,
        "rtol": {f: core.rtol(f) for f in core.functions},
        "atol": {f: core.atol(f) for f in core.functions},
        "seconds": {f: core.seconds(f) for f in core.functions},
        "samples": {f: core.samples(f) for f in core.functions},
        "false_alarm": FALSE_ALARM if any(map(core.samples, core.functions)) else 0.0,
        "limits": {w: {f: core.limit(w, f) for f in core.functions} for w in LIMITS},
    }


def _inside(
    core: Core, check: Check, count: int, seed: int, case: Case | None
) -> tuple[list[Case], list[Case]]:
    """Up to ``count`` cases in the domain that the core declares, and those passed over."""
    room = room_of(core, check.functions)
    if case is not None:
        case = check.given(core, case)
        return ([case], []) if outside(room, case) is None else ([], [case])
    kept: list[Case] = []
    left: list[Case] = []
    for share in (1, MORE):  # more are drawn only where some are left out
        kept, left = [], []
        for drawn in _cases(check.domain, share * count, seed, room):
            one = check.given(core, drawn)
            if len(kept) < count:
                (kept if outside(room, one) is None else left).append(one)
        if len(kept) == count:
            break
    return kept, left


@lru_cache(maxsize=64)
def _cases(domain: str, count: int, seed: int, room: Room) -> tuple[Case, ...]:
    return tuple(domains.cases(domain, count, seed, room))


def reasons_by_id(
    core: Core, chosen: Sequence[Check], expected: Mapping[str, str] | None
) -> dict[str, str]:
    """Reasons by check id. Raises for an entry that no check matches that could run."""
    able = [c.id for c in select() if not c.lacking(core)]
    found: dict[str, str] = {}
    for pattern, reason in (expected or {}).items():
        ids = matching(pattern, able)
        if not ids:
            raise InputError(
                f"expected failure {pattern!r} matches no check that this core takes: remove it"
            )
        found.update(dict.fromkeys(ids, str(reason)))
    return {c.id: found[c.id] for c in chosen if c.id in found}
