"""A core as one writes it in an afternoon: Gauss-Hermite nodes on every axis, always the same.

No directions are singled out and nothing adapts to the means, so the error is what it is: it is
declared as ``atol``, with how long the means may be and how many dimensions there may be.
"""

import itertools

import numpy as np

atol = dict.fromkeys(("loss", "gradient", "psi_tilde_norm2", "overlaps", "em_step"), 1e-6)
max_d = dict.fromkeys(atol, 3)
max_norm = dict.fromkeys(atol, 1.0)

ORDER = 32
"""Nodes an axis. Where the logits' slopes differ by D at most, psi is analytic in a strip of half-
width pi/D, and the rule errs by about exp(-2 pi/D sqrt(ORDER)): 2e-8 for D = 2."""


def psi(x, means, weights):
    """(m, d) to (m, n)."""
    logits = _logits(x, means, weights)
    parts = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return parts / np.sum(parts, axis=1, keepdims=True)


def loss(means, weights):
    """-E log p_mu/p_0."""
    x, shares = _grid(means)
    logits = _logits(x, means, weights)
    top = np.max(logits, axis=1)
    return -(shares @ (top + np.log(np.sum(np.exp(logits - top[:, None]), axis=1))))


def gradient(means, weights):
    """E[psi_i (mu_i - x)], as (3) has it."""
    x, shares = _grid(means)
    part = psi(x, means, weights) * shares[:, None]
    return np.sum(part, axis=0)[:, None] * means - part.T @ x


def psi_tilde_norm2(means, weights):
    """E|sum_i psi_i mu_i|^2."""
    x, shares = _grid(means)
    return shares @ np.sum((psi(x, means, weights) @ means) ** 2, axis=1)


def overlaps(means, weights):
    """E[psi_i psi_k]."""
    x, shares = _grid(means)
    found = psi(x, means, weights)
    return (found * shares[:, None]).T @ found


def em_step(means, weights, eta):
    """means - eta gradient."""
    return means - eta * gradient(means, weights)


def _logits(x, means, weights):
    x, means = np.asarray(x, dtype=float), np.asarray(means, dtype=float)
    return x @ means.T - 0.5 * np.sum(means**2, axis=1) + np.log(weights)


def _grid(means):
    """x (m, d) and shares (m,): E f(x) is about shares @ f(x)."""
    y, w = np.polynomial.hermite_e.hermegauss(ORDER)
    d = np.shape(means)[1]
    x = np.array(list(itertools.product(y, repeat=d)))
    shares = np.array(list(itertools.product(w / np.sqrt(2 * np.pi), repeat=d))).prod(axis=1)
    return x, shares
