"""Averages over samples: the loss and the gradient as the paper's experiments estimate them.

    grad_i L ~ (1/N) sum_x psi_i(x) (mu_i - x),      the paper's (3),
    L        ~ -(1/N) sum_x log(p_mu(x)/p_0(x)),     the paper's (4).

Over N fresh x ~ N(0, I_d) they estimate the population's values, and decide nothing. Over given
data they are the sample's own loss and gradient.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from gembounds.papers.xu_fazel_du_2024.experiments import SAMPLES, FloatArray

BLOCK = 8192
"""Samples at a time: logits of ten components then stay in cache (a choice)."""


def gradient(means: FloatArray, weights: FloatArray, blocks: Iterable[FloatArray]) -> FloatArray:
    """grad L over the rows of ``blocks``, (n, d), for means (n, d) and weights (n,)."""
    return _gradient(means, weights, blocks)[0]


def loss(
    means: FloatArray, weights: FloatArray, blocks: Iterable[FloatArray]
) -> tuple[float, float]:
    """L over the rows of ``blocks`` and its standard error."""
    count, first, second = 0, 0.0, 0.0
    for x in blocks:
        _, total, largest = posteriors(means, weights, x)
        ratio = np.log(total) + largest
        count += len(x)
        first += float(ratio.sum())
        second += float(ratio @ ratio)
    mean = first / count
    variance = max(second / count - mean * mean, 0.0)
    return -mean, math.sqrt(variance / (count - 1))


def loss_and_gradient(
    means: FloatArray, weights: FloatArray, blocks: Iterable[FloatArray]
) -> tuple[float, FloatArray]:
    """Both over the same rows."""
    found, ratios, count = _gradient(means, weights, blocks)
    return -ratios / count, found


def _gradient(
    means: FloatArray, weights: FloatArray, blocks: Iterable[FloatArray]
) -> tuple[FloatArray, float, int]:
    occupied, moments = np.zeros(len(means)), np.zeros(means.shape)
    count, ratios = 0, 0.0
    for x in blocks:
        psi, total, largest = posteriors(means, weights, x)
        psi /= total
        occupied += psi.sum(axis=1)
        moments += psi @ x
        ratios += float(np.log(total).sum() + largest.sum())
        count += len(x)
    return (occupied[:, None] * means - moments) / count, ratios, count


def fresh(rng: np.random.Generator, d: int, samples: int = SAMPLES) -> Iterator[FloatArray]:
    """``samples`` rows of N(0, I_d), ``BLOCK`` at a time; a block is overwritten by the next."""
    buffer = np.empty((BLOCK, d))
    for start in range(0, samples, BLOCK):
        block = buffer[: min(BLOCK, samples - start)]
        rng.standard_normal(out=block)
        yield block


def rows(data: FloatArray) -> list[FloatArray]:
    """``data``, (N, d), in blocks."""
    return [data[start : start + BLOCK] for start in range(0, len(data), BLOCK)]


def posteriors(
    means: FloatArray, weights: FloatArray, x: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """exp(logit_i(x) - m(x)), (n, len(x)), its sum over i, and m(x) = max_i logit_i(x), where
    logit_i = log pi_i + <x, mu_i> - |mu_i|^2/2, so that log(p_mu/p_0)(x) = log(sum) + m."""
    logits = means @ x.T
    logits += (np.log(weights) - (means * means).sum(axis=1) / 2)[:, None]
    largest = logits.max(axis=0)
    logits -= largest
    np.exp(logits, out=logits)
    return logits, logits.sum(axis=0), largest
