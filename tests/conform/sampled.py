"""A core as the paper describes its experiments: averages over fixed normal samples."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.conform import plain

samples = 20_000
max_d = 6
max_norm = 10.0

psi = plain.psi


def _x(means: Any) -> Any:
    return np.random.default_rng(7).normal(size=(samples, means.shape[1]))


def overlaps(means: Any, weights: Any) -> Any:
    found = psi(_x(means), means, weights)
    return found.T @ found / samples


def gradient(means: Any, weights: Any) -> Any:
    """E[psi_i (mu_i - x)], the paper's (3)."""
    x = _x(means)
    found = psi(x, means, weights)
    return found.mean(axis=0)[:, None] * means - found.T @ x / samples


def psi_tilde_norm2(means: Any, weights: Any) -> Any:
    return np.mean(np.sum((psi(_x(means), means, weights) @ means) ** 2, axis=1))


def loss(means: Any, weights: Any) -> Any:
    logits = _x(means) @ means.T - 0.5 * np.sum(means**2, axis=1) + np.log(weights)
    top = logits.max(axis=1)
    return -np.mean(top + np.log(np.sum(np.exp(logits - top[:, None]), axis=1)))


def em_step(means: Any, weights: Any, eta: float) -> Any:
    return means - eta * gradient(means, weights)
