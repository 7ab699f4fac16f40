"""Odd parts' sums in float64 against the same sums in balls."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from flint import arb

from gembounds.evaluators.balls.relative import odd_data
from gembounds.evaluators.reduction.exact import reduce_exactly
from gembounds.papers.xu_fazel_du_2024.arithmetic import odd_floats, odd_grid
from gembounds.values.mixture import Mixture
from gembounds.values.precision import working_precision


def mixture(rng: random.Random) -> Mixture:
    """A few components near and far, with weights down to 1e-20."""
    n, d, size = rng.randint(2, 5), rng.randint(1, 2), 10 ** rng.uniform(-6, 1)
    means = [[size * rng.uniform(-1, 1) + 20 * (rng.random() < 0.1) for _ in range(d)]
             for _ in range(n)]  # fmt: skip
    shares = [Fraction(10 ** rng.uniform(-20 * (rng.random() < 0.3), 0)) for _ in range(n)]
    return Mixture(means, [x / sum(shares) for x in shares])


@pytest.mark.parametrize("seed", range(60))
def test_it_contains_the_sums_in_balls_and_is_not_wide(seed: int) -> None:
    rng = random.Random(seed)
    reduction = reduce_exactly(mixture(rng))
    with working_precision(100):
        odd = odd_data(reduction)
        s = arb(rng.choice([1, 0.5, 0.1, 2]))
        axes = odd_grid.plan(odd, float(s.upper()), rng.choice([8, 12]), 0.0)
        found, exact = odd_floats.sums(odd, s, axes), odd_grid._sums(odd, s, axes)
        if found is None:  # near the end of float64's range
            assert exact[2] < arb("1e-270")
            return
        for ours, true in zip(found, exact, strict=True):
            assert ours.contains(true)
            assert ours.rad() < 1e-8 * exact[2]


@pytest.mark.parametrize("apart", ["1e-10", "1e-17", "1e-100", "1e-200"])
@pytest.mark.parametrize("weight", ["1e-3", "1e-140", "1e-150", "1e-270", "1e-400"])
def test_sums_near_the_end_of_the_range(apart: str, weight: str) -> None:
    """They may be left to balls, and are not 0."""
    rest = 1 - Fraction(weight)
    with working_precision(100):
        odd = odd_data(reduce_exactly(Mixture([[0], [apart]], [Fraction(weight), rest])))
        axes = odd_grid.plan(odd, 1.0, 8, 0.0)
        found = odd_floats.sums(odd, arb(1), axes)
        assert (found is None) == (Fraction(weight) * Fraction(apart) < Fraction("1e-139"))
        for ours, true in zip(found or (), odd_grid._sums(odd, arb(1), axes), strict=False):
            assert ours.contains(true)


def test_what_float64_cannot_tell_is_left_to_balls() -> None:
    with working_precision(100):
        odd = odd_data(reduce_exactly(Mixture([[0], ["1e9"]])))
        axes = odd_grid.plan(odd, 1.0, 8, 0.0)
        far = [axis._replace(step=1.0, count=40) for axis in axes]
        assert odd_floats.sums(odd, arb(1), far) is None
        near = [axis._replace(step=1.0, count=4) for axis in axes]
        assert odd_floats.sums(odd, arb(1), near) is None
