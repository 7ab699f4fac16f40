"""Balls at few bits, few nodes, far from the origin: wide at worst, never NaN or out of range."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gembounds as gb

FAR = [[61102186.0], [61102190.5], [61102184.0], [61102188.0], [61102185.5], [61102182.5]]
SEVEN = np.eye(8, 9) * 3.0
"""Differences that span seven dimensions: no grid fits."""


@pytest.mark.parametrize("bits", [8, 20, 53])
@pytest.mark.parametrize("max_nodes", [1, 5, 20, 100])
def test_means_far_from_the_origin_at_few_bits(bits: int, max_nodes: int) -> None:
    """The centred coordinates are exact: before, 2^51 cancelled and the logarithm was NaN."""
    mix = gb.Mixture(FAR, [0.1339, 0.2981, 0.1503, 0.2286, 0.1565, 0.0326])
    found = gb.loss(mix, evaluator="arb", bits=bits, max_nodes=max_nodes)
    sure = gb.loss(mix, evaluator="arb")
    assert found.balls is not None and found.balls[()].is_finite()
    assert found.meets(sure).all()
    assert float(found.relative_width) < 1e-6  # with no grid: 2 sum_j D_j + K of L near 2e15


@pytest.mark.parametrize("means", [FAR, SEVEN, [[1e150], [-1e150]], [[0.0], [5e-324]]])
@pytest.mark.parametrize("bits", [8, 64])
def test_ends_lie_where_the_values_do(means: Any, bits: int) -> None:
    mix = gb.Mixture(means)
    for max_nodes in (1, 50):
        options: dict[str, Any] = {"evaluator": "arb", "bits": bits, "max_nodes": max_nodes}
        shares = gb.overlaps(mix, **options)
        assert np.all(shares.lower >= 0) and np.all(shares.upper <= 1)
        for quantity in (gb.loss, gb.psi_tilde_norm2):
            assert float(quantity(mix, **options).lower) >= 0
