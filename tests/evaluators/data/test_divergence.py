"""KL from the data by one reduction and one grid, against balls; and what its bounds need."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.evaluators.data import divergence
from gembounds.evaluators.data.components import checked_data
from gembounds.evaluators.float64.far import Seen, left_out
from gembounds.evaluators.float64.grid import make_grid
from gembounds.evaluators.float64.plan import plan_axes
from gembounds.evaluators.float64.product import log_sums


def _ends(mix: gb.Mixture, data: gb.Mixture, rtol: float) -> tuple[float, float] | None:
    return divergence.mean_loss(mix, checked_data(mix.d, data), rtol, 1 << 20)


def _drawn(rng: np.random.Generator) -> tuple[gb.Mixture, gb.Mixture]:
    d, n, count = int(rng.integers(1, 3)), int(rng.integers(1, 4)), int(rng.integers(1, 4))
    sizes = 10.0 ** rng.uniform(-1, 1.5 if d == 1 else 0.5, 2)
    means, places = sizes[0] * rng.normal(size=(n, d)), sizes[1] * rng.normal(size=(count, d))
    kind = rng.integers(0, 4)
    if kind == 0:  # the data are near the model
        places = means[rng.integers(0, n, count)] + 1e-3 * rng.normal(size=(count, d))
    if kind == 1:  # far from each other, and from 0
        means[0] += 40
        places[0] += 40
    light = 10.0 ** -rng.uniform(0, 9, n)
    return gb.Mixture(means, light / light.sum()), gb.Mixture(places, _shares(rng, count))


def _shares(rng: np.random.Generator, count: int) -> Any:
    return rng.dirichlet(np.ones(count)) * 0.9 + 0.1 / count


def test_enclosures_meet_balls_and_are_as_narrow_as_asked() -> None:
    rng, taken = np.random.default_rng(31), 0
    for _ in range(40):
        mix, data = _drawn(rng)
        rtol = 10.0 ** rng.uniform(-12, -3)
        found = _ends(mix, data, rtol)
        if found is None:
            continue
        taken += 1
        exact = gb.loss(mix, data=data, evaluator="arb", bits=50)
        assert gb.loss(mix, data=data, rtol=rtol).meets(exact).all()
        assert found[1] - found[0] <= 3 * rtol * max(found[1], 1.0)
    assert taken > 26


def test_centres_that_see_other_components() -> None:
    """Beside a component that is far from all else, its neighbours and those that coincide."""
    mix = gb.Mixture([[0.0, 0.0], [30.0, 1.0], [31.0, 0.0], [30.0, 1.0], [900.0, 0.0]])
    data = gb.Mixture([[0.1, 0.0], [30.5, 0.0], [900.0, 0.2], [0.2, 0.1]])
    for rtol in (1e-3, 1e-11):
        found = _ends(mix, data, rtol)
        assert found is not None and found[1] - found[0] < 2 * rtol
        exact = gb.loss(mix, data=data, evaluator="arb", bits=64)
        assert gb.loss(mix, data=data, rtol=rtol).meets(exact).all()


@pytest.mark.parametrize(("model", "data"), [
    ([["1/3"], [1.0]], [[0.0], [1.0]]),  # no float64 numbers
    ([[0.0], [1.0]], [["1/3"], [1.0]]),
    ([[0.0], [1e160]], [[0.0], [1.0]]),
    ([[0.0], [300.0]], [[150.0], [1.0]]),  # logits beyond the range, between two components
    ([[1e-9], [-1e-9]], [[2e-9], [1e-8]]),  # nothing but rounding
    ([[0.01], [0.03]], [[0.02]]),  # relative to L itself
    ([[0.0] * 6, *np.eye(6).tolist()], [[0.1] * 6, [2.0] * 6]),  # too many dimensions
])  # fmt: skip
def test_the_general_way_is_taken(model: list[list[float]], data: list[list[float]]) -> None:
    mix, over = gb.Mixture(model), gb.Mixture(data)
    assert _ends(mix, over, 1e-9) is None
    if mix.d == 1:
        exact = gb.loss(mix, data=over, evaluator="arb")
        assert gb.loss(mix, data=over).meets(exact).all()
    else:
        with pytest.raises(gb.RankError, match="the means span 6 dimensions"):
            gb.loss(mix, data=over)


@pytest.mark.parametrize(("bits", "k"), [(930, 90), (930, 120), (940, 75), (60, 300)])
def test_exponentials_that_underflow_beside_a_vanishing_weight(bits: int, k: int) -> None:
    """pi_i/pi_m is huge and exp(|u_m|^2/2 - |u_i|^2/2) underflows: their product need not."""
    weight = Fraction(1, 2**bits)
    mean = math.sqrt(2 * (bits * math.log(2) + k))
    mix, data = gb.Mixture([[0.0], [mean]], [weight, 1 - weight]), gb.Mixture([[0.0], [0.125]])
    found, ball = gb.loss(mix, data=data), gb.loss(mix, data=data, evaluator="arb")
    assert found.lower <= ball.upper and ball.lower <= found.upper


def test_bounds_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule, or components left out, that are a little wrong are seen where the bound is."""
    data = gb.Mixture([[0.3], [12.0]], [0.6, 0.4])
    bound = left_out
    for name, means, none in (
        ("discretisation", [[1.0], [-5.0], [0.25]], lambda *_: (0.0, 0.0)),
        ("left_out", [[0.0], [12.0]], lambda *_: 1e-300 * bound(*_)),
    ):
        mix = gb.Mixture(means)
        exact = gb.loss(mix, data=data, evaluator="arb")
        with monkeypatch.context() as planted:
            planted.setattr(divergence, name, none)
            assert not _meets(mix, data, exact)
        assert _meets(mix, data, exact)


def _meets(mix: gb.Mixture, data: gb.Mixture, exact: Any) -> bool:
    fresh = gb.Mixture(data.means, data.weights)  # nothing kept
    return bool(gb.loss(mix, data=fresh, rtol=1e-3).meets(exact).all())


def test_what_is_left_out_is_bounded() -> None:
    """Against E log(1 + r), r the ratio of the two terms."""
    z = np.arange(-12, 12, 1e-3)
    weights = np.exp(-0.5 * z * z) * 1e-3 / math.sqrt(2 * math.pi)
    rng = np.random.default_rng(4)
    for _ in range(50):
        means = np.array([[0.0], [10.0 ** rng.uniform(-1, 1.5)]])
        log = -(10.0 ** rng.uniform(-1, 2))
        k, none = np.array([[0.0, log]]), np.zeros(1)
        seen = Seen(means, np.full(2, 0.5), 0 * k, k, np.array([0]), none, none)
        bound = left_out(seen)
        assert bound[0, 0] == math.inf
        true = float(weights @ np.log1p(np.exp(np.minimum(log + means[1] * z, 700.0))))
        assert true <= bound[0, 1] * (1 + 1e-9)


def test_sums_of_logarithms_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    for r in (1, 2, 3):
        v, heights = 0.5 * rng.normal(size=(4, r)), rng.random((3, 4))
        axes = plan_axes([1.5] * r, 1e-3, 1e-3, 1 << 20)
        assert axes is not None
        grid = make_grid(axes, v, np.zeros(4))
        places = [a.step * np.arange(-a.count, a.count + 1) for a in axes]
        y = np.stack([x.ravel() for x in np.meshgrid(*places, indexing="ij")])
        steps = math.prod(a.step for a in axes) / (2 * math.pi) ** (r / 2)
        weights = np.exp(-0.5 * (y * y).sum(axis=0)) * steps
        expected = np.log(heights @ np.exp(v @ y)) @ weights
        for block in (1 << 18, 50):
            monkeypatch.setattr("gembounds.evaluators.float64.product.BLOCK", block)
            assert log_sums(grid, heights)[0] == pytest.approx(expected, rel=1e-12)
