"""Every function against certified enclosures, domain by domain: ``gradient-far``, ...

Where ways of calling are drawn with the points (:mod:`gembounds.conform.circumstances`), the core
is called as the point says, and each value that comes back is judged.
"""

from __future__ import annotations

from gembounds.conform.case import Case
from gembounds.conform.check import At, Check, Finding, compared
from gembounds.conform.circumstances import USUAL, Batch
from gembounds.conform.core import Core
from gembounds.conform.domains import DOMAINS, Combined, Domain
from gembounds.conform.protocol import AT, FloatArray
from gembounds.conform.tolerance import besides, size
from gembounds.conform.truth import Truth

POINTS, QUICK = 12, 3
MANY = {True: (400, 60), False: (250, 24)}
"""Points of the domains that combine, for psi and for expectations: enough for nearly all triples
of strata, and for all pairs."""

WIDTH = 0.25
"""Of their enclosures, as a share of the declared accuracy: what is missed is undecided."""


def _at(function: str) -> At:
    def at(core: Core, case: Case, truth: Truth) -> Finding:
        exact, of, room = truth.value(function), size(truth, function), core.rtol(function)
        unsure = besides(core, truth, function)
        if function in AT:
            exact, of, unsure = exact[case.rows], of[case.rows], unsure[case.rows]
        return Finding.all(
            compared(function, value, exact, of, room, unsure)
            for value in values(core, case, function)
        )

    return at


def values(core: Core, case: Case, function: str) -> list[FloatArray]:
    """What the core gives at ``case``, called as the case says."""
    if case.how == USUAL:
        return [core.call(function, *case.arguments(function))]
    return list(core.several([(function, case.arguments(function)), *_others(case, function)],
                             case.how)[0])  # fmt: skip


def _others(case: Case, function: str) -> Batch:
    """Calls at the same time, or between: other means, weights and x, of the same shapes."""
    other = Case(0.75 * case.means[::-1] + 0.0, case.weights[::-1], case.salt, 0.5 * case.x[::-1])
    return [(function, other.but(eta=case.given_eta).arguments(function))]


def _count(domain: Domain) -> tuple[int, int]:
    drawn = domain.strategy
    return MANY[drawn.of_psi] if isinstance(drawn, Combined) else (POINTS, QUICK)


CHECKS = tuple(
    Check(
        id=f"{function}-{domain.name}",
        kind="certified",
        text=f"{function} lies within the declared error of its enclosure: {domain.text}",
        functions=(function,),
        domain=domain.name,
        at=_at(function),
        points=_count(domain)[0],
        quick=_count(domain)[1],
        width=WIDTH if isinstance(domain.strategy, Combined) else Check.width,
        sharp=not isinstance(domain.strategy, Combined),
    )
    for domain in DOMAINS
    for function in domain.certified
)
