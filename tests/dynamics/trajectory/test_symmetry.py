"""Symmetric starts stay symmetric to the last bit; permuted and reflected ones go alike."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds import em
from gembounds.dynamics.trajectory.canonical import canonical_of
from gembounds.dynamics.trajectory.start import start_of

RNG = np.random.default_rng(5)


def states(means: Any, weights: Any = None, **options: Any) -> Any:
    steps = options.pop("steps", 12)
    return em.trajectory(gb.Mixture(means, weights), steps=steps, **options)


OPTIONS: list[dict[str, Any]] = [
    {}, {"kind": "em"}, {"evaluator": "arb", "bits": 40, "steps": 3}, {"gradient_rtol": 1e-4},
]  # fmt: skip


@pytest.mark.parametrize("options", OPTIONS)
def test_permuted_and_reflected(options: dict[str, Any]) -> None:
    means, weights = RNG.normal(size=(4, 2)), np.array([0.1, 0.2, 0.3, 0.4])
    rows, columns, signs = RNG.permutation(4), np.array([1, 0]), np.array([-1.0, 1.0])
    found = states(means, weights, **options)
    other = states((means * signs)[rows][:, columns], weights[rows], **options)
    assert np.array_equal(other.means, (found.means * signs)[:, rows][:, :, columns])
    assert np.array_equal(other.distance_bound, found.distance_bound)
    for name in ("loss", "gradient_norm", "U", "mu_max", "parametric_distance"):
        assert np.array_equal(getattr(other, name).lower, getattr(found, name).lower)


@pytest.mark.parametrize("seed", range(4))
def test_permuted_and_reflected_pairs(seed: int) -> None:
    """mu and -mu agree in weight, size and all inner products but for their order."""
    rng = np.random.default_rng(seed)
    half = rng.normal(size=(2 + seed % 2, 3)) if seed else np.eye(3)
    means = np.vstack([half, -half])
    rows, columns = rng.permutation(len(means)), rng.permutation(3)
    signs = rng.choice([-1.0, 1.0], size=3)
    found, other = states(means, steps=5), states((means * signs)[rows][:, columns], steps=5)
    assert np.array_equal(other.means, (found.means * signs)[:, rows][:, :, columns])
    assert np.array_equal(other.distance_bound, found.distance_bound)
    assert np.array_equal(other.loss.lower, found.loss.lower)


def test_of_many_orders_a_few_are_compared() -> None:
    means = np.vstack([np.eye(8), -np.eye(8)])
    orders = [RNG.permutation(16) for _ in range(5)]
    found = {canonical_of(means[o], [1] * 16, np.ones(16)).of(means[o]).tobytes() for o in orders}
    assert len(found) == 1


@pytest.mark.parametrize("options", OPTIONS)
def test_pairs_stay_exact_negatives(options: dict[str, Any]) -> None:
    half = RNG.normal(size=(2, 2))
    found = states(np.vstack([half, -half]), **options).means
    assert np.array_equal(found[:, :2], -found[:, 2:])
    assert not np.array_equal(found[0], found[-1])


@pytest.mark.parametrize("options", OPTIONS)
def test_the_trap_stays_a_trap(options: dict[str, Any]) -> None:
    """mu and -mu and many zeros, as the start of the paper's Theorem 7."""
    means = np.zeros((6, 3))
    means[0, 0], means[1, 0] = 2.0, -2.0
    run = states(means, **options)
    assert np.array_equal(run.means[:, 0], -run.means[:, 1])
    assert not run.means[:, 2:].any() and not run.means[:, :, 1:].any()
    assert run.distance_bound[-1] < (1 if "gradient_rtol" in options else 1e-9)


def test_the_trap_is_stable_among_symmetric_states() -> None:
    """Nothing that is not symmetric counts: 500 steps over a saddle cost the bound little."""
    run = states([[6.0, 0, 0], [-6.0, 0, 0], [0, 0, 0]], steps=500)
    assert run.distance_bound[-1] < 1e-8


@pytest.mark.parametrize("options", OPTIONS)
def test_equal_means_stay_equal(options: dict[str, Any]) -> None:
    means = [[1.0, 0.5], [-0.5, 1.0], [1.0, 0.5], [0.0, -1.0]]
    found = states(means, [0.2, 0.5, 0.2, 0.1], **options).means
    assert np.array_equal(found[:, 0], found[:, 2])


def test_a_square_keeps_its_symmetries() -> None:
    found = states([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]]).means
    assert np.array_equal(np.abs(found), np.broadcast_to(found[:, :1, :1], found.shape))


def test_a_triangle_is_seen_in_its_inner_products() -> None:
    start = start_of(gb.Mixture([[1, 0, 0], [0, 1, 0], [0, 0, 1]]))
    assert start.symmetry.orbit is not None
    assert int(start.symmetry.orbit.max()) == 1  # pairs of equals, pairs of others
    assert start.symmetry.basis is not None and start.symmetry.basis.shape[1] == 2


def test_nothing_is_symmetric_by_chance() -> None:
    start = start_of(gb.Mixture(RNG.normal(size=(5, 3))))
    assert start.symmetry.orbit is None and start.symmetry.basis is None


def test_rationals_with_equal_floats_are_told_apart() -> None:
    """1/3 and the float64 nearest to it are not opposite, whatever their floats say."""
    near = float.hex(1 / 3)
    start = start_of(gb.Mixture([["1/3"], [-float.fromhex(near)]]))
    assert start.symmetry.basis is None
    assert start_of(gb.Mixture([["1/3"], ["-1/3"]])).symmetry.basis is not None


def test_losses_fall() -> None:
    for a, b in pairwise(states(RNG.normal(size=(3, 2))).loss.mid):
        assert b < a


SQUARE = [[1.0, 0.5], [-1.0, -0.5], [1.0, -0.5], [-1.0, 0.5]]


@pytest.mark.parametrize("options", [*OPTIONS, {"kind": "em", "update_weights": True}])
def test_pairs_stay_exact_negatives_over_data(options: dict[str, Any]) -> None:
    """Data of pairs that x -> -x exchanges, and one at 0."""
    rng, count = np.random.default_rng(3), 1 if "evaluator" in options else 3
    half, places = rng.normal(size=(2, 2)), rng.normal(size=(count, 2))
    weights = np.array([*[0.1, 0.2, 0.15][:count] * 2, 0.1])
    data = gb.Mixture([*places, *-places, [0.0, 0.0]], weights / weights.sum())
    found = states(np.vstack([half, -half]), data=data, **options).means
    assert np.array_equal(found[:, :2], -found[:, 2:])
    assert not np.array_equal(found[0], found[-1])


@pytest.mark.parametrize("options", OPTIONS)
def test_reflections_that_the_data_have_too(options: dict[str, Any]) -> None:
    """A square in a rectangle: two reflections; and one that stays on the axis between."""
    run = states(
        [[0.0, 0.7], [0.0, -0.7], [0.3, 0.0], [-0.3, 0.0]], data=gb.Mixture(SQUARE), **options
    )
    assert not run.means[:, :2, 0].any() and not run.means[:, 2:, 1].any()
    assert np.array_equal(run.means[:, 0], -run.means[:, 1])
    start = start_of(gb.Mixture([[0.0, 0.7], [0.0, -0.7]]), gb.Mixture(SQUARE))
    assert start.symmetry.basis is not None and start.symmetry.basis.shape == (4, 1)


def test_a_saddle_that_attracts_symmetric_states_costs_nothing() -> None:
    """On the line between the two components of the data, where all of it leads to the saddle."""
    data = gb.Mixture([[2.0, 0.0], [-2.0, 0.0]])
    run = states([[0.0, 0.5], [0.0, -0.5]], data=data, steps=100)
    assert run.distance_bound[-1] < 1e-7 and abs(run.means[-1]).max() < 0.2
    other = start_of(gb.Mixture([[0.0, 0.5], [0.0, -0.5]]), gb.Mixture([[2.0, 0.0], [-2.5, 0.0]]))
    assert other.symmetry.basis is not None and other.symmetry.basis.shape == (4, 2)


def test_what_the_data_do_not_have_is_no_symmetry() -> None:
    mix = gb.Mixture([[0.5, 1.0], [-0.5, -1.0]])
    for data in (
        gb.Mixture([[1.0, 0.0], [-1.0, 0.0]], [0.25, 0.75]), gb.Mixture([[1.0, 0.0], [-1.5, 0.0]]),
        gb.Mixture([[1.0, 0.0]]),
    ):  # fmt: skip
        assert start_of(mix, data).symmetry == (None, None, None)
    exact = start_of(mix, gb.Mixture([["1/3", 0], ["-1/3", 0]])).symmetry
    assert exact.basis is not None and exact.basis.shape == (4, 2)
