"""Wrong cores: mistakes in the loss."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.conform.wrong_core import Array, Core, even, logits, right


class LossWithTheWrongSign(Core, caught_by="loss-generic"):
    """The expected log-likelihood, not minus it."""

    def loss(self, means: Array, weights: Array) -> Any:
        return -super().loss(means, weights)


class LossWithoutHalf(Core, caught_by="loss-generic"):
    """|mu|^2 where |mu|^2/2 belongs, in the part that all means share."""

    def loss(self, means: Array, weights: Array) -> Any:
        return super().loss(means, weights) + 0.5 * np.sum(means[0] ** 2)


class LossOffByLogN(Core, caught_by="loss-generic"):
    """The weights 1/n are left out: a constant log n."""

    def loss(self, means: Array, weights: Array) -> Any:
        return super().loss(means, weights) - np.log(len(weights))


class LossInBits(Core, caught_by="loss-generic"):
    """log2 instead of ln."""

    def loss(self, means: Array, weights: Array) -> Any:
        return super().loss(means, weights) / np.log(2)


class LossWithoutWeights(Core, caught_by="loss-generic"):
    """Equal weights, whatever is given."""

    def loss(self, means: Array, weights: Array) -> Any:
        return super().loss(means, even(weights))


class LossThatIsCrossEntropy(Core, caught_by="loss-generic"):
    """-E log p_mu: the entropy of N(0, I) is not subtracted."""

    def loss(self, means: Array, weights: Array) -> Any:
        return super().loss(means, weights) + 0.5 * means.shape[1] * np.log(2 * np.pi * np.e)


class LossOfTheSpanOnly(Core, caught_by="loss-near-coincident"):
    """Reduced to the span of the differences: what all means share is forgotten."""

    def loss(self, means: Array, weights: Array) -> Any:
        _, shared = right._coordinates(means)
        return super().loss(means, weights) - 0.5 * np.sum(shared**2)


class LossByItsBound(Core, caught_by="loss-generic"):
    """Theorem 14's upper bound, sum_i w_i |mu_i|^2/2, for the loss itself."""

    def loss(self, means: Array, weights: Array) -> Any:
        return float(0.5 * weights @ np.sum(means**2, axis=1))


class LossByJensen(Core, caught_by="loss-generic"):
    """-log of the expectation instead of minus the expectation of the log: 0 everywhere."""

    def loss(self, means: Array, weights: Array) -> Any:
        return -float(np.log(np.sum(weights)))


class LossReversed(Core, caught_by="loss-generic"):
    """KL(mixture || N(0, I)), the other way round, by 4000 samples' worth of nodes."""

    def loss(self, means: Array, weights: Array) -> Any:
        y, w = np.polynomial.hermite_e.hermegauss(40)
        axis = means[np.argmax(np.sum(means**2, axis=1))]
        unit = axis / max(float(np.linalg.norm(axis)), 1e-300)
        total = 0.0
        for mean, weight in zip(means, weights, strict=True):
            x = mean + y[:, None] * unit
            at = logits(x, means, weights)
            top = np.max(at, axis=1)
            log_sum = top + np.log(np.sum(np.exp(at - top[:, None]), axis=1))
            total += weight * float(w @ log_sum) / np.sqrt(2 * np.pi)
        return total


class LossByFewNodes(Core, caught_by="loss-generic"):
    """Gauss-Hermite with 12 nodes on the widest axis, the others at their middle."""

    def loss(self, means: Array, weights: Array) -> Any:
        y, w = np.polynomial.hermite_e.hermegauss(12)
        _, _, axes = np.linalg.svd(means - means[0], full_matrices=False)
        at = logits(y[:, None] * axes[0], means, weights)
        top = np.max(at, axis=1)
        log_sum = top + np.log(np.sum(np.exp(at - top[:, None]), axis=1))
        return -float(w @ log_sum) / np.sqrt(2 * np.pi)


class LossOfFixedSamples(Core, caught_by="loss-generic"):
    """The mean over 2,000 samples, declared as if it were exact."""

    def loss(self, means: Array, weights: Array) -> Any:
        x = np.random.default_rng(0).normal(size=(2000, means.shape[1]))
        at = logits(x, means, weights)
        top = np.max(at, axis=1)
        return -float(np.mean(top + np.log(np.sum(np.exp(at - top[:, None]), axis=1))))


class LossAtLeastTiny(Core, caught_by="loss-repeated"):
    """max(L, 1e-3), since a divergence is positive."""

    def loss(self, means: Array, weights: Array) -> Any:
        return max(super().loss(means, weights), 1e-3)


class LossOffByABillionth(Core, caught_by="loss-generic"):
    """A relative error of 1e-9 where 1e-10 is declared."""

    def loss(self, means: Array, weights: Array) -> Any:
        return super().loss(means, weights) * (1 + 1e-9)
