"""The registry of wrong cores: importing the modules fills it."""

from __future__ import annotations

from tests.conform import (  # noqa: F401
    wrong_company,
    wrong_gradient,
    wrong_log_prob,
    wrong_loss,
    wrong_manners,
    wrong_memory,
    wrong_offset,
    wrong_overlaps,
    wrong_process,
    wrong_psi,
    wrong_psi_sometimes,
    wrong_step,
)
from tests.conform.wrong_core import REGISTRY, Core, right

__all__ = ["REGISTRY", "Core", "right"]
