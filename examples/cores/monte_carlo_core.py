"""A core as the paper's experiments have it: averages over 350,000 samples of N(0, I).

``samples`` declares it: the values are judged by a statistical test, not by digits.
"""

import numpy as np

samples = 350_000
max_d = 10
"""Declared; the paper's experiments have d = 5, and 350,000 samples in R^2000 take 6 GB."""

BLOCK = 2_000_000
"""Numbers drawn at a time: samples times dimension."""

_rng = np.random.default_rng(2024)


def psi(x, means, weights):
    """(m, d) to (m, n)."""
    logits, _ = _logits(x, means, weights)
    parts = np.exp(logits)
    return parts / np.sum(parts, axis=1, keepdims=True)


def loss(means, weights):
    """-E log p_mu/p_0."""

    def log_sum(x):
        logits, top = _logits(x, means, weights)
        return top + np.log(np.sum(np.exp(logits), axis=1))

    return -_average(lambda x: np.sum(log_sum(x)), means)


def gradient(means, weights):
    """E[psi_i (mu_i - x)], as (3) has it."""

    def total(x):
        found = psi(x, means, weights)
        return np.sum(found, axis=0)[:, None] * means - found.T @ x

    return _average(total, means)


def psi_tilde_norm2(means, weights):
    """E|sum_i psi_i mu_i|^2."""
    return _average(lambda x: np.sum((psi(x, means, weights) @ means) ** 2), means)


def overlaps(means, weights):
    """E[psi_i psi_k]."""

    def total(x):
        found = psi(x, means, weights)
        return found.T @ found

    return _average(total, means)


def em_step(means, weights, eta):
    """means - eta gradient."""
    return means - eta * gradient(means, weights)


def _logits(x, means, weights):
    """Relative to the largest, and the largest."""
    logits = x @ means.T - 0.5 * np.sum(means**2, axis=1) + np.log(weights)
    top = np.max(logits, axis=1)
    return logits - top[:, None], top


def _average(total, means):
    """The mean of f over fresh samples, from ``total``, the sum of f over a block."""
    d = means.shape[1]
    block = max(1, BLOCK // d)
    sizes = [min(block, samples - start) for start in range(0, samples, block)]
    return sum(total(_rng.normal(size=(size, d))) for size in sizes) / samples
