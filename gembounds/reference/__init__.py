"""The reference: the paper's definitions evaluated literally, at a requested number of digits.

Its results are estimates, never evidence. It shares no formula, no reduction and no quadrature
rule with the certified evaluators. It loads mpmath, so nothing imports it at start.
"""

from gembounds.reference.precision import NotConverged
from gembounds.reference.quantities import gradient, loss, overlaps, psi_tilde_norm2

__all__ = [
    "NotConverged",
    "gradient",
    "loss",
    "overlaps",
    "psi_tilde_norm2",
]
