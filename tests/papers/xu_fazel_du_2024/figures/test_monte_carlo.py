"""Averages over samples against certified values and against each other."""

from __future__ import annotations

import numpy as np
import pytest

import gembounds as gb
from gembounds.papers.xu_fazel_du_2024 import experiments
from gembounds.papers.xu_fazel_du_2024.figures import monte_carlo

N = 200_000


@pytest.fixture(params=[2, 5])
def student(request: pytest.FixtureRequest) -> tuple[experiments.FloatArray, ...]:
    n = request.param
    return experiments.student_start(n), experiments.dirichlet_weights(n)


def test_estimates_lie_by_the_certified_values(
    student: tuple[experiments.FloatArray, ...],
) -> None:
    means, weights = student
    mix = gb.Mixture(means, weights)
    rng = experiments.generator(3, 100)
    slope = monte_carlo.gradient(means, weights, monte_carlo.fresh(rng, 5, N))
    value, error = monte_carlo.loss(means, weights, monte_carlo.fresh(rng, 5, N))
    # each entry of psi_i (mu_i - x) has a standard deviation of at most |mu| + 1 < 5
    assert np.abs(slope - gb.gradient(mix, rtol=1e-6).mid).max() < 5 * 5 / N**0.5
    assert abs(value - float(gb.loss(mix, rtol=1e-6).mid)) < 5 * error
    assert 1e-4 < error < 1e-2


def test_the_gradient_over_data_is_the_derivative_of_the_loss_over_data(
    student: tuple[experiments.FloatArray, ...],
) -> None:
    means, weights = student
    blocks = monte_carlo.rows(experiments.generator(4, 100).standard_normal((20_000, 5)))
    value, slope = monte_carlo.loss_and_gradient(means, weights, blocks)
    assert value == pytest.approx(monte_carlo.loss(means, weights, blocks)[0], rel=1e-12)
    assert np.array_equal(slope, monte_carlo.gradient(means, weights, blocks))
    step = 1e-5
    for i, j in ((0, 0), (1, 3)):
        moved = np.zeros_like(means)
        moved[i, j] = step
        ends = [monte_carlo.loss(means + s * moved, weights, blocks)[0] for s in (1, -1)]
        assert (ends[0] - ends[1]) / (2 * step) == pytest.approx(slope[i, j], abs=1e-8)


def test_every_sample_counts_once() -> None:
    rows = [x.shape[0] for x in monte_carlo.fresh(experiments.generator(0), 3, 20_000)]
    assert sum(rows) == 20_000 and max(rows) == monte_carlo.BLOCK
    data = np.arange(20_000.0).reshape(10_000, 2)
    assert np.array_equal(np.concatenate(monte_carlo.rows(data)), data)
