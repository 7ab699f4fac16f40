"""Posteriors at a point: exact logits, far points, ends within [0, 1]."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.evaluators import quantities


@pytest.mark.parametrize("evaluator", ["float64", "arb"])
@pytest.mark.parametrize("scale", [5e-324, 1e-20, 1.0, 1e20, 1e76, 1e150, 1e300])
@pytest.mark.parametrize("x", [0, 1, -1, 1e20, -1e300, "1e400"])
def test_far_points_have_posteriors(evaluator: str, scale: float, x: Any) -> None:
    """With logits differing by 2 scale x and equal ones at 0, psi is 0, 1/2 or 1 or between."""
    found = quantities.psi(gb.Mixture([[scale], [-scale]]), [x], evaluator=evaluator)
    assert np.all(found.lower >= 0) and np.all(found.upper <= 1)
    assert np.all(found.upper - found.lower <= 1e-15)
    drift = 2 * Fraction(scale) * Fraction(x)
    if abs(drift) > 1000:
        assert np.max(abs(found.mid - ([1, 0] if drift > 0 else [0, 1]))) < 1e-300
    elif abs(drift) < 1e-17:
        assert np.max(abs(found.mid - 0.5)) < 1e-15


@pytest.mark.parametrize("evaluator", ["float64", "arb"])
def test_a_single_component_has_posterior_one(evaluator: str) -> None:
    for scale, x in ((1e20, 1.0), (1e300, 1e300), (5e-324, "1e400")):
        found = quantities.psi(gb.Mixture([[scale]]), [x], evaluator=evaluator)
        assert float(found.lower[0]) == float(found.upper[0]) == 1.0


def test_weights_are_not_taken_for_even() -> None:
    """At x = 0 between opposite means the posteriors are the weights."""
    mix = gb.Mixture([[1], [-1]], ["2/5", "3/5"])
    found = gb.psi(mix, [0], evaluator="arb", bits=64)
    assert (
        found.contains(np.array([Fraction(2, 5), Fraction(3, 5)]))
        and found.relative_width.max() < 1e-15
    )
    assert gb.pi_min(mix, evaluator="arb").contains(Fraction(2, 5))
