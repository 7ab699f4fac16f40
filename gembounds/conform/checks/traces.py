"""What a core leaves behind in the process that it runs in.

NumPy's error handling and the filters of warnings are as they were, and the global random state
is not set to a fixed one: a core may draw from it, but whoever draws next must not get the same
numbers each time. Importing a core writes nothing and leaves the functions of others alone.
"""

from __future__ import annotations

from gembounds.conform.case import Case
from gembounds.conform.check import PASSED, At, Check, Finding
from gembounds.conform.core import Core
from gembounds.conform.process.handle import Call
from gembounds.conform.protocol import FUNCTIONS
from gembounds.conform.truth import Truth


def _unsettled(function: str) -> At:
    """Settings that no core would choose are in force, and must be so afterwards."""

    def at(core: Core, case: Case, truth: Truth) -> Finding:
        found = core.see(function, *case.arguments(function), how=Call(strange=True)).settings
        return Finding("failed", None, f"{function} {found}") if found else PASSED

    return at


def _unseeded(function: str) -> At:
    """Different global random states before a call are different after it."""

    def at(core: Core, case: Case, truth: Truth) -> Finding:
        one, other = (
            core.see(function, *case.arguments(function), how=Call(seed=number)).states
            for number in (1 + case.salt % 1000, 2000 + case.salt % 1000)
        )
        for name, state in one.items():
            if state == other[name]:
                return Finding("failed", None, f"{function} seeds the global generator {name}: "
                               "draw from a generator of your own")  # fmt: skip
        return PASSED

    return at


def _as_imported(core: Core, case: Case, truth: Truth) -> Finding:
    return Finding("failed", None, f"as it is imported it {core.at_import}") if (
        core.at_import) else PASSED  # fmt: skip


CHECKS = (
    Check("import", "robustness", "importing it changes nothing of others, and is silent", (),
          "one-component", _as_imported, points=1, quick=1, imports=True),
    *(
        Check(f"settings-kept-{f}", "robustness", f"{f}: np.errstate and warnings stay as set",
              (f,), "mixed", _unsettled(f), points=2, quick=1)
        for f in FUNCTIONS
    ),
    *(
        Check(f"unseeded-{f}", "robustness", f"{f}: global generators are not seeded", (f,),
              "mixed", _unseeded(f), points=2, quick=1)
        for f in FUNCTIONS
    ),
)  # fmt: skip
