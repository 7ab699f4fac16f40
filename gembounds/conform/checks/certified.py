"""Every function against certified enclosures, domain by domain: ``gradient-far``, ..."""

from __future__ import annotations

from gembounds.conform.case import Case
from gembounds.conform.check import At, Check, Finding, compared
from gembounds.conform.domains import DOMAINS
from gembounds.conform.protocol import FUNCTIONS, Core, FloatArray
from gembounds.conform.tolerance import rounding, size
from gembounds.conform.truth import Truth

POINTS, QUICK = 12, 3

def value_of(core: Core, function: str, case: Case) -> FloatArray:
    """The core's value at ``case``, checked for shape and finiteness."""
    if function == "psi":
        return core.call("psi", case.x, case.means, case.weights)
    if function == "em_step":
        return core.call("em_step", case.means, case.weights, case.eta)
    return core.call(function, case.means, case.weights)


def _at(function: str) -> At:
    def at(core: Core, case: Case, truth: Truth) -> Finding:
        value = value_of(core, function, case)
        return compared(
            function, value, truth.value(function), size(truth, function),
            core.rtol(function), rounding(core, truth, function),
        )  # fmt: skip

    return at


CHECKS = tuple(
    Check(
        id=f"{function}-{domain.name}",
        kind="certified",
        text=f"{function} lies within the declared error of its enclosure: {domain.text}",
        functions=(function,),
        domain=domain.name,
        at=_at(function),
        points=POINTS,
        quick=QUICK,
    )
    for function in FUNCTIONS
    for domain in DOMAINS
)
