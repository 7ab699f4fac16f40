"""Fourth-order overlaps of batches against those of single mixtures, 1,000 times sharper."""

from __future__ import annotations

import numpy as np
import pytest

import gembounds as gb
from gembounds.evaluators.float64.batch_fourth import fourth_overlaps
from gembounds.evaluators.float64.coordinates import coordinates
from gembounds.evaluators.float64.fourth import fourth_overlaps as one_by_one


@pytest.mark.parametrize(
    ("n", "d", "scale"), [(2, 1, 1), (2, 3, 6), (3, 2, 1), (3, 2, 15), (4, 5, 0.5), (5, 1, 3)]
)
def test_each_is_within_its_errors(n: int, d: int, scale: float) -> None:
    rng = np.random.default_rng([n, d])
    means = scale * rng.normal(size=(12, n, d))
    means[3, 1] = means[3, 0]
    means[4] *= 1e-3
    means[5, :, 0] += 30.0
    weights = rng.dirichlet(np.full(n, 0.5), size=12) + 1e-3
    accuracy = np.tile([1e-3, 1e-5, 1e-7, 1e-9], 3)
    found = fourth_overlaps(means, weights, accuracy)
    assert (found.relative <= np.maximum(40 * accuracy, 1e-10)).sum() >= 6
    for b in np.flatnonzero(found.relative < np.inf):
        share = weights[b] / weights[b].sum()
        sure = one_by_one(coordinates(gb.Mixture(means[b], share), 1e-13), 1e-12)
        assert sure is not None
        away = np.abs(found.values[b] - sure.values)
        room = sure.values * (found.relative[b] + sure.relative)
        assert (away <= room + found.absolute[b] + sure.absolute).all(), b


def test_what_no_grid_reaches_has_infinite_errors() -> None:
    means = np.random.default_rng(1).normal(size=(4, 5, 4))  # four dimensions
    found = fourth_overlaps(means, np.ones((4, 5)), np.full(4, 1e-3))
    assert (found.relative == np.inf).all()
