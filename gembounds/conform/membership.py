"""Whether a case lies in a named domain: so that a failing one is made smaller inside it alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gembounds.conform.case import Case

SLIGHT = 1 + 1e-9


def _few(case: Case) -> bool:
    return 2 <= case.n <= 5


def _far(case: Case) -> bool:
    return case.n >= 2 and (case.rank <= 1 or (case.rank == 2 and case.n <= 4))


def _repeated(case: Case) -> bool:
    return case.n >= 3 and len(np.unique(case.means, axis=0)) < case.n


def _near(case: Case) -> bool:
    return case.n >= 2 and float(np.linalg.norm(np.ptp(case.means, axis=0))) <= 1


INSIDE: dict[str, Callable[[Case], bool]] = {
    "ordinary": lambda c: _few(c) and c.rank <= 3 and c.weights.min() >= 1e-3,
    "generic": lambda c: _few(c) and c.d <= 6,
    "far": _far,
    "tiny-weights": lambda c: c.n >= 2 and c.weights.min() <= 1e-6 * SLIGHT,
    "zero-weights": lambda c: not c.present.all(),
    "repeated": _repeated,
    "near-coincident": _near,
    "many": lambda c: 6 <= c.n <= 10,
    "high-d": lambda c: c.d >= 20,
    "high-rank": lambda c: 5 <= c.n <= 6 and c.rank <= 4,
    "one-dimension": lambda c: c.d == 1 and c.n >= 2,
    "one-component": lambda c: c.n == 1,
    "mixed": lambda c: c.n >= 2,
    "integers": lambda c: 2 <= c.n <= 4 and bool(np.all(c.means == np.round(c.means))),
    "extreme": lambda c: c.n >= 2,
}
"""By the name of the domain; what is not here has no bounds but what a core declares."""


def contains(domain: str, case: Case) -> bool:
    return domain not in INSIDE or bool(INSIDE[domain](case))
