"""Sums of overlaps from the near components alone, against balls; and what its bounds need."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.evaluators.data import apart
from gembounds.evaluators.data.components import checked_data
from gembounds.evaluators.float64.far import left_out

QUANTITIES = (gb.gradient, gb.expected_posterior, gb.psi_tilde_norm2)


def _sums(mix: gb.Mixture, data: gb.Mixture, rtol: float) -> Any:
    return apart.sums(mix, checked_data(mix.d, data), rtol, 1 << 20)


def test_enclosures_meet_balls_and_are_as_narrow_as_asked() -> None:
    rng, taken = np.random.default_rng(8), 0
    for k in range(5):
        n, d = int(rng.integers(2, 5)), 1 + k % 2
        groups = rng.uniform(26, 34) * np.arange(3)[:, None] * np.ones((1, d))
        means = groups[np.arange(n) % 3] + 10.0 ** rng.uniform(-3, 0.5) * rng.normal(size=(n, d))
        places = groups[: min(n, 3)] + rng.normal(size=(min(n, 3), d))
        if d == 2:  # balls are quick on a line
            means[:, 1], places[:, 1] = means[:, 0], places[:, 0]
        light = 10.0 ** -rng.uniform(0, 9, n)
        mix, data = gb.Mixture(means, light / light.sum()), gb.Mixture(places)
        rtol = 10.0 ** rng.uniform(-11, -3)
        taken += _sums(mix, data, rtol) is not None
        for quantity in QUANTITIES:
            found = quantity(mix, data=data, rtol=rtol)
            assert found.meets(quantity(mix, data=data, evaluator="arb", bits=48)).all()
            if quantity is gb.expected_posterior and found.upper.min() > 1e-200:
                assert found.relative_width.max() < 4 * rtol
    assert taken > 3


@pytest.mark.parametrize("away", [1e2, 1e5, 1e8, 1e12])
def test_far_apart_in_a_plane(away: float) -> None:
    """A grid over all of it would have millions of nodes, and rounding would spoil it."""
    places = away * np.array([[0.0, 0.0], [1.0, 0.0], [0.3, 1.0]])
    moved = np.array([[0.25, -0.5], [1.0, 0.0], [0.0, 0.0]])
    mix, data = gb.Mixture(places + moved), gb.Mixture(places)
    found = gb.gradient(mix, data=data)
    room = 1e-15 * away if away > 1e5 else 1e-13  # of the means, and of float64 here
    assert (np.abs(found.mid - moved / 3) <= room).all() and (
        found.upper - found.lower < 1e-14
    ).all()
    if away > 1e3:  # a grid that fits no budget says nothing: these are known all the same
        overlaps = gb.overlaps(mix, data=data)
        assert (overlaps.lower <= np.eye(3) / 3).all() and (overlaps.upper >= np.eye(3) / 3).all()
        assert (overlaps.upper - overlaps.lower).max() < 1e-14
    mass = gb.expected_posterior(mix, data=data)
    assert (mass.lower <= 1 / 3).all() and (mass.upper >= 1 / 3).all()


def test_what_would_matter_is_not_left_out() -> None:
    data = gb.Mixture([[0.0], [1.0]])
    assert _sums(gb.Mixture([[0.0], [15.0]]), data, 1e-9) is None  # not far enough
    # no centre sees the second, so that its own E psi is what is left out
    mix = gb.Mixture([[0.0], [24.0]])
    assert _sums(mix, data, 1e-9) is None
    for quantity in QUANTITIES:
        exact = quantity(mix, data=data, evaluator="arb", bits=64)
        assert quantity(mix, data=data, rtol=1e-9).meets(exact).all()


def test_bounds_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Components left out that are none are seen where their bound is."""
    mix, data = gb.Mixture([[0.0], [21.0], [1.0]]), gb.Mixture([[9.0], [21.0], [0.0], [1.0]])
    exact = gb.expected_posterior(mix, data=data, evaluator="arb", bits=64)
    monkeypatch.setattr(apart, "left_out", lambda seen: 1e-300 * left_out(seen))
    assert not gb.expected_posterior(mix, data=data).meets(exact).all()
    monkeypatch.undo()
    assert gb.expected_posterior(mix, data=data).meets(exact).all()
