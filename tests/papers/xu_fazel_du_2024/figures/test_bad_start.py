"""The gradient norm at Theorem 7's start."""

from __future__ import annotations

import math

import numpy as np
import pytest

import gembounds as gb
from gembounds.papers.xu_fazel_du_2024.figures import bad_start


@pytest.mark.parametrize(("c", "d", "n"), [(2, 1, 3), (2, 9, 5), (12, 4, 3)])
def test_the_norm_is_that_of_the_gradient_of_the_start(c: int, d: int, n: int) -> None:
    root = math.isqrt(d)
    assert root * root == d
    means = np.zeros((n, d))
    means[0, 0], means[1, 0] = c * root, -c * root
    exact = gb.gradient(gb.Mixture(means), evaluator="arb", bits=80)
    norm = np.sqrt((exact.mid**2).sum())
    found = bad_start.certified(c, d, n)
    assert found["ln_lower"] <= found["ln_upper"] < found["ln_lower"] + 1e-9
    assert math.log(norm) == pytest.approx(found["ln_lower"], rel=1e-12)
    assert np.allclose(bad_start.start(c, d, n), means, rtol=1e-15)


@pytest.mark.parametrize("n", [3, 10])
@pytest.mark.parametrize(("c", "d"), [(12, 20), (12, 50)])
def test_the_asymptote_and_its_next_term(c: int, d: int, n: int) -> None:
    found = bad_start.certified(c, d, n)
    many = math.log(n - 2)
    next_term = (math.pi**2 + 4 * many + many**2) / (2 * c * c * d)
    away = found["ln_lower"] - found["ln_asymptote"]
    assert away == pytest.approx(-next_term, rel=20 / (c * c * d))


def test_the_norm_lies_beyond_float64_and_keeps_its_digits() -> None:
    found = bad_start.certified(12, 50, 3)
    assert found["ln_upper"] < math.log(5e-324) and found["ln_upper"] - found["ln_lower"] < 1e-10


def test_monte_carlo_is_right_in_low_dimension_and_noise_in_high() -> None:
    low = bad_start.sampled((2,), 1, 3, 0)["2"]
    norm = math.exp(bad_start.certified(2, 1, 3)["ln_lower"])
    assert abs(low["definition"] - norm) < 6 * low["noise"]
    assert abs(low["lemma_9"] - norm) < 6 * low["lemma_9_error"]
    high = bad_start.sampled((2, 12), 25, 3, 0)
    assert 0.3 < high["2"]["definition"] / high["2"]["noise"] < 3
    assert high["2"]["definition"] > 1000 * math.exp(bad_start.certified(2, 25, 3)["ln_upper"])
    assert high["12"]["vanished"] == 1 and high["12"]["lemma_9"] == 0
