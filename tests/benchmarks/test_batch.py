"""Two components, one dimension, many mixtures at once, against np.exp on as many nodes."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds import batch
from tests.benchmarks.conftest import OURS, note_error

pytestmark = pytest.mark.benchmark(timer=process_time)

SIZE = 8192
SAMPLE = 500
BLOCK = 1 << 15
RTOL = 1e-10
TITLE = f"{SIZE:,} mixtures, n = 2, d = 1, rtol {RTOL:g}"

means = np.random.default_rng(1).normal(size=(SIZE, 2, 1))


def nodes_each() -> float:
    """Nodes that a mixture needs alone, on average over some: fewer than in a block."""
    return float(np.mean([gb.overlaps(gb.Mixture(m), rtol=RTOL).rule.nodes
                          for m in means[:SAMPLE]]))  # fmt: skip


def exponentials(blocks: int, block: np.ndarray[Any, np.dtype[np.float64]]) -> None:
    out = np.empty_like(block)
    for _ in range(blocks):
        np.exp(block, out=out)


def test_batch(contest: Callable[..., Any]) -> None:
    value = contest(TITLE, OURS, 5, lambda: batch.overlaps(means, rtol=RTOL))
    assert note_error(TITLE, OURS, value, means[0]) <= RTOL


def test_np_exp(contest: Callable[..., Any]) -> None:
    block = np.random.default_rng(2).normal(size=BLOCK) * 3
    blocks = round(SIZE * nodes_each() / BLOCK)
    assert blocks >= 1
    contest(TITLE, "np.exp on as many nodes", 5, lambda: exponentials(blocks, block))


def test_one_by_one(contest: Callable[..., Any]) -> None:
    few = means[: SIZE // 100]
    contest(TITLE, "1 % of them one by one", 2,
            lambda: [gb.overlaps(gb.Mixture(m), rtol=RTOL) for m in few])  # fmt: skip
