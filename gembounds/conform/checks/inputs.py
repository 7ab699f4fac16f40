"""How a core takes what it is given: types, memory layouts, read-only arrays; and what it leaves.

Inputs are arrays of any real type and layout. Whatever they are, the value is the one for the
numbers in them; what is in float32 may be treated with float32's accuracy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gembounds.conform.case import Case
from gembounds.conform.check import PASSED, At, Check, Finding, agree
from gembounds.conform.core import Core
from gembounds.conform.process.handle import PLAIN, Call
from gembounds.conform.protocol import ALL, AT, FIRST_X, FUNCTIONS, OVER, Broken, FloatArray, Wrong
from gembounds.conform.tolerance import allowed
from gembounds.conform.truth import Truth

Change = Callable[[Any], Any]

SMOOTH = (*FUNCTIONS, *OVER)
"""Those with a value at every mixture: a component that no x belongs to has no EM step."""

ROUNDED = 1 + 2.0**-49
"""Weights times this sum to 1 up to rounding, and not exactly."""


def _arrays(arguments: tuple[Any, ...], change: Change) -> tuple[Any, ...]:
    return tuple(change(a) if isinstance(a, np.ndarray) else a for a in arguments)


def _called(
    core: Core, function: str, arguments: tuple[Any, ...], what: str, how: Call = PLAIN
) -> FloatArray:
    """The value. Plain arrays went well before: where the core raises now, that is a failure."""
    try:
        return core.call(function, *arguments, how=how)
    except Broken as broken:
        raise Wrong(f"with {what}, though not without, {broken}") from broken


def _taken(function: str, layout: str) -> At:
    """The value for arrays that lie otherwise in memory is the value."""

    def at(core: Core, case: Case, truth: Truth) -> Finding:
        arguments, what = case.arguments(function), f"{layout} arrays"
        here = core.call(function, *arguments)
        there = _called(core, function, arguments, what, Call(layout=layout))
        slack = 2 * allowed(core, truth, function)
        return agree(function, there, here, slack, (f"with {what} it", "otherwise it"))

    return at


def _float32(function: str) -> At:
    def at(core: Core, case: Case, truth: Truth) -> Finding:
        means = case.means.astype(np.float32)
        rounded = Case(means, case.weights, case.salt, case.x.astype(np.float32))
        arguments = rounded.arguments(function)
        here = core.call(function, *arguments)
        single = _arrays(arguments, lambda a: a.astype(np.float32))
        there = _called(core, function, single, "float32 arrays")
        slack = 2 * allowed(core, Truth(rounded, 1e-2), function, "float32")
        return agree(function, there, here, slack, ("with float32 arrays it", "with float64 it"))

    return at


def _integers(function: str) -> At:
    """The means (and x) as integers; the weights stay as they are."""

    def at(core: Core, case: Case, truth: Truth) -> Finding:
        places = np.round(case.x)
        whole = Case(case.means, case.weights, case.salt, places)
        arguments = list(whole.arguments(function))
        here = core.call(function, *arguments)
        for k in range(2 if function in AT else 1):
            arguments[k] = arguments[k].astype(np.int64)
        there = _called(core, function, tuple(arguments), "integer means")
        slack = 2 * allowed(core, Truth(whole, 1e-2), function)
        return agree(function, there, here, slack, ("with integer means it", "with floats it"))

    return at


def _kept(function: str) -> At:
    """Also with weights whose sum is 1 up to rounding only: normalising them in place shows."""

    def at(core: Core, case: Case, truth: Truth) -> Finding:
        uneven = Case(case.means, case.weights * ROUNDED, case.salt, case.x)
        names = ("x", "means", "weights", "variances") if function in FIRST_X else (
            "means", "weights", "data_means", "data_weights")  # fmt: skip
        for one in (case, uneven):
            arguments = one.arguments(function)
            found = core.see(function, *arguments, how=Call(after=True))
            for name, now, then in zip(names, found.after, arguments, strict=False):
                if not np.array_equal(now, then):
                    return Finding("failed", None, f"{function} changed the {name} it was given")
        return PASSED

    return at


def _own(function: str) -> At:
    """Results share no memory with the arguments, or with what a later call returns."""

    def at(core: Core, case: Case, truth: Truth) -> Finding:
        first = core.see(function, *case.arguments(function), how=Call(keep=True))
        if first.shares:
            return Finding("failed", None, f"{function} returned memory of its arguments")
        other = Case(case.means * 0.5, case.weights, case.salt, case.x)
        core.see(function, *other.arguments(function))
        if not np.array_equal(core.again(function), first.value, equal_nan=True):
            return Finding("failed", None, f"a later call of {function} changed its first result")
        if core.spoil(function):
            again = core.see(function, *other.arguments(function))
            if np.isnan(again.value).any():
                what = f"{function} returns what was written into its first result"
                return Finding("failed", None, what)
        return PASSED

    return at


def _quiet(function: str) -> At:
    def at(core: Core, case: Case, truth: Truth) -> Finding:
        warned = core.see(function, *case.arguments(function)).warned
        return Finding("failed", None, f"{function} warns: {warned[0]}") if warned else PASSED

    return at


def _finite(function: str) -> At:
    """Finite, and within bounds that hold for every mixture."""

    def at(core: Core, case: Case, truth: Truth) -> Finding:
        value = core.call(function, *case.arguments(function))
        most = float(case.norms.max())
        half = truth.half
        low, high = {
            "psi": (0.0, 1.0),
            "overlaps": (0.0, 1.0),
            "loss": (0.0, half),
            "log_prob": (-2 * float(truth.density.size.max()), 0.0),
            "psi_tilde_norm2": (0.0, most**2),
            "gradient": (-most, most),
            "em_step": (-most * (1 + case.eta), most * (1 + case.eta)),
        }[function]
        # a thousandth: this is about overflow, not about digits
        room = 1e-3 * max(high, -low, 1.0)
        if np.any(value < low - room) or np.any(value > high + room):
            raise Wrong(f"{function} is from {value.min():.6g} to {value.max():.6g}: every "
                        f"mixture with these norms has it in [{low:.6g}, {high:.6g}]")  # fmt: skip
        return PASSED

    return at


def _checks(
    name: str,
    text: str,
    domain: str,
    at: Callable[[str], At],
    functions: Sequence[str] = FUNCTIONS,
) -> list[Check]:
    return [
        Check(f"{name}-{f}", "robustness", f"{f}: {text}", (f,), domain, at(f), points=4, quick=2)
        for f in functions
    ]


CHECKS = (
    *_checks("finite", "no overflow at norms to 1e6", "extreme", _finite),
    *_checks("quiet", "no warnings", "mixed", _quiet, SMOOTH),
    *_checks("inputs-kept", "what it is given stays as it is", "mixed", _kept, ALL),
    *_checks("own-results", "results are the caller's", "mixed", _own, SMOOTH),
    *_checks("fortran-order", "arrays in Fortran order", "mixed",
             lambda f: _taken(f, "Fortran-ordered")),
    *_checks("strided", "views with strides, backwards", "mixed",
             lambda f: _taken(f, "strided")),
    *_checks("read-only", "arrays that cannot be written to", "mixed",
             lambda f: _taken(f, "read-only")),
    *_checks("float32-inputs", "arrays of float32", "generic", _float32),
    *_checks("integer-inputs", "integer means", "integers", _integers),
)  # fmt: skip
