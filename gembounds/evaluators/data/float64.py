"""One model over data in float64: the components' means together, their overlaps one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.data.components import Components, same, translated
from gembounds.evaluators.data.rounded import (
    NEAR,
    Rounded,
    gradient,
    loss,
    overlaps,
    rounded,
    weighted,
)
from gembounds.evaluators.float64 import batch_sums
from gembounds.evaluators.float64 import quantities as single
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


def evaluate(name: str, mix: Mixture, data: Components, rtol: float, max_nodes: int) -> Enclosure:
    """The quantity over the data, as an enclosure."""
    if name == "loss":
        return Enclosure.proved(*_divergence(mix, data, rtol, max_nodes))
    if name == "gradient":
        return Enclosure.proved(*_mean("gradient", mix, data, rtol, max_nodes))
    found = _mean("overlaps", mix, data, rtol, max_nodes)
    if name == "expected_posterior":
        found = row_sums(found)
    elif name == "psi_tilde_norm2":
        found = square(found, mix)
    return Enclosure.proved(*found)


def _mean(name: str, mix: Mixture, data: Components, rtol: float, nodes: int) -> Ends:
    low, high = weighted(_parts(name, mix, data, rtol, nodes), data.weights)
    return low[0], high[0]


def _parts(name: str, mix: Mixture, data: Components, rtol: float, nodes: int) -> Ends:
    """The quantity of mu - a_j over N(0, I) for each j, (1, J, ...)."""
    these = _rounded(mix, data.mix, rtol)

    def many(part: IndexArray) -> Ends:
        evaluator = single.loss if name == "loss" else single.overlaps
        found = [evaluator(mix.moved(these.means[j]), rtol, nodes) for j in part.tolist()]
        shape = () if name == "loss" else (mix.n, mix.n)
        return (
            np.array([e.lower for e in found]).reshape(-1, *shape),
            np.array([e.upper for e in found]).reshape(-1, *shape),
        )

    def one(which: str, j: int) -> Enclosure:
        found: Enclosure = getattr(single, which)(translated(mix, data.mix, j), rtol, nodes)
        return found

    low, high = SUMS[name](these, many, one)
    return low[None], high[None]


def _rounded(mix: Mixture, data: Mixture, rtol: float) -> Rounded:
    these = rounded(mix.means[None], data.means, rtol)
    if mix.means_error or data.means_error:
        return these._replace(sure=these.sure[:0])
    if data.n == 1 and these.size[0] < NEAR:
        return these._replace(sure=these.sure[:0])
    return these


def _divergence(mix: Mixture, data: Components, rtol: float, nodes: int) -> Ends:
    """sum_j w_j (L(mu - a_j; pi) - L(a - a_j; w)), not negative; 0 where it may be and is."""
    parts = _parts("loss", mix, data, rtol, nodes)
    if data.mix.n == 1:
        return parts[0][0, 0], parts[1][0, 0]

    def itself() -> Ends:
        return _parts("loss", data.mix, data, rtol, nodes)

    low, high = data.mix.kept(f"loss of itself {rtol} {nodes}", itself)
    both = np.concatenate((parts[0], -high), axis=1), np.concatenate((parts[1], -low), axis=1)
    weights = tuple(np.concatenate((w, w)) for w in data.weights)
    least, most = (end[0] for end in weighted(both, (weights[0], weights[1])))
    if least <= 0 and same(mix, data.mix):
        return np.array(0.0), np.array(0.0)
    return np.maximum(least, 0.0), np.maximum(most, 0.0)


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
