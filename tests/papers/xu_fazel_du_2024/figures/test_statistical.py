"""Sample gradient EM: it ends where gradient EM alone ends, at a fixed point."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gembounds import em
from gembounds.papers.xu_fazel_du_2024.experiments import FloatArray
from gembounds.papers.xu_fazel_du_2024.figures import fits, monte_carlo, statistical


@pytest.mark.parametrize(("size", "run"), [(100, 0), (100, 1), (300, 0)])
def test_it_ends_where_gradient_em_alone_ends(size: int, run: int) -> None:
    fast, slow = statistical.converged(size, run, 0), statistical.plain(size, run, 0)
    assert slow["steps"] < statistical.PLAIN_STEPS and slow["gradient"] <= statistical.TOLERANCE
    assert fast["error"] == pytest.approx(slow["error"], rel=1e-5)
    assert fast["gradient"] < 1e-7 and fast["drift"] < 1e-6
    assert fast["evaluations"] < slow["steps"] / 10


def test_runs_are_drawn_anew_and_repeat() -> None:
    data, means = statistical.drawn(100, 0, 0)
    again = statistical.drawn(100, 0, 0)
    assert np.array_equal(data, again[0]) and np.array_equal(means, again[1])
    assert not np.array_equal(data, statistical.drawn(100, 1, 0)[0])
    assert not np.array_equal(data, statistical.drawn(100, 0, 1)[0])


def test_small_means_fit_the_covariance() -> None:
    """The law behind the limit: L_N = const + |W - (S - I)|^2/4 to leading order."""
    rng = np.random.default_rng(5)
    data = rng.standard_normal((4000, 5))
    data -= data.mean(axis=0)
    blocks, weights = monte_carlo.rows(data), np.full(5, 0.2)
    shape = rng.standard_normal((5, 5))
    shape -= shape.mean(axis=0)
    excess = data.T @ data / len(data) - np.eye(5)

    def predicted(means: FloatArray) -> float:
        w = means.T @ means / 5
        return float(((w - excess) ** 2).sum() - (excess**2).sum()) / 4

    for scale in (0.1, 0.05, 0.025):  # the next term is of third order
        means = scale * shape
        found = monte_carlo.loss(means, weights, blocks)[0]
        assert found == pytest.approx(predicted(means), abs=0.02 * scale**3)


def test_a_power_law_is_found_with_its_interval() -> None:
    n = np.array([1e2, 1e3, 1e4, 1e5])
    fit = fits.line(np.log(n), np.log(3 * n**-0.25))
    assert fit["slope"] == pytest.approx(-0.25, abs=1e-12)
    assert math.exp(fit["intercept"]) == pytest.approx(3)
    rng = np.random.default_rng(0)
    inside = 0
    for _ in range(300):
        fit = fits.line(np.log(n), -0.25 * np.log(n) + 0.1 * rng.standard_normal(4))
        inside += fit["lower"] <= -0.25 <= fit["upper"]
    assert 0.9 < inside / 300 < 0.99


def test_resampling_sees_the_scatter_of_the_runs() -> None:
    rng = np.random.default_rng(1)
    n = np.array([1e2, 1e3, 1e4, 1e5])
    groups = [m**-0.25 * np.exp(0.2 * rng.standard_normal(50)) for m in n]
    ends = fits.resampled(np.log(n), groups, 0)
    spread = 0.2 / math.sqrt(50) / math.sqrt((np.log(n) - np.log(n).mean()) ** 2 @ np.ones(4))
    assert ends["lower"] < -0.25 < ends["upper"]
    assert 3 * spread < ends["upper"] - ends["lower"] < 5 * spread


def test_the_steps_are_those_of_the_library() -> None:
    data, means = statistical.drawn(300, 2, 0)
    ours = statistical._stepped(means, monte_carlo.rows(data), 20)
    found = em.sample_trajectories(data, means[None], steps=20, stop={"gradient_norm": 1e-300})
    assert np.allclose(found.means[0], ours, rtol=1e-11, atol=1e-12)


def test_the_error_is_that_of_the_positive_part_of_the_excess_covariance() -> None:
    """What the limit says, for each data set by itself, from its covariance alone."""
    for run in range(3):
        data, _ = statistical.drawn(20_000, run, 0)
        excess = np.cov(data, rowvar=False, bias=True) - np.eye(5)
        positive = np.clip(np.linalg.eigvalsh(excess)[1:], 0, None)
        expected = math.sqrt(float(positive.sum()))
        assert expected < statistical.converged(20_000, run, 0)["error"] < 1.25 * expected
