"""Wrong cores: mistakes in the formula of the posterior."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.conform.wrong_core import Array, Core, even, logits, softmax


class PsiWithoutWeights(Core, caught_by="psi-generic"):
    """The prior weights are left out of the softmax."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        return super().psi(x, means, even(weights))


class PsiOverTheWrongAxis(Core, caught_by="psi-generic"):
    """The softmax is normalised over the points, not the components."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        return softmax(logits(x, means, weights).T).T


class PsiWithoutHalf(Core, caught_by="psi-generic"):
    """exp(-|x - mu|^2), without the 1/2."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        return softmax(2 * logits(x, means, weights) - np.log(weights))


class PsiWithTheWrongSign(Core, caught_by="psi-generic"):
    """The sign of |mu|^2/2 in the logits is +."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        return softmax(logits(x, means, weights) + np.sum(means**2, axis=1))


class PsiOfCovarianceTwo(Core, caught_by="psi-generic"):
    """The components have covariance 2 I."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        return softmax(0.5 * logits(x, means, weights) + 0.5 * np.log(weights))


class PsiWithTemperature(Core, caught_by="psi-generic"):
    """A softmax of temperature 1.001, the weights' logarithms included."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        return softmax(logits(x, means, weights) / 1.001)


class PsiWithFirstLogitZero(Core, caught_by="psi-generic"):
    """The first component's logit is 0, as in logistic regression, the others' are not
    relative to it."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        found = logits(x, means, weights)
        found[:, 0] = 0
        return softmax(found)


class PsiOfCentredMeans(Core, caught_by="psi-generic"):
    """The mixture's mean is subtracted from the means and not from x."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        return super().psi(x, means - weights @ means, weights)


class PsiSorted(Core, caught_by="psi-generic"):
    """Components are sorted by norm inside and come back in that order."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        order = np.argsort(np.linalg.norm(means, axis=1), kind="stable")
        return super().psi(x, means[order], weights[order])


class PsiOfTheWeightsRoots(Core, caught_by="psi-generic"):
    """log w is halved together with the squared distance."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        return softmax(logits(x, means, weights) - 0.5 * np.log(weights))


class PsiHard(Core, caught_by="psi-generic"):
    """The nearest component gets 1: k-means instead of EM."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        found = logits(x, means, weights)
        return (found == np.max(found, axis=1, keepdims=True)).astype(float)


class PsiMinusPrior(Core, caught_by="psi-in-range"):
    """The prior is subtracted: what the data say beyond it."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        return super().psi(x, means, weights) - weights
