"""Randomised quasi-Monte-Carlo for mixtures of any rank: statistical intervals."""

from gembounds.evaluators.qmc.quantities import gradient, loss, overlaps, psi_tilde_norm2

__all__ = ["gradient", "loss", "overlaps", "psi_tilde_norm2"]
