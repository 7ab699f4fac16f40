"""The settings of the paper's experiments (Section 5), and what the paper leaves open.

The paper gives: d = 5 and eta = 0.7; n = 2, 5, 10 with weights drawn once from a standard
Dirichlet (Figure 1, left and middle); n = 3 with three weight vectors and 4 runs each (Figure 1,
right); the start of Theorem 7 with 12 replaced by 2 (Figure 2, left); n = 5, equal weights, 50
runs a sample size (Figure 2, right); Monte Carlo with 350,000 samples a step.

It leaves open, and here it is chosen: the initial means (independent N(0, I_d) entries), the
seeds, the number of steps, n of Figure 2 (left), d and the sample sizes of Figure 2 (right).
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

DIMENSION = 5
"""d of Figure 1; of Figure 2 (right) too, where the paper gives none."""

STEP_SIZE = 0.7
"""eta, of all experiments."""

SAMPLES = 350_000
"""Of one Monte Carlo estimate."""

STUDENTS = (2, 5, 10)
"""n of Figure 1, left and middle."""

WEIGHTS: tuple[tuple[Fraction, ...], ...] = (
    (Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)),
    (Fraction(1, 6), Fraction(1, 3), Fraction(1, 2)),
    (Fraction(1, 20), Fraction(1, 5), Fraction(3, 4)),
)
"""Figure 1, right, from even to uneven: the paper's blue, orange and green."""

RUNS = 4
"""Runs of each of ``WEIGHTS``; run k starts from the same means for all of them."""

BAD_STARTS = (2, 12)
"""The constant of Theorem 7's start: the paper's figure, the theorem."""

BAD_START_STUDENTS = 3
"""n of Figure 2, left (open: the least that Theorem 7 allows)."""

STATISTICAL_STUDENTS = 5
STATISTICAL_RUNS = 50

DIRICHLET, STUDENT_START, RUN_START = 1, 2, 3
"""What a stream of random numbers is for: the second word of its key."""


def generator(seed: int, *key: int) -> np.random.Generator:
    """PCG64 seeded by ``SeedSequence(seed, spawn_key=key)``: a stream of its own for each key."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def dirichlet_weights(n: int, seed: int = 0) -> FloatArray:
    """Weights of the n-component student of Figure 1, (n,): one draw from Dirichlet(1, ..., 1)."""
    drawn = generator(seed, DIRICHLET, n).dirichlet(np.ones(n))
    return np.asarray(drawn / drawn.sum())


def student_start(n: int, seed: int = 0) -> FloatArray:
    """Initial means of Figure 1, left and middle, (n, DIMENSION): N(0, 1) entries."""
    return generator(seed, STUDENT_START, n).standard_normal((n, DIMENSION))


def run_start(run: int, seed: int = 0) -> FloatArray:
    """Initial means of run ``run`` of Figure 1, right, (3, DIMENSION): N(0, 1) entries."""
    return generator(seed, RUN_START, run).standard_normal((len(WEIGHTS[0]), DIMENSION))
