"""Wrong cores: mistakes in the EM step."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.conform.wrong_core import Array, Core


class StepUphill(Core, caught_by="em_step-generic"):
    """means + eta gradient."""

    def em_step(self, means: Array, weights: Array, eta: float) -> Any:
        return means + eta * self.gradient(means, weights)


class StepOfEtaSquared(Core, caught_by="em_step-generic"):
    """eta is applied twice."""

    def em_step(self, means: Array, weights: Array, eta: float) -> Any:
        return means - eta**2 * self.gradient(means, weights)


class StepWithoutEta(Core, caught_by="em_step-generic"):
    """eta is ignored."""

    def em_step(self, means: Array, weights: Array, eta: float) -> Any:
        return super().em_step(means, weights, 1.0)


class StepOfFullEM(Core, caught_by="em_step-generic"):
    """The M step's division by E psi_i, so that eta = 1 is full EM."""

    def em_step(self, means: Array, weights: Array, eta: float) -> Any:
        mass = np.sum(self.overlaps(means, weights), axis=1)
        return means - eta * self.gradient(means, weights) / np.maximum(mass, 1e-300)[:, None]


class StepOneAfterAnother(Core, caught_by="em_step-generic"):
    """Component after component, each with the posteriors of those moved before it."""

    def em_step(self, means: Array, weights: Array, eta: float) -> Any:
        found = np.array(means, float)
        for i in range(len(found)):
            found[i] -= eta * self.gradient(found, weights)[i]
        return found


class StepThatIsTheMove(Core, caught_by="em_step-generic"):
    """The move -eta gradient, without the means."""

    def em_step(self, means: Array, weights: Array, eta: float) -> Any:
        return -eta * self.gradient(means, weights)


class StepTimesWeights(Core, caught_by="em_step-generic"):
    """The gradient is weighted once more."""

    def em_step(self, means: Array, weights: Array, eta: float) -> Any:
        return means - eta * weights[:, None] * self.gradient(means, weights)


class StepOfAtMostOne(Core, caught_by="new-eta-em_step"):
    """eta beyond 1 counts as 1."""

    def em_step(self, means: Array, weights: Array, eta: float) -> Any:
        return super().em_step(means, weights, min(eta, 1.0))
