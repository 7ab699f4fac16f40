"""Single calls on mixtures that are new each time, as claims and searches make them: against
Gauss-Hermite with the fewest points for the error, without any bound, and a thousand np.exp."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from time import process_time
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from tests.benchmarks import contenders
from tests.benchmarks.conftest import OURS

pytestmark = pytest.mark.benchmark(timer=process_time)

SIZE = 10
RTOL = 1e-6
SHAPES = ((2, 1), (2, 5), (3, 1), (3, 2), (3, 5), (5, 1), (5, 2), (10, 1))


@lru_cache
def means_of(n: int, d: int) -> Any:
    return np.random.default_rng([n, d]).normal(size=(SIZE, n, d))


@lru_cache
def sizes_of(n: int, d: int) -> list[int]:
    """The fewest points of Gauss-Hermite for each."""
    return [contenders.fewest_points(means, RTOL) for means in means_of(n, d)]


def ours(quantity: Any) -> Callable[[int, int], None]:
    def call(n: int, d: int) -> None:
        for means in means_of(n, d):
            quantity(gb.Mixture(means), rtol=RTOL)

    return call


def gauss_hermite(n: int, d: int) -> None:
    for means, points in zip(means_of(n, d), sizes_of(n, d), strict=True):
        contenders.by_gauss_hermite(means, points)


def exponentials(n: int, d: int) -> None:
    numbers = means_of(10, 10).ravel()
    for _ in range(SIZE):
        np.exp(numbers)


ENTRIES = {
    OURS: ours(gb.overlaps),
    "gembounds: loss": ours(gb.loss),
    "gembounds: gradient": ours(gb.gradient),
    "gembounds: psi_tilde_norm2": ours(gb.psi_tilde_norm2),
    "Gauss-Hermite, fewest points for the error": gauss_hermite,
    "a thousand np.exp": exponentials,
}


@pytest.mark.parametrize("name", ENTRIES)
@pytest.mark.parametrize(("n", "d"), SHAPES)
def test_single(contest: Callable[..., Any], n: int, d: int, name: str) -> None:
    title = f"overlaps of {SIZE} mixtures one by one, n = {n}, d = {d}, rtol {RTOL:g}"
    contest(title, name, 40, lambda: ENTRIES[name](n, d))
