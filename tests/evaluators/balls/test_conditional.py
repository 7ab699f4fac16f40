"""Conditional posteriors by cells: whatever the cells, the value is between the ends."""

from __future__ import annotations

import mpmath as mp
import pytest
from flint import arb

from gembounds import Mixture
from gembounds.papers.xu_fazel_du_2024.arithmetic.conditional import conditional_posteriors
from gembounds.values.precision import working_precision


@pytest.mark.parametrize("cells", [1, 2, 3, 4, 5, 7, 50, 51])
def test_cells_around_zero_keep_their_mass(cells: int) -> None:
    """An odd number of cells has one around y = 0, where |y| is as little as 0."""
    with mp.workdps(20):

        def weight(y: mp.mpf) -> mp.mpf:  # chi^2 with 2 degrees, below 1 - y^2
            return mp.npdf(y) * (1 - mp.exp(-(1 - y * y) / 2))

        whole = mp.quad(weight, [-1, 0, 1])
        first = mp.quad(lambda y: weight(y) / (1 + mp.exp(y - mp.mpf(1) / 2)), [-1, 0, 1]) / whole
    mix = Mixture([[0, 0, 0], [1, 0, 0]])
    with working_precision(80):
        found = conditional_posteriors(mix, arb(1), cells)
    for ends, value in zip(found, (first, 1 - first), strict=True):
        least, most, other_least, other_most = (float(x.mid()) for x in ends)
        assert least <= value <= most
        assert other_least <= 1 - value <= other_most
    if cells >= 50:
        assert float(found[0].most.mid()) - float(found[0].least.mid()) < 0.05
