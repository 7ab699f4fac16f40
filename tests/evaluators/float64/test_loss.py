"""The loss where no grid says anything: what is known without one."""

from __future__ import annotations

import math

import numpy as np
import pytest

import gembounds as gb
from gembounds.evaluators.float64 import loss as core
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
