"""Theorem 2 along trajectories: everything certain, what is wrong found, exponents as expected."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.papers.xu_fazel_du_2024.claims import theorem_2_rate
from gembounds.papers.xu_fazel_du_2024.rate import checks
from gembounds.papers.xu_fazel_du_2024.rate.fit import exponent
from gembounds.papers.xu_fazel_du_2024.rate.run import along
from gembounds.papers.xu_fazel_du_2024.rate.starts import panel
from gembounds.tools.errors import InputError
from gembounds.values.enclosure import Enclosure

IDS = {"eq-29", "eq-30", "eq-33", "eq-34", "eq-35", "theorem-2",
       "eq-30-paper", "eq-35-paper", "theorem-2-paper", "rate-gradient-upper"}  # fmt: skip


@pytest.mark.parametrize("start", panel(), ids=lambda start: start.name)
def test_every_inequality_is_certain_at_every_step(start: Any) -> None:
    found = along(start.mixture, "0.7", 40)
    assert {c.id for c in found.checks} - {"rate-gradient-lower"} == IDS
    for check in found.checks:
        assert (check.holds, check.violated, check.undecided) == (40, 0, 0), check
        assert check.closest is not None and check.closest >= 1


@pytest.mark.parametrize("seed", range(4))
def test_random_starts_and_steps(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, d = 2 + seed % 2, 1 + seed
    eta = ["1", "1/10", "1e-3", "0.35"][seed]
    mix = gb.Mixture(2 * rng.normal(size=(n, d)), rng.dirichlet(np.ones(n)))
    found = along(mix, eta, 30)
    assert all(c.violated == 0 and c.holds == 30 for c in found.checks)


def test_in_the_trap_balls_decide_what_float64_leaves_open() -> None:
    mix = gb.Mixture([[12], [-12], [0]])  # where a step moves by 1e-8
    rough, fine = along(mix, "0.7", 16), along(mix, "0.7", 16, evaluator="arb")
    assert any(c.undecided for c in rough.checks) and not any(c.violated for c in rough.checks)
    assert all((c.holds, c.undecided) == (16, 0) for c in fine.checks)
    assert fine.distance.fit[0] >= rough.distance.fit[0]
    assert fine.distance.fit[1] <= rough.distance.fit[1]


def test_with_the_step_size_of_the_theorem_itself() -> None:
    mix = gb.Mixture([[1], [-1]])
    eta = "8e-17"  # exp(-16)/(4 * 20480000 * 16) is 8.6e-17
    found = along(mix, eta, 16, evaluator="arb", bits=200)
    assert np.log10(float(eta)) <= found.paper_eta_log10
    assert all((c.holds, c.undecided) == (16, 0) for c in found.checks)


def test_a_constant_too_large_is_violated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "SHARP", 10**9 * theorem_2_rate.SHARP)
    found = {c.id: c for c in along(gb.Mixture([[1], [-1]]), "0.7", 20).checks}
    for name in ("eq-30", "eq-34", "eq-35"):
        assert found[name].violated and found[name].first_violated == 0
    assert found["eq-33"].holds == 20


@pytest.mark.parametrize(
    ("weights", "growth"), [((1, 1), 1.0), ((1, 2), 0.8), ((1, 4), 8 / 17), ((9, 1), 18 / 82)]
)
def test_two_components_decay_as_the_expansion_says(
    weights: tuple[int, int], growth: float
) -> None:
    p, q = (Fraction(w, sum(weights)) for w in weights)
    mix = gb.Mixture([[q / 2], [-p / 2]], [p, q])  # the mean vanishes from the start
    found = along(mix, "1/2", 400)
    assert found.expected_growth == pytest.approx(growth)
    assert found.growth is not None
    assert found.growth[0] <= found.growth[1]
    assert found.growth[0] == pytest.approx(growth, rel=0.02)
    # L = (a + growth t)^-2, whose exponent from t to 2t is 2 log((a + g t)/(a + 2 g t))/log 2
    a = 2 / float(p * q) / 0.25
    expected = [2 * np.log2((a + growth * t) / (a + 2 * growth * t)) for t in found.loss.octaves]
    assert [low for low, _ in found.loss.local] == pytest.approx(expected, abs=0.1)


def test_the_exponent_of_a_power_is_found() -> None:
    values = 3 * np.maximum(np.arange(201.0), 1) ** -1.5
    found = exponent(Enclosure(values * (1 - 1e-12), values * (1 + 1e-12)), -1.5)
    for low, high in [found.fit, *found.local]:
        assert low <= -1.5 <= high
        assert high - low < 1e-10
    assert found.times[-1] == 200 and max(found.octaves) == 100


def test_an_enclosure_that_reaches_0_leaves_the_exponent_open() -> None:
    values = 1 / (1 + np.arange(33.0))
    lower = values.copy()
    lower[20] = 0
    assert exponent(Enclosure(lower, values), -1).fit == (-np.inf, np.inf)


def test_the_condition_of_theorem_2() -> None:
    found = along(gb.Mixture([[1], [-1]]), 1, 16)
    # exp(-8*2) (1/2)^2 / (20480000 * 2^2 * 1 * (1+1)^2)
    expected = (-16 - np.log(4 * 20480000 * 16)) / np.log(10)
    assert found.paper_eta_log10 == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("means", "eta", "steps", "word"),
    [([[1], [2]], 0, 20, "eta is 0"), ([[1], [2]], [1, 2], 20, "eta is 2"),
     ([[1], [2]], "0.7", 3, "steps is 3"), ([[0, 0], [0, 0]], "0.7", 20, "all means are 0")],
)  # fmt: skip
def test_bad_input(means: Any, eta: Any, steps: int, word: str) -> None:
    with pytest.raises(InputError, match=word):
        along(gb.Mixture(means), eta, steps)


def test_bad_input_of_another_kind() -> None:
    with pytest.raises(InputError, match="mix is a list"):
        along([[1], [2]], "0.7", 16)


def test_no_bits_are_too_few() -> None:
    with pytest.raises(InputError, match="bits is 0"):
        along(gb.Mixture([[1], [2]]), "0.7", 16, evaluator="arb", bits=0)


def test_one_component_and_a_weight_whose_square_underflows() -> None:
    alone = along(gb.Mixture([[1.0, 0.5]]), "0.7", 16)
    assert alone.expected_growth is None
    assert all(c.holds == 16 for c in alone.checks)
    light = along(gb.Mixture([[1.0], [0.5]], ["1e-300", 1]), "0.7", 16)
    assert light.expected_growth == pytest.approx(2.8e-300)
