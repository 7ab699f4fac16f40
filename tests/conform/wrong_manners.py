"""Wrong cores: right numbers in a single call, wrong manners around it."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from tests.conform.wrong_core import Array, Core


class PsiThatChangesItsInput(Core, caught_by="inputs-kept-psi"):
    """Centres x in place."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        found = super().psi(x, means, weights)
        if x.flags.writeable and x.dtype == float:
            x -= np.mean(x, axis=0)
        return found


class StepThatChangesItsInput(Core, caught_by="inputs-kept-em_step"):
    """Moves the means in place and returns them."""

    def em_step(self, means: Array, weights: Array, eta: float) -> Any:
        found = super().em_step(means, weights, eta)
        if means.flags.writeable and means.dtype == float:
            means[:] = found
            return means
        return found


class GradientInABuffer(Core, caught_by="own-results-gradient"):
    """Every call of one shape returns the same buffer."""

    def __init__(self) -> None:
        self.buffers: dict[tuple[int, ...], Array] = {}

    def gradient(self, means: Array, weights: Array) -> Any:
        found = super().gradient(means, weights)
        buffer = self.buffers.setdefault(found.shape, np.empty_like(found))
        buffer[:] = found
        return buffer


class OverlapsCached(Core, caught_by="new-weights-overlaps"):
    """A cache keyed on the means alone: other weights get the old overlaps."""

    def __init__(self) -> None:
        self.cache: dict[bytes, Array] = {}

    def overlaps(self, means: Array, weights: Array) -> Any:
        key = np.ascontiguousarray(means, float).tobytes()
        if key not in self.cache:
            self.cache[key] = super().overlaps(means, weights)
        return self.cache[key].copy()


class LossCached(Core, caught_by="new-weights-loss"):
    """The same mistake in the loss."""

    def __init__(self) -> None:
        self.cache: dict[bytes, float] = {}

    def loss(self, means: Array, weights: Array) -> Any:
        key = np.ascontiguousarray(means, float).tobytes()
        if key not in self.cache:
            self.cache[key] = super().loss(means, weights)
        return self.cache[key]


class PsiOfFortranOrder(Core, caught_by="fortran-order-psi"):
    """Memory is read in C order, whatever the array's order is."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        read = means.ravel(order="K").reshape(means.shape)
        return super().psi(x, read, weights)


class GradientOfStrides(Core, caught_by="strided-gradient"):
    """A view with strides is read as if its elements lay side by side."""

    def gradient(self, means: Array, weights: Array) -> Any:
        base = means.base
        if base is not None and base.dtype == means.dtype and not means.flags.contiguous:
            means = np.nan_to_num(base.ravel(order="K")[: means.size].reshape(means.shape))
        return super().gradient(means, weights)


class PsiOfRawBytes(Core, caught_by="float32-inputs-psi"):
    """Hands memory to C as doubles, whatever its type is."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        raw = means.tobytes().ljust(8 * means.size, b"\0")
        return super().psi(x, np.frombuffer(raw).reshape(means.shape), weights)


class GradientInTheInputsType(Core, caught_by="integer-inputs-gradient"):
    """The result is allocated by ``zeros_like(means)``: integer means cut it to integers."""

    def gradient(self, means: Array, weights: Array) -> Any:
        found = np.zeros_like(means)
        found[:] = super().gradient(means, weights)
        return found


class PsiOfOnePoint(Core, caught_by="new-x-psi"):
    """One point gives (n,), not (1, n)."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        return (
            np.squeeze(super().psi(x, means, weights), axis=0)
            if len(x) == 1
            else (super().psi(x, means, weights))
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


class PsiThatWarns(Core, caught_by="quiet-psi"):
    """A RuntimeWarning of NumPy's reaches the caller."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        warnings.warn("divide by zero encountered in log", RuntimeWarning, stacklevel=2)
        return super().psi(x, means, weights)


class LossThatDrifts(Core, caught_by="repeated-loss"):
    """Starts from where the last call ended: a relative error that grows by 1e-9 a call."""

    def __init__(self) -> None:
        self.calls = 0

    def loss(self, means: Array, weights: Array) -> Any:
        self.calls += 1
        return super().loss(means, weights) * (1 + 1e-9 * self.calls)
