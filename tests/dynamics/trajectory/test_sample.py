"""Sample gradient EM: the update, runs side by side, seeds, convergence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds import em

RNG = np.random.default_rng(0)
DATA, MEANS = RNG.normal(size=(3, 500, 2)), RNG.normal(size=(3, 4, 2))
WEIGHTS = np.array([0.1, 0.2, 0.3, 0.4])


def by_definition(x: Any, means: Any, eta: float, steps: int) -> Any:
    for _ in range(steps):
        squares = ((x[:, None] - means) ** 2).sum(axis=2)
        psi = WEIGHTS * np.exp(-squares / 2)
        psi /= psi.sum(axis=1, keepdims=True)
        means = means - eta * (psi[..., None] * (means - x[:, None])).mean(axis=0)
    return means


def test_the_update_is_the_definition() -> None:
    found = em.sample_trajectories(DATA, MEANS, WEIGHTS, 0.7, 5, stop=None, record=[0, 5])
    for x, start, end in zip(DATA, MEANS, found.means, strict=True):
        assert np.allclose(by_definition(x, start, 0.7, 5), end, rtol=0, atol=1e-13)
    assert found.history is not None
    assert np.array_equal(found.history, [MEANS, found.means])
    assert not found.converged.any() and np.all(found.steps == 5)


def test_runs_side_by_side_are_runs_alone() -> None:
    stop = {"gradient_norm": 2e-2}
    for batch in (None, 50):
        found = em.sample_trajectories(
            DATA, MEANS, WEIGHTS, 0.7, 400, stop=stop, batch=batch, seed=4
        )
        assert found.converged.all() and len(set(found.steps.tolist())) > 1
        assert np.all(found.gradient_norm <= 2e-2)
        alone = em.sample_trajectories(
            DATA[:1], MEANS[:1], WEIGHTS, 0.7, 400, stop=stop, batch=batch, seed=4
        )
        assert np.allclose(alone.means[0], found.means[0], rtol=0, atol=1e-12)


def test_shared_data_and_large_blocks() -> None:
    many = np.tile(DATA[0], (200, 1))  # more than one block of rows
    few = em.sample_trajectories(DATA[0], MEANS, WEIGHTS, 0.7, 3, stop=None)
    tiled = em.sample_trajectories(many, MEANS, WEIGHTS, 0.7, 3, stop=None)
    assert np.allclose(few.means, tiled.means, rtol=0, atol=1e-12)
    each = em.sample_trajectories(np.stack([many] * 3), MEANS, WEIGHTS, 0.7, 3, stop=None)
    assert np.allclose(few.means, each.means, rtol=0, atol=1e-12)


def test_seeds_decide_minibatches() -> None:
    a, b, c = (
        em.sample_trajectories(DATA, MEANS, WEIGHTS, 0.5, 20, batch=20, stop=None, seed=s).means
        for s in (1, 1, 2)
    )
    assert np.array_equal(a, b) and not np.array_equal(a, c)


def test_large_samples_follow_the_population() -> None:
    x = np.random.default_rng(1).normal(size=(400_000, 2))
    found = em.sample_trajectories(x, MEANS[:1], WEIGHTS, 0.7, 10, stop=None)
    exact = em.trajectory(gb.Mixture(MEANS[0], WEIGHTS), 0.7, 10)
    assert np.abs(found.means[0] - exact.means[-1]).max() < 1e-2
    assert np.allclose(found.parametric_distance, exact.parametric_distance.mid[-1], atol=1e-2)


@pytest.mark.parametrize(
    ("data", "means", "options", "message"),
    [
        (DATA, MEANS[:2], {}, "data is for 3 runs and means for 2"),
        (DATA[0, :, :1], MEANS, {}, "data has 1 coordinates and the means 2"),
        (DATA[0, 0], MEANS, {}, "give \\(N, d\\) or \\(runs, N, d\\)"),
        (DATA, MEANS, {"batch": 0}, "batch is 0"),
        (DATA, MEANS, {"seed": -1}, "seed is -1"),
        (DATA, MEANS, {"stop": {"loss": 1}}, "loss"),
        (DATA * np.nan, MEANS, {}, "not finite"),
        (DATA, MEANS, {"record": "x"}, "record is 'x'"),
        (DATA, MEANS * 1e200, {}, "step 0 leaves the range of float64"),
    ],
)
def test_bad_input_is_named(data: Any, means: Any, options: Any, message: str) -> None:
    with pytest.raises(gb.InputError, match=message):
        em.sample_trajectories(data, means, None, 0.7, 5, **options)
