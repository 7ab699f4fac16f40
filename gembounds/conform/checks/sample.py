"""EM on a sample: no step lowers the likelihood.

From a start drawn beside a sample the core's own step is taken again and again, each from what
the one before returned; the likelihood of each state is a ball. A step that certainly lowers it
by more than what is declared could is one that no EM takes; its state and sample are the point
that is reported, and made smaller.
"""

from __future__ import annotations

import numpy as np

from gembounds.conform.case import Case
from gembounds.conform.check import PASSED, Check, Finding
from gembounds.conform.core import Core
from gembounds.conform.likelihood import (
    BITS,
    STEP,
    State,
    allowed,
    converged,
    kept,
    likelihoods,
    target,
)
from gembounds.conform.truth import Truth
from gembounds.values.balls import float_ends
from gembounds.values.decimals import interval_text
from gembounds.values.precision import working_precision

STEPS, MORE = 20, 3
"""From one start, and from where EM of float64 leads from there (choices: most of what EM gains,
it gains in these; and near a maximum every other step loses)."""


def _monotone(core: Core, case: Case, truth: Truth) -> Finding:
    start = State(case.means, case.weights, case.variances)
    found, here = _followed(core, case, start, STEPS)
    if found is None and here is not None:
        first = _step(core, case, start)
        held = bool(np.array_equal(first.weights, start.weights))
        near = converged(here, case.sample, kept(start, first), not held)
        found, _ = _followed(core, case, near, MORE)
    return found or PASSED


def _step(core: Core, case: Case, here: State) -> State:
    sample = case.sample
    found = core.call(STEP, sample, here.means, here.weights, here.variances)
    rounding = 8 * core.unit * (len(sample) + case.n)
    return State.read(found, core.rtol(STEP) + case.n * core.atol(STEP) + rounding)


def _followed(
    core: Core, case: Case, here: State, steps: int
) -> tuple[Finding | None, State | None]:
    """What is wrong within ``steps``, and the last state; None where EM collapses."""
    for _ in range(steps):
        there, aim = _step(core, case, here), target(here, case.sample)
        if aim.collapsed(case.sample):
            return None, None
        room = allowed(core, here, aim, case.sample)
        lost, told = _compared(case, here, there, room)
        if lost:
            at = case.but(means=here.means, weights=here.weights, variances=here.variances,
                          x=case.sample)  # fmt: skip
            return Finding("failed", None, told, at=at), there
        here = there
    return None, here


def _compared(case: Case, here: State, there: State, room: float) -> tuple[bool, str]:
    """Whether the likelihood certainly falls by more than ``room``; and that in words."""
    before, after = likelihoods(here, there, case.sample)
    with working_precision(BITS):
        lost = float_ends(before - after)[0]
    if room < np.inf and not there.variances.all():
        return True, f"{STEP} returned a variance of 0.0, where EM of its state gives none: {here}"
    if not lost > room:
        return False, ""
    sides = [interval_text(*float_ends(ball)) for ball in (before, after)]
    return True, (
        f"{STEP} lowers the likelihood: the mean of log p over the sample of {len(case.sample)} "
        f"is in {sides[0]} before and in {sides[1]} after\n"
        f"lower by {lost:.3g} at least, where {room:.2g} is allowed; {here} before, {there} after"
    )


CHECKS = (
    Check(f"monotone-{STEP}", "consistency", f"{STEP}: no step lowers the likelihood", (STEP,),
          "generic", _monotone),
)  # fmt: skip
