"""Every function against certified enclosures, domain by domain: ``gradient-far``, ..."""

from __future__ import annotations

from gembounds.conform.case import Case
from gembounds.conform.check import At, Check, Finding, compared
from gembounds.conform.core import Core
from gembounds.conform.domains import DOMAINS
from gembounds.conform.protocol import FUNCTIONS
from gembounds.conform.tolerance import besides, size
from gembounds.conform.truth import Truth

POINTS, QUICK = 12, 3


def _at(function: str) -> At:
    def at(core: Core, case: Case, truth: Truth) -> Finding:
        value = core.call(function, *case.arguments(function))
        return compared(
            function, value, truth.value(function), size(truth, function),
            core.rtol(function), besides(core, truth, function),
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
    if domain.certified
)
