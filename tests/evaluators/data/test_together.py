"""Models over data by one reduction and one grid, against balls; and what its bounds need."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.evaluators.data import together, two
from gembounds.evaluators.data.components import checked_data

NAMES = ("overlaps", "gradient", "expected_posterior", "psi_tilde_norm2")


def _drawn(rng: np.random.Generator, n: int) -> tuple[gb.Mixture, gb.Mixture]:
    d, count = (
        int(rng.integers(1, {2: 5, 3: 3, 4: 2}[n])),
        int(rng.integers(2, 7 if n == 2 else 4)),
    )
    sizes = 10.0 ** rng.uniform(-3, 1.2 if n == 2 else 0.2, 2)
    means, places = sizes[0] * rng.normal(size=(n, d)), sizes[1] * rng.normal(size=(count, d))
    kind = rng.integers(0, 4)
    if kind == 0:  # the data are near the model
        places = means[rng.integers(0, n, count)] + 1e-7 * rng.normal(size=(count, d))
    if kind == 1:  # both far from 0
        means, places = means + 100 * rng.normal(size=d), places + 100 * rng.random()
    light = 10.0 ** -rng.uniform(0, 9, n)
    shares = rng.dirichlet(np.full(count, 0.5)) * (1 - 1e-9 * count) + 1e-9
    weights = None if rng.random() < 0.3 else light / light.sum()
    return gb.Mixture(means, weights), gb.Mixture(places, shares)


@pytest.mark.parametrize(("n", "draws", "least"), [(2, 40, 25), (3, 16, 9), (4, 8, 4)])
def test_enclosures_meet_balls_and_are_as_narrow_as_asked(n: int, draws: int, least: int) -> None:
    rng = np.random.default_rng(30 + n)
    way, taken = two if n == 2 else together, 0
    for _ in range(draws):
        mix, data = _drawn(rng, n)
        rtol = 10.0 ** rng.uniform(-11, -3)
        if way.sums(mix, checked_data(mix.d, data), rtol, 1 << 20) is None:
            continue
        taken += 1
        for name in NAMES:
            found = getattr(gb, name)(mix, data=data, rtol=rtol)
            exact = getattr(gb, name)(mix, data=data, evaluator="arb", bits=50)
            assert (found.lower <= exact.upper).all() and (exact.lower <= found.upper).all()
            if name == "overlaps" and found.upper.min() > 1e-200:
                assert ((found.upper - found.lower) / found.upper).max() < 3 * rtol
    assert taken > least


@pytest.mark.parametrize(("model", "data"), [
    ([[0.0], [1e-5]], [[0.0], [1.0]]),  # too near each other
    ([[0.0], [200.0]], [[0.0], [50.0]]),  # logits beyond the range
    ([["1/3"], [1.0]], [[0.0], [1.0]]),  # no float64 numbers
    ([[0.0], [1.0]], [["1/3"], [1.0]]),
    ([[0.0], [0.05]], [[0.01], [0.01]]),  # near the one component
    ([[1.0], [1.0], [1.0]], [[2.0], [0.0]]),  # no coordinates
    ([["1/3"], [1.0], [0.0]], [[0.0], [1.0]]),
    ([[1e160], [1.0], [0.0]], [[0.0], [1.0]]),
    ([[1e8 + 1], [1e8], [1e8 - 1]], [[0.0], [1.0]]),  # logits that rounding spoils
])  # fmt: skip
def test_the_general_way_is_taken(model: list[list[float]], data: list[list[float]]) -> None:
    mix, over = gb.Mixture(model), gb.Mixture(data)
    way = two if mix.n == 2 else together
    assert way.sums(mix, checked_data(1, over), 1e-9, 1 << 20) is None
    exact = gb.gradient(mix, data=over, evaluator="arb")
    assert gb.gradient(mix, data=over).meets(exact).all()


@pytest.mark.parametrize("way", [two, together])
def test_bounds_are_needed(monkeypatch: pytest.MonkeyPatch, way: Any) -> None:
    """A grid that is a little wrong is seen where the bound is left out."""
    means = [[1.0], [-0.5], [0.25]][: 2 if way is two else 3]
    mix, data = gb.Mixture(means), gb.Mixture([[2.0], [-1.5]], [0.6, 0.4])
    exact = gb.overlaps(mix, data=data, evaluator="arb")
    with monkeypatch.context() as planted:
        planted.setattr(f"{way.__name__}.factors", lambda error, axes: (1.0, 1.0, 0.0))
        assert not gb.overlaps(mix, data=data, rtol=1e-5).meets(exact).all()
    assert gb.overlaps(mix, data=data, rtol=1e-5).meets(exact).all()
    monkeypatch.setattr(f"{way.__name__}.sums", lambda *_: None)
    assert gb.overlaps(mix, data=data, rtol=1e-5).meets(exact).all()


def test_the_error_of_the_constants_is_bounded() -> None:
    """Against exact arithmetic."""
    rng = np.random.default_rng(2)
    for _ in range(30):
        d = int(rng.integers(1, 5))
        mix = gb.Mixture(10.0 ** rng.uniform(-8, 4) * rng.normal(size=(3, d)) + rng.normal())
        data = gb.Mixture(10.0 ** rng.uniform(-8, 4) * rng.normal(size=(2, d)))
        found, error = together._constants(mix, data)
        for j, a in enumerate(data.exact_means):
            for i in range(3):
                assert abs(Fraction(found[j, i]) - _constant(mix, i, a)) <= error
        pair, middle = two._pairs(gb.Mixture(mix.means[:2]), data)
        for j, a in enumerate(data.exact_means):
            assert abs(Fraction(middle[j, 0]) - _constant(mix, 1, a)) <= pair.error_c


def _constant(mix: gb.Mixture, i: int, a: tuple[Fraction, ...]) -> Fraction:
    terms = zip(mix.exact_means[0], mix.exact_means[i], a, strict=True)
    return sum(((y - x) * (2 * z - y - x) / 2 for x, y, z in terms), Fraction(0))


def test_dimensions_that_are_left_out_do_not_count() -> None:
    """Six, one of them too narrow to need a node."""
    mix = gb.Mixture(np.vstack([np.zeros(6), np.diag([0.2] * 5 + [1e-6])]))
    data = gb.Mixture(np.vstack([np.zeros(6), 0.3 * np.eye(6)[0]]))
    assert gb.overlaps(mix, data=data, rtol=1e-4).relative_width.max() < 3e-4
