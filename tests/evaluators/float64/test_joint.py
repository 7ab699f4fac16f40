"""Overlaps and loss on one grid: means so close that an accuracy underflows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.evaluators.float64 import joint
from gembounds.evaluators.float64.joint import overlaps_and_loss
from gembounds.evaluators.float64.plan import tabulated_axis
from gembounds.tools.errors import RankError


@pytest.mark.parametrize("size", ["1e-150", "1e-155", "1e-161", "1e-170"])
def test_nearly_coincident_means_keep_their_digits(size: str) -> None:
    mix = gb.Mixture([[size], [0]], ["3/10", "7/10"])
    found = overlaps_and_loss(mix, 1e-10, 2**22)
    exact = gb.overlaps(mix, evaluator="arb", bits=64)
    assert (found.lower <= exact.lower).all()
    assert (exact.upper <= found.upper + found.tail).all()
    assert (found.upper + found.tail - found.lower).max() < 1e-9


def test_an_accuracy_of_nothing_asks_for_a_small_error() -> None:
    assert tabulated_axis(1.0, 0.0, 0.0).error < 1e-200


def test_errors_of_the_sum_are_counted_at_both_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums that are off by a hundredth, and logits: what comes of them stays inside."""
    calls: list[tuple[Any, ...]] = []
    whole = joint._loss

    def seen(*given: Any) -> Any:
        calls.append(given)
        return whole(*given)

    monkeypatch.setattr(joint, "_loss", seen)
    overlaps_and_loss(gb.Mixture([[0.0], [1.5], [-0.5]]), 1e-10, 2**22)
    ((grid, co, errors, c, ceiling, total, half),) = calls
    off = errors._replace(sum=0.01)
    low, high = whole(grid, co, off, c, ceiling, total, half)
    for factor in (0.99, 1.01):
        ends = whole(grid, co, errors._replace(sum=0.0), c, ceiling, total * factor, half)
        assert low <= ends[0] and ends[1] <= high
    off = errors._replace(logit=errors.logit + 0.01)
    low, high = whole(grid, co, off, c, ceiling, total, half)
    for moved in (-0.01, 0.01):
        ends = whole(grid, co, errors, c, ceiling, total + moved, half)
        assert low <= ends[0] and ends[1] <= high


def test_dimensions_that_are_left_out_do_not_count() -> None:
    """Six, of which one may be too narrow to need a node."""
    means = np.vstack([np.zeros(6), np.diag([0.2] * 5 + [1e-6])])
    found = overlaps_and_loss(gb.Mixture(means), 1e-4, 2**22)
    sure = gb.overlaps(gb.Mixture(means), rtol=1e-6)
    assert (found.lower <= sure.upper).all() and (sure.lower <= found.upper + found.tail).all()
    means[6, 5] = 0.2
    with pytest.raises(RankError, match="span 6 dimensions"):
        overlaps_and_loss(gb.Mixture(means), 1e-4, 2**22)
