"""What a core remembers: a value depends on the arguments of its own call, and on nothing else."""

from __future__ import annotations

import numpy as np

from gembounds.conform.case import Case
from gembounds.conform.check import At, Check, Finding, agree, compared
from gembounds.conform.protocol import FUNCTIONS, Core, FloatArray
from gembounds.conform.tolerance import accuracy, allowed, size, unavoidable
from gembounds.conform.truth import Truth, truth_of


def _judged(what: str, core: Core, value: FloatArray, truth: Truth, function: str) -> Finding:
    return compared(
        what, value, truth.value(function), size(truth, function), core.rtol(function),
        unavoidable(core, truth, function),
    )  # fmt: skip


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
        what = f"{function} after a call with other weights ({other.weights.tolist()} now)"
        return _judged(what, core, value, truth_of(other, accuracy(core)), function)

    return at


def _new_means(function: str) -> At:
    """A call with the same array objects, the means (and x) in them changed."""

    def at(core: Core, case: Case, truth: Truth) -> Finding:
        arguments = case.arguments(function)
        core.call(function, *arguments)
        other = other_means(case)
        arguments[1 if function == "psi" else 0][:] = other.means
        value = core.call(function, *arguments)
        what = f"{function} with the same array, other means in it ({other.means.tolist()})"
        return _judged(what, core, value, truth_of(other, accuracy(core)), function)

    return at


def _other_step(core: Core, case: Case, truth: Truth) -> Finding:
    """em_step is linear in eta: the change at 2 eta is twice that at eta."""
    means, weights = case.means, case.weights
    one = core.call("em_step", means, weights, case.eta) - means
    two = core.call("em_step", case.means, weights, 2 * case.eta) - means
    slack = 4 * allowed(core, truth, "em_step") + 8 * core.unit * np.abs(means)
    return agree("em_step", two, 2 * one, slack,
                 ("the change at 2 eta", "twice the change at eta"))  # fmt: skip


def _other_places(core: Core, case: Case, truth: Truth) -> Finding:
    """Each row of psi depends on its own x alone, also after a call at other places."""
    whole = core.call("psi", *case.arguments("psi"))
    slack = allowed(core, truth, "psi")
    findings = []
    for k in (len(whole) - 1, 0):
        row = core.call("psi", case.x[k : k + 1], case.means, case.weights)
        findings.append(agree(f"psi at x[{k}]", row[0], whole[k], 2 * slack[k],
                              ("alone it", "among others it")))  # fmt: skip
    return Finding.all(findings)


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
    Check("new-eta-em_step", "consistency", "em_step is linear in eta", ("em_step",), "mixed",
          _other_step),
    Check("new-x-psi", "consistency", "psi at x alone and among other places", ("psi",), "mixed",
          _other_places),
)  # fmt: skip
