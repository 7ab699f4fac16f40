"""What proofs of stationary points stand on: eigenvalues, products of four posteriors, bounds."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb, fmpq

import gembounds as gb
from gembounds.dynamics.stationary import floats, slopes
from gembounds.dynamics.stationary.place import Place
from gembounds.dynamics.stationary.proof import (
    Hessian,
    hessian_at,
    lipschitz,
    newton_step,
    proof_at,
    uniqueness_radius,
)
from gembounds.dynamics.stationary.spectrum import eigenvalues
from gembounds.dynamics.trajectory import near_fourths
from gembounds.dynamics.trajectory.float_step import parts_of
from gembounds.evaluators.balls import near
from gembounds.evaluators.data.components import checked_data
from gembounds.values.balls import float_ends
from gembounds.values.precision import working_precision


def balls(rows: Any) -> Any:
    return np.array([[arb(fmpq(x.numerator, x.denominator)) for x in row] for row in rows])


@pytest.mark.parametrize("numbers", [(1, 1, 1, 1), (0, 0, 2, 2), (-3, 0, 0, 5), (1, 1, 1, 9)])
def test_eigenvalues_whatever_their_multiplicities(numbers: tuple[int, ...]) -> None:
    """Q diag Q with the rational reflection Q = I - 2 v v^T / |v|^2."""
    v = [Fraction(k) for k in (1, 2, -3, 5)]
    q = [[(i == k) - 2 * v[i] * v[k] / 39 for k in range(4)] for i in range(4)]
    rows = [
        [sum(q[i][j] * numbers[j] * q[j][k] for j in range(4)) for k in range(4)]
        for i in range(4)
    ]  # fmt: skip
    with working_precision(128):
        found = eigenvalues(balls(rows))
    for x, ball in zip(sorted(numbers), found, strict=True):
        low, high = float_ends(ball)
        assert low <= x <= high and high - low < 1e-13


def test_signs_of_tiny_eigenvalues() -> None:
    tiny = Fraction(1, 10**30)
    rows = [[1 + tiny, 1 - tiny], [1 - tiny, 1 + tiny]]  # 2 tiny and 2
    with working_precision(160):
        least, most = eigenvalues(balls(rows))
    assert 0 < float_ends(least)[0] <= 2e-30 <= float_ends(least)[1] < 2.01e-30
    assert float_ends(most)[0] <= 2 <= float_ends(most)[1]


def test_uncertain_matrices_have_uncertain_eigenvalues() -> None:
    with working_precision(80):
        matrix = balls([[Fraction(1), Fraction(0)], [Fraction(0), Fraction(2)]]) + arb(0, 0.25)
        least, most = (float_ends(x) for x in eigenvalues(matrix))
    assert least[0] <= 0.5 and most[1] >= 2.5  # all entries may be 1/4 more or less


def test_products_of_four_posteriors() -> None:
    mix = gb.Mixture(
        [["0", "1"], ["1/3", "-1"], ["0", "1"], ["2", "0"]], ["0.1", "0.2", "0.3", "0.4"]
    )
    with working_precision(128):
        q = slopes.fourth_overlaps(mix, 64)
        sums = q.sum(axis=3).sum(axis=2)
    exact = gb.overlaps(mix, evaluator="arb", bits=100).balls
    assert exact is not None
    for a, b in zip(sums.ravel(), exact.ravel(), strict=True):
        assert a.overlaps(b) and float(a.rad()) < 1e-18
    assert float(q[0, 1, 2, 3].mid()) == pytest.approx(float(q[3, 2, 1, 0].mid()), rel=1e-15)


def test_products_of_four_posteriors_without_far_components(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Against those of all, in balls, with a mean whose posterior is 1e-18 or so."""
    mix = gb.Mixture([[0.0], [1.0], [18.0], [-27.0]], [0.3, 0.2, 0.25, 0.25])
    part = parts_of(mix, checked_data(1, None))[1][0]
    quick = near_fourths.near_fourths(part, 0, [1e-9])
    assert quick is not None and (quick.values[3] == 0).all() and quick.absolute > 0
    with working_precision(160):
        fourth: Any = slopes.fourth_overlaps(mix, 20)
        second: Any = slopes._absolute(mix, 20)
        monkeypatch.setattr(slopes, "near_components", lambda *_: None)
        exact: Any = slopes.fourth_overlaps(mix, 80)
        overlaps: Any = slopes._absolute(mix, 80)
    room: Any = quick.relative * quick.values + quick.absolute
    for place in np.ndindex(exact.shape):
        value = float_ends(exact[place])
        assert value[0] - room[place] <= quick.values[place] <= value[1] + room[place]
        assert fourth[place].overlaps(exact[place])
    for place in np.ndindex(overlaps.shape):
        assert second[place].overlaps(overlaps[place])
    with working_precision(160):  # what is left out is seen where its bound is not there
        far = near.near_components(mix, 20)
        assert far is not None and far.which == [0, 1]
        bare = replace(far, left_out=arb(0))
        monkeypatch.setattr(slopes, "near_components", lambda *_: bare)
        second = slopes._absolute(mix, 80)
        assert not second[2, 2].overlaps(overlaps[2, 2])


@pytest.mark.parametrize("free", [False, True])
def test_the_hessian_changes_no_faster_than_its_bound(free: bool) -> None:
    """Along random steps, and it is the slope of the gradient."""
    rng = np.random.default_rng(5)
    data = checked_data(2, gb.Mixture(rng.normal(size=(2, 2)) * 2))
    place = Place(gb.Mixture(rng.normal(size=(2, 2)), ["1/4", "3/4"]), data, free)
    with working_precision(128):
        here, slope = slopes.curvature(place, 64), slopes.gradient(place, 96)
        for _ in range(4):
            way = rng.normal(size=place.size)
            if free:  # keep the sum of the weights
                v = way[4:] - way[4:] @ np.array([0.25, 0.75])
                way[4:] = v
            step = [arb(x) for x in (1e-6 * way).tolist()]
            there = place.moved(step, 120)
            length = place.distance(there)
            change = slopes.curvature(there, 64) - here
            middle = np.array([[float(x.mid()) for x in row] for row in change])
            assert np.linalg.norm(middle, 2) <= lipschitz(place, length) * length
            slopes_apart = slopes.gradient(there, 96) - slope
            predicted = -np.array([[float(x.mid()) for x in row] for row in here]) @ (1e-6 * way)
            apart = np.array([float(x.mid()) for x in slopes_apart])
            assert np.abs(apart - predicted).max() < 100 * length**2


def test_no_proof_without_room() -> None:
    """The steps must be short against the radius of uniqueness, which grows with the least
    eigenvalue."""
    data = checked_data(1, gb.Mixture([["2"], ["-2"]]))
    place = Place(gb.Mixture([["1.9"], ["-2"]]), data, False)
    with working_precision(128):
        hessian = hessian_at(place, 64)
        step = newton_step(hessian, slopes.gradient(place, 64))
        assert step is not None and proof_at(hessian, step) is None
        found = proof_at(hessian, step * arb(1e-6))
    assert found is not None and 2**0.5 * found.near <= found.unique
    radius = uniqueness_radius(place, hessian.least)
    assert 0.49 * hessian.least < lipschitz(place, radius) * radius <= 0.5 * hessian.least
    assert uniqueness_radius(place, 0.0) == 0
    assert hessian.at(place) is hessian and hessian.least > 0
    other = Place(gb.Mixture([["1.95"], ["-2"]]), data, False)
    assert isinstance(moved := hessian.at(other), Hessian) and moved.least < hessian.least


@pytest.mark.parametrize("free", [False, True])
def test_the_hessian_by_float64_errs_within_its_bound(free: bool) -> None:
    rng = np.random.default_rng(7)
    for _ in range(5):
        n, d = (int(x) for x in rng.integers([1, 1], [4, 3]))
        data = checked_data(d, gb.Mixture(rng.normal(size=(2, d)) * 3, ["1/3", "2/3"]))
        weights = rng.dirichlet(np.ones(n))
        place = Place(gb.Mixture(rng.normal(size=(n, d)) * 2, weights / weights.sum()), data, free)
        found = floats.curvature(place)
        assert found is not None and found.error < 1e-4
        with working_precision(128):
            exact = slopes.curvature(place, 64)
            off = np.array([
                [float((a - arb(b)).mid()) for a, b in zip(row, line, strict=True)]
                for row, line in zip(exact, found.matrix.tolist(), strict=True)
            ])  # fmt: skip
        bound = found.error + lipschitz(place, found.slip) * found.slip
        assert np.linalg.norm(off, 2) <= bound + 1e-17
