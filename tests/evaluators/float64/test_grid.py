"""Sums over a grid in blocks against the same sums node by node, whatever the blocks."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from gembounds.evaluators.float64 import fourth, grid, product
from gembounds.values.rule import Axis

FloatArray = npt.NDArray[np.float64]

STEPS = ((0.5, 11), (0.75, 6), (0.6, 3), (1.1, 2))
BLOCKS = {
    "usual": {},
    "small": {"BLOCK": 40, "COLUMNS": 8, "SERIAL": 100, "CHUNK": 30, "REMEMBERED": 4},
    "tiny": {"BLOCK": 1, "COLUMNS": 1, "SERIAL": 1, "CHUNK": 1},
    "wide": {"SMALL_GRID": 1, "PAIR_ENTRIES": 20, "COLUMNS": 40, "CHUNK": 100},
}


class Nodes:
    """All nodes of a grid: places, weights, and the logits <y, v_i> + k_i."""

    def __init__(self, axes: list[Axis], v: FloatArray, k: FloatArray) -> None:
        lines = [a.step * np.arange(-a.count, a.count + 1) for a in axes]
        self.y = np.array(list(itertools.product(*lines))).reshape(-1, len(axes))
        scale = np.prod([a.step / np.sqrt(2 * np.pi) for a in axes])
        self.weights = np.exp(-0.5 * np.sum(self.y**2, axis=1)) * scale
        self.logits = self.y @ v.T + k
        top = self.logits.max(axis=1)
        terms = np.exp(self.logits - top[:, None])
        self.psi = terms / terms.sum(axis=1, keepdims=True)
        self.logs = top + np.log(terms.sum(axis=1))


def near(found: Any, exact: Any) -> bool:
    return bool(np.allclose(found, exact, rtol=1e-12, atol=1e-300))


@pytest.mark.parametrize("blocks", BLOCKS)
@pytest.mark.parametrize("spread", [1e-3, 0.7, 6.0, 200.0])
@pytest.mark.parametrize("r", [1, 2, 3, 4])
def test_sums_are_those_over_all_nodes(
    r: int, spread: float, blocks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in BLOCKS[blocks].items():
        monkeypatch.setattr(grid, name, value)
    rng = np.random.default_rng(10 * r)
    axes = [
        Axis(step=step, count=count, halfwidth=1.0, error=1e-9) for step, count in STEPS[4 - r :]
    ]
    for n in (1, 2, 3, 5):
        v, c = spread * rng.normal(size=(n, r)), 0.3 * rng.normal(size=n)
        pi = rng.dirichlet(np.ones(n))
        found, nodes = grid.make_grid(axes, v, c + np.log(pi)), Nodes(axes, v, c + np.log(pi))
        size = np.abs(nodes.y[:, None, :] * v).max(axis=1).sum(axis=1).max()
        assert size <= found.reach <= 1.2 * np.abs(v).max(axis=0) @ np.abs(nodes.y).max(axis=0)
        assert found.drop == np.abs(found.k).max() and found.rows * found.row_nodes > 0
        overlaps = (nodes.psi * nodes.weights[:, None]).T @ nodes.psi
        assert near(grid.softmax_sums(found), overlaps)
        positive = float(np.maximum(nodes.logs, 0) @ nodes.weights)
        assert near(grid.log_sum(found), positive)
        most = 4 * found.reach + 4 * found.drop + 0.5 * np.sum(nodes.y**2, axis=1).max()
        assert found.product_form == (most < 600)
        if found.product_form:
            assert near(product.product_sums(found), overlaps)
            assert near(product.product_log_sum(found), positive)
            both = product.joint_sums(found)
            assert near(both[0], overlaps) and near(both[1], positive)
        parts = list(grid.posteriors(found, 37))
        assert sum(len(w) for _, w in parts) == len(nodes.weights)
        assert near(sum((z * w) @ z.T for z, w in parts), overlaps)
        if spread < 1 and r < 4:
            four = np.einsum("mi,mj,mk,ml,m->ijkl", *[nodes.psi] * 4, nodes.weights)
            assert near(fourth._sums(found), four)
        if spread < 0.01:
            shift = c - pi @ c - 0.5 * c.var() + 1.0  # so that their mean is not negative
            bare, mean = found._replace(k=shift), np.exp(nodes.y @ v.T + shift) @ pi
            exact = float(np.log(mean) @ nodes.weights)
            assert near(grid.small_log_sum(bare, pi), exact)


def test_no_axes_are_one_node() -> None:
    k = np.log([0.25, 0.5, 0.25])
    none = grid.make_grid(
        [Axis(step=0.5, count=3, halfwidth=1.0, error=1e-9)], np.zeros((3, 1)), k
    )._replace(axes=())
    ((psi, weights),) = grid.posteriors(none, 5)
    assert near(psi[:, 0], np.exp(k)) and weights.tolist() == [1.0]


def test_sums_that_leave_the_range_of_float64_are_those_of_the_largest_logit() -> None:
    axes = [Axis(step=0.5, count=16, halfwidth=1.0, error=1e-9)]
    v, k = np.array([[-400.0], [0.0], [400.0]]), np.array([-1000.0, 0.0, -2000.0])
    found, nodes = grid.make_grid(axes, v, k), Nodes(axes, v, k)
    assert not found.product_form
    overlaps = (nodes.psi * nodes.weights[:, None]).T @ nodes.psi
    assert near(grid.softmax_sums(found), overlaps)
    assert near(grid.log_sum(found), float(nodes.logs @ nodes.weights))
