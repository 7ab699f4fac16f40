"""Overlaps and L of batches from one grid, against balls on lines and 1e-12 elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.evaluators.float64 import batch, batch_loss
from gembounds.evaluators.float64.batch_plan import plan_for


def both(points: Any, shares: Any, rtol: float) -> tuple[batch_loss.Overlaps, Any]:
    size, n, _ = points.shape
    ends = np.empty((2, size, n, n))
    found = batch_loss.Overlaps(ends[0], ends[1], np.zeros(size), np.zeros(size, dtype=bool))
    loss = np.empty((2, size))
    batch.enclose_both(points, shares, rtol, 1 << 22, found, loss)
    return found, loss


def misses(
    found: batch_loss.Overlaps, loss: Any, points: Any, shares: Any, some: Any
) -> list[int]:
    """Those whose overlaps or L are not enclosed: what is above the upper ends sums to the tail
    at most."""
    out = []
    for b in some:
        mix = gb.Mixture(points[b], shares[b] / shares[b].sum())
        how: Any = {"evaluator": "arb"} if min(mix.n - 1, mix.d) == 1 else {"rtol": 1e-12}
        exact, value = gb.overlaps(mix, **how), gb.loss(mix, **how)
        above = np.maximum(exact.lower - found.upper[b], 0.0).sum()
        good = (found.lower[b] <= exact.upper).all() and above <= found.tail[b]
        if not (good and loss[0, b] <= value.upper and value.lower <= loss[1, b]):
            out.append(b)
    return out


@pytest.mark.parametrize(
    ("n", "d", "scale", "rtol"),
    [
        (2, 1, 1.0, 1e-3), (2, 3, 2.0, 1e-10), (3, 2, 1.0, 1e-3), (3, 2, 4.0, 1e-6),
        (4, 1, 0.3, 1e-8), (4, 3, 1.0, 1e-4), (3, 5, 1e-4, 1e-6),
    ],
)  # fmt: skip
def test_overlaps_up_to_their_tail_and_l(n: int, d: int, scale: float, rtol: float) -> None:
    rng = np.random.default_rng([n, d])
    points = scale * rng.normal(size=(60, n, d))
    points[7, 1:] = points[7, :1]
    shares = rng.dirichlet(np.full(n, 1.0), size=60) + 1e-3  # of any sum
    found, loss = both(points, shares, rtol)
    some = np.flatnonzero(found.done)
    assert len(some) > 40
    checked = some if rtol == 1e-3 else some[:6]  # where the rule's error is seen, of either sign
    assert not misses(found, loss, points, shares, checked.tolist())
    width = found.upper[some] - found.lower[some]
    assert np.all(width <= 3 * rtol * found.upper[some] + 1e-13)
    assert np.all(found.tail[some] <= rtol)


def test_what_a_grid_leaves_out_is_in_the_tail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the rule is much better than its tail."""
    monkeypatch.setattr(batch_loss, "plan_for", cut_short)
    rng = np.random.default_rng(2)
    points, shares = rng.normal(size=(40, 3, 2)), np.ones((40, 3))
    found, loss = both(points, shares, 1e-3)
    some = np.flatnonzero(found.done)[:6].tolist()
    assert some and not misses(found, loss, points, shares, some)
    found.tail[:] = 0.0
    assert misses(found, loss, points, shares, some) == some


def cut_short(ranges: Any, goal: int, rtol: float, most: int) -> Any:
    """Plans whose rule is for 1e-9, and their tail for 2.5e-4."""
    return plan_for(ranges, -7, 1e-9, most)
