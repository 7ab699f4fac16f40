"""One check at one case."""

from __future__ import annotations

from gembounds.conform.case import Case
from gembounds.conform.check import Check, Finding
from gembounds.conform.core import Core
from gembounds.conform.process.handle import Unruly
from gembounds.conform.protocol import Broken, Outside, Wrong
from gembounds.conform.tolerance import accuracy
from gembounds.conform.truth import truth_of

SHARP, SHARP_RANK, SHARP_NORM = 1e-15, 2, 30.0
"""Accuracy of the narrower enclosures, and where balls give it in some hundredths of a second."""


def attempt(core: Core, check: Check, case: Case, sharp: bool = False) -> Finding:
    """What ``check`` finds at ``case``; outcome "error" where the core raises. ``sharp``: with
    narrower enclosures than deciding takes, where they are cheap, so that more digits can be
    seen to be right."""
    case = check.given(core, case)
    fine = sharp and case.rank <= SHARP_RANK and case.norms.max() <= SHARP_NORM
    wanted = SHARP if fine else accuracy(core, check.width, check.functions)
    try:
        return check.at(core, case, truth_of(case, wanted))
    except Wrong as wrong:
        return Finding("failed", 0.0, str(wrong))
    except Broken as broken:
        return Finding("error", None, str(broken))
    except Outside as limit:
        return Finding("outside", None, str(limit))
    except Unruly as unruly:
        return Finding("failed", None, str(unruly), final=unruly.final)
