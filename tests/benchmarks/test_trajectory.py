"""200 steps of population gradient EM, three standard normal means in five dimensions, eta 0.7."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from time import process_time
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds import em
from tests.benchmarks.conftest import OURS, errors

pytestmark = pytest.mark.benchmark(timer=process_time)

STEPS, SAMPLES, ETA = 200, 350_000, 0.7
TITLE = f"gradient EM, n = 3, d = 5, {STEPS} steps"
MEANS = np.random.default_rng(3).normal(size=(3, 5))
MILLION = 1e6


def ours() -> em.Trajectory:
    return em.trajectory(gb.Mixture(MEANS), ETA, STEPS)


def by_monte_carlo(steps: int) -> tuple[Any, Any]:
    """States and losses as the paper has them: new samples each step, for gradient and loss."""
    rng = np.random.default_rng(0)
    means, states, losses = MEANS, [MEANS], []
    for _ in range(steps):
        x = rng.standard_normal((SAMPLES, MEANS.shape[1]))
        z = x @ means.T - 0.5 * (means * means).sum(axis=1)
        top = z.max(axis=1)
        np.exp(z - top[:, None], out=z)
        s = z.sum(axis=1)
        losses.append(-np.mean(np.log(s / len(means)) + top))
        z /= s[:, None]
        means = means - ETA * (z.mean(axis=0)[:, None] * means - z.T @ x / SAMPLES)
        states.append(means)
    return np.array(states), np.array(losses)


@lru_cache
def exact(steps: int) -> em.Trajectory:
    return em.trajectory(gb.Mixture(MEANS), ETA, steps, evaluator="arb", bits=64)


def distances(states: Any, steps: int) -> Any:
    return np.linalg.norm(states[: steps + 1] - exact(steps).means, axis=(1, 2))


def steps_of(request: pytest.FixtureRequest) -> int:
    """All of them in `make bench`; 3 among the tests."""
    return STEPS if request.config.getoption("benchmark_only", False) else 3


def test_ours(contest: Callable[..., Any], request: pytest.FixtureRequest) -> None:
    run = contest(TITLE, OURS, 5, ours)
    errors[TITLE, OURS] = float(run.distance_bound.max())
    steps = steps_of(request)
    away = distances(run.means, steps)
    assert np.all(away <= run.distance_bound[: steps + 1] + exact(steps).distance_bound)


def test_monte_carlo(contest: Callable[..., Any], request: pytest.FixtureRequest) -> None:
    steps = steps_of(request)
    states, losses = contest(TITLE, "Monte Carlo, 350,000 samples a step", 1,
                             lambda: by_monte_carlo(steps))  # fmt: skip
    away = distances(states, steps)
    errors[TITLE, "Monte Carlo, 350,000 samples a step"] = float(away.max())
    bound = ours()
    assert np.all(away[1:] >= MILLION * bound.distance_bound[1 : steps + 1])
    wrong = np.abs(losses - exact(steps).loss.mid[:-1])
    assert wrong.max() >= MILLION * bound.loss.rad[:steps].max()


def many(request: pytest.FixtureRequest) -> tuple[str, Any, int]:
    """A title, starts and steps: fewer among the tests."""
    size = 200 if request.config.getoption("benchmark_only", False) else 20
    starts = np.random.default_rng(4).normal(size=(size, 3, 5))
    return f"gradient EM of {size} starts, n = 3, d = 5, {STEPS} steps", starts, steps_of(request)


def test_many_at_once(contest: Callable[..., Any], request: pytest.FixtureRequest) -> None:
    title, starts, steps = many(request)
    runs = contest(title, OURS, 2, lambda: em.trajectories(starts, None, ETA, steps))
    errors[title, OURS] = float(runs.distance_bound.max())
    assert runs.single.mean() < 0.5 * steps
    one = em.trajectory(gb.Mixture(starts[7]), ETA, steps)
    bounds = runs[7].distance_bound + one.distance_bound
    assert np.all(np.linalg.norm(runs[7].means - one.means, axis=(1, 2)) <= bounds + 1e-15)


def test_a_tenth_one_by_one(contest: Callable[..., Any], request: pytest.FixtureRequest) -> None:
    title, starts, steps = many(request)
    mixes = [gb.Mixture(x) for x in starts[::10]]
    contest(title, "a tenth of them one by one", 2,
            lambda: [em.trajectory(mix, ETA, steps) for mix in mixes])  # fmt: skip
