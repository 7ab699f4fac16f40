"""L of batches: never missed, as wide as one by one, and what each term of the bound is for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds import batch
from gembounds.evaluators.float64 import batch_loss
from tests.evaluators.float64.test_batch_grids import (
    SIZE,
    Draw,
    coincident,
    far,
    flat,
    line,
    plane,
    space,
    vanishing,
)


def pair(rng: np.random.Generator, size: int = SIZE) -> tuple[Any, Any]:
    return rng.normal(size=(size, 2, 3)), rng.dirichlet(np.full(2, 2.0), size=size)


def apart(rng: np.random.Generator, size: int = SIZE) -> tuple[Any, Any]:
    """Components that matter little, some so little that they are left out."""
    means = rng.normal(size=(size, 3, 2))
    means[:, 2, 0] += rng.uniform(3, 14, size=size)
    return means, None


def halves(means: Any, weights: Any) -> Any:
    shares = np.full(means.shape[:2], 1.0 / means.shape[1]) if weights is None else weights
    return 0.5 * np.sum(shares * np.square(means).sum(axis=2), axis=1)


DRAWS = (pair, line, plane, space, vanishing, coincident, flat, far, apart)


@pytest.mark.parametrize("rtol", [1e-3, 1e-6, 1e-10])
@pytest.mark.parametrize("draw", DRAWS)
def test_never_missed(draw: Draw, rtol: float) -> None:
    """By mixtures one by one, asked for a thousand times more."""
    means, weights = draw(np.random.default_rng(51))
    found = batch.loss(means, weights, rtol=rtol, max_nodes=1 << 16)
    for b, points in enumerate(means):
        sure = gb.loss(gb.Mixture(points, None if weights is None else weights[b]),
                       rtol=max(1e-13, 1e-3 * rtol), max_nodes=1 << 17)  # fmt: skip
        assert found[b].meets(sure).all(), points.tolist()


@pytest.mark.parametrize("rtol", [1e-3, 1e-6, 1e-10])
@pytest.mark.parametrize("draw", [pair, line, plane, space])
def test_not_lazily_wide_and_few_alone(draw: Draw, rtol: float) -> None:
    means, weights = draw(np.random.default_rng(52), 400)
    found = batch.loss(means, weights, rtol=rtol)
    wide = (found.upper - found.lower) / halves(means, weights)
    assert wide.max() <= 2 * rtol and np.median(wide) <= rtol
    assert found.single.mean() <= 0.06


def test_what_is_left_to_the_single_way() -> None:
    """Tiny configurations, which are as accurate as L itself there, and far components."""
    rng = np.random.default_rng(53)
    tiny = 1e-3 * rng.normal(size=(8, 3, 2))
    distant = rng.normal(size=(8, 3, 2))
    distant[:, 0] += 40.0
    found = batch.loss(np.concatenate((tiny, distant, rng.normal(size=(8, 3, 2)))))
    assert found.single[:16].all() and not found.single[16:].all()
    assert found.relative_width[:8].max() <= 1e-9


@pytest.mark.parametrize("term", ["rule", "tail"])
def test_without_either_term_some_are_missed(term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    means, weights = line(np.random.default_rng(54), 200)
    means *= np.linspace(0.05, 2, 200)[:, None, None]
    made = batch_loss._discretisation

    def without(*given: Any) -> Any:
        error, outside = made(*given)
        return (0 * error, outside) if term == "rule" else (error, 0 * outside)

    monkeypatch.setattr(batch_loss, "_discretisation", without)
    found = batch.loss(means, weights, rtol=1e-3)
    missed = sum(
        not found[b].meets(gb.loss(gb.Mixture(points, weights[b]), rtol=1e-9)).all()
        for b, points in enumerate(means)
    )
    assert missed >= 1


def test_both_ways_to_sum_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    means, weights = plane(np.random.default_rng(55))
    found = batch.loss(means, weights, rtol=1e-11)
    monkeypatch.setattr("gembounds.evaluators.float64.batch_grids.PRODUCT_RANGE", -1e9)
    other = batch.loss(means, weights, rtol=1e-11)
    assert found.meets(other).all()
    assert (np.abs(found.mid - other.mid) <= 1e-13 * halves(means, weights)).all()
