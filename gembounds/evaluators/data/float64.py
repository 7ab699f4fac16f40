"""Models over data in float64: their translated means together, then sums over the components."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.data import apart, together, two
from gembounds.evaluators.data.components import Components, entropy, same, translated
from gembounds.evaluators.data.divergence import mean_loss
from gembounds.evaluators.data.rounded import (
    NEAR,
    gradient,
    loss,
    overlaps,
    rounded,
    weighted,
)
from gembounds.evaluators.float64 import batch_sums
from gembounds.evaluators.float64 import quantities as single
from gembounds.evaluators.float64.errors import USELESS
from gembounds.evaluators.float64.quantities import FINE
from gembounds.tools.errors import RankError
from gembounds.values.batch_enclosure import BatchEnclosure
from gembounds.values.calculation import matmul
from gembounds.values.columns import distinct_columns, gram
from gembounds.values.directed import Ends, point
from gembounds.values.enclosure import Enclosure
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import gamma

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

SUMS = {"overlaps": overlaps, "gradient": gradient, "loss": loss}


class Models(Protocol):
    """B models of one shape."""

    @property
    def points(self) -> FloatArray:
        """Their means (B, n, d), rounded."""

    def mixture(self, b: int) -> Mixture:
        """One of them, exactly."""

    def over_origin(self, name: str, means: FloatArray, index: IndexArray) -> Ends:
        """The overlaps or L over N(0, I) of the models ``index`` with these ``means``."""


class Single:
    """One model."""

    def __init__(self, mix: Mixture, rtol: float, max_nodes: int) -> None:
        self.mix, self.options, self.points = mix, (rtol, max_nodes), mix.means[None]

    def mixture(self, b: int) -> Mixture:
        return self.mix

    def over_origin(self, name: str, means: FloatArray, index: IndexArray) -> Ends:
        evaluator = getattr(single, name)
        found = [evaluator(self.mix.moved(one), *self.options) for one in means]
        shape = (len(found), *((self.mix.n, self.mix.n) if name == "overlaps" else ()))
        low, high = np.array([e.lower for e in found]), np.array([e.upper for e in found])
        return low.reshape(shape), high.reshape(shape)


def evaluate(name: str, mix: Mixture, data: Components, rtol: float, max_nodes: int) -> Enclosure:
    """The quantity over the data, as an enclosure."""
    if name != "loss" and rtol >= FINE:
        found = two.sums(mix, data, rtol, max_nodes) if mix.n == 2 else None
        if found is None and name != "overlaps":
            found = apart.sums(mix, data, rtol, max_nodes)
        if found is None and mix.n > 2:
            found = together.sums(mix, data, rtol, max_nodes)
        if found is not None:
            return Enclosure.proved(*_from(name, found, mix, data.mix))
    model = Single(mix, rtol, max_nodes)
    if name == "psi_tilde_norm2":
        low, high = ends("overlaps", model, data, rtol, max_nodes)
        return Enclosure.proved(*square((low[0], high[0]), mix))
    (low,), (high,) = ends(name, model, data, rtol, max_nodes)
    if name == "overlaps" and rtol >= FINE and np.max(high - low) > USELESS:
        found = apart.sums(mix, data, rtol, max_nodes)  # all that is known of those no grid fits
        if found is not None:
            least, most = found.overlaps()
            low, high = np.maximum(low, least), np.minimum(high, most)
    return Enclosure.proved(low, high)


def _from(name: str, found: together.Sums, mix: Mixture, data: Mixture) -> Ends:
    if name == "gradient":
        return found.gradient(mix, data)
    overlaps_of = found.overlaps()
    if name == "expected_posterior":
        return row_sums(overlaps_of)
    return square(overlaps_of, mix) if name == "psi_tilde_norm2" else overlaps_of


def ends(name: str, models: Models, data: Components, rtol: float, max_nodes: int) -> Ends:
    """Of the overlaps, E psi, the gradient or KL, (B, ...)."""
    if name == "loss":
        return _divergence(models, data, rtol, max_nodes)
    if name == "expected_posterior":
        return row_sums(ends("overlaps", models, data, rtol, max_nodes))
    low, high = weighted(_parts(name, models, data, rtol, max_nodes), data.weights)
    if name == "overlaps":
        low, high = np.maximum(low, 0.0), np.minimum(high, 1.0)
    return low, high


def _parts(name: str, models: Models, data: Components, rtol: float, max_nodes: int) -> Ends:
    """The quantity of mu - a_j over N(0, I), (B, J, ...)."""
    points, centres = models.points, data.mix.means
    these = rounded(points, centres, rtol, data.mix.means_error)
    count = len(centres)
    inexact = models.mixture(0).means_error > 0
    if inexact or (len(these.size) == 1 and these.size[0] < NEAR):
        these = these._replace(sure=these.sure[:0])

    def many(part: IndexArray) -> Ends:
        which = "loss" if name == "loss" else "overlaps"
        return models.over_origin(which, these.means[part], part // count)

    def one(which: str, k: int) -> Enclosure:
        b, j = divmod(k, count)
        mix = translated(models.mixture(b), data.mix, j)
        found: Enclosure = getattr(single, which)(mix, rtol, max_nodes)
        return found

    low, high = SUMS[name](these, many, one)
    shape = (len(points), count, *low.shape[1:])
    return low.reshape(shape), high.reshape(shape)


def _divergence(models: Models, data: Components, rtol: float, max_nodes: int) -> Ends:
    """KL, exactly 0 where it may be and is."""
    low, high = _less_own(_mean_loss(models, data, rtol, max_nodes), data, rtol, max_nodes)
    zero = np.zeros(len(high), dtype=bool)
    for b in np.flatnonzero(low == 0).tolist():
        there = (models.points[b][:, None] == data.mix.means).all(axis=2)
        zero[b] = there.any(axis=1).all() and same(models.mixture(b), data.mix)
    return low, np.where(zero, 0.0, high)


def divergence(parts: Any, data: Components, rtol: float, max_nodes: int) -> Ends:
    """sum_j w_j (L(mu - a_j; pi) - L(a - a_j; w)), (B,), not negative, from ends (B, J) of the
    L(mu - a_j; pi); the data may span more than grids do."""
    mean = weighted(parts, data.weights)
    try:
        return _less_own(mean, data, rtol, max_nodes)
    except RankError:
        return _less(mean, (0.0, entropy(data)))


def _mean_loss(models: Models, data: Components, rtol: float, max_nodes: int) -> Ends:
    """sum_j w_j L(mu - a_j; pi), (B,)."""
    if isinstance(models, Single) and rtol >= FINE:
        found = mean_loss(models.mix, data, rtol, max_nodes)
        if found is not None:
            low, high = np.array(found)[:, None]
            return low, high
    return weighted(_parts("loss", models, data, rtol, max_nodes), data.weights)


def _less_own(mean: Ends, data: Components, rtol: float, max_nodes: int) -> Ends:
    """``mean`` without sum_j w_j L(a - a_j; w), which is kept with the data; not negative."""
    if data.mix.n == 1:
        return mean

    def itself() -> Ends:
        try:
            return _mean_loss(Single(data.mix, rtol, max_nodes), data, rtol, max_nodes)
        except RankError as error:
            raise RankError(f"the data: {error}") from None

    return _less(mean, data.mix.kept(f"loss of itself {rtol} {max_nodes}", itself))


def _less(mean: Ends, own: Any) -> Ends:
    least, most = own
    low, high = np.nextafter(mean[0] - most, -np.inf), np.nextafter(mean[1] - least, np.inf)
    return np.maximum(low, 0.0), np.maximum(high, 0.0)


def row_sums(overlaps_of: Ends) -> Ends:
    """E psi_i = sum_k P_ik along the last axis of P in [0, 1]."""
    low, high = overlaps_of
    room = gamma(low.shape[-1] + 4)
    least, most = low.sum(axis=-1) * (1 - room), high.sum(axis=-1) * (1 + room)
    return np.maximum(least, 0.0), np.minimum(most, 1.0)


def square(overlaps_of: Ends, mix: Mixture) -> Ends:
    """sum_ik P_ik <mu_i, mu_k>, not negative."""
    if not mix.means_error:
        found = batch_sums.psi_tilde_norm2(
            BatchEnclosure.of(overlaps_of[0][None], overlaps_of[1][None], None), mix.means[None]
        )
        return found.lower[0], found.upper[0]
    products: Any = np.array(gram(distinct_columns(mix)), dtype=object)
    p = tuple(side.reshape(1, -1) for side in overlaps_of)
    low, high = matmul((p[0], p[1]), point(products.reshape(-1, 1)))
    return np.maximum(low[0, 0], 0.0), np.asarray(high[0, 0])
