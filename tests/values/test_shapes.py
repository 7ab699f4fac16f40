"""Enclosures of several entries: products of matrices, reductions, and none at all."""

from __future__ import annotations

import operator
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import pytest

import gembounds as gb
from gembounds import Enclosure, InputError, Mixture
from gembounds.values import calculation, directed

MIX = Mixture([[0, 1], [2, 0], ["1/3", -1]], ["1/2", "1/3", "1/6"])
P = gb.overlaps(MIX)


def test_products_of_matrices() -> None:
    means = np.array([[0.0, 1.0], [2.0, 0.0], [0.25, -1.0]])
    products: list[Any] = [P @ means, means.T @ P, P @ P, P[0] @ means, means[:, 0] @ P[0]]
    for found in products:
        assert np.all(found.upper - found.lower < 1e-8)
    again = gb.overlaps(MIX, evaluator="arb") @ [[0, 1], [2, 0], [Fraction(1, 3), -1]]
    assert again.meets(gb.gradient(MIX, evaluator="arb")).all() and again.balls is not None
    assert np.all(again.relative_width < 1e-30)
    with pytest.raises(InputError, match=r"matmul: shapes \(3, 3\) and \(2,\) do not fit"):
        P @ [1, 2]


def test_blocks_of_rows_are_the_whole_product(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = [((5, 3), (3, 4)), ((3,), (3, 4)), ((5, 3), (3,)), ((3,), (3,)),
              ((2, 1, 5, 3), (6, 3, 2)), ((3,), (2, 3, 4)), ((0, 3), (3, 2))]  # fmt: skip
    rng, largest = np.random.default_rng(3), []
    times = directed.multiply

    def noted(a: directed.Ends, b: directed.Ends) -> directed.Ends:
        found = times(a, b)
        largest.append(found[0].size)
        return found

    monkeypatch.setattr(directed, "multiply", noted)
    for a, b in shapes:
        left, right = rng.integers(-9, 9, a).astype(float), rng.integers(-9, 9, b).astype(float)
        for most in (1, 30, 10**6):
            monkeypatch.setattr(calculation, "PRODUCTS", most)
            found = Enclosure(left, left) @ right
            assert np.array_equal(found.lower, left @ right)
            assert np.array_equal(found.upper, left @ right)
    monkeypatch.setattr(calculation, "PRODUCTS", 1000)
    largest.clear()
    ones = Enclosure(np.ones((40, 20)), np.ones((40, 20)))
    assert (ones @ ones.T == np.full((40, 40), 20)) and max(largest) <= 1000


def test_reductions_and_shapes() -> None:
    ones = P.sum()
    assert 1 in ones and ones.upper - ones.lower < 1e-8
    assert P.sum(axis=1).shape == (3,) and P.T[0, 1].contains(P[1, 0])
    assert (P.max() <= 1) and (P.min() >= 0) and len(P) == 3 and [r.shape for r in P] == [(3,)] * 3
    wrong: list[Any] = [2, (0, 1), 1.0, True, "x"]
    for axis in wrong:
        with pytest.raises(InputError, match=r"axis is .*: give one of the shape"):
            P.sum(axis=axis)
    with pytest.raises(InputError, match=r"add: shapes \(3, 3\) and \(2,\) do not fit together"):
        operator.add(P, [1, 2])


@pytest.mark.parametrize("evaluator", ["float64", "arb"])
def test_no_entries(evaluator: Literal["float64", "arb"]) -> None:
    matrix = gb.overlaps(MIX, evaluator=evaluator)
    none = matrix[:0]
    assert none.sum() == 0 and none.sum(axis=1).shape == (0,) and none.sum(axis=0) == [0, 0, 0]
    assert (none @ matrix).shape == (0, 3) and (none.T @ none) == np.zeros((3, 3))
    assert (none + 1).shape == (0, 3) and str(none) == "[]"
    assert matrix[0, :0]._repr_html_() == "<table><tr></tr></table>"
    with pytest.raises(InputError, match="max of no entries: there is none"):
        none.max()
