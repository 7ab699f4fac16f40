"""Monte Carlo estimates of gradient EM's step, judged by certified values: digits and time.

The setting is that of the public code (github.com/Ryanzhang887/EM_Separation) of a paper on
separation, "Is sqrt(d) separation necessary for gradient EM to learn Gaussian mixtures in high
dimensions?": data 0.3 N(3 e_1, I) + 0.7 N(-3 e_1, I), fitted components that start N(0, I) from a
component of the data, with equal weights, batches of 8192. It has two estimators of grad_i L,

    direct   E[psi_i (mu_i - x)],
    Stein    E[psi_i (sum_k psi_k mu_k - mu*_Z)],    Z the component that x was drawn from,

one of the weights, E psi_i, and one of KL(data || model) from 4096 points a component. The
formulas are the code's, the lines are not. Times are of the processor, by one thread.

    python -m examples.separation [--quick]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

import gembounds as gb

FloatArray = npt.NDArray[np.float64]

WEIGHTS = (0.3, 0.7)
BATCH, HELD_OUT, REPEATS = 8192, 4096, 9
CASES = ((1, 10), (2, 10), (3, 4), (500, 4))
"""d and the number of fitted components; whose means span at most three dimensions."""


def setting(d: int, n: int) -> tuple[gb.Mixture, gb.Mixture]:
    """The model where it starts, and the data."""
    rng = np.random.default_rng(d)
    truth = np.zeros((2, d))
    truth[:, 0] = 3.0, -3.0
    means = truth[rng.choice(2, size=n, p=WEIGHTS)] + rng.normal(size=(n, d))
    return gb.Mixture(means), gb.Mixture(truth, list(WEIGHTS))


def drawn(data: gb.Mixture, size: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """x, and the means that each was drawn around."""
    centres = data.means[rng.choice(data.n, size=size, p=data.weights)]
    return centres + rng.normal(size=centres.shape), centres


def log_terms(mix: gb.Mixture, x: FloatArray) -> FloatArray:
    """log pi_i - |mu_i|^2/2 + <x, mu_i>, (n, points): log pi_i p_i(x) up to what x alone adds."""
    half = 0.5 * (mix.means**2).sum(axis=1)
    return np.asarray((np.log(mix.weights) - half)[:, None] + mix.means @ x.T)


def log_sum(terms: FloatArray) -> FloatArray:
    top = terms.max(axis=0)
    return np.asarray(top + np.log(np.exp(terms - top).sum(axis=0)))


def posterior(mix: gb.Mixture, x: FloatArray) -> FloatArray:
    terms = log_terms(mix, x)
    return np.asarray(np.exp(terms - log_sum(terms)))


def direct(mix: gb.Mixture, data: gb.Mixture, size: int, rng: np.random.Generator) -> FloatArray:
    x, _ = drawn(data, size, rng)
    psi = posterior(mix, x)
    return np.asarray(psi.mean(axis=1)[:, None] * mix.means - psi @ x / size)


def stein(mix: gb.Mixture, data: gb.Mixture, size: int, rng: np.random.Generator) -> FloatArray:
    x, centres = drawn(data, size, rng)
    psi = posterior(mix, x)
    return np.asarray((psi @ psi.T @ mix.means - psi @ centres) / size)


def weights(mix: gb.Mixture, data: gb.Mixture, size: int, rng: np.random.Generator) -> FloatArray:
    return np.asarray(posterior(mix, drawn(data, size, rng)[0]).mean(axis=1))


def divergence(
    mix: gb.Mixture, data: gb.Mixture, size: int, rng: np.random.Generator
) -> FloatArray:
    """KL, ``size`` points from each component of the data."""
    total = 0.0
    for weight, centre in zip(data.weights, data.means, strict=True):
        x = centre + rng.normal(size=(size, data.d))
        total += weight * (log_sum(log_terms(data, x)) - log_sum(log_terms(mix, x))).mean()
    return np.asarray(total)


def timed(function: Callable[..., Any], *arguments: Any, **options: Any) -> tuple[Any, float]:
    """What it gives, and the processor's milliseconds."""
    start = time.process_time()
    found = function(*arguments, **options)
    return found, 1e3 * (time.process_time() - start)


def digits(estimate: FloatArray, exact: gb.Enclosure) -> float:
    """-log10 of the largest error, relative to the largest entry; the enclosure's width counts."""
    error = np.abs(estimate - exact.mid) + exact.rad
    return float(-np.log10(error.max() / np.abs(exact.mid).max()))


QUANTITIES: tuple[tuple[str, Callable[..., Any], Callable[..., FloatArray], int], ...] = (
    ("gradient, direct", gb.gradient, direct, BATCH),
    ("gradient, Stein", gb.gradient, stein, BATCH),
    ("weights", gb.expected_posterior, weights, BATCH),
    ("KL", gb.loss, divergence, HELD_OUT),
)
"""Name, certified function, estimator and size of its batch."""


def table(cases: tuple[tuple[int, int], ...], repeats: int) -> str:
    lines = [
        "| d | fitted | quantity | digits of a batch | ms | digits certified | ms "
        "| batches for as many |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for d, n in cases:
        mix, data = setting(d, n)
        for name, certified, estimator, size in QUANTITIES:
            exact, ours = timed(certified, mix, data=data)
            own = digits(exact.mid, exact)
            found = []
            for seed in range(repeats):
                rng = np.random.default_rng(seed)
                estimate, theirs = timed(estimator, mix, data, size, rng)
                found.append((digits(estimate, exact), theirs))
            one, quick = np.median(found, axis=0)
            needed = 2 * (own - one)  # errors fall as the root of the number of points
            lines.append(
                f"| {d} | {n} | {name} | {one:.1f} | {quick:.2g} | {own:.1f} | {ours:.2g} "
                f"| 10^{needed:.0f} |"
            )
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="digits and time of Monte Carlo estimates")
    parser.add_argument("--quick", action="store_true", help="two cases, three batches")
    quick = parser.parse_args(arguments).quick
    table(CASES[:1], 1)  # what is loaded and kept by the first call
    sys.stdout.write(table(CASES[:2], 3) if quick else table(CASES, REPEATS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
