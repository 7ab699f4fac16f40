"""The Hessian from overlaps, its certified least eigenvalue, and the Lipschitz constants."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.dynamics.trajectory.em_map import EmMap
from gembounds.dynamics.trajectory.hessian import hessian, least_eigenvalues, least_of
from gembounds.dynamics.trajectory.smoothness import steepest, third_derivative
from gembounds.evaluators.float64.coordinates import coordinates
from gembounds.evaluators.float64.fourth import fourth_overlaps
from tests.dynamics.trajectory.states import first


def hessian_at(means: Any, weights: Any) -> Any:
    found = fourth_overlaps(coordinates(gb.Mixture(means, weights), 1e-10), 1e-10)
    assert found is not None
    return hessian(found.values, means).reshape(means.size, means.size)


def differences(function: Any, means: Any, step: float = 1e-5) -> Any:
    columns = []
    for j in range(means.size):
        move = np.zeros(means.size)
        move[j] = step
        move = move.reshape(means.shape)
        columns.append((function(means + move) - function(means - move)).ravel() / (2 * step))
    return np.array(columns).T


def draw(n: int, d: int, scale: float = 1.0) -> tuple[Any, Any]:
    rng = np.random.default_rng(10 * n + d)
    return rng.normal(size=(n, d)) * scale + 0.3, rng.dirichlet(np.full(n, 3.0))


@pytest.mark.parametrize(("n", "d"), [(2, 1), (3, 2), (4, 3), (2, 5)])
def test_hessian_is_the_derivative_of_the_gradient(n: int, d: int) -> None:
    means, weights = draw(n, d)
    slope = differences(lambda x: gb.gradient(gb.Mixture(x, weights), rtol=1e-13).mid, means)
    assert np.abs(hessian_at(means, weights) - slope).max() < 1e-9


@pytest.mark.parametrize(("n", "d"), [(2, 1), (3, 2), (3, 12)])
def test_least_eigenvalue_is_a_bound_and_near(n: int, d: int) -> None:
    means, weights = draw(n, d, 0.7)
    mix = gb.Mixture(means, weights)
    (bound,) = least_eigenvalues(*first(mix, rtol=1e-12))
    exact = np.linalg.eigvalsh(hessian_at(means, weights))[0]
    assert min(exact, 0.0) - 1e-2 < bound <= exact + 1e-9


def test_em_derivative_is_a_bound_and_near() -> None:
    means, weights = draw(3, 2)

    def m_step(x: Any) -> Any:
        mix = gb.Mixture(x, weights)
        mass = gb.overlaps(mix, rtol=1e-13).mid.sum(axis=1)
        return x - gb.gradient(mix, rtol=1e-13).mid / mass[:, None]

    scale = np.repeat(np.sqrt(weights), 2)
    exact = np.linalg.norm(differences(m_step, means) * scale[:, None] / scale, 2)
    state, start = first(gb.Mixture(means, weights), rtol=1e-12)
    (bound,) = EmMap(start, 1).factor(state, Fraction(1), np.zeros(1))
    assert exact - 1e-8 <= bound <= exact + 1e-2


def test_merged_members_move_together() -> None:
    """Two equal components: the class's Hessian is the full one on vectors with equal parts."""
    means = np.array([[1.0, 0.5], [1.0, 0.5], [-0.75, 0.25]])
    state, start = first(gb.Mixture(means), rtol=1e-12)
    full = hessian_at(means, None)
    basis = np.zeros((6, 4))
    basis[0, 0] = basis[2, 0] = basis[1, 1] = basis[3, 1] = np.sqrt(0.5)
    basis[4, 2] = basis[5, 3] = 1
    exact = np.linalg.eigvalsh(basis.T @ full @ basis)[0]
    assert exact - 1e-2 < least_eigenvalues(state, start)[0] <= exact + 1e-9


@pytest.mark.parametrize("scale", [0.1, 1.0, 4.0])
def test_third_derivatives_stay_below_their_bound(scale: float) -> None:
    rng = np.random.default_rng(3)
    for _ in range(6):
        means, weights = rng.normal(size=(3, 2)) * scale, rng.dirichlet(np.ones(3))
        move = rng.normal(size=(3, 2))
        move *= 1e-4 / np.linalg.norm(move)
        change = hessian_at(means + move, weights) - hessian_at(means - move, weights)
        m = np.linalg.norm(means, axis=1).max() + 1e-4
        assert np.linalg.norm(change, 2) / 2e-4 <= third_derivative(m)
        assert np.linalg.norm(hessian_at(means, weights), 2) <= steepest(m)


def test_eigenvalues_do_not_rest_on_lapack(monkeypatch: pytest.MonkeyPatch) -> None:
    true = np.linalg.eigh
    matrix = np.diag([-2.0, 1.0, 3.0]) + 0.1
    exact = true(matrix)[0][0]
    assert exact - 1e-12 < least_of(matrix) <= exact
    monkeypatch.setattr(np.linalg, "eigh", lambda h: (true(h)[0] + 0.5, true(h)[1]))
    assert least_of(matrix) <= exact
