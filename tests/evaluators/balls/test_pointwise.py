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


@pytest.mark.parametrize("evaluator", ["float64", "arb"])
def test_functions_of_the_parameters(evaluator: str) -> None:
    """U, mu_max^2 and pi_min as rational numbers."""
    rows: Any = [["1/3", -2], [1, "1/7"], ["-5/2", 0]]
    mix = gb.Mixture(rows, ["1/7", "4/7", "2/7"])
    squares = [sum(Fraction(x) ** 2 for x in row) for row in rows]
    found = [f(mix, evaluator=evaluator) for f in (gb.U, gb.mu_max, gb.pi_min)]
    assert found[0].contains(sum(squares)) and found[2].contains(Fraction(1, 7))
    low, high = (Fraction(float(x)) for x in (found[1].lower, found[1].upper))
    assert low**2 <= max(squares) <= high**2
    assert all(x.relative_width < 1e-15 for x in found)
