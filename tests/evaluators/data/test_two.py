"""Two components over data by one grid, against balls; and what its bounds need."""

from __future__ import annotations

import numpy as np
import pytest

import gembounds as gb
from gembounds.evaluators.data import float64, two
from gembounds.evaluators.data.components import checked_data

NAMES = ("overlaps", "gradient", "expected_posterior", "psi_tilde_norm2")


def _drawn(rng: np.random.Generator) -> tuple[gb.Mixture, gb.Mixture]:
    d, count = int(rng.integers(1, 5)), int(rng.integers(2, 7))
    sizes = 10.0 ** rng.uniform(-3, 1.2, 2)
    means, places = sizes[0] * rng.normal(size=(2, d)), sizes[1] * rng.normal(size=(count, d))
    kind = rng.integers(0, 4)
    if kind == 0:  # the data are near the model
        places = means[rng.integers(0, 2, count)] + 1e-7 * rng.normal(size=(count, d))
    if kind == 1:  # both far from 0
        means, places = means + 100 * rng.normal(size=d), places + 100 * rng.random()
    light = 10.0 ** -rng.uniform(0.01, 9)
    shares = rng.dirichlet(np.full(count, 0.5)) * (1 - 1e-9 * count) + 1e-9
    weights = None if rng.random() < 0.3 else [light, 1 - light]
    return gb.Mixture(means, weights), gb.Mixture(places, shares)


def test_enclosures_meet_balls_and_are_as_narrow_as_asked() -> None:
    rng = np.random.default_rng(31)
    taken = 0
    for _ in range(40):
        mix, data = _drawn(rng)
        rtol = 10.0 ** rng.uniform(-11, -3)
        if two.sums(mix, checked_data(mix.d, data), rtol, 1 << 20) is None:
            continue
        taken += 1
        for name in NAMES:
            found = getattr(gb, name)(mix, data=data, rtol=rtol)
            exact = getattr(gb, name)(mix, data=data, evaluator="arb", bits=70)
            assert (found.lower <= exact.upper).all() and (exact.lower <= found.upper).all()
            if name == "overlaps" and found.upper.min() > 1e-200:
                assert ((found.upper - found.lower) / found.upper).max() < 2.5 * rtol
    assert taken > 25


@pytest.mark.parametrize(("model", "data"), [
    ([[0.0], [1e-5]], [[0.0], [1.0]]),  # too near each other
    ([[0.0], [200.0]], [[0.0], [50.0]]),  # logits beyond the range
    ([["1/3"], [1.0]], [[0.0], [1.0]]),  # no float64 numbers
    ([[0.0], [1.0]], [["1/3"], [1.0]]),
    ([[0.0], [1.0]], [[2.0], [2.0]]),  # one component
])  # fmt: skip
def test_the_general_way_is_taken(model: list[list[float]], data: list[list[float]]) -> None:
    mix, over = gb.Mixture(model), gb.Mixture(data)
    assert two.sums(mix, checked_data(1, over), 1e-9, 1 << 20) is None
    exact = gb.gradient(mix, data=over, evaluator="arb")
    assert gb.gradient(mix, data=over).meets(exact).all()


def test_bounds_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A grid that is a little wrong is seen where the bound is left out."""
    mix, data = gb.Mixture([[1.0], [-0.5]], [0.3, 0.7]), gb.Mixture([[2.0], [-1.5]], [0.6, 0.4])
    exact = gb.overlaps(mix, data=data, evaluator="arb")
    with monkeypatch.context() as planted:
        planted.setattr(f"{two.__name__}.factors", lambda error, axes: (1.0, 1.0, 0.0))
        assert not gb.overlaps(mix, data=data, rtol=1e-5).meets(exact).all()
    assert gb.overlaps(mix, data=data, rtol=1e-5).meets(exact).all()
    monkeypatch.setattr(f"{float64.__name__}.sums", lambda *_: None)
    assert gb.overlaps(mix, data=data, rtol=1e-5).meets(exact).all()
