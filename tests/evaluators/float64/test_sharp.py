"""Float64 enclosures are not lazily wide."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.evaluators.float64 import overlaps
from tests.examples import line_mixture, plane_mixture, random_mixture

UNIT = 200


def unit_mixtures(seed: int, count: int = UNIT) -> list[gb.Mixture]:
    rng = np.random.default_rng([seed, 7])
    return [random_mixture(rng, max_rank=2, extreme=False) for _ in range(count)]


def check_overlaps_sharp(mixtures: list[gb.Mixture]) -> None:
    for mix in mixtures:
        found = gb.overlaps(mix, rtol=1e-10)
        assert found.relative_width.max() <= 4e-10


def test_overlaps_at_1e_10_are_within_4e_10() -> None:
    check_overlaps_sharp(unit_mixtures(1))


@pytest.mark.parametrize("rtol", [1e-3, 1e-5, 1e-8, 1e-11, 1e-12])
def test_overlaps_are_about_as_wide_as_asked(rtol: float) -> None:
    for mix in unit_mixtures(2, 40):
        width = gb.overlaps(mix, rtol=rtol).relative_width.max()
        assert width <= 2 * rtol + 3e-12  # rounding: logits up to 50 err by 1e-13 or two


@pytest.mark.parametrize("rtol", [1e-4, 1e-8, 1e-11])
def test_the_loss_is_within_rtol_of_its_scale(rtol: float) -> None:
    for mix in unit_mixtures(3, 40):
        found = gb.loss(mix, rtol=rtol)
        scale = 0.5 * float(mix.weights @ np.sum(mix.means**2, axis=1))
        assert float(found.upper - found.lower) <= (4 * rtol + 1e-12) * scale


def test_gradients_are_within_rtol_of_the_largest_mean() -> None:
    for mix in unit_mixtures(4, 40):
        found = gb.gradient(mix, rtol=1e-10)
        largest = float(np.linalg.norm(mix.means, axis=1).max())
        assert (found.upper - found.lower).max() <= 4e-10 * largest
        square = gb.psi_tilde_norm2(mix, rtol=1e-10)
        assert float(square.upper - square.lower) <= 4e-10 * largest**2


def test_a_far_offset_costs_only_what_rounding_costs() -> None:
    rng = np.random.default_rng(5)
    means = rng.normal(size=(3, 4))
    means[:, 3] = 1000.0
    width = gb.overlaps(gb.Mixture(means), rtol=1e-9).relative_width.max()
    assert width <= 4e-9


def test_small_overlaps_keep_their_relative_accuracy() -> None:
    for distance in (4.0, 8.0, 12.0, 16.0):
        mix = gb.Mixture([[0.0], [distance], [-distance]])
        found = gb.overlaps(mix, rtol=1e-9)
        assert found.lower.min() < 0.01 ** (distance / 4)
        assert found.relative_width.max() <= 4e-9


def test_equal_means_give_the_weights() -> None:
    mix = gb.Mixture([[1.0, 2.0], [1.0, 2.0]], [0.25, 0.75])
    found = gb.overlaps(mix)
    assert found.contains(np.outer([0.25, 0.75], [0.25, 0.75]))
    assert found.relative_width.max() <= 1e-13


def test_balls_reach_the_bits_asked_for() -> None:
    rng = np.random.default_rng(6)
    for mix in [line_mixture(rng) for _ in range(20)] + [plane_mixture(rng) for _ in range(5)]:
        for bits in (40, 64, 100, 128):
            width = gb.overlaps(mix, evaluator="arb", bits=bits).relative_width.max()
            assert width <= 2.0 ** (1 - bits)
            for scalar in (gb.loss, gb.psi_tilde_norm2):
                found = scalar(mix, evaluator="arb", bits=bits)
                assert float(found.relative_width) <= 2.0 ** (1 - bits) or float(found.upper) == 0


@pytest.mark.parametrize("quantity", [gb.overlaps, gb.loss, gb.gradient, gb.psi_tilde_norm2])
def test_an_rtol_below_rounding_is_kept_where_balls_are_quick(quantity: Any) -> None:
    rng = np.random.default_rng(4)
    for n, d in ((2, 1), (2, 9), (3, 2), (4, 1)):
        mix = gb.Mixture(rng.normal(size=(n, d)))
        fine, sure = quantity(mix, rtol=1e-13), quantity(mix, evaluator="arb", bits=80)
        assert (fine.lower <= sure.upper).all() and (sure.lower <= fine.upper).all()
        size = np.abs(sure.upper).max(axis=-1, keepdims=sure.upper.ndim > 0)
        assert (fine.upper - fine.lower <= 2e-13 * size).all()
        assert fine.evaluator == "float64"


def test_overlaps_are_found_once_for_the_three_made_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[float] = []
    true = overlaps._enclosed

    def seen(mix: gb.Mixture, rtol: float, max_nodes: int) -> Any:
        made.append(rtol)
        return true(mix, rtol, max_nodes)

    monkeypatch.setattr(overlaps, "_enclosed", seen)
    mix = gb.Mixture([[0.0, 1.0], [1.0, 0.0], [-1.0, 0.5]])
    first = gb.overlaps(mix, rtol=1e-6)
    for quantity in (gb.gradient, gb.psi_tilde_norm2, gb.overlaps):
        quantity(mix, rtol=1e-6)
    assert made == [1e-6] and not first.lower.flags.writeable
    gb.overlaps(mix, rtol=1e-8)
    gb.overlaps(gb.Mixture(mix.means), rtol=1e-6)
    assert made == [1e-6, 1e-8, 1e-6]
