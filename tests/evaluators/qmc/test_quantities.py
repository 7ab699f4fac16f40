"""Statistical intervals: they cover, they are not lazy, and a seed determines them."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from gembounds import InputError, Mixture, StatisticalInterval
from gembounds.evaluators import qmc, quantities

NAMES = ("overlaps", "gradient", "psi_tilde_norm2", "loss")

MIXTURES = {
    "line": Mixture([[0.5], [-1.0], [2.0]], [0.5, 0.25, 0.25]),
    "plane": Mixture([[1, 0, 3], [0, 2, 3], [-1, -1, 3]]),
    "ties": Mixture([[1, 2], [1, 2], [0, 0]], ["1/6", "1/3", "1/2"]),
    "short": Mixture([["1e-4", 0], [0, "-1e-4"]]),
    "long": Mixture([[30, 0], [-30, 1], [0, 0]], [0.25, 0.25, 0.5]),
    "tiny weight": Mixture([[0.0], [1.0]], ["1e-300", f"{10**300 - 1}/{10**300}"]),
    "single": Mixture([[1, 2, 3]]),
}


def interval(name: str, mix: Mixture, **options: float) -> StatisticalInterval:
    value = getattr(qmc, name)(mix, **options)
    assert isinstance(value, StatisticalInterval)
    return value


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("which", MIXTURES)
def test_the_certified_value_is_inside(name: str, which: str) -> None:
    mix = MIXTURES[which]
    exact = getattr(quantities, name)(mix, evaluator="arb", bits=64)
    assert float(np.max(exact.rad)) < 1e-6
    found = interval(name, mix, samples=2**13)
    assert found.shape == exact.shape
    assert np.all(found.lower <= exact.upper) and np.all(exact.lower <= found.upper)
    assert np.all(found.lower <= found.estimate) and np.all(found.estimate <= found.upper)


@pytest.mark.parametrize("name", NAMES)
def test_coverage_over_seeds(name: str) -> None:
    """With failure probability 0.2, a bound that holds misses 12 of 60 seeds at most on
    average, and more than 24 (four standard deviations above) hardly ever."""
    mix = MIXTURES["plane"]
    exact = getattr(quantities, name)(mix, evaluator="arb", bits=64)
    missed = 0
    for seed in range(60):
        found = interval(name, mix, samples=2**10, failure_probability=0.2, seed=seed)
        missed += bool(np.any((found.upper < exact.lower) | (found.lower > exact.upper)))
    assert missed <= 24


def test_rank_nine_agrees_with_symmetry() -> None:
    """Ten means at the corners of a simplex with equal weights: E psi_i = 1/10 for all i, so
    sum_k P_ik = 1/10, and all P_ii are equal, as are all P_ik."""
    found = qmc.overlaps(Mixture(np.eye(10)), samples=2**15)
    assert np.all(found.lower.sum(axis=1) <= 0.1) and np.all(found.upper.sum(axis=1) >= 0.1)
    diagonal = np.eye(10, dtype=bool)
    for same in (diagonal, ~diagonal):
        assert found.lower[same].max() <= found.upper[same].min()


def test_a_million_dimensions() -> None:
    means = np.zeros((8, 10**6))
    means[np.arange(8), np.arange(8)] = 1.0
    means[:, 100:] = 1e-3
    found = qmc.psi_tilde_norm2(Mixture(means), samples=2**12)
    common = (10**6 - 100) * 1e-6
    assert common <= found.lower + 1e-9 and found.upper <= common + 1.0


@pytest.mark.parametrize(
    ("name", "widest"), [("overlaps", 0.011), ("gradient", 0.05), ("psi_tilde_norm2", 0.1),
                         ("loss", 0.05)]
)  # fmt: skip
def test_not_lazily_wide(name: str, widest: float) -> None:
    found = interval(name, Mixture(np.eye(7)), samples=2**16)
    assert 0 < float(np.max(found.upper - found.lower)) < widest


def test_more_samples_narrow_the_intervals() -> None:
    widths = [
        float(np.max(v.upper - v.lower))
        for v in (qmc.overlaps(MIXTURES["plane"], samples=2**k) for k in (12, 16, 20))
    ]
    assert widths[0] > 3 * widths[1] and widths[1] > 3 * widths[2]


@pytest.mark.parametrize("name", NAMES)
def test_a_seed_determines_the_interval(name: str) -> None:
    mix = MIXTURES["plane"]
    first, again, other = (interval(name, mix, samples=2**10, seed=s) for s in (3, 3, 4))
    assert np.array_equal(first.lower, again.lower) and np.array_equal(first.upper, again.upper)
    assert not np.array_equal(first.lower, other.lower)


@pytest.mark.parametrize("scale", [1e100, 1e150, 1e-200])
def test_extreme_scales_are_wide_or_right_never_nan(scale: float) -> None:
    mix = Mixture(np.array([[1.0, 0.0], [-1.0, 0.5], [0.0, 0.0]]) * scale)
    for name in NAMES:
        found = interval(name, mix, samples=2**10)
        assert not np.isnan(found.lower).any() and not np.isnan(found.upper).any()
        assert np.all(found.lower <= found.upper)
    # the middle point is nearest to x nearly always when the others are that far (1e100 up):
    # E psi_3^2 is then 1 within 1e-90
    if scale > 1:
        assert qmc.overlaps(mix).upper[2, 2] == 1.0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"samples": 10}, "samples is 10: give an integer from"),
        ({"samples": 2.5}, "samples is 2.5"),
        ({"samples": 2**40}, "samples is 1099511627776"),
        ({"failure_probability": 0.0}, "failure_probability is 0.0: give a number between"),
        ({"failure_probability": math.nan}, "failure_probability is nan"),
        ({"seed": -1}, "seed is -1: give an integer"),
        ({"seed": True}, "seed is True"),
    ],
)
@pytest.mark.parametrize("function", [qmc.overlaps, qmc.gradient, qmc.psi_tilde_norm2, qmc.loss])
def test_bad_options(
    function: Callable[..., StatisticalInterval], options: dict[str, float], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        function(MIXTURES["line"], **options)
