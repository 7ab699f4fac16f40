"""What a core leaves behind in the process that it runs in.

NumPy's error handling and the filters of warnings are as they were, and the global random state
is not set to a fixed one: a core may draw from it, but whoever draws next must not get the same
numbers each time.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from gembounds.conform.case import Case
from gembounds.conform.check import PASSED, At, Check, Finding
from gembounds.conform.protocol import FUNCTIONS, Core
from gembounds.conform.truth import Truth


def _unsettled(function: str) -> At:
    """Settings that no core would choose are in force, and must be so afterwards."""

    def at(core: Core, case: Case, truth: Truth) -> Finding:
        with np.errstate(all="call", call=_nothing), warnings.catch_warnings():
            warnings.simplefilter("always")
            handling, filters = np.geterr(), list(warnings.filters)
            core.raw(function, *case.arguments(function))
            if np.geterr() != handling:
                what = f"{function} leaves np.geterr() as {np.geterr()}: it was {handling}"
                return Finding("failed", None, what)
            if list(warnings.filters) != filters:
                return Finding("failed", None, f"{function} changes warnings.filters for good")
        return PASSED

    return at


def _nothing(kind: str, flag: int) -> None:
    """What NumPy calls in place of a warning."""


def _unseeded(function: str) -> At:
    """Different global random states before a call are different after it."""
    generators: tuple[tuple[str, Any, Callable[[], Any], Callable[[Any], None]], ...] = (
        ("np.random", np.random.seed, _numpy_state, np.random.set_state),
        ("random", random.seed, random.getstate, random.setstate),
    )

    def at(core: Core, case: Case, truth: Truth) -> Finding:
        for name, seed, state, restore in generators:
            before = state()
            try:
                after = []
                for number in (1 + case.salt % 1000, 2000 + case.salt % 1000):
                    seed(number)
                    core.raw(function, *case.arguments(function))
                    after.append(state())
            finally:
                restore(before)
            if after[0] == after[1]:
                return Finding("failed", None, f"{function} seeds the global generator {name}: "
                               "draw from a generator of your own")  # fmt: skip
        return PASSED

    return at


def _numpy_state() -> Any:
    """Comparable, and what ``np.random.set_state`` takes."""
    name, keys, *rest = np.random.get_state(legacy=True)
    return name, tuple(np.asarray(keys).tolist()), *rest


CHECKS = (
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
