"""The parts of the quasi-Monte-Carlo intervals: points, bounds, bookkeeping."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from scipy.special import ndtri

from gembounds.evaluators.qmc.bounds import Moments, bernstein_radius, gaussian_radius
from gembounds.evaluators.qmc.plane import log_sum_exp, posterior
from gembounds.evaluators.qmc.points import POINT_ERROR, SHIFT_BITS, lattice_size, replicates


def test_the_inverse_normal_function_errs_less_than_assumed() -> None:
    rng = np.random.default_rng(5)
    cells = np.concatenate([
        rng.integers(0, 2**SHIFT_BITS, 300), 2 ** rng.integers(0, SHIFT_BITS, 100),
        [0, 2**SHIFT_BITS - 1, 2 ** (SHIFT_BITS - 1)],
    ])  # fmt: skip
    with mpmath.workdps(40):
        for u in (cells + 0.5) * 2.0**-SHIFT_BITS:
            exact = mpmath.sqrt(2) * mpmath.erfinv(2 * mpmath.mpf(float(u)) - 1)
            assert abs(float(ndtri(u)) - exact) <= 2.0**-48 * abs(exact)


def test_the_grid_costs_less_than_assumed() -> None:
    """Sum over cells of probability times length: 2^-52 (largest - smallest point)."""
    top = float(ndtri(1.0 - 2.0 ** -(SHIFT_BITS + 1)))
    assert 2.0**-SHIFT_BITS * (2 * top + 2) + 2.0**-48 <= POINT_ERROR


@pytest.mark.parametrize("size", [1, 2, 8])
def test_points_are_distinct_and_normal_one_by_one(size: int) -> None:
    blocks = list(replicates(2 * size * 20_000, size, 3, seed=1))
    y = np.concatenate([b for b, _ in blocks])
    uniform = np.concatenate([u for _, u in blocks])
    assert y.shape == (20_000, size, 3) and uniform.shape == (20_000, size)
    assert np.unique(y[:, :, 0]).size == 20_000 * size
    # each point of a replicate by itself: mean and variance within 5 standard deviations
    assert np.all(np.abs(y.mean(axis=0)) < 5 / math.sqrt(20_000))
    assert np.all(np.abs((y**2).mean(axis=0) - 1) < 5 * math.sqrt(2 / 20_000))
    assert np.all(np.abs(uniform.mean(axis=0) - 0.5) < 5 / math.sqrt(12 * 20_000))
    # coordinates are independent
    assert np.all(np.abs((y[:, :, 0] * y[:, :, 1]).mean(axis=0)) < 5 / math.sqrt(20_000))


def test_a_lattice_is_stratified_in_each_coordinate() -> None:
    for _, uniform in replicates(2**10, 8, 2, seed=0):
        assert np.all(np.sort(np.floor(uniform * 8), axis=1) == np.arange(8))


def test_lattices_grow_with_the_samples() -> None:
    sizes = [lattice_size(2**k) for k in range(8, 29)]
    assert sizes[0] == 1 and sizes == sorted(sizes) and sizes[-1] >= 32


def test_moments_of_blocks_are_those_of_the_whole() -> None:
    data = np.random.default_rng(0).random((1000, 3))
    joined = Moments.of(data[:10]).joined(Moments.of(data[10:400])).joined(Moments.of(data[400:]))
    assert joined.count == 1000
    np.testing.assert_allclose(joined.mean, data.mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(joined.variance, data.var(axis=0, ddof=1), rtol=1e-12)


def test_bernstein_covers_rare_events() -> None:
    """A variable that is 1 with probability 1/200 and was never seen in 100 draws."""
    radius = bernstein_radius(Moments.of(np.zeros((100, 1))), 0.01)
    assert radius[0] >= 1 / 200
    # the formula by hand: 7 log(4/0.01) / (3 * 99)
    assert math.isclose(radius[0], 7 * math.log(400) / 297, rel_tol=1e-9)


def test_bernstein_covers_a_fair_coin() -> None:
    """10,000 throws, 400 times over: the radius covers all but a share 0.2 of the time, and a
    quarter of it does not (the term of the variance is 200 times the other one)."""
    heads = np.random.default_rng(0).binomial(10_000, 0.5, size=400)
    missed, missed_by_quarter = 0, 0
    for k in heads:
        data = np.repeat([1.0, 0.0], [k, 10_000 - k])[:, None]
        radius = bernstein_radius(Moments.of(data), 0.2)[0]
        missed += abs(k / 10_000 - 0.5) > radius
        missed_by_quarter += abs(k / 10_000 - 0.5) > radius / 4
    assert missed <= 80 < missed_by_quarter


def test_bernstein_shares_the_failure_probability() -> None:
    data = np.random.default_rng(0).random((1000, 4))
    one = bernstein_radius(Moments.of(data[:, :1]), 0.01)[0]
    four = bernstein_radius(Moments.of(data), 0.04)[0]
    assert math.isclose(one, four, rel_tol=1e-9)


def test_gaussian_radius_is_attained_by_a_linear_function() -> None:
    """For f(y) = y, one point a replicate: the tail bound at s is at least the exact tail."""
    for failure in (0.3, 1e-2, 1e-6):
        s = gaussian_radius(1.0, 4, failure)
        exact = math.erfc(s * math.sqrt(4 / 2))  # Pr[|N(0, 1/4)| > s]
        assert failure / 20 < exact <= failure


def test_posterior_and_log_sum_at_extreme_logits() -> None:
    logits = np.array([[0.0, -1e300, 5.0], [1e300, 1e300, 0.0]])
    psi = posterior(logits)
    np.testing.assert_allclose(psi[0], [1 / (1 + math.exp(5)), 0, 1 / (1 + math.exp(-5))])
    assert psi[1].tolist() == [0.5, 0.5, 0.0]
    assert math.isclose(log_sum_exp(logits)[0], 5 + math.log1p(math.exp(-5)))
