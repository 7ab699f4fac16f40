"""What must hold between a core's own values, without a reference.

Sizes and the cost of rounding are those of :mod:`gembounds.conform.tolerance`; each side may use
up what it is allowed.
"""

from __future__ import annotations

import numpy as np

from gembounds.conform.case import Case
from gembounds.conform.check import Check, Finding, agree
from gembounds.conform.protocol import Core
from gembounds.conform.tolerance import allowed
from gembounds.conform.truth import Truth


def psi_sums_to_one(core: Core, case: Case, truth: Truth) -> Finding:
    total = core.call("psi", case.x, case.means, case.weights).sum(axis=1)
    slack = allowed(core, truth, "psi").sum(axis=1) + 4 * case.n * core.unit
    return agree("psi", total, np.ones_like(total), slack, ("the sum over i", "1"))


CHECKS = (
    Check("psi-sums-to-one", "consistency", "sum_i psi_i(x) = 1", ("psi",), "generic",
          psi_sums_to_one),
)  # fmt: skip
