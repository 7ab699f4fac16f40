"""Wrong cores: mistakes with memory, views and state, beside those of ``wrong_manners``."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from tests.conform.wrong_core import Array, Core, softmax


class PsiInABuffer(Core, caught_by="own-results-psi"):
    """Every call of one shape returns the same buffer."""

    def __init__(self) -> None:
        self.buffers: dict[tuple[int, ...], Array] = {}

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        found = super().psi(x, means, weights)
        buffer = self.buffers.setdefault(found.shape, np.empty_like(found))
        buffer[:] = found
        return buffer


class LossInABuffer(Core, caught_by="own-results-loss"):
    """A scalar array that later calls write into."""

    def __init__(self) -> None:
        self.buffer = np.zeros(())

    def loss(self, means: Array, weights: Array) -> Any:
        self.buffer[...] = super().loss(means, weights)
        return self.buffer


class NormInABuffer(Core, caught_by="own-results-psi_tilde_norm2"):
    """The same for E|psi~|^2."""

    def __init__(self) -> None:
        self.buffer = np.zeros(())

    def psi_tilde_norm2(self, means: Array, weights: Array) -> Any:
        self.buffer[...] = super().psi_tilde_norm2(means, weights)
        return self.buffer


class PsiOfStaleNorms(Core, caught_by="repeated-psi"):
    """|mu|^2/2 is kept from the last call if the shape is the same."""

    def __init__(self) -> None:
        self.last: Array | None = None

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        half = 0.5 * np.sum(means**2, axis=1)
        used = self.last if self.last is not None and len(self.last) == len(half) else half
        self.last = half
        return softmax(x @ means.T - used + np.log(weights))


class PsiOfStrides(Core, caught_by="strided-psi"):
    """A view with strides is read as if its elements lay side by side."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        if x.base is not None and not x.flags.contiguous:
            x = np.nan_to_num(x.base.ravel(order="K")[: x.size].reshape(x.shape))
        return super().psi(x, means, weights)


class PsiOfBroadcasts(Core, caught_by="read-only-psi"):
    """A read-only x is taken for one row, broadcast."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        rows = x if x.flags.writeable else np.repeat(x[:1], len(x), axis=0)
        return super().psi(rows, means, weights)


class OverlapsOfRawBytes(Core, caught_by="float32-inputs-overlaps"):
    """Hands memory to C as doubles, whatever its type is."""

    def overlaps(self, means: Array, weights: Array) -> Any:
        raw = means.tobytes().ljust(8 * means.size, b"\0")
        return super().overlaps(np.frombuffer(raw).reshape(means.shape), weights)


class PsiOfSharedPlaces(Core, caught_by="psi-places"):
    """x is kept in a field that threads at once share."""

    places: Any = None

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        self.places = np.array(x)
        time.sleep(1e-4)
        same = self.places.shape == x.shape
        return super().psi(self.places if same else x, means, weights)


class PsiThatTires(Core, caught_by="many-calls-psi"):
    """A counter beyond 20,000 calls changes the third digit."""

    calls = 0

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        self.calls += 1
        return super().psi(x, means, weights) * (1.001 if self.calls > 20_000 else 1)


class PsiThatSlipsNowAndThen(Core, caught_by="many-calls-psi"):
    """One call in 5,000 is off."""

    calls = 0

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        self.calls += 1
        return super().psi(x, means, weights) * (1.001 if self.calls % 5000 == 0 else 1)
