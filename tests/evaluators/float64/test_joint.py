"""Overlaps and loss on one grid: means so close that an accuracy underflows."""

from __future__ import annotations

import pytest

import gembounds as gb
from gembounds.evaluators.float64.joint import overlaps_and_loss
from gembounds.evaluators.float64.plan import tabulated_axis


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
