"""How far an average over independent samples may be from its expectation.

A core that declares ``samples`` = N is judged by Bernstein's inequality (Boucheron, Lugosi,
Massart, *Concentration Inequalities*, Theorem 2.10): where E|f|^q <= (q!/2) v c^(q-2) for
q >= 2, the average of N independent copies of f is within

    sqrt(2 v t / N) + c t / N,     t = log(2 / a),

of E f except with probability a. It holds for every N, with no normal approximation. Over a whole
run the probability that a right core fails is at most ``FALSE_ALARM``, by the union bound over at
most ``COMPARISONS`` compared numbers: a = FALSE_ALARM / COMPARISONS.

What f is, the core need not say: the bounds cover the estimators that the paper's formulas give.
With b_j = max_k |mu_kj|, a = |mu_ij|, A = max(a, 1), s_k = |mu_k|, M = max s_k, and sizes as in
:mod:`gembounds.conform.tolerance`:

    overlaps         psi_i psi_k in [0, b], b = 1 for i = k, else 1/4 because psi_i + psi_k <= 1.
                     Of f - E f: v = Var f <= E f (b - E f), c = b/3
    gradient         psi_i psi~_j, at most b_j: v = b_j size, c = b_j/3;
                     psi_i (mu_ij - x_j), at most a + |x_j|, psi_i <= 1: v = 2 (a^2 + 1), c = 2 A,
                     from E (a + |x|)^q <= 2^(q-1) (a^q + q!/2); or, by Cauchy-Schwarz with
                     E psi_i^2 <= E psi_i, v = 16 A^2 sqrt(E psi_i), c = sqrt(8) A
    psi_tilde_norm2  |psi~|^2 <= M^2: v = M^2 size, c = M^2/3;
                     sum_i psi_i <mu_i - x, mu_i>, at most max_k (s_k^2 + |<x, mu_k>|):
                     v = sum_k 2 (s_k^4 + s_k^2), c = 2 max(M^2, M)
    loss             log(p / p_0), at most max_k (|<x, mu_k>| + s_k^2/2) in absolute value:
                     v = sum_k 2 (s_k^4/4 + s_k^2), c = 2 max(M^2/2, M)
    em_step          eta times the gradient's

The larger of the estimators' deviations counts; for the second of the gradient the smaller of its
two bounds.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gembounds.conform.core import Core
from gembounds.conform.protocol import FloatArray
from gembounds.conform.truth import Truth
from gembounds.values.enclosure import Enclosure
from gembounds.values.rounding import U

FALSE_ALARM = 1e-6
"""Probability that a right core that samples fails a run."""

COMPARISONS = 10**7
"""Numbers compared in a run, at most: most of them are entries of gradients and steps."""


def deviation(v: Any, c: Any, samples: float) -> Any:
    """sqrt(2 v t / N) + c t / N."""
    t = math.log(2 * COMPARISONS / FALSE_ALARM)
    return np.sqrt(2 * v * t / samples) + c * t / samples


def chance(core: Core, truth: Truth, function: str) -> FloatArray:
    """What chance may add to the error of a value, entry by entry; 0 for a core that does not
    sample."""
    samples = core.samples(function)
    if samples is None:
        return np.asarray(0.0)
    return np.asarray(_deviation(truth, function, samples))


def _deviation(truth: Truth, function: str, samples: float) -> Any:
    case, upper = truth.case, truth.overlaps.upper
    s, most = case.norms, float(case.norms.max())
    if function == "overlaps":
        most_of_pairs = np.where(np.eye(case.n, dtype=bool), 1.0, 0.25)
        v = _bounded_variance(truth.overlaps, most_of_pairs)
        return deviation(v, most_of_pairs / 3, samples)
    if function == "em_step":
        return case.eta * _deviation(truth, "gradient", samples)
    if function == "gradient":
        size = np.abs(case.means)
        b = size.max(axis=0)
        big = np.maximum(size, 1.0)
        direct = deviation(b * (upper @ size), b / 3, samples)
        pulled = np.minimum(
            deviation(2 * (size**2 + 1), 2 * big, samples),
            deviation(16 * big**2 * np.sqrt(truth.masses)[:, None], math.sqrt(8) * big, samples),
        )
        return np.maximum(direct, pulled)
    if function == "psi_tilde_norm2":
        whole = float(np.sum(upper * truth.products))
        direct = deviation(most**2 * whole, most**2 / 3, samples)
        pulled = deviation(np.sum(2 * (s**4 + s**2)), 2 * max(most**2, most), samples)
        return np.maximum(direct, pulled)
    if function == "loss":
        return deviation(np.sum(2 * (s**4 / 4 + s**2)), 2 * max(most**2 / 2, most), samples)
    return deviation(_bounded_variance(truth.psi, np.asarray(1.0)), 1 / 3, samples)


def _bounded_variance(mean: Enclosure, most: FloatArray) -> FloatArray:
    """At least the variance of a variable in [0, ``most``] with that mean: E f^2 - (E f)^2 <=
    most E f - (E f)^2. The second term covers the rounding of the first."""
    lower = np.maximum(mean.lower, 0.0)
    found = np.maximum(most * mean.upper - lower**2, 0.0) + 4 * U * mean.upper
    return np.asarray(found)
