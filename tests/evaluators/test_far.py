"""L where some components are far from the origin: narrow, quick, and never wrong."""

from __future__ import annotations

import math

import numpy as np
import pytest
from flint import arb

import gembounds as gb
from gembounds import batch
from gembounds.evaluators.balls import near
from gembounds.evaluators.balls import quantities as balls
from gembounds.tools.errors import RankError

DISTANCES = (30.0, 1e3, 1e8, 1e100, 1e300)


@pytest.mark.parametrize("distance", DISTANCES)
def test_means_0_and_d_have_loss_log_2(distance: float) -> None:
    mix = gb.Mixture([[0.0], [distance]])
    fast, sure = gb.loss(mix), gb.loss(mix, evaluator="arb")
    for found in (fast, sure):
        assert found.lower <= math.log(2) <= found.upper
    assert float(fast.upper - fast.lower) <= 4e-15
    assert float(sure.upper - sure.lower) <= 3e-16
    many = batch.loss([[[0.0], [distance]], [[0.0], [1.0]]])
    assert many.lower[0] == fast.lower and many.upper[0] == fast.upper


def _far_and_near(rng: np.random.Generator) -> gb.Mixture:
    """Some components near the origin, others 10 to 40 away, all kinds of weights."""
    n, m, d = (int(x) for x in rng.integers(1, [4, 4, 3]))
    means = rng.normal(size=(n + m, d)) * rng.choice([0.1, 1.0, 3.0])
    means[n:] *= rng.uniform(10, 40) / np.linalg.norm(means[n:], axis=1)[:, None]
    weights = 10.0 ** -rng.uniform(0, rng.choice([0.1, 3, 12]), size=n + m)
    return gb.Mixture(means, None if rng.random() < 0.3 else weights / weights.sum())


def test_leaving_far_components_out_never_misses(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(11)
    mixtures = [_far_and_near(rng) for _ in range(40)]
    without = [near.near_components(mix, 40) is not None for mix in mixtures]
    fast = [gb.loss(mix) for mix in mixtures]
    coarse = [gb.loss(mix, evaluator="arb", bits=40) for mix in mixtures]
    monkeypatch.setattr(balls, "near_components", lambda mix, bits: None)
    again = [gb.Mixture(mix.means, mix.exact_weights) for mix in mixtures]
    sure = [gb.loss(mix, evaluator="arb", bits=64, max_nodes=2**14) for mix in again]
    assert sum(without) >= 20
    assert all(x.meets(y) for x, y in zip(fast, sure, strict=True))
    assert all(x.meets(y) for x, y in zip(coarse, sure, strict=True))
    narrow = [float(x.relative_width) < 1e-9 for x, far in zip(fast, without, strict=True) if far]
    assert sum(narrow) >= 0.8 * len(narrow)


def test_what_is_left_out_is_bounded_from_above() -> None:
    """For one far component, delta = E log(1 + r) itself, by its integral."""
    rng = np.random.default_rng(3)
    y = np.arange(-40, 40, 1e-3)
    for _ in range(200):
        c, d = -(10.0 ** rng.uniform(-1, 2)), 10.0 ** rng.uniform(-1.5, 1)
        bound = float(near._added(arb(c), arb(d * d)).mid())
        value = float(np.sum(np.logaddexp(0, c + d * y) * np.exp(-y * y / 2))) * 1e-3
        value /= math.sqrt(2 * math.pi)
        assert value <= bound * (1 + 1e-9) + 1e-300
        assert bound <= 60 * value + 1e-300 or bound > 1e-3
    assert not near._added(arb(0), arb(1)).is_finite()


@pytest.mark.parametrize("evaluator", ["float64", "arb"])
def test_far_components_do_not_count_for_the_rank(evaluator: str) -> None:
    means = np.zeros((30, 25))
    means[1, 0] = 0.5
    means[2:] = 1e3 * np.random.default_rng(1).normal(size=(28, 25))
    found = gb.loss(gb.Mixture(means), evaluator=evaluator)
    inner = gb.loss(gb.Mixture(means[:2]), evaluator="arb")
    assert abs(float(found.mid - inner.mid) - math.log(15)) <= 1e-10
    means[2:] /= 1e3
    with pytest.raises(RankError):
        gb.loss(gb.Mixture(means), evaluator=evaluator)


def test_a_budget_too_small_leaves_the_bound_of_one_component() -> None:
    mix = gb.Mixture([[0.0], [9.0]], [0.25, 0.75])
    found = gb.loss(mix, max_nodes=1)
    assert math.log(4) <= found.upper <= math.log(4) * (1 + 1e-9)
    assert found.meets(gb.loss(mix))
