"""Wrong cores: mistakes in the overlaps and in E|psi~|^2."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.conform.wrong_core import Array, Core, even, softmax


class OverlapsWithMassesOnTheDiagonal(Core, caught_by="overlaps-generic"):
    """E psi_i on the diagonal instead of E psi_i^2."""

    def overlaps(self, means: Array, weights: Array) -> Any:
        found = super().overlaps(means, weights)
        np.fill_diagonal(found, np.sum(found, axis=1))
        return found


class OverlapsOfIndependents(Core, caught_by="overlaps-generic"):
    """E[psi_i] E[psi_k]."""

    def overlaps(self, means: Array, weights: Array) -> Any:
        mass = np.sum(super().overlaps(means, weights), axis=1)
        return np.outer(mass, mass)


class OverlapsCentred(Core, caught_by="overlaps-generic"):
    """The covariance of psi."""

    def overlaps(self, means: Array, weights: Array) -> Any:
        found = super().overlaps(means, weights)
        mass = np.sum(found, axis=1)
        return found - np.outer(mass, mass)


class OverlapsOfOneTriangle(Core, caught_by="overlaps-generic"):
    """Only the upper triangle is filled."""

    def overlaps(self, means: Array, weights: Array) -> Any:
        return np.triu(super().overlaps(means, weights))


class OverlapsOfOneComponent(Core, caught_by="overlaps-generic"):
    """Divided by the mass of the row, so that rows sum to 1."""

    def overlaps(self, means: Array, weights: Array) -> Any:
        found = super().overlaps(means, weights)
        return found / np.sum(found, axis=1, keepdims=True)


class OverlapsOfCoincidentMeans(Core, caught_by="overlaps-repeated"):
    """Divides by the distance of two means, and multiplies again: NaN where it is 0."""

    def overlaps(self, means: Array, weights: Array) -> Any:
        gap = np.linalg.norm(means[:, None] - means, axis=2)
        np.fill_diagonal(gap, 1)
        with np.errstate(all="ignore"):
            return super().overlaps(means, weights) / gap * gap


class OverlapsOfEvenCopies(Core, caught_by="overlaps-repeated"):
    """Copies of one mean share its overlaps evenly, whatever their weights are."""

    def overlaps(self, means: Array, weights: Array) -> Any:
        _, group = np.unique(means, axis=0, return_inverse=True)
        member = np.equal.outer(group.ravel(), group.ravel())
        return super().overlaps(means, member @ weights / np.sum(member, axis=1))


class OverlapsWithoutTail(Core, caught_by="overlaps-generic"):
    """The integral stops at four standard deviations."""

    def overlaps(self, means: Array, weights: Array) -> Any:
        if means.shape[1] > 1:
            return super().overlaps(means, weights)
        y = np.linspace(-4, 4, 2001)
        share = np.exp(-0.5 * y**2) * (y[1] - y[0]) / np.sqrt(2 * np.pi)
        psi = self.psi(y[:, None], means, weights)
        return (psi * share[:, None]).T @ psi


class OverlapsByFewNodes(Core, caught_by="overlaps-generic"):
    """Gauss-Hermite with 10 nodes, on the widest axis alone."""

    def overlaps(self, means: Array, weights: Array) -> Any:
        y, share = np.polynomial.hermite_e.hermegauss(10)
        _, _, axes = np.linalg.svd(means - means[0], full_matrices=False)
        psi = self.psi(y[:, None] * axes[0], means, weights)
        return (psi * (share / np.sqrt(2 * np.pi))[:, None]).T @ psi


class OverlapsAtTheOrigin(Core, caught_by="overlaps-generic"):
    """The delta method: psi_i psi_k at x = 0."""

    def overlaps(self, means: Array, weights: Array) -> Any:
        at = softmax(np.log(weights) - 0.5 * np.sum(means**2, axis=1))
        return np.outer(at, at)


class OverlapsWithSmallOnesZero(Core, caught_by="overlaps-tiny-weights"):
    """What is below 1e-10 is set to 0."""

    def overlaps(self, means: Array, weights: Array) -> Any:
        found = super().overlaps(means, weights)
        return np.where(found < 1e-10, 0, found)


class OverlapsWithoutWeights(Core, caught_by="overlaps-generic"):
    """Equal weights, whatever is given."""

    def overlaps(self, means: Array, weights: Array) -> Any:
        return super().overlaps(means, even(weights))


class OverlapsThatJump(Core, caught_by="paper-theorem-13-repaired"):
    """In percent from the second call on: no bound on the change of the gradient holds."""

    def __init__(self) -> None:
        self.unit = 1

    def overlaps(self, means: Array, weights: Array) -> Any:
        unit, self.unit = self.unit, 100
        return unit * super().overlaps(means, weights)


class SquareOfTheExpectation(Core, caught_by="psi_tilde_norm2-generic"):
    """|E psi~|^2 instead of E|psi~|^2."""

    def psi_tilde_norm2(self, means: Array, weights: Array) -> Any:
        centre = np.sum(self.overlaps(means, weights), axis=1) @ means
        return float(centre @ centre)


class NormOfPriorMean(Core, caught_by="psi_tilde_norm2-generic"):
    """|sum_i w_i mu_i|^2: the prior mean instead of the posterior one."""

    def psi_tilde_norm2(self, means: Array, weights: Array) -> Any:
        return float(np.sum((weights @ means) ** 2))


class NormWithoutCrossTerms(Core, caught_by="psi_tilde_norm2-generic"):
    """sum_i E[psi_i^2] |mu_i|^2."""

    def psi_tilde_norm2(self, means: Array, weights: Array) -> Any:
        return float(np.diag(self.overlaps(means, weights)) @ np.sum(means**2, axis=1))


class NormNotSquared(Core, caught_by="psi_tilde_norm2-generic"):
    """The square root of E|psi~|^2."""

    def psi_tilde_norm2(self, means: Array, weights: Array) -> Any:
        return float(np.sqrt(super().psi_tilde_norm2(means, weights)))


class NormHalved(Core, caught_by="psi_tilde_norm2-generic"):
    """<grad L, mu>/2, as in an energy."""

    def psi_tilde_norm2(self, means: Array, weights: Array) -> Any:
        return 0.5 * super().psi_tilde_norm2(means, weights)
