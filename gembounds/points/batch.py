"""Many configurations of one shape, with what the sides of claims are made of.

All numbers are float64 arrays whose first axis is the configuration's. A population quantity is
the middle of its certified enclosure, and NaN where that is not narrow: such a configuration has
no ratio, which counts as missing, never as a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from gembounds import batch as quantities
from gembounds.points.point import Point
from gembounds.values.enclosure import Enclosure
from gembounds.values.mixture import Mixture

FloatArray = npt.NDArray[np.float64]
T = TypeVar("T")

RTOL = 1e-9
"""Relative error asked of the population quantities (a choice: far below what a plot shows, and
small enough for differences of gradients)."""

NARROW = 1e-3
"""Relative width above which a quantity counts as not resolved."""


class Batch:
    """B configurations: ``means`` (B, n, d) and ``weights`` (B, n), or None for statements about
    numbers alone, and ``parameters``, arrays (B, ...) by the names that points use. Integer arrays
    are integers in points, others exact fractions."""

    def __init__(
        self,
        means: FloatArray | None = None,
        weights: FloatArray | None = None,
        parameters: Mapping[str, Any] | None = None,
    ) -> None:
        self._means, self._weights = means, weights
        self.parameters = dict(parameters or {})
        self._kept: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        return self.parameters[name]

    def __len__(self) -> int:
        if self._means is not None:
            return len(self._means)
        return len(next(iter(self.parameters.values())))

    @property
    def numbers_alone(self) -> bool:
        """Whether there are no mixtures."""
        return self._means is None

    @property
    def means(self) -> FloatArray:
        assert self._means is not None
        return self._means

    @property
    def weights(self) -> FloatArray:
        assert self._weights is not None
        return self._weights

    @property
    def n(self) -> int:
        return int(self.means.shape[1])

    @property
    def d(self) -> int:
        return int(self.means.shape[2])

    def point(self, b: int) -> Point:
        """Configuration ``b``, exactly."""
        mixture = None
        if self._means is not None:
            mixture = Mixture(self.means[b], self.weights[b])
        return Point(mixture, {k: _exact(v[b]) for k, v in self.parameters.items()})

    @cached_property
    def gram(self) -> FloatArray:
        """<mu_i, mu_k>, (B, n, n)."""
        return self.means @ self.means.swapaxes(1, 2)

    @cached_property
    def norms2(self) -> FloatArray:
        return np.diagonal(self.gram, axis1=1, axis2=2)

    @cached_property
    def norms(self) -> FloatArray:
        return np.asarray(np.sqrt(self.norms2))

    @cached_property
    def distances2(self) -> FloatArray:
        """|mu_i - mu_k|^2, (B, n, n)."""
        gap = self.means[:, :, None, :] - self.means[:, None, :, :]
        return einsum("bikj,bikj->bik", gap, gap)

    @cached_property
    def distances(self) -> FloatArray:
        return np.asarray(np.sqrt(self.distances2))

    @cached_property
    def rank(self) -> FloatArray:
        """The rank of the differences, to rounding."""
        gaps = self.means - self.means[:, :1]
        return np.asarray(np.linalg.matrix_rank(gaps), dtype=np.float64)

    @cached_property
    def U(self) -> FloatArray:
        return np.asarray(self.norms2.sum(axis=1))

    @cached_property
    def top2(self) -> FloatArray:
        """mu_max^2."""
        return np.asarray(self.norms2.max(axis=1))

    @cached_property
    def top(self) -> FloatArray:
        return np.asarray(np.sqrt(self.top2))

    @cached_property
    def pi_min(self) -> FloatArray:
        return np.asarray(self.weights.min(axis=1))

    @cached_property
    def spread(self) -> FloatArray:
        """sum_ij pi_i pi_j |mu_i - mu_j|^2."""
        return einsum("bi,bj,bij->b", self.weights, self.weights, self.distances2)

    @cached_property
    def mean_square(self) -> FloatArray:
        """sum_i pi_i |mu_i|^2."""
        return einsum("bi,bi->b", self.weights, self.norms2)

    @cached_property
    def distant(self) -> npt.NDArray[np.bool_]:
        """Whether mu_k is at mu_max/2 or more from the first longest mean, (B, n)."""
        rows = np.arange(len(self))
        from_top = self.distances2[rows, self.norms2.argmax(axis=1)]
        found: npt.NDArray[np.bool_] = 4 * from_top >= self.top2[:, None]
        return found

    @cached_property
    def enclosed(self) -> Enclosure:
        """E psi_i psi_k, (B, n, n), certified."""
        return quantities.overlaps(self.means, self.weights, rtol=RTOL)

    @cached_property
    def overlaps(self) -> FloatArray:
        """E psi_i psi_k, (B, n, n): middles, whatever their widths."""
        return self.enclosed.mid

    @cached_property
    def resolved_overlaps(self) -> FloatArray:
        """The same, NaN where they are not resolved."""
        return resolved(self.overlaps, self.widths)

    @cached_property
    def widths(self) -> FloatArray:
        return self.enclosed.upper - self.enclosed.lower

    @cached_property
    def gradient(self) -> FloatArray:
        """sum_k P_ik mu_k, (B, n, d)."""
        return self.overlaps @ self.means

    @cached_property
    def em_means(self) -> FloatArray:
        """E[psi_i x] / E psi_i, (B, n, d)."""
        shares = self.resolved_overlaps.sum(axis=2)
        return np.asarray(self.means - self.gradient / shares[:, :, None])

    @cached_property
    def gradient_norms(self) -> FloatArray:
        """|grad_i L|, (B, n)."""
        size = length(self.gradient)
        return resolved(size, (self.widths @ self.norms[:, :, None])[:, :, 0])

    @cached_property
    def gradient_square(self) -> FloatArray:
        """|grad L|^2; rows that cancel count with what is known of them."""
        known = (self.gradient**2).sum(axis=(1, 2))
        error = (self.widths @ self.norms[:, :, None])[:, :, 0]
        return resolved(known, 2 * (length(self.gradient) * error).sum(axis=1))

    @cached_property
    def psi2(self) -> FloatArray:
        """E|psi~|^2."""
        value = einsum("bik,bik->b", self.overlaps, self.gram)
        return resolved(value, einsum("bik,bik->b", self.widths, np.abs(self.gram)))

    @cached_property
    def loss(self) -> FloatArray:
        """L."""
        found = quantities.loss(self.means, self.weights, rtol=RTOL)
        return resolved(found.mid, found.upper - found.lower)

    def moved(self, means: FloatArray) -> Batch:
        """Other means, the same weights."""
        return Batch(means, self.weights)

    def moved_by(self, name: str) -> Batch:
        """Means moved by the displacement of that name; the same weights and parameters."""
        return self.kept(f"moved by {name}", lambda: self.displaced(self[name]))

    def displaced(self, delta: FloatArray) -> Batch:
        """Means moved by ``delta``, (B, n, d)."""
        return Batch(self.means + delta, self.weights, self.parameters)

    def log_posteriors(self, x: FloatArray) -> FloatArray:
        """log psi_i(x), (B, n), for x (B, d)."""
        logits = einsum("bid,bd->bi", self.means, x) - self.norms2 / 2 + np.log(self.weights)
        logits -= logits.max(axis=1, keepdims=True)
        return np.asarray(logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)))

    def rows(self, which: npt.NDArray[np.bool_]) -> Batch:
        """Some of the mixtures, without parameters."""
        return Batch(self.means[which], self.weights[which])

    def kept(self, name: str, compute: Callable[[], T]) -> T:
        """What ``compute`` gives, once for this batch."""
        if name not in self._kept:
            self._kept[name] = compute()
        found: T = self._kept[name]
        return found


def einsum(path: str, *arrays: FloatArray) -> FloatArray:
    """NumPy's, of float64 arrays."""
    found: FloatArray = np.einsum(path, *arrays)
    return found


def length(vectors: FloatArray) -> FloatArray:
    """Euclidean norms along the last axis, of entries whose squares may underflow."""
    top = np.abs(vectors).max(axis=-1, keepdims=True)
    scale = np.where(top > 0, top, 1.0)
    found: FloatArray = top[..., 0] * np.sqrt(((vectors / scale) ** 2).sum(axis=-1))
    return found


def resolved(values: FloatArray, errors: FloatArray) -> FloatArray:
    """The values; NaN where the error is more than ``NARROW`` of them."""
    found: FloatArray = np.where(errors <= NARROW * np.abs(values), values, np.nan)
    return found


def _exact(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return tuple(_exact(v) for v in value)
    return int(value) if isinstance(value, (int, np.integer)) else Fraction(float(value))
