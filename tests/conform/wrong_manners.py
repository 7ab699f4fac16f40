"""Wrong cores: right numbers in a single call, wrong manners around it."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from tests.conform.wrong_core import Array, Core


class PsiThatChangesItsInput(Core, caught_by="psi-generic"):
    """Centres x in place."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        found = super().psi(x, means, weights)
        if x.flags.writeable and x.dtype == float:
            x -= np.mean(x, axis=0)
        return found


class StepThatChangesItsInput(Core, caught_by="em_step-generic"):
    """Moves the means in place and returns them."""

    def em_step(self, means: Array, weights: Array, eta: float) -> Any:
        found = super().em_step(means, weights, eta)
        if means.flags.writeable and means.dtype == float:
            means[:] = found
            return means
        return found


class GradientInABuffer(Core, caught_by="gradient-generic"):
    """Every call of one shape returns the same buffer."""

    def __init__(self) -> None:
        self.buffers: dict[tuple[int, ...], Array] = {}

    def gradient(self, means: Array, weights: Array) -> Any:
        found = super().gradient(means, weights)
        buffer = self.buffers.setdefault(found.shape, np.empty_like(found))
        buffer[:] = found
        return buffer


class OverlapsCached(Core, caught_by="overlaps-generic"):
    """A cache keyed on the means alone: other weights get the old overlaps."""

    def __init__(self) -> None:
        self.cache: dict[bytes, Array] = {}

    def overlaps(self, means: Array, weights: Array) -> Any:
        key = np.ascontiguousarray(means, float).tobytes()
        if key not in self.cache:
            self.cache[key] = super().overlaps(means, weights)
        return self.cache[key].copy()


class LossCached(Core, caught_by="loss-generic"):
    """The same mistake in the loss."""

    def __init__(self) -> None:
        self.cache: dict[bytes, float] = {}

    def loss(self, means: Array, weights: Array) -> Any:
        key = np.ascontiguousarray(means, float).tobytes()
        if key not in self.cache:
            self.cache[key] = super().loss(means, weights)
        return self.cache[key]


class PsiOfFortranOrder(Core, caught_by="psi-generic"):
    """Memory is read in C order, whatever the array's order is."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        read = means.ravel(order="K").reshape(means.shape)
        return super().psi(x, read, weights)


class GradientOfStrides(Core, caught_by="gradient-generic"):
    """A view with strides is read as if its elements lay side by side."""

    def gradient(self, means: Array, weights: Array) -> Any:
        base = means.base
        if base is not None and base.dtype == means.dtype and not means.flags.contiguous:
            means = base.ravel(order="K")[: means.size].reshape(means.shape)
        return super().gradient(means, weights)


class PsiInTheInputsType(Core, caught_by="psi-generic"):
    """float32 in, float32 arithmetic, float32 out."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        found = super().psi(x, means, weights)
        single = np.float32 in (x.dtype, means.dtype, weights.dtype)
        return found.astype(np.float32) if single else found


class PsiOfOnePoint(Core, caught_by="psi-generic"):
    """One point gives (n,), not (1, n)."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        return np.squeeze(super().psi(x, means, weights), axis=0) if len(x) == 1 else (
            super().psi(x, means, weights)
        )


class GradientOfOneDimension(Core, caught_by="gradient-generic"):
    """d = 1 gives (n,), not (n, 1)."""

    def gradient(self, means: Array, weights: Array) -> Any:
        found = super().gradient(means, weights)
        return found[:, 0] if found.shape[1] == 1 else found


class LossAsAnArray(Core, caught_by="loss-generic"):
    """Shape (1,), not a scalar."""

    def loss(self, means: Array, weights: Array) -> Any:
        return np.array([super().loss(means, weights)])


class PsiThatWarns(Core, caught_by="psi-generic"):
    """A RuntimeWarning of NumPy's reaches the caller."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        warnings.warn("divide by zero encountered in log", RuntimeWarning, stacklevel=2)
        return super().psi(x, means, weights)


class LossThatDrifts(Core, caught_by="loss-generic"):
    """Noise from a generator that goes on: the same call gives another value."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(0)

    def loss(self, means: Array, weights: Array) -> Any:
        return super().loss(means, weights) * (1 + 1e-12 * self.rng.normal())


class PsiThatSeeds(Core, caught_by="psi-generic"):
    """Seeds NumPy's global generator, and so the caller's random numbers."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        np.random.seed(0)
        return super().psi(x, means, weights)
