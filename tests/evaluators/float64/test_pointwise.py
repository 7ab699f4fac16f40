"""Posteriors at many places in float64, against balls."""

from __future__ import annotations

import numpy as np

import gembounds as gb
from gembounds.conform.combined import cases
from gembounds.conform.room import Room
from gembounds.evaluators.float64.pointwise import posteriors


def test_the_exact_posteriors_are_inside() -> None:
    widths = []
    for case in cases(Room(max_n=12, max_d=20), 80, 7, True):
        places = case.places[:3]
        found = posteriors(case.mix, places)
        for k, x in enumerate(places.tolist()):
            exact = gb.psi(case.mix, x, evaluator="arb")
            assert np.all(found.lower[k] <= exact.upper) and np.all(exact.lower <= found.upper[k])
        widths.append(float(np.max((found.upper - found.lower) / (found.upper + 1e-280))))
    assert np.median(widths) < 1e-11


def test_what_overflows_is_anything() -> None:
    found = posteriors(gb.Mixture([[1e200], [-1e200]]), np.array([[1e200], [0.5]]))
    assert found.lower.tolist() == [[0, 0], [0, 0]]
    assert found.upper.tolist() == [[1, 1], [1, 1]]


def test_sums_that_lose_all_their_small_terms() -> None:
    """8,000 products of 0.0019 beside one of 2^44, half of whose last place is 0.00195: a sum
    that runs from the large one on keeps none of them."""
    d = 8000
    means = np.full((2, d), 1 / 32)
    means[:, 0], means[1, 1:] = 1.0, 0.0
    x = np.full((1, d), 0.06)
    for large in (2.0**44, 2.0**30, 1.0):
        x[0, 0] = large
        for order in (slice(None), slice(None, None, -1)):
            mix = gb.Mixture(means[:, order])
            found = posteriors(mix, x[:, order])
            exact = gb.psi(mix, x[0, order].tolist(), evaluator="arb")
            assert np.all(found.lower[0] <= exact.upper) and np.all(exact.lower <= found.upper[0])
    assert float((found.upper - found.lower).max()) < 1e-8
