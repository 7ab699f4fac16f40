"""The reference: the paper's definitions evaluated literally, at a requested number of digits.

Its results are estimates, never evidence. It shares no formula, no reduction and no quadrature
rule with the certified evaluators. It loads mpmath, so nothing imports it at start.
"""

from gembounds.evaluators.reference.differences import gradient_by_differences
from gembounds.evaluators.reference.precision import NotConverged
from gembounds.evaluators.reference.quantities import gradient, loss, overlaps, psi_tilde_norm2
from gembounds.evaluators.reference.radial import exp_norm, norm_moment, norm_survival
from gembounds.evaluators.reference.scalars import U, mu_max, pi_min, psi

__all__ = [
    "NotConverged",
    "U",
    "exp_norm",
    "gradient",
    "gradient_by_differences",
    "loss",
    "mu_max",
    "norm_moment",
    "norm_survival",
    "overlaps",
    "pi_min",
    "psi",
    "psi_tilde_norm2",
]
