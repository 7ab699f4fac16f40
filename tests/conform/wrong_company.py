"""Wrong cores: right as long as nobody calls twice, asks for much, or shares the process."""

from __future__ import annotations

import random
import warnings
from typing import Any

import numpy as np

from tests.conform.wrong_core import Array, Core


class PsiOfManyPointsInFloat32(Core, caught_by="many-x-psi"):
    """More than a thousand places are computed in float32, to save memory."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        found = super().psi(x, means, weights)
        return found.astype(np.float32).astype(float) if len(x) > 1000 else found


class PsiInWholeBlocks(Core, caught_by="many-x-psi"):
    """Blocks of 1,024 places; what is left over keeps the value that the array began with."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        found = super().psi(x, means, weights)
        whole = len(x) // 1024 * 1024
        if whole:
            found[whole:] = 1 / len(weights)
        return found


class GradientKeptByRoundedMeans(Core, caught_by="nearby-gradient"):
    """A cache keyed on numbers rounded to six decimals."""

    def __init__(self) -> None:
        self.cache: dict[Any, Array] = {}

    def gradient(self, means: Array, weights: Array) -> Any:
        key = (np.shape(means), np.round(means, 6).tobytes(), np.round(weights, 6).tobytes())
        if key not in self.cache:
            self.cache[key] = super().gradient(means, weights)
        return self.cache[key].copy()


class OverlapsKeptByPrintedArrays(Core, caught_by="nearby-overlaps"):
    """A cache keyed on ``str``, which prints eight digits."""

    def __init__(self) -> None:
        self.cache: dict[tuple[str, str], Array] = {}

    def overlaps(self, means: Array, weights: Array) -> Any:
        key = str(means), str(weights)
        if key not in self.cache:
            self.cache[key] = super().overlaps(means, weights)
        return self.cache[key].copy()


class PsiKeptForCloseMeans(Core, caught_by="nearby-psi"):
    """Where all is close to the last call's (``allclose``), the last call's posteriors are
    returned."""

    last: Any = None

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        now = tuple(np.array(a, float) for a in (x, means, weights))
        if self.last is not None:
            pairs = zip(now, self.last[0], strict=True)
            if all(a.shape == b.shape and np.allclose(a, b) for a, b in pairs):
                return self.last[1].copy()
        found = super().psi(x, means, weights)
        self.last = now, found.copy()
        return found


class OverlapsThatNormaliseInPlace(Core, caught_by="inputs-kept-overlaps"):
    """The weights are divided by their sum where they stand."""

    def overlaps(self, means: Array, weights: Array) -> Any:
        weights /= np.sum(weights)
        return super().overlaps(means, weights)


class LossThatNeedsToWrite(Core, caught_by="read-only-loss"):
    """Writes into the weights and restores them: read-only ones raise."""

    def loss(self, means: Array, weights: Array) -> Any:
        before = weights.copy()
        weights /= np.sum(weights)
        weights[:] = before
        return super().loss(means, weights)


class LossThatSeedsNumPy(Core, caught_by="unseeded-loss"):
    """np.random.seed(0) at each call, for values that can be repeated."""

    def loss(self, means: Array, weights: Array) -> Any:
        np.random.seed(0)
        return super().loss(means, weights)


class PsiThatSeedsRandom(Core, caught_by="unseeded-psi"):
    """The same with the standard library's generator."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        random.seed(0)
        return super().psi(x, means, weights)


class GradientThatSilencesNumPy(Core, caught_by="settings-kept-gradient"):
    """np.seterr, not np.errstate: the caller's floating-point warnings are gone for good."""

    def gradient(self, means: Array, weights: Array) -> Any:
        np.seterr(all="ignore")
        return super().gradient(means, weights)


class StepThatSilencesWarnings(Core, caught_by="settings-kept-em_step"):
    """warnings.simplefilter outside of catch_warnings."""

    def em_step(self, means: Array, weights: Array, eta: float) -> Any:
        warnings.simplefilter("ignore")
        return super().em_step(means, weights, eta)
