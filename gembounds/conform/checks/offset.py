"""Posteriors where means and x share a vector, of cores that have log-densities too.

psi depends on the differences x - mu_i alone. Where they are formed first, it errs by what the
direct formula of the log-density costs (:mod:`gembounds.conform.density`), whatever is shared.
Expanding the square costs more, the longer the vector is; :mod:`gembounds.conform.tolerance`
allows that to a core of posteriors alone. One that has ``log_prob`` knows the differences.
"""

from __future__ import annotations

import numpy as np

from gembounds.conform.case import Case
from gembounds.conform.chance import chance
from gembounds.conform.check import Check, Finding, compared
from gembounds.conform.core import Core
from gembounds.conform.tolerance import NOTHING, SMALLEST, grown
from gembounds.conform.truth import Truth, spread
from gembounds.evaluators import quantities
from gembounds.values.enclosure import Enclosure


def _direct(core: Core, case: Case, truth: Truth) -> Finding:
    value = core.call("psi", *case.arguments("psi"))
    rows = [quantities.psi(case.mix, x.tolist()) for x in case.places]
    lower, upper = (np.array([getattr(r, end) for r in rows]) for end in ("lower", "upper"))
    exact = spread(case, Enclosure(lower, upper, "float64"), 1, first=1)
    rounding = grown(2 * core.unit * truth.density.terms, exact.upper) + SMALLEST[core.dtype]
    unsure = core.atol("psi") + rounding + chance(core, truth, "psi") + NOTHING
    exact, unsure = exact[case.rows], unsure[case.rows]
    return compared("psi", value, exact, exact.upper, core.rtol("psi"), unsure)


CHECKS = (
    Check(
        "psi-offset", "certified",
        "psi of a core with log_prob, where means and x share a vector: by the differences",
        ("psi", "log_prob"), "offset", _direct,
    ),
)  # fmt: skip
