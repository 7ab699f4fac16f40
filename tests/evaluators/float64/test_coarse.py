"""Float64 on grids so coarse that the rule's error and the tail are all of the width: the truth is
inside, and often near an end, so that a bound which is a little too small is seen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.evaluators.float64 import batch_two
from gembounds.evaluators.float64.coordinates import coordinates
from gembounds.evaluators.float64.fourth import fourth_overlaps
from gembounds.evaluators.float64.joint import overlaps_and_loss
from gembounds.evaluators.float64.loss import enclose_loss
from gembounds.evaluators.float64.overlaps import enclose_overlaps
from gembounds.evaluators.float64.two import enclose_two
from tests.examples import line_mixture, plane_mixture, random_mixture

RTOLS, BUDGETS = (0.9, 0.3, 0.1, 1e-2, 1e-3), (9, 60, 2**16)
ROUNDED = 1e-12
"""What the truth, in float64, may be off, relatively."""


def unit_mixture(rng: np.random.Generator) -> gb.Mixture:
    return random_mixture(rng, max_rank=2, extreme=False)


@cache
def mixtures() -> list[tuple[gb.Mixture, Any, float]]:
    rng, out = np.random.default_rng(31), []
    for k in range(24):
        mix = (line_mixture, plane_mixture, unit_mixture)[k % 3](rng)
        p, loss = (f(mix, evaluator="arb", bits=64) for f in (gb.overlaps, gb.loss))
        out.append((mix, p.mid, float(loss.mid)))
    return out


def overlaps(mix: gb.Mixture, rtol: float, nodes: int) -> Any:
    return enclose_overlaps(mix, rtol, nodes)[:2]


def loss(mix: gb.Mixture, rtol: float, nodes: int) -> Any:
    return enclose_loss(mix, rtol, nodes)[:2]


def joint_overlaps(mix: gb.Mixture, rtol: float, nodes: int) -> Any:
    found = overlaps_and_loss(mix, rtol, nodes)
    return found.lower, found.upper + found.tail


def joint_loss(mix: gb.Mixture, rtol: float, nodes: int) -> Any:
    return overlaps_and_loss(mix, rtol, nodes).loss


def two(mix: gb.Mixture, rtol: float, nodes: int) -> Any:
    found = enclose_two(mix, rtol, nodes) if mix.n == 2 else None
    return None if found is None else found[:2]


def pair(mix: gb.Mixture, rtol: float, nodes: int) -> Any:
    if mix.n > 2 or nodes < 2**16:
        return None
    pairs = batch_two.pairs_of(mix.means[None], mix.weights[None], rtol)
    lower, upper = np.empty((2, 1, 2, 2))
    left = batch_two.enclose_pairs(pairs, rtol, lower, upper)
    return None if left.size else (lower[0], upper[0])


def summed_fourth(mix: gb.Mixture, rtol: float, nodes: int) -> Any:
    found = fourth_overlaps(coordinates(mix, rtol), rtol) if nodes >= 2**16 else None
    if found is None:
        return None
    sums, error = found.values.sum(axis=(2, 3)), found.absolute * mix.n**2
    return sums * (1 - found.relative) - error, sums * (1 + found.relative) + error


def shares(what: Any) -> Iterator[float]:
    """How far from the middle the truth is, as a share of half the width."""
    for mix, p, value in mixtures():
        truth = np.asarray(value if "loss" in what.__name__ else p)
        for rtol in RTOLS:
            for nodes in BUDGETS:
                with np.errstate(all="ignore"):
                    found = what(mix, rtol, nodes)
                if found is None:
                    continue
                low, high = map(np.asarray, found)
                assert (low <= truth * (1 + ROUNDED)).all(), (mix.means.tolist(), rtol, nodes)
                assert (truth * (1 - ROUNDED) <= high).all(), (mix.means.tolist(), rtol, nodes)
                apart = np.abs(truth - (low + high) / 2) / ((high - low) / 2 + 1e-300)
                yield from apart[high - low > 1e-6 * truth].ravel().tolist()


@pytest.mark.parametrize(
    ("what", "least"),
    [(overlaps, 0.95), (joint_overlaps, 0.95), (two, 0.9), (pair, 0.9), (summed_fourth, 0.7),
     (loss, 0.7), (joint_loss, 0.6)],
)  # fmt: skip
def test_coarse_grids_never_lie_and_are_not_idle(what: Any, least: float) -> None:
    found = list(shares(what))
    assert len(found) >= 20 and max(found) > least
