"""The loss where no grid says anything: what is known without one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.evaluators.float64 import loss as core
from gembounds.values.rule import Axis
from tests.examples import random_mixture


def mixtures() -> list[gb.Mixture]:
    rng = np.random.default_rng(8)
    return [random_mixture(rng, max_rank=2, extreme=False) for _ in range(12)]


def test_without_a_grid_the_truth_is_inside() -> None:
    for mix in mixtures():
        assert gb.loss(mix, max_nodes=1).meets(gb.loss(mix, evaluator="arb", rtol=1e-12))


@pytest.mark.parametrize("ends", [(math.inf, math.inf), (math.inf, 0.0), (0.0, math.inf)])
def test_where_the_rule_proves_nothing_the_truth_is_inside(
    ends: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core, "discretisation", lambda *_: ends)
    for mix in mixtures():
        found = gb.loss(mix)
        assert found.meets(gb.loss(mix, evaluator="arb", rtol=1e-12))
        assert float(found.upper - found.lower) > 1e-9


def test_what_does_not_fit_a_float64_has_no_upper_end() -> None:
    found = gb.loss(gb.Mixture([[1e200], [1.1e200]]))
    assert 0 <= found.lower <= 1 and found.upper == math.inf


def test_means_that_nearly_coincide_far_from_0(monkeypatch: pytest.MonkeyPatch) -> None:
    """No coordinate is left, but logits of up to 30: all four quantities, and both ways to the
    logarithm of a sum."""
    largest: list[float] = []
    at_origin = core._at_origin

    def seen(co: Any, c: Any, weights: Any) -> Any:
        largest.append(float(np.abs(c).max()))
        return at_origin(co, c, weights)

    monkeypatch.setattr(core, "_at_origin", seen)
    rng = np.random.default_rng(23)
    for _ in range(40):
        n, d = (int(x) for x in rng.integers([2, 1], [5, 4]))
        gap = 10.0 ** -rng.uniform(6, 12)
        far = 10.0 ** rng.uniform(-1.5, 1.5) / gap
        means = far * rng.normal(size=d) + gap * rng.normal(size=(n, d))
        mix = gb.Mixture(means, rng.dirichlet(np.ones(n)) if rng.random() < 0.6 else None)
        for quantity in (gb.overlaps, gb.loss, gb.gradient, gb.psi_tilde_norm2):
            found, sure = quantity(mix, rtol=1e-6), quantity(mix, evaluator="arb", rtol=1e-14)
            assert found.meets(sure).all(), (means.tolist(), mix.exact_weights)
        assert gb.overlaps(mix, rtol=1e-6).relative_width.max() < 1e-4
    assert min(largest) < core.SMALL < max(largest)
    assert sum(x > core.SMALL for x in largest) > 3 < sum(x < core.SMALL for x in largest)


def test_the_rule_errs_by_the_formula() -> None:
    """sum over axes of 2 exp(a^2/2)/(exp(2 pi a/h) - 1) (sum D m + K - log cos(theta/2) + theta)
    times the nodes' mass, and the tail of sum |y_j| D_j + K; see :mod:`balls.expectations`."""
    axes = (Axis(1.25, 0.5, 9, 0.0), Axis(0.75, 0.375, 14, 0.0))
    spreads, ceiling = [1.5, 2.0], 3.25
    mass = math.prod(1 + 2 / math.expm1(2 * (math.pi / a.step) ** 2) for a in axes)
    reach, error, tail = sum(spreads) + ceiling, 0.0, 0.0
    for a, d in zip(axes, spreads, strict=True):
        strip = 2 * math.exp(a.halfwidth**2 / 2) / math.expm1(2 * math.pi * a.halfwidth / a.step)
        theta = a.halfwidth * d
        error += strip * (reach - math.log(math.cos(theta / 2)) + theta) * mass
        density = math.exp(-(a.radius**2) / 2) / math.sqrt(2 * math.pi)
        tail += 2 * (density / a.radius * reach + density * d) * mass
    found = core.discretisation(axes, spreads, ceiling)
    assert error <= found[0] <= 1.001 * error
    assert tail <= found[1] <= 1.01 * tail
    for wide in (2.6, 6.0, 10.0):
        assert core.discretisation(axes, [wide, 2.0], ceiling) == (math.inf, math.inf)
    near = (axes[0], axes[1]._replace(count=2))
    assert core.discretisation(near, spreads, ceiling) == (math.inf, math.inf)


def test_equal_means_whose_entries_are_rounded_far_out_say_nothing() -> None:
    """1e16/3 as a float64 leaves logits open."""
    found = gb.overlaps(gb.Mixture([["10000000000000001/3"]] * 2, [0.25, 0.75]))
    assert found.lower.tolist() == [[0, 0]] * 2 and found.upper.tolist() == [[1, 1]] * 2
