"""Certified population quantities of Gaussian mixtures, and the claims of a paper on them."""

from gembounds.enclosure import Enclosure, Estimate, StatisticalInterval
from gembounds.errors import InputError, RankError, UndecidedError
from gembounds.mixture import Mixture
from gembounds.quantities import (
    U,
    gradient,
    gradient_of_q,
    loss,
    mu_max,
    overlaps,
    pi_min,
    psi,
    psi_tilde_norm2,
)

__all__ = [
    "Enclosure",
    "Estimate",
    "InputError",
    "Mixture",
    "RankError",
    "StatisticalInterval",
    "U",
    "UndecidedError",
    "gradient",
    "gradient_of_q",
    "loss",
    "mu_max",
    "overlaps",
    "pi_min",
    "psi",
    "psi_tilde_norm2",
]
