"""Wrong cores: mistakes in the gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.conform.wrong_core import Array, Core, even


class GradientWithTheWrongSign(Core, caught_by="gradient-generic"):
    """The direction of descent."""

    def gradient(self, means: Array, weights: Array) -> Any:
        return -super().gradient(means, weights)


class GradientHalved(Core, caught_by="gradient-generic"):
    """A 1/2 from the squared distance survives the derivative."""

    def gradient(self, means: Array, weights: Array) -> Any:
        return 0.5 * super().gradient(means, weights)


class GradientOverWeights(Core, caught_by="gradient-generic"):
    """Divided by the weights, as if each component had a loss of its own."""

    def gradient(self, means: Array, weights: Array) -> Any:
        return super().gradient(means, weights) / weights[:, None]


class GradientOfQWithTheOldWeights(Core, caught_by="gradient-generic"):
    """The posteriors in Q are those of the weights 1/n that the run began with."""

    def gradient(self, means: Array, weights: Array) -> Any:
        return super().gradient(means, even(weights))


class GradientWithoutX(Core, caught_by="gradient-generic"):
    """E[psi_i] mu_i: the term -E[psi_i x] is missing."""

    def gradient(self, means: Array, weights: Array) -> Any:
        return np.sum(self.overlaps(means, weights), axis=1)[:, None] * means


class GradientOfTheDiagonal(Core, caught_by="gradient-generic"):
    """E[psi_i^2] mu_i: the sum over k has its one term k = i."""

    def gradient(self, means: Array, weights: Array) -> Any:
        return np.diag(self.overlaps(means, weights))[:, None] * means


class GradientWithFirstPinned(Core, caught_by="gradient-generic"):
    """The first component does not move."""

    def gradient(self, means: Array, weights: Array) -> Any:
        found = super().gradient(means, weights)
        found[0] = 0
        return found


class GradientOfCentredMeans(Core, caught_by="gradient-generic"):
    """The mean of the means is subtracted first."""

    def gradient(self, means: Array, weights: Array) -> Any:
        return self.overlaps(means, weights) @ (means - np.mean(means, axis=0))


class GradientOfMergedMeans(Core, caught_by="gradient-repeated"):
    """Equal means are merged, and the first copy gets the gradient of all."""

    def gradient(self, means: Array, weights: Array) -> Any:
        found = super().gradient(means, weights)
        for i in range(len(means)):
            for k in range(i + 1, len(means)):
                if np.array_equal(means[i], means[k]):
                    found[i] += found[k]
                    found[k] = 0
        return found


class GradientClipped(Core, caught_by="gradient-generic"):
    """Clipped to norm 1, for stability."""

    def gradient(self, means: Array, weights: Array) -> Any:
        found = super().gradient(means, weights)
        return found / max(1.0, float(np.linalg.norm(found)))


class GradientTransposedWhenSquare(Core, caught_by="gradient-generic"):
    """n and d are mixed up where they are equal."""

    def gradient(self, means: Array, weights: Array) -> Any:
        found = super().gradient(means, weights)
        return found.T if len(means) == means.shape[1] else found


class GradientSorted(Core, caught_by="gradient-generic"):
    """Components come back in the order of their weights."""

    def gradient(self, means: Array, weights: Array) -> Any:
        return super().gradient(means, weights)[np.argsort(weights, kind="stable")]


class GradientInFloat32(Core, caught_by="gradient-generic"):
    """Rounded to float32 on the way out."""

    def gradient(self, means: Array, weights: Array) -> Any:
        return super().gradient(means, weights).astype(np.float32).astype(float)


class GradientOffByABillionth(Core, caught_by="gradient-generic"):
    """A relative error of 1e-9 where 1e-10 is declared."""

    def gradient(self, means: Array, weights: Array) -> Any:
        return super().gradient(means, weights) * (1 + 1e-9)


class GradientOffBeyondNorm20(Core, caught_by="gradient-far"):
    """Half the gradient where a mean is longer than 20."""

    def gradient(self, means: Array, weights: Array) -> Any:
        far = np.max(np.linalg.norm(means, axis=1)) > 20
        return super().gradient(means, weights) * (0.5 if far else 1)


class GradientOfOneNode(Core, caught_by="gradient-generic"):
    """psi(0) for the posterior everywhere: right to first order in the means."""

    def gradient(self, means: Array, weights: Array) -> Any:
        at_zero = self.psi(np.zeros((1, means.shape[1])), means, weights)
        return np.outer(at_zero, at_zero) @ means


class GradientInSteps(Core, caught_by="gradient-generic"):
    """Rounded to one decimal on the way: not Lipschitz any more."""

    def gradient(self, means: Array, weights: Array) -> Any:
        return np.round(super().gradient(means, weights), 1)
