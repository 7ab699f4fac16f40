"""A check: a record with an id, what it says, the functions that it needs, and its points.

A check is tried at one case after another. What it finds at a case is a :class:`Finding`; the
core's value against an enclosure gives one by :func:`compared`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gembounds.conform.case import Case
from gembounds.conform.core import Core
from gembounds.conform.protocol import AT, OVER, FloatArray
from gembounds.conform.single import Single
from gembounds.conform.tolerance import NOTHING
from gembounds.conform.truth import Truth
from gembounds.values.decimals import interval_text
from gembounds.values.enclosure import Enclosure

MOST_DIGITS = 16.0
"""Digits that are reported at most: float64 has no more."""

ZERO_WEIGHTS = "zero-weights"
"""The domain for cores that declare ``min_weight`` 0."""

WEIGHTS_OF_0 = "weights of 0"

SLIGHT = 2.0**-50
"""Covers the rounding of a difference and its comparison."""


@dataclass(frozen=True)
class Finding:
    """``outcome`` "passed", "failed" or "undecided" at one case; ``digits`` that are certainly
    right, where that was measured; ``message``, what is wrong; ``final``: the core's process had
    to be ended, and the check with it; ``at``: another case that it is about."""

    outcome: str
    digits: float | None = None
    message: str = ""
    final: bool = False
    at: Case | None = field(default=None, repr=False)

    @staticmethod
    def all(findings: Iterable[Finding]) -> Finding:
        """Failed if one is, else undecided if one is; the fewest digits, the first message."""
        found = list(findings)
        digits = [f.digits for f in found if f.digits is not None]
        for outcome in ("failed", "undecided"):
            for one in found:
                if one.outcome == outcome:
                    return Finding(outcome, min(digits, default=None), one.message)
        return Finding("passed", min(digits, default=None))


PASSED = Finding("passed")

At = Callable[[Core, Case, Truth], Finding]


@dataclass(frozen=True)
class Check:
    """``at(core, case, truth)`` tried at ``points`` cases of ``domain`` (``quick``: in a quick
    run, which leaves it out where that is 0). ``kind``: "certified", "consistency", "paper" or
    "robustness". ``functions`` of the core that it needs; the first is the one it judges.
    ``width``: of the enclosures, as a share of the declared accuracy; ``sharp``: narrower where
    that is cheap, so that more digits are seen to be right, except in a quick run."""

    id: str
    kind: str
    text: str
    functions: tuple[str, ...]
    domain: str
    at: At = field(repr=False)
    points: int = 12
    quick: int = 3
    width: float = 0.05
    sharp: bool = False
    imports: bool = False
    """Whether it is about a core that is imported for its judging: one given by a spec."""

    def unoffered(self, core: Core) -> tuple[str, ...]:
        """What it needs and the core does not offer: functions, or weights of exactly 0."""
        missing = tuple(f for f in self.functions if f not in core.functions)
        if not missing and self.domain == ZERO_WEIGHTS:
            positive = any(core.limit("min_weight", f) != 0 for f in self.functions)
            return (WEIGHTS_OF_0,) if positive else ()
        return missing

    def lacking(self, core: Core) -> str:
        """Why it cannot be tried with ``core``; "" where it can."""
        missing = self.unoffered(core)
        if missing:
            return f"not offered: {', '.join(missing)}"
        if any(
            f in (*OVER, "log_prob", "em_sample_step") and core.samples(f) for f in self.functions
        ):
            return "averages over samples are judged of psi and over N(0, I) alone"
        return "an object is judged as it is" if self.imports and not core.imported else ""

    def given(self, core: Core, case: Case) -> Case:
        """The case as ``core`` is tried at it: of float32 numbers, where it works in float32 and
        the functions are at places."""
        places = bool(self.functions) and {*self.functions} <= {*AT} and self.kind != "paper"
        if not places or core.dtype != "float32" or isinstance(case, Single):
            return case
        return case.kept("float32", lambda: Single(case))

    def count(self, quick: bool) -> int:
        return self.quick if quick else self.points


def compared(
    what: str, value: FloatArray, exact: Enclosure, size: FloatArray, rtol: float,
    besides: FloatArray,
) -> Finding:  # fmt: skip
    """The core's ``value`` against an enclosure: failed where an entry is certainly further
    away than ``rtol * size + besides``, passed where all are certainly not.

    Digits are counted over the entries where rounding (or chance) alone could not cost them all.
    """
    allowed = rtol * size + besides
    far = np.maximum(value - exact.lower, exact.upper - value) * (1 + SLIGHT)
    near = np.maximum(np.maximum(exact.lower - value, value - exact.upper), 0.0) * (1 - SLIGHT)
    counted = size > besides
    right = _digits(far[counted], size[counted]) if np.any(counted) else None
    if np.any(near > allowed):
        k = _worst(near, allowed)
        return Finding("failed", right, _explained(what, k, value, exact, size, allowed, far))
    return Finding("passed" if np.all(far <= allowed) else "undecided", right)


def agree(
    what: str, one: FloatArray, other: FloatArray, allowed: FloatArray, of: tuple[str, str]
) -> Finding:
    """Two values of the core that should be equal: failed where further apart than ``allowed``."""
    other = np.broadcast_to(other, one.shape)
    apart = np.abs(one - other)
    allowed = np.broadcast_to(allowed, apart.shape)
    if np.all(apart <= allowed):
        return PASSED
    k = _worst(apart, allowed)
    return Finding(
        "failed", None,
        f"{what}{place(k)}: {of[0]} is {float(one[k])!r}, {of[1]} is {float(other[k])!r}: "
        f"{float(apart[k]):.2g} apart where {float(allowed[k]):.2g} is allowed",
    )  # fmt: skip


def place(k: tuple[Any, ...]) -> str:
    """An index as it is written: "" for a scalar."""
    return f"[{', '.join(str(int(i)) for i in k)}]" if k else ""


def _worst(error: FloatArray, allowed: FloatArray) -> tuple[Any, ...]:
    """Where ``error`` exceeds ``allowed`` by the largest factor."""
    factor = np.where(error > allowed, error / np.maximum(allowed, 1e-300), 0.0)
    return np.unravel_index(int(np.argmax(factor)), factor.shape)


def _digits(far: FloatArray, size: FloatArray) -> float:
    far = np.where(far <= NOTHING, 0.0, far)
    ratio = np.where(far > 0, far / np.maximum(size, 1e-300), 0.0)
    worst = float(np.max(ratio, initial=0.0))
    return MOST_DIGITS if worst <= 10.0**-MOST_DIGITS else max(0.0, -math.log10(worst))


def _explained(
    what: str, k: tuple[Any, ...], value: FloatArray, exact: Enclosure, size: FloatArray,
    allowed: FloatArray, far: FloatArray,
) -> str:  # fmt: skip
    sides = interval_text(float(exact.lower[k]), float(exact.upper[k]))
    right = _digits(np.asarray(far[k]), np.asarray(size[k]))
    return (
        f"{what}{place(k)}: the core gives {float(value[k])!r}, certified {sides}\n"
        f"error {float(far[k]):.2g} where {float(allowed[k]):.2g} is allowed; "
        f"{right:.1f} digits are right, relative to {float(size[k]):.3g}"
    )
