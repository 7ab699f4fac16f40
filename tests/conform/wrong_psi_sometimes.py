"""Wrong cores: a posterior that is right nearly everywhere, or nearly right."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.conform.wrong_core import Array, Core, even, logits, softmax


class PsiInFloat32(Core, caught_by="psi-generic"):
    """Computed in float32."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        single: Any = [np.asarray(a, np.float32) for a in (x, means, weights)]
        with np.errstate(all="ignore"):
            return softmax(logits(*single)).astype(float)


class PsiWithoutLogSumExp(Core, caught_by="finite-psi"):
    """exp without the largest logit taken out: inf / inf far away."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        with np.errstate(all="ignore"):
            parts = np.exp(logits(x, means, weights))
            return parts / np.sum(parts, axis=1, keepdims=True)


class PsiThatUnderflows(Core, caught_by="psi-far"):
    """exp(-|x - mu|^2/2) as it stands: 0 / 0 far away, turned into 0."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        parts = weights * np.exp(-0.5 * np.sum((x[:, None] - means) ** 2, axis=2))
        total = np.sum(parts, axis=1, keepdims=True)
        return np.divide(parts, total, out=np.zeros_like(parts), where=total > 0)


class PsiClipped(Core, caught_by="psi-tiny-weights"):
    """Clipped to at least 1e-12, so that logarithms are safe."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        return np.clip(super().psi(x, means, weights), 1e-12, 1)


class PsiWithAGuardedDivision(Core, caught_by="psi-sums-to-one"):
    """1e-8 is added to the denominator, against division by 0."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        return super().psi(x, means, weights) / (1 + 1e-8)


class PsiOffBeyondNorm20(Core, caught_by="psi-far"):
    """An error of 1e-6 where a mean is longer than 20."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        far = np.max(np.linalg.norm(means, axis=1)) > 20
        return super().psi(x, means, weights) * (1 + 1e-6 * far)


class PsiOfFiveComponents(Core, caught_by="psi-many"):
    """The sum in the denominator stops after five components."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        found = super().psi(x, means, weights)
        first = np.sum(found[:, :5], axis=1, keepdims=True)
        return np.divide(found, first, out=np.zeros_like(found), where=first > 0)


class PsiOfThreeCoordinates(Core, caught_by="psi-high-d"):
    """A loop over at most three coordinates."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        return super().psi(x[:, :3], means[:, :3], weights)


class PsiTransposedWhenSquare(Core, caught_by="psi-generic"):
    """Whether the means are (n, d) or (d, n) is guessed from the weights' length: n = d is
    taken for the second."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        mu = means.T if means.shape[1] == len(weights) else means
        return super().psi(x, mu, weights)


class PsiOfDistancesInOneDimension(Core, caught_by="psi-ordinary"):
    """d = 1 has a branch of its own, which forgets to square."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        if means.shape[1] > 1:
            return super().psi(x, means, weights)
        return softmax(-0.5 * np.abs(x - means.T) + np.log(weights))


class PsiWithAFloorOnWeights(Core, caught_by="psi-tiny-weights"):
    """Weights below 1e-8 are raised to it."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        return super().psi(x, means, np.maximum(weights, 1e-8))


class PsiWithWeightsEvenedOut(Core, caught_by="psi-generic"):
    """Weights within a tenth of each other are taken for equal ones."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        close = np.ptp(weights) < 0.1
        return super().psi(x, means, even(weights) if close else weights)
