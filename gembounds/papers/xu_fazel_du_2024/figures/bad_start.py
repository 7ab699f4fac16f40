"""Figure 2, left: the gradient norm at the start of Theorem 7, mu_1 = c sqrt(d) e_1 = -mu_2,
mu_3 = ... = mu_n = 0, equal weights.

Exactly (:mod:`gembounds.dynamics.pair.force`): grad_1 = -grad_2 = a g e_1 with a = c sqrt(d) and
g = P_11 - P_12, the others 0, hence |grad L| = sqrt(2) a g over all n components.

The exponent. With m = n - 2 and y = a/2 + (v + log m)/a, psi_1 = sigma(v) up to a relative
exp(-a^2), sigma the logistic function, and phi(y) dy = exp(-a^2/8 - (v + log m)/2) (1 + O(1/a^2))
dv / (a sqrt(2 pi)). By B(3/2, 1/2) = pi/2 = integral of sigma(v)^2 exp(-v/2) dv,

    P_11 ~ sqrt(pi / (8 m)) exp(-a^2/8) / a,      P_12 <= exp(-a^2)/m^2,
    |grad L| ~ sqrt(pi / (4 m)) exp(-c^2 d/8)     as d -> infinity:

c^2/8 a dimension and no power of d: 1/2 for c = 2, 18 for c = 12. (The next factor is
1 - (pi^2 + 4 log m + log(m)^2) / (2 a^2).)

A sample mean cannot see this: the mass is at y = a/2, at sqrt(d) standard deviations for c = 2.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024.experiments import SAMPLES, FloatArray, generator
from gembounds.papers.xu_fazel_du_2024.figures.monte_carlo import fresh, posteriors

BITS = 64
NODES = 2**17
"""Cap on the grid (a choice: d = 50 with c = 12 needs a third of it)."""

STREAM = 4
"""Of random numbers: the second word of the key."""

LEAST_EXPONENT = -745.2
"""exp of less is 0 in float64."""


def certified(c: int, d: int, n: int) -> dict[str, Any]:
    """ln |grad L| over all n components, enclosed: ``ln_lower``, ``ln_upper``; and
    ``ln_asymptote``.

    Enclosed twice, and the two intersected: from the gradient in all n d coordinates of the start
    with e_1 turned into (1, ..., 1)/sqrt(d), which has rational means; and from the formula for a
    pair. Raises ``ArithmeticError`` should they be disjoint.
    """
    from flint import arb

    from gembounds.dynamics.pair.force import pair_force
    from gembounds.evaluators.quantities import gradient
    from gembounds.values.balls import float_ends
    from gembounds.values.mixture import Mixture
    from gembounds.values.precision import working_precision

    found = gradient(
        Mixture([[c] * d, [-c] * d] + [[0] * d] * (n - 2)), evaluator="arb", bits=BITS
    )
    with working_precision(2 * BITS):
        squares = sum((x * x for x in found.balls.ravel()), arb(0))
        force = arb(2).sqrt() * pair_force(c * arb(d).sqrt(), n, BITS, NODES)
        ends = float_ends(squares.sqrt().log()), float_ends(force.log())
    lower, upper = (f(*side) for f, side in zip((max, min), zip(*ends, strict=True), strict=True))
    if lower > upper:
        raise ArithmeticError(f"two enclosures of the gradient at c = {c}, d = {d} are disjoint")
    return {"ln_lower": lower, "ln_upper": upper, "ln_asymptote": asymptote(c, d, n)}


def asymptote(c: int, d: int, n: int) -> float:
    """ln of sqrt(pi/(4 (n-2))) exp(-c^2 d/8)."""
    return math.log(math.pi / (4 * (n - 2))) / 2 - c * c * d / 8


def sampled(constants: tuple[int, ...], d: int, n: int, seed: int) -> dict[str, dict[str, float]]:
    """|grad L| by Monte Carlo with 350,000 samples, the same for all ``constants``, by name:

    ``definition``  of the sums of psi_i (mu_i - x), the paper's (3), n d coordinates;
    ``noise``       the square root of the expectation of its squared error;
    ``lemma_9``     of the sums of psi_i sum_k psi_k mu_k, which lie along e_1;
    ``lemma_9_error``  its standard error, were the gradient's direction known;
    ``vanished``    the share of samples where exp(-|x - mu_1|^2/2) is 0 in float64.
    """
    rng = generator(seed, STREAM, d)
    starts = {c: start(c, d, n) for c in constants}
    sums = {c: _Sums(n, d) for c in constants}
    for x in fresh(rng, d):
        for c, means in starts.items():
            sums[c].add(means, x)
    return {str(c): sums[c].found(starts[c]) for c in constants}


def start(c: int, d: int, n: int) -> FloatArray:
    """The means, (n, d)."""
    means = np.zeros((n, d))
    means[0, 0] = c * math.sqrt(d)
    means[1, 0] = -means[0, 0]
    return means


class _Sums:
    def __init__(self, n: int, d: int) -> None:
        self.terms = np.zeros((n, d))  # of psi_i (mu_i - x)
        self.squares = 0.0  # of sum_i psi_i^2 |mu_i - x|^2
        self.pulls = np.zeros(n)  # of psi_i psi~_1
        self.pull_squares = 0.0
        self.vanished = 0

    def add(self, means: FloatArray, x: FloatArray) -> None:
        psi, total, _ = posteriors(means, np.full(len(means), 1 / len(means)), x)
        psi /= total
        norms, along = (x * x).sum(axis=1), means @ x.T
        distances = norms + (means * means).sum(axis=1)[:, None] - 2 * along
        self.terms += psi.sum(axis=1)[:, None] * means - psi @ x
        self.squares += float((psi * psi * distances).sum())
        pulls = psi * (means[:, 0] @ psi)
        self.pulls += pulls.sum(axis=1)
        self.pull_squares += float((pulls * pulls).sum())
        self.vanished += int((-distances[0] / 2 < LEAST_EXPONENT).sum())

    def found(self, means: FloatArray) -> dict[str, float]:
        gradient, pulls = self.terms / SAMPLES, self.pulls / SAMPLES

        def error(squares: float, mean: FloatArray) -> float:
            return math.sqrt(max(squares / SAMPLES - float((mean * mean).sum()), 0.0) / SAMPLES)

        return {
            "definition": float(np.linalg.norm(gradient)),
            "noise": error(self.squares, gradient),
            "lemma_9": float(np.linalg.norm(pulls)),
            "lemma_9_error": error(self.pull_squares, pulls),
            "vanished": self.vanished / SAMPLES,
        }
