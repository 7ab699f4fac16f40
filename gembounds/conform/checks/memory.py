"""What a core remembers: a value depends on the arguments of its own call, and on nothing else."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from gembounds.conform.case import Case
from gembounds.conform.check import At, Check, Finding, agree, compared
from gembounds.conform.circumstances import How
from gembounds.conform.core import Core
from gembounds.conform.process.handle import Call
from gembounds.conform.protocol import AT, FUNCTIONS, FloatArray
from gembounds.conform.tolerance import NOTHING, accuracy, allowed, besides, size
from gembounds.conform.truth import Truth, truth_of

MOVED = 200
"""Relative move of the arguments in units of the declared accuracy: seen in the value, if the
value follows."""

CALLS, AT_A_TIME, PATIENCE = 20_400, 500, 60.0
"""Calls of one function, how many are asked for at once, and seconds after which a slow core has
to make no more of them (choices)."""

SMALLEST = [[0.5]]

ROWS, PLACES, JUDGED = 5000, 250, 6
"""Rows of a large x (more than the usual blocks of a thousand or 4096), how many differ, and how
many are compared with enclosures (choices)."""


def _judged(
    core: Core, function: str, value: FloatArray, truth: Truth, circumstances: str
) -> Finding:
    """Against enclosures; the message says under what ``circumstances`` first."""
    found = compared(
        function, value, truth.value(function), size(truth, function), core.rtol(function),
        besides(core, truth, function),
    )  # fmt: skip
    return replace(found, message=f"{circumstances}: {found.message}") if found.message else found


def other_weights(case: Case) -> Case:
    """The same means with the weights in another order, or uneven ones where they are even."""
    weights = np.roll(case.weights, 1)
    if np.allclose(weights, case.weights, rtol=1e-3):
        parts = 1.0 + np.arange(case.n)
        weights = parts / parts.sum()
    return Case(case.means, weights, case.salt, case.x)


def other_means(case: Case) -> Case:
    """Other means of the same shape, weights and places the same."""
    return Case(case.means[::-1] * 0.75 + 0.25, case.weights, case.salt, case.x)


def _repeated(function: str) -> At:
    """Called twice, with a call at other means and weights between."""

    def at(core: Core, case: Case, truth: Truth) -> Finding:
        first = core.call(function, *case.arguments(function))
        core.call(function, *other_weights(other_means(case)).arguments(function))
        again = core.call(function, *case.arguments(function))
        slack = allowed(core, truth, function)
        return agree(function, first, again, 2 * slack, ("the first call", "a later one"))

    return at


def _new_weights(function: str) -> At:
    """A call with the same means and other weights, right after."""

    def at(core: Core, case: Case, truth: Truth) -> Finding:
        core.call(function, *case.arguments(function))
        other = other_weights(case)
        value = core.call(function, *other.arguments(function))
        when = f"after a call with other weights ({other.weights.tolist()} now)"
        return _judged(core, function, value, truth_of(other, accuracy(core)), when)

    return at


def _new_means(function: str) -> At:
    """A call with the same array objects, the means (and x) in them changed."""

    def at(core: Core, case: Case, truth: Truth) -> Finding:
        core.call(function, *case.arguments(function))
        other = other_means(case)
        value = core.call(function, *other.arguments(function), how=Call(same=True))
        when = f"with the same array, other means in it ({other.means.tolist()})"
        return _judged(core, function, value, truth_of(other, accuracy(core)), when)

    return at


def beside(case: Case, share: float) -> tuple[Case, Case]:
    """The means, then the weights, moved by about ``share`` of themselves: no longer or smaller
    than before, in the same span."""
    shorter = Case(case.means * (1 - share), case.weights, case.salt, case.x)
    weights = case.weights * (1 - share) + share / case.n
    return shorter, Case(case.means, weights, case.salt, case.x)


def _nearby(function: str) -> At:
    """Calls at arguments that differ from those of the call before by ``MOVED`` times the
    accuracy: what is kept under a rounded or printed key shows."""

    def at(core: Core, case: Case, truth: Truth) -> Finding:
        share = min(MOVED * core.rtol(function), 0.01)
        findings = []
        for other in case.kept(("beside", share), lambda: beside(case, share)):
            core.call(function, *case.arguments(function))
            value = core.call(function, *other.arguments(function))
            when = f"after a call at arguments {share:.0e} of themselves away"
            findings.append(_judged(core, function, value, truth_of(other, accuracy(core)), when))
        return Finding.all(findings)

    return at


def _many_places(function: str) -> At:
    """``ROWS`` rows in one call, which are ``PLACES`` different ones in random order. The first,
    the last and those furthest from what a call at the different ones gives are judged."""

    def at(core: Core, case: Case, truth: Truth) -> Finding:
        rng = case.rng("many")
        places = np.vstack([case.x, rng.normal(size=(PLACES - len(case.x), case.d))])
        rows = rng.integers(PLACES, size=ROWS)
        few = core.call(function, places, case.means, case.weights)[rows].reshape(ROWS, -1)
        many = core.call(function, places[rows], case.means, case.weights)
        away = np.abs(many.reshape(ROWS, -1) - few) / np.maximum(np.abs(few), NOTHING)
        judged = np.unique([0, ROWS - 1, *np.argsort(away.max(axis=1), kind="stable")[-JUDGED:]])
        there = Case(case.means, case.weights, case.salt, places[rows[judged]])
        when = (f"called at {ROWS} places, rows {', '.join(map(str, judged))} of what it returns "
                f"as {function}[0], {function}[1], ...")  # fmt: skip
        return _judged(core, function, many[judged], truth_of(there, accuracy(core)), when)

    return at


def _many_calls(function: str) -> At:
    """``CALLS`` calls at one component in one dimension, all of which give the same; then the
    value at a case is judged."""

    def at(core: Core, case: Case, truth: Truth) -> Finding:
        tiny = case.kept("tiny", lambda: Case(SMALLEST, [1.0], 0, [[0.25]], eta=0.5))
        batch, slack = [(function, tiny.arguments(function))], allowed(core, truth_of(tiny, 1e-3),
                                                                       function)  # fmt: skip
        first, made, began = core.call(function, *tiny.arguments(function)), 1, time.monotonic()
        findings = []
        while made < CALLS and time.monotonic() - began < PATIENCE:
            values = core.several(batch, How(calls=AT_A_TIME))[0]
            names = (f"a value among calls {made + 1} to {made + AT_A_TIME}", "the first call's")
            findings.append(agree(function, values, first, 2 * slack, names))
            made += AT_A_TIME
        value = core.call(function, *case.arguments(function))
        findings.append(_judged(core, function, value, truth, f"after {made} calls"))
        return Finding.all(findings)

    return at


def _other_step(core: Core, case: Case, truth: Truth) -> Finding:
    """em_step is linear in eta: the change at 2 eta is twice that at eta."""
    means, weights = case.means, case.weights
    one = core.call("em_step", means, weights, case.eta) - means
    two = core.call("em_step", case.means, weights, 2 * case.eta) - means
    slack = 4 * allowed(core, truth, "em_step") + 8 * core.unit * np.abs(means)
    return agree("em_step", two, 2 * one, slack,
                 ("the change at 2 eta", "twice the change at eta"))  # fmt: skip


def _other_places(function: str) -> At:
    """Each row depends on its own x alone, also after a call at other places."""

    def at(core: Core, case: Case, truth: Truth) -> Finding:
        whole = core.call(function, *case.arguments(function))
        slack = allowed(core, truth, function)
        findings = []
        for k in (len(whole) - 1, 0):
            row = core.call(function, case.x[k : k + 1], case.means, case.weights)
            findings.append(agree(f"{function} at x[{k}]", row[0], whole[k], 2 * slack[k],
                                  ("alone it", "among others it")))  # fmt: skip
        return Finding.all(findings)

    return at


CHECKS = (
    *(
        Check(f"repeated-{f}", "consistency", f"{f} called again gives the same", (f,), "mixed",
              _repeated(f))
        for f in FUNCTIONS
    ),
    *(
        Check(f"new-weights-{f}", "consistency", f"{f} with the same means and other weights",
              (f,), "ordinary", _new_weights(f))
        for f in FUNCTIONS
    ),
    *(
        Check(f"new-means-{f}", "consistency", f"{f} with other means in the same array", (f,),
              "ordinary", _new_means(f))
        for f in FUNCTIONS
    ),
    *(
        Check(f"nearby-{f}", "consistency", f"{f} after a call at nearly the same arguments",
              (f,), "generic", _nearby(f), points=4, quick=1)
        for f in FUNCTIONS
    ),
    *(
        Check(f"many-calls-{f}", "consistency", f"{f} after 20,000 calls", (f,), "generic",
              _many_calls(f), points=1, quick=0)
        for f in FUNCTIONS
    ),
    *(
        Check(f"many-x-{f}", "consistency", f"{f} at {ROWS} places", (f,), "generic",
              _many_places(f), points=2, quick=1)
        for f in AT
    ),
    Check("new-eta-em_step", "consistency", "em_step is linear in eta", ("em_step",), "mixed",
          _other_step),
    *(
        Check(f"new-x-{f}", "consistency", f"{f} at x alone and among other places", (f,),
              "mixed", _other_places(f))
        for f in AT
    ),
)  # fmt: skip
