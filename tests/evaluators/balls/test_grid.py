"""Sums over a grid in balls against the same sums node by node in float64."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from flint import arb

from gembounds.evaluators.balls import grid
from gembounds.evaluators.balls.hermite import HermiteAxis, nodes_and_weights
from gembounds.values.rule import Axis

LINE = Axis(step=0.5, count=12, halfwidth=1.0, error=1e-3)  # 5 * 5 nodes, as a line takes them
SHORT = Axis(step=0.75, count=6, halfwidth=1.0, error=1e-3)
FEW = HermiteAxis(3)
GRIDS: dict[str, list[Any]] = {
    "line": [LINE],
    "few": [FEW],
    "plane": [LINE, SHORT],
    "few and line": [FEW, LINE],
    "space": [FEW, SHORT, LINE],
    "four": [FEW, HermiteAxis(2), SHORT, HermiteAxis(4)],
}


def nodes(axis: Any) -> list[tuple[float, float]]:
    """Places and weights of one axis."""
    if isinstance(axis, HermiteAxis):
        return [(float(y.mid()), float(w.mid())) for y, w in
                zip(*nodes_and_weights(axis.points), strict=True)]  # fmt: skip
    y = axis.step * np.arange(-axis.count, axis.count + 1)
    return list(zip(y, np.exp(-y * y / 2) * axis.step / np.sqrt(2 * np.pi), strict=True))


@pytest.mark.parametrize("block", [1, 5, 1 << 16])
@pytest.mark.parametrize("name", GRIDS)
def test_sums_are_those_over_all_nodes(
    name: str, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "MAX_BLOCK", block)
    axes, rng = GRIDS[name], np.random.default_rng(4)
    r, size = len(axes), 3
    v, c = rng.normal(size=(r, size)) / 2, rng.normal(size=(r, size)) / 2
    pi = np.array([0.5, 0.375, 0.125])
    overlap, moment = np.zeros((size, size)), np.zeros((size, r))
    first, second, log_total = np.zeros(size), np.zeros(size), 0.0
    for node in itertools.product(*map(nodes, axes)):
        y, weight = np.array([x for x, _ in node]), float(np.prod([w for _, w in node]))
        terms = pi * np.exp(y @ v + c.sum(axis=0))
        psi = terms / terms.sum()
        overlap += weight * np.outer(psi, psi)
        log_total += weight * float(np.log(terms.sum()))
        first += weight * psi
        moment += weight * np.outer(psi, y)
        second += weight * psi * float(y @ y)

    def near(found: Any, exact: Any) -> bool:
        middle = np.array([float(x.mid()) for x in np.ravel(np.array(found, dtype=object))])
        return bool(np.allclose(middle, np.ravel(exact), rtol=1e-10, atol=1e-12))

    def sums(*wanted: str) -> grid.Sums:
        pulls, shifts = ([[arb(x) for x in row] for row in a.tolist()] for a in (v, c))
        return grid.grid_sums(axes, pulls, shifts, [arb(p) for p in pi], frozenset(wanted))

    every = sums("overlaps", "loss", "moments")
    assert near(every.overlap, overlap) and near([every.log_total], [log_total])
    assert near(every.first, first) and near(every.second, second)
    assert near(every.moment, moment)
    one = sums("overlaps")
    assert near(one.overlap, overlap) and one.log_total is None and not one.moment
