"""From what a check finds at its cases to one result, with a message that can be acted on."""

from __future__ import annotations

import json
import shlex
import statistics
from collections.abc import Sequence
from typing import Any

from gembounds.conform.attempt import attempt
from gembounds.conform.case import Case
from gembounds.conform.check import Check, Finding
from gembounds.conform.circumstances import USUAL
from gembounds.conform.core import Core
from gembounds.conform.report import Result
from gembounds.conform.room import outside, room_of
from gembounds.conform.smaller import smallest

SHOWN = 12
"""Coordinates of an x that a message shows in words."""

LONG = 900
"""Characters of JSON up to which a line to paste holds the point itself."""


NOT_AGAIN = (
    "tried again at this point it was otherwise: the core's values depend on earlier calls, "
    "or on chance without declaring samples"
)


class Tally:
    """Findings at the cases of one check."""

    def __init__(self) -> None:
        self.found: list[tuple[Case, Finding]] = []
        self.limit = "nothing was drawn"

    def add(self, case: Case, finding: Finding) -> None:
        self.found.append((finding.at or case, finding))

    @property
    def decided(self) -> bool:
        """Whether any case could be decided."""
        return any(f.outcome != "undecided" for _, f in self.found)

    def result(
        self, core: Core, check: Check, seed: int, left_out: Sequence[Case], reason: str | None,
        seconds: float, small: bool,
    ) -> Result:  # fmt: skip
        """The result, with its message; ``small``: about the smallest case that fails."""
        if not self.found:
            room = room_of(core, check.functions)
            limit = (left_out and outside(room, left_out[0])) or self.limit
            return result_of(check, "absent", left_out=len(left_out), seconds=seconds,
                           message=f"outside the declared domain: {limit}")  # fmt: skip
        by = {o: [(c, f) for c, f in self.found if f.outcome == o]
              for o in ("passed", "failed", "error", "undecided")}  # fmt: skip
        digits = [f.digits for _, f in self.found if f.digits is not None]
        decided = len(self.found) - len(by["undecided"])
        common: dict[str, Any] = {
            "points": decided,
            "undecided": len(by["undecided"]),
            "left_out": len(left_out),
            "seconds": round(seconds, 4),
            "digits_worst": min(digits, default=None),
            "digits_median": statistics.median(digits) if digits else None,
            "reason": reason,
        }
        bad = by["failed"] or by["error"]
        if not bad:
            if not decided:
                return result_of(check, "error", message="no point could be decided: the "
                               "certified values are too wide for the declared accuracy",
                               **common)  # fmt: skip
            if reason is not None:
                text = f"passes, though listed as an expected failure ({reason}): remove it"
                return result_of(check, "failed", message=text, **common)
            worst = min((f.digits, k) for k, (_, f) in enumerate(self.found)
                        if f.digits is not None) if digits else None  # fmt: skip
            point = self.found[worst[1]][0].to_json() if worst else None
            return result_of(check, "passed", worst_point=point, **common)
        status = "failed" if by["failed"] else "error"
        case, finding, again = (
            _smaller(core, check, *bad[0]) if small and reason is None else (*bad[0], True)
        )
        line = reproduction(core, check, case, seed, len(self.found), alone=again)
        said, *more = finding.message.split("\n")
        message = "\n".join((
            said + _where(case),
            *more,
            f"at {len(bad)} of {len(self.found)} points ({check.text})",
            f"point: {case!r}" if len(repr(case)) <= LONG else f"point: {case.mix!r}",
            *([] if again else [NOT_AGAIN]),
            f"reproduce: {line}",
        ))  # fmt: skip
        status = "expected" if reason is not None else status
        return result_of(check, status, message=message, worst_point=case.to_json(),
                       reproduce=line, **common)  # fmt: skip


def _smaller(core: Core, check: Check, case: Case, finding: Finding) -> tuple[Case, Finding, bool]:
    """The smallest case with the same outcome and what is found there; as given, and False, where
    trying again gives another outcome."""
    if finding.final:  # each try would cost a process, or all the time that a call may take
        return case, finding, True
    if attempt(core, check, case).outcome == finding.outcome:
        least = smallest(core, check, case, finding.outcome)
        found = attempt(core, check, least)
        if found.outcome == finding.outcome:
            return least, found, True
    return case, finding, False


def _where(case: Case) -> str:
    """The x, the number of rows and the step of a case that has been given them, in words."""
    parts = []
    if case.given_x is not None and case.given_x.size <= SHOWN and len(case.given_x) == 1:
        parts.append(f" at x = {case.to_json()['x'][0]}")
    if case.given_rows is not None and case.given_rows > 1:
        parts.append(f" in {case.given_rows} rows")
    if case.given_eta is not None:
        parts.append(f" with eta = {case.given_eta:g}")
    if case.how != USUAL:
        parts.append(f", called {json.dumps(case.how.to_json())}")
    return "".join(parts)


def reproduction(
    core: Core, check: Check, case: Case, seed: int, points: int, alone: bool = True
) -> str:
    """A line to paste that tries ``check`` at ``case`` again; not ``alone``, at all the points
    that were tried."""
    text = json.dumps(case.to_json())
    alone = alone and len(text) <= LONG
    if core.spec is None:
        where = f"at={text}" if alone else f"{seed=}, {points=}"
        run = f"gembounds.conform.run(core, only={check.id!r}, {where})"
        return f"import gembounds.conform; print({run}.failures())"
    drawn = ["--seed", str(seed), "--points", str(points)]
    options = ["--only", check.id, *(["--at", text] if alone else drawn)]
    return shlex.join(["gembounds", "conform", core.spec, *options])


def result_of(check: Check, status: str, **rest: Any) -> Result:
    return Result(
        id=check.id, kind=check.kind, function=", ".join(check.functions), domain=check.domain,
        text=check.text, status=status, **rest,
    )  # fmt: skip
