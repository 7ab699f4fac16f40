"""Functions over data against enclosures, and what must hold between data: ``loss_over-far``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gembounds.conform.case import Case
from gembounds.conform.check import At, Check, Finding, agree, compared
from gembounds.conform.core import Core
from gembounds.conform.domains import BY_NAME
from gembounds.conform.over import base_of, value_over
from gembounds.conform.protocol import OVER, FloatArray
from gembounds.conform.tolerance import allowed, besides, size
from gembounds.conform.truth import Truth, truth_of
from gembounds.values.rounding import U

DOMAINS = ("ordinary", "generic", "far", "repeated", "near-coincident", "many", "one-dimension",
           "one-component")  # fmt: skip

LOOSE = 1e-2
"""Width of the enclosures from which sizes at other data are read."""

SHARE = 0.25
"""Of a component that is split in two."""

Data = tuple[FloatArray, FloatArray]


def _certified(function: str) -> At:
    def at(core: Core, case: Case, truth: Truth) -> Finding:
        value = core.call(function, *case.arguments(function))
        exact, of = value_over(truth, function), size(truth, function)
        unsure = besides(core, truth, function)
        return compared(function, value, exact, of, core.rtol(function), unsure)

    return at


def _at_origin(function: str) -> At:
    """One component at 0: the function without data."""

    def at(core: Core, case: Case, truth: Truth) -> Finding:
        base, here = base_of(function), case.but(data=(np.zeros((1, case.d)), np.ones(1)))
        value = core.call(function, *here.arguments(function))
        plain = core.call(base, *case.arguments(base))
        slack = allowed(core, truth_of(here, LOOSE), function) + allowed(core, truth, base)
        return agree(function, value, plain, slack, ("over data at 0 it", base))

    return at


def _alike(change: Callable[[Case], Case], text: str) -> Callable[[str], At]:
    """The same value for data, or model and data, that are written otherwise."""

    def of(function: str) -> At:
        def at(core: Core, case: Case, truth: Truth) -> Finding:
            other = change(case)
            here = core.call(function, *case.arguments(function))
            there = core.call(function, *other.arguments(function))
            if function == "em_step_over":  # the means themselves may have moved
                here, there = here - case.means, there - other.means
            rounding = 8 * U * (np.abs(here) + np.abs(other.means).max())
            slack = allowed(core, truth, function) + allowed(
                core, truth_of(other, LOOSE), function
            )
            return agree(function, there, here, slack + rounding, (f"with {text} it", "before"))

        return at

    return of


def _split(case: Case) -> Case:
    means, weights = case.data
    parts = [SHARE * weights[0], *weights[1:], (1 - SHARE) * weights[0]]
    return case.but(data=(np.vstack([means, means[:1]]), parts))


def _turned(case: Case) -> Case:
    means, weights = case.data
    return case.but(data=(means[::-1], weights[::-1]))


def _moved(case: Case) -> Case:
    """By short numbers, so that little is lost; psi~ has the means as they are."""
    shift = np.round(8 * case.rng("moved").normal(size=case.d)) / 8
    means, weights = case.data
    return case.but(means=case.means + shift, data=(means + shift, weights))


def _checks(name: str, text: str, of: Callable[[str], At], functions: Any = OVER) -> list[Check]:
    return [
        Check(f"{name}-{f}", "consistency", f"{f}: {text}", _needs(name, f), "mixed", of(f), 6, 2)
        for f in functions
    ]


def _needs(name: str, function: str) -> tuple[str, ...]:
    return (function, base_of(function)) if name == "data-at-0" else (function,)


CHECKS = (
    *(
        Check(
            f"{f}-{name}", "certified",
            f"{f} lies within the declared error of its enclosure: {BY_NAME[name].text}",
            (f,), name, _certified(f), points=8, quick=2,
        )
        for name in DOMAINS for f in OVER
    ),
    *_checks("data-at-0", "data N(0, I) are none", _at_origin),
    *_checks("data-split", "one component of the data written as two",
             _alike(_split, "a component of the data split in two")),
    *_checks("data-turned", "components of the data in another order",
             _alike(_turned, "the data in another order")),
    *_checks("data-moved", "model and data moved by the same vector",
             _alike(_moved, "model and data moved together"),
             [f for f in OVER if f != "psi_tilde_norm2_over"]),
)  # fmt: skip
