"""Proofs over boxes: second order with a dual point, against plain ranges; and more variables."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.proving.boxes import bounds, leaves, operations
from gembounds.proving.boxes.box import Box
from gembounds.proving.boxes.problem import Problem
from gembounds.proving.boxes.ranges import Range
from gembounds.proving.boxes.search import Found, search
from gembounds.statements import L, S, exp, mean_square, mu_max

PLAIN = gb.Claim(
    "plain", mean_square >= exp(-(mu_max**2) / 2) * S**2 / (4 * (1 + S)), mu_max >= Fraction(1, 2)
)
LOSS = gb.Claim("loss", L <= Fraction(13, 20) * mean_square)
LINE = [[["-1", "1"]], [["-1", "1"]]]
SIZES: dict[str, Any] = {
    "2 variables": {"means": LINE},
    "3 variables": {"means": LINE, "weights": [["1/10", "9/10"], None]},
    "4 variables": {"means": [[["-1", "1"]], [["-1", "1"]], [["-1", "1"]], ["0"]], "weights": [
        "1/4", "1/4", ["1/10", "2/5"], None]},
    "5 variables": {
        "means": [[["-1", "1"]]] * 3, "weights": [["1/5", "2/5"], ["1/5", "2/5"], None],
    },
}  # fmt: skip


def proof(claim: gb.Claim, box: Any) -> Found:
    found = search(Problem(claim, Box.from_json(box)))
    assert found.verdict == "proved"
    return found


def by_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ranges alone: sums of ranges at nodes, no derivatives."""

    def range_alone(jet: Any, half: Any) -> Any:
        return np.broadcast_to(jet.all.lo, half.shape[1])

    def second(self: Any, jet: Any, bound: Any, where: Any) -> Any:
        self.axis[where] = np.argmax(self.batch.half[:, where], axis=0)
        return bound

    def expectation(self: Any, name: str) -> Any:
        jet = whole(self, name)
        jet.over = Range(*self._forms()[name].over)
        return jet

    whole = operations.CellOperations.expectation
    monkeypatch.setattr(bounds, "first_order", range_alone)
    monkeypatch.setattr(leaves.Leaves, "_second", second)
    monkeypatch.setattr(operations.CellOperations, "expectation", expectation)


@pytest.mark.parametrize("way", ["gembounds", "plain ranges"])
def test_plain_ranges(
    way: str, contest: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    if way == "plain ranges":
        by_ranges(monkeypatch)
    box = {"means": LINE, "weights": [["1/4", "3/4"], None]}
    found = contest("E|psi~|^2 from below on a box", way, 1, lambda: proof(PLAIN, box))
    assert found.leaves > 1


@pytest.mark.parametrize("size", SIZES)
def test_growth(size: str, contest: Callable[..., Any]) -> None:
    found = contest(
        f"L <= 13/20 E|psi~|^2, {size}", "gembounds", 1, lambda: proof(LOSS, SIZES[size])
    )
    assert found.leaves > 1
