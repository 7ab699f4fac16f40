"""L around a stationary point: the band has L in it between the points that were computed, too."""

from __future__ import annotations

import numpy as np
import pytest

import gembounds as gb
from gembounds.dynamics.stationary.landscape import HALF, landscape

TWO = gb.Mixture([["2"], ["-2"]], ["7/10", "3/10"])
PLANE = gb.Mixture([[0, 1], [2, 0], [-2, 0]])


@pytest.mark.parametrize(
    ("mix", "data"),
    [
        (gb.Mixture([[-1.5], [2]], ["7/10", "3/10"]), TWO),
        (gb.Mixture([[0.0, 1.1], [1.9, 0.0], [-2, 0.1]]), PLANE),
        (gb.Mixture([[0.4]]), None),
        (gb.Mixture([[0.1], [-0.2]]), None),
    ],
)
def test_the_band_encloses_the_loss_everywhere(mix: gb.Mixture, data: gb.Mixture | None) -> None:
    found = gb.stationary(mix, data=data)
    around = landscape(found, data)
    assert found.means is not None and found.weights is not None and found.loss is not None
    middle = found.means.mid
    assert around.direction.shape == middle.shape
    assert np.linalg.norm(around.direction) == pytest.approx(1)
    for s in np.random.default_rng(1).uniform(-HALF, HALF, 8):
        moved = gb.Mixture(middle + s * around.direction, found.weights.mid)
        loss = gb.loss(moved, data=data)
        low, high = (np.interp(s, around.line, ends) for ends in (around.lower, around.upper))
        assert low - 1e-15 <= loss.upper and loss.lower <= high + 1e-15
        assert high - low <= 0.05
    assert (around.plane is None) == (mix.n * mix.d == 1)
    if around.plane is not None:
        at = len(around.first) // 2
        assert around.plane[at, at] == pytest.approx(float(found.loss.mid), abs=1e-6)
        assert around.first[at] == pytest.approx(around.centre[0])


def test_the_line_is_along_the_flattest_direction() -> None:
    found = gb.stationary(gb.Mixture([[-1.5], [2]], ["7/10", "3/10"]), data=TWO)
    around = landscape(found, TWO)
    at, h = len(around.line) // 2, around.line[1] - around.line[0]
    middle = 0.5 * (around.lower + around.upper)
    bent = (middle[at - 30] - 2 * middle[at] + middle[at + 30]) / (30 * h) ** 2
    assert found.eigenvalues is not None
    assert bent == pytest.approx(float(found.eigenvalues[0].mid), rel=0.2)
