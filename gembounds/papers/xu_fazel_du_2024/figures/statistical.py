"""Figure 2, right: the parametric error of sample gradient EM after convergence.

Data: N points of N(0, I_d). Student: n = 5, equal weights, means started at N(0, I_d). The
parametric error is sqrt(sum_i pi_i |mu_i|^2).

Convergence. Gradient EM on N points is gradient descent on the sample's L_N (the paper's Fact 1
for the sample), and its contraction near the end is 1 - O(N^(-1/2)) and slower: some 10^5
steps at N = 10^5. So: ``STEPS`` steps of gradient EM; then L-BFGS on L_N from there, until no
entry of the gradient is beyond ``TOLERANCE``; then ``CHECK_STEPS`` steps of gradient EM again,
whose effect on the error is kept (``drift``). It ends where gradient EM has a fixed point;
:func:`plain` runs gradient EM alone to the same gradient, for comparison.

What to expect. With W = sum_i pi_i mu_i mu_i^T and the sample's covariance S, L_N is, to leading
order in small means, const + |W - (S - I)|_F^2 / 4, and W is positive semidefinite of rank at most
n - 1 where the mean is at the sample's. Hence W ~ the positive part of S - I, of size N^(-1/2)
(G / sqrt(N), G symmetric and normal, variance 2 on the diagonal and 1 off it), and

    error ~ N^(-1/4) sqrt(sum of the n - 1 largest positive eigenvalues of G):    :func:`limit`.

The argument is heuristic: it is drawn, it decides nothing.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024.experiments import (
    DIMENSION,
    STATISTICAL_STUDENTS,
    STEP_SIZE,
    FloatArray,
    generator,
)
from gembounds.papers.xu_fazel_du_2024.figures.monte_carlo import gradient, loss_and_gradient, rows

STREAM, LIMIT_STREAM = 5, 6
"""Of random numbers: the second word of the key."""

STEPS = 300
"""Of gradient EM before L-BFGS (a choice: from 100, 300 and 1,000 it ends at the same point)."""

TOLERANCE = 1e-8
"""Of an entry of the gradient, where the statistical error is N^(-1/4)."""

CHECK_STEPS = 10

EVALUATIONS = 20_000
"""Most of L-BFGS: a few hundred are needed."""

PLAIN_STEPS = 200_000
LIMIT_DRAWS = 20_000


def drawn(size: int, run: int, seed: int) -> tuple[FloatArray, FloatArray]:
    """Data (size, DIMENSION) and initial means (n, DIMENSION) of a run."""
    rng = generator(seed, STREAM, size, run)
    data = rng.standard_normal((size, DIMENSION))
    return data, rng.standard_normal((STATISTICAL_STUDENTS, DIMENSION))


def converged(size: int, run: int, seed: int) -> dict[str, Any]:
    """One run: ``error``, ``gradient`` (its norm at the end), ``drift``, ``evaluations``."""
    from scipy.optimize import minimize

    data, means = drawn(size, run, seed)
    blocks, weights = rows(data), _equal()
    means = _stepped(means, blocks, STEPS)

    def objective(flat: FloatArray) -> tuple[float, FloatArray]:
        value, found = loss_and_gradient(flat.reshape(means.shape), weights, blocks)
        return value, found.ravel()

    found = minimize(
        objective, means.ravel(), jac=True, method="L-BFGS-B",
        options={"maxcor": 30, "gtol": TOLERANCE, "ftol": 0.0, "maxls": 50,
                 "maxiter": EVALUATIONS, "maxfun": EVALUATIONS},
    )  # fmt: skip
    end = found.x.reshape(means.shape)
    error = parametric_error(end)
    later = parametric_error(_stepped(end, blocks, CHECK_STEPS))
    return {
        "run": run,
        "error": error,
        "gradient": float(np.linalg.norm(found.jac)),
        "drift": abs(later - error) / error,
        "evaluations": int(found.nfev),
    }


def plain(size: int, run: int, seed: int) -> dict[str, Any]:
    """The same run by gradient EM alone, until the gradient's norm is at most ``TOLERANCE``."""
    data, means = drawn(size, run, seed)
    blocks, weights = rows(data), _equal()
    slope, steps = gradient(means, weights, blocks), 0
    while np.linalg.norm(slope) > TOLERANCE and steps < PLAIN_STEPS:
        means = means - STEP_SIZE * slope
        slope, steps = gradient(means, weights, blocks), steps + 1
    return {
        "run": run,
        "error": parametric_error(means),
        "gradient": float(np.linalg.norm(slope)),
        "steps": steps,
    }


def parametric_error(means: FloatArray) -> float:
    """sqrt(sum_i pi_i |mu_i|^2), equal weights."""
    return math.sqrt(float((means * means).sum()) / len(means))


def limit(seed: int) -> float:
    """E sqrt(sum of the n - 1 largest positive eigenvalues of G), by ``LIMIT_DRAWS`` draws."""
    rng = generator(seed, LIMIT_STREAM)
    square = rng.standard_normal((LIMIT_DRAWS, DIMENSION, DIMENSION))
    values = np.linalg.eigvalsh((square + square.transpose(0, 2, 1)) / math.sqrt(2))
    largest = np.clip(values[:, -(STATISTICAL_STUDENTS - 1) :], 0, None)
    return float(np.sqrt(largest.sum(axis=1)).mean())


def _equal() -> FloatArray:
    return np.full(STATISTICAL_STUDENTS, 1 / STATISTICAL_STUDENTS)


def _stepped(means: FloatArray, blocks: list[FloatArray], steps: int) -> FloatArray:
    for _ in range(steps):
        means = means - STEP_SIZE * gradient(means, _equal(), blocks)
    return means
