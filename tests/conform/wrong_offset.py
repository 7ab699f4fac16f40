"""Wrong cores: squares that are expanded, which lose what means and x share."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.conform.wrong_core import Array, Core, logits, softmax


class LogProbByExpansion(Core, caught_by="log_prob-offset"):
    """-|x|^2/2 + <x, mu_i> - |mu_i|^2/2 in place of -|x - mu_i|^2/2."""

    def log_prob(self, x: Array, means: Array, weights: Array) -> Any:
        logs = logits(x, means, weights)
        top = logs.max(axis=1)
        total = top + np.log(np.sum(np.exp(logs - top[:, None]), axis=1))
        return total - 0.5 * np.sum(x**2, axis=1) - 0.5 * x.shape[1] * np.log(2 * np.pi)


class PsiByExpansion(Core, caught_by="psi-offset"):
    """The usual logits, in a core that has the log-density by the differences."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        return softmax(logits(x, means, weights))
