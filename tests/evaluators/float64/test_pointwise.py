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
