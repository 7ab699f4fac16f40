"""Wrong cores: mistakes in the log-density."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.conform.wrong_core import Array, Core, even, logits


def constant(x: Array) -> float:
    return float(0.5 * x.shape[1] * np.log(2 * np.pi))


class LogProbWithoutWeights(Core, caught_by="log_prob-generic"):
    """All components weigh the same."""

    def log_prob(self, x: Array, means: Array, weights: Array) -> Any:
        return super().log_prob(x, means, even(weights))


class LogProbOfOneDimension(Core, caught_by="log_prob-ordinary"):
    """The constant is log(2 pi)/2, whatever d."""

    def log_prob(self, x: Array, means: Array, weights: Array) -> Any:
        found = super().log_prob(x, means, weights)
        return found + constant(x) - 0.5 * np.log(2 * np.pi)


class LogProbWithShortConstant(Core, caught_by="log_prob-high-d"):
    """log(2 pi) to seven digits."""

    def log_prob(self, x: Array, means: Array, weights: Array) -> Any:
        found = super().log_prob(x, means, weights)
        return found + constant(x) - 0.5 * x.shape[1] * 1.837877


class LogProbOfSums(Core, caught_by="log_prob-far"):
    """The logarithm of a sum of densities, which are 0 far away."""

    def log_prob(self, x: Array, means: Array, weights: Array) -> Any:
        squares = np.stack([np.sum((x - mean) ** 2, axis=1) for mean in means], axis=1)
        with np.errstate(divide="ignore"):
            return np.log(np.exp(-0.5 * squares) @ weights) - constant(x)


class LogProbOfTheLikeliest(Core, caught_by="log_prob-generic"):
    """The largest term instead of the sum."""

    def log_prob(self, x: Array, means: Array, weights: Array) -> Any:
        logs = logits(x, means, weights) - 0.5 * np.sum(x**2, axis=1)[:, None]
        return logs.max(axis=1) - constant(x)


class LogProbInCompany(Core, caught_by="new-x-log_prob"):
    """Off by 1e-6 where x is not alone."""

    def log_prob(self, x: Array, means: Array, weights: Array) -> Any:
        return super().log_prob(x, means, weights) + 1e-6 * (len(x) > 1)


class LogProbInALoop(Core, caught_by="many-x-log_prob"):
    """Rows after the thousandth are those of the block before."""

    def log_prob(self, x: Array, means: Array, weights: Array) -> Any:
        found = super().log_prob(x, means, weights)
        found[1000:] = np.resize(found[:1000], len(found[1000:]))
        return found
