"""One check at one case, and the smallest case near it that fails too."""

from __future__ import annotations

import time

from gembounds.conform.case import Case
from gembounds.conform.check import Check, Finding
from gembounds.conform.core import Core
from gembounds.conform.process.handle import Unruly
from gembounds.conform.protocol import Broken, Outside, Wrong
from gembounds.conform.room import outside, room_of
from gembounds.conform.tolerance import accuracy
from gembounds.conform.truth import truth_of
from gembounds.points.point import Point
from gembounds.points.shrink import shrink
from gembounds.tools.errors import InputError

SHARP, SHARP_RANK, SHARP_NORM = 1e-15, 2, 30.0
"""Accuracy of the narrower enclosures, and where balls give it in some hundredths of a second."""

ATTEMPTS, SECONDS = 150, 1.0
"""What making one failing case smaller may take (a choice)."""


def attempt(core: Core, check: Check, case: Case, sharp: bool = False) -> Finding:
    """What ``check`` finds at ``case``; outcome "error" where the core raises. ``sharp``: with
    narrower enclosures than deciding takes, where they are cheap, so that more digits can be
    seen to be right."""
    fine = sharp and case.rank <= SHARP_RANK and case.norms.max() <= SHARP_NORM
    try:
        return check.at(core, case, truth_of(case, SHARP if fine else accuracy(core, check.width)))
    except Wrong as wrong:
        return Finding("failed", 0.0, str(wrong))
    except Broken as broken:
        return Finding("error", None, str(broken))
    except Outside as limit:
        return Finding("outside", None, str(limit))
    except Unruly as unruly:
        return Finding("failed", None, str(unruly), final=unruly.final)


def smallest(core: Core, check: Check, case: Case, outcome: str) -> Case:
    """A case with fewer components, dimensions and digits at which ``check`` has the same
    ``outcome``; ``case`` itself where none is found in the time there is."""
    end = time.monotonic() + SECONDS

    def fails(point: Point) -> bool:
        if time.monotonic() > end:
            return False
        try:
            tried = Case.of(point, case.salt)
            return (
                outside(room_of(core, check.functions), tried) is None
                and attempt(core, check, tried).outcome == outcome
            )
        except InputError:
            return False

    found = shrink(case.point, fails, ATTEMPTS)
    plain = Case.of(found, 0)
    return plain if attempt(core, check, plain).outcome == outcome else Case.of(found, case.salt)
