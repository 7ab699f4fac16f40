"""The running bound in float64: honest against balls, and useful."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from flint import arb

import gembounds as gb
from gembounds import em
from gembounds.dynamics.trajectory import float_engine, float_step, gradient_map
from tests.examples import random_mixture

QUANTITIES = ("loss", "U", "mu_max", "gradient_norm", "parametric_distance")


def distances(found: em.Trajectory, sure: em.Trajectory) -> Any:
    """Upper bounds of the distance from ``found.means`` to the balls' middles, less their radii:
    the exact trajectory is at least that far away."""
    out = []
    for means, balls in zip(found.means, sure.balls, strict=True):
        pairs = zip(means.ravel().tolist(), balls.ravel(), strict=True)
        least = [max(0.0, float(abs(b.mid() - arb(x))) - 2 * float(b.rad())) for x, b in pairs]
        out.append(np.linalg.norm(least))
    return np.array(out)


def check(mix: gb.Mixture, steps: int, **options: Any) -> em.Trajectory:
    """float64 against balls: within its bound, quantities contained."""
    found = em.trajectory(mix, steps=steps, **options)
    sure = em.trajectory(mix, steps=steps, evaluator="arb", bits=64, **options)
    away = distances(found, sure)
    assert np.all(away * (1 - 1e-9) <= found.distance_bound)
    for name in QUANTITIES:
        wide, narrow = getattr(found, name), getattr(sure, name)
        assert np.all((wide.lower <= narrow.upper) & (narrow.lower <= wide.upper)), name
        assert np.all(narrow.upper - narrow.lower <= 1e-9 + 1e-9 * narrow.upper), name
    return found


@pytest.mark.parametrize("kind", ["gradient", "em"])
def test_the_bound_covers_the_exact_trajectory(kind: str) -> None:
    found = check(gb.Mixture(np.random.default_rng(0).normal(size=(3, 5))), 12, kind=kind)
    assert found.distance_bound[-1] < 1e-9


@pytest.mark.parametrize("seed", range(8))
def test_any_start(seed: int) -> None:
    mix = random_mixture(np.random.default_rng(seed), max_rank=2, extreme=False)
    check(mix, 4, kind=("gradient", "em")[seed % 2])


def test_rational_starts_count_their_rounding() -> None:
    found = check(gb.Mixture([["1/3", "1/7"], [-1, "2/3"]], ["1/3", "2/3"]), 5)
    assert 0 < found.distance_bound[0] < 1e-15


def test_200_steps_keep_the_bound_small() -> None:
    for seed in range(3):
        mix = gb.Mixture(np.random.default_rng(seed).normal(size=(3, 5)))
        assert em.trajectory(mix, 0.7, 200).distance_bound.max() < 1e-9


def test_a_gradient_error_that_is_left_out_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    true = float_step.evaluate

    def careless(*given: Any) -> Any:
        state = true(*given)
        return state._replace(error=0 * state.error, gradient=state.gradient * (1 + 1e-12))

    monkeypatch.setattr(float_engine, "evaluate", careless)
    with pytest.raises(AssertionError):
        check(gb.Mixture(np.random.default_rng(0).normal(size=(3, 2))), 3)


def test_a_factor_below_the_true_one_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A perturbed start must stay within the bound grown from the perturbation."""
    mix = gb.Mixture([[1.5, 0.0], [-1.5, 0.25]])
    eps = 2.0**-30

    def spread(factor: float | None) -> bool:
        grow = gradient_map.GradientMap.factor
        with monkeypatch.context() as patch:
            patch.setattr(gradient_map.GradientMap, "first_distance", lambda *_: np.full(1, eps))
            if factor is not None:
                patch.setattr(
                    gradient_map.GradientMap, "factor", lambda *given: factor * grow(*given)
                )
            bound = em.trajectory(mix, 0.7, 5).distance_bound
        moved = gb.Mixture([[1.5, eps], [-1.5, 0.25]])
        a, b = em.trajectory(mix, 0.7, 5), em.trajectory(moved, 0.7, 5)
        away = np.linalg.norm(a.means - b.means, axis=(1, 2)) - a.distance_bound - b.distance_bound
        return bool(np.all(away <= bound))

    assert spread(None)
    assert not spread(0.5)


def test_accuracy_relative_to_the_gradient() -> None:
    mix = gb.Mixture(np.random.default_rng(1).normal(size=(4, 3)))
    found = em.trajectory(mix, 0.7, 40, gradient_rtol=1e-4)
    assert 1e-6 < found.gradient_error.max() <= 1e-4
    exact = gb.gradient(gb.Mixture(found.means[-1]))
    size = np.linalg.norm(exact.mid)
    ends = found.computed["gradient_norm"]
    assert ends.lower[-1] <= size <= ends.upper[-1]


@pytest.mark.parametrize(("n", "d", "eta"), [(3, 2, "5/2"), (4, 2, 3), (6, 1, 5)])
def test_large_steps_spread_no_more_than_the_heaviest_component_allows(
    n: int, d: int, eta: Any
) -> None:
    """H <= max E psi_i < 1: with 1 in its place the bound is infinite after 60 steps."""
    rows = np.random.default_rng(3).normal(size=(n, d)).round(3)
    mix = gb.Mixture([[str(x) for x in row] for row in rows])
    run = em.trajectory(mix, eta, 60)
    assert 0 < run.distance_bound.max() < 1e-7
    sure = em.trajectory(mix, eta, 12, evaluator="arb", bits=64)
    short = em.trajectory(mix, eta, 12)
    assert np.all(distances(short, sure) * (1 - 1e-9) <= short.distance_bound)
