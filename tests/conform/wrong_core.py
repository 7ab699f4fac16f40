"""The base of the wrong cores: the right one, function by function, so that each changes one.

``gradient``, ``psi_tilde_norm2`` and ``em_step`` follow from the others here, as in most cores:
a mistake in the overlaps shows in all four.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

right: Any = import_module("examples.cores.numpy_core")

REGISTRY: list[type[Core]] = []
"""Every wrong core, in the order of definition."""


class Core:
    """The right core. A subclass is a wrong one: its docstring says what is wrong, and
    ``caught_by`` is the check that must fail on it."""

    rtol, max_rank = right.rtol, right.max_rank
    caught_by: ClassVar[str] = ""

    def __init_subclass__(cls, caught_by: str) -> None:
        cls.caught_by = caught_by
        REGISTRY.append(cls)

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        return right.psi(x, means, weights)

    def log_prob(self, x: Array, means: Array, weights: Array) -> Any:
        return right.log_prob(x, means, weights)

    def overlaps(self, means: Array, weights: Array) -> Any:
        return right.overlaps(means, weights)

    def loss(self, means: Array, weights: Array) -> Any:
        return right.loss(means, weights)

    def gradient(self, means: Array, weights: Array) -> Any:
        return self.overlaps(means, weights) @ np.asarray(means, float)

    def psi_tilde_norm2(self, means: Array, weights: Array) -> Any:
        mu = np.asarray(means, float)
        return float(np.sum(self.overlaps(means, weights) * (mu @ mu.T)))

    def em_step(self, means: Array, weights: Array, eta: float) -> Any:
        return np.asarray(means, float) - eta * self.gradient(means, weights)


def even(weights: Array) -> Array:
    return np.full(len(weights), 1 / len(weights))


def softmax(logits: Array) -> Array:
    """Over the last axis."""
    parts = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    found: Array = parts / np.sum(parts, axis=-1, keepdims=True)
    return found


def logits(x: Array, means: Array, weights: Array) -> Array:
    """<x, mu_i> - |mu_i|^2/2 + log w_i, (m, n)."""
    found: Array = x @ means.T - 0.5 * np.sum(means**2, axis=1) + np.log(weights)
    return found
