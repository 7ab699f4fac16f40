"""Many models of one shape over one data mixture: B J translated mixtures in one batch."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.evaluators.data.components import checked_data
from gembounds.evaluators.data.float64 import ends
from gembounds.evaluators.float64 import batch, batch_sums
from gembounds.values.batch_enclosure import BatchEnclosure
from gembounds.values.directed import Ends
from gembounds.values.mixture import Mixture

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

CHUNK = 1 << 14
"""Translated mixtures taken at a time: memory stays flat (a choice)."""


class Many:
    """B models over data of ``parts`` components; ``single`` (B,): which went one by one."""

    def __init__(
        self, points: FloatArray, shares: FloatArray | None, parts: int, **options: Any
    ) -> None:
        self.points, self.shares, self.parts, self.options = points, shares, parts, options
        self.single = np.ones(len(points), dtype=bool)

    def mixture(self, b: int) -> Mixture:
        return Mixture(self.points[b], None if self.shares is None else self.shares[b])

    def over_origin(self, name: str, means: FloatArray, index: IndexArray) -> Ends:
        if not len(means):
            n = self.points.shape[1]
            none = np.zeros((0, n, n) if name == "overlaps" else 0)
            return none, none
        shares = None if self.shares is None else self.shares[index]
        found = getattr(batch, name)(means, shares, **self.options)
        together = np.bincount(index[~found.single], minlength=len(self.points))
        self.single = together < self.parts
        return found.lower, found.upper


def evaluate(
    name: str, means: Any, weights: Any, data: Mixture | None, rtol: float, max_nodes: int | None
) -> BatchEnclosure:
    """The quantity over the data, (B, ...)."""
    points, shares, nodes = batch.checked(means, weights, rtol, max_nodes)
    components = checked_data(points.shape[2], data)
    wanted = "overlaps" if name == "psi_tilde_norm2" else name
    parts, step = components.mix.n, max(1, CHUNK // components.mix.n)
    lower, upper, single = [], [], []
    for start in range(0, len(points), step):
        some = slice(start, start + step)
        models = Many(points[some], None if shares is None else shares[some], parts,
                      rtol=rtol, max_nodes=nodes)  # fmt: skip
        low, high = ends(wanted, models, components, rtol, nodes)
        lower.append(low)
        upper.append(high)
        single.append(models.single)
    found = BatchEnclosure.of(*(np.concatenate(x) for x in (lower, upper, single)))
    if name == "psi_tilde_norm2":
        return batch_sums.psi_tilde_norm2(found, points)
    return found
