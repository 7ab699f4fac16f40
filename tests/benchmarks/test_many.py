"""Overlaps and L of many mixtures at once, on shared grids, against one by one."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from time import process_time
from typing import Any, NamedTuple

import numpy as np
import pytest

import gembounds as gb
from gembounds import batch
from tests.benchmarks.conftest import OURS

pytestmark = pytest.mark.benchmark(timer=process_time)


class Case(NamedTuple):
    """``size`` standard normal means (n, d), or coordinates along r axes of R^d."""

    name: str
    n: int
    d: int
    r: int
    rtol: float
    size: int = 10_000

    @property
    def title(self) -> str:
        where = f"d = {self.d}" if self.r == min(self.n - 1, self.d) else f"r = {self.r}"
        return f"{self.name} of {self.size:,}, n = {self.n}, {where}, rtol {self.rtol:g}"


SHAPES = ((3, 1, 1), (5, 5, 1), (10, 1, 1), (3, 2, 2), (3, 5, 2), (4, 2, 2), (5, 2, 2), (4, 3, 3),
          (4, 5, 3))  # fmt: skip
CASES = [
    Case(name, *shape, rtol)
    for name, shapes in (("overlaps", SHAPES), ("loss", ((3, 1, 1), (3, 2, 2), (4, 3, 3))))
    for shape in shapes
    for rtol in (1e-6, 1e-10)
]


@lru_cache(maxsize=1)
def means_of(case: Case) -> Any:
    rng = np.random.default_rng(case.n)
    if case.r == min(case.n - 1, case.d):
        return rng.normal(size=(case.size, case.n, case.d))
    axes = rng.normal(size=(case.size, case.r, case.d))
    axes /= np.linalg.norm(axes, axis=2, keepdims=True)
    return rng.normal(size=(case.size, case.n, case.r)) @ axes


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Without timing few mixtures do."""
    if "case" in metafunc.fixturenames:
        timed = metafunc.config.getoption("benchmark_only", False)
        cases = CASES if timed else [case._replace(size=300) for case in CASES]
        if metafunc.function is test_compiled:
            cases = [case for case in cases if case.name == "overlaps"]
        metafunc.parametrize("case", cases, ids=[case.title for case in cases])


def test_batch(contest: Callable[..., Any], case: Case) -> None:
    means = means_of(case)
    value = contest(case.title, OURS, 3, lambda: getattr(batch, case.name)(means, rtol=case.rtol))
    wide = value.upper - value.lower
    sizes = value.upper if case.name == "overlaps" else np.square(means).sum(axis=(1, 2)) / case.n
    assert (wide <= 3 * case.rtol * sizes).mean() > 0.99
    assert value.single.mean() < 0.1


def test_compiled(
    contest: Callable[..., Any], case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The overlaps' sums by numba; what compiling takes is in the warming up."""
    pytest.importorskip("numba", reason="the extra 'compiled' is not installed")
    monkeypatch.setenv("GEMBOUNDS_KERNEL", "numba")
    means = means_of(case)
    contest(case.title, "sums compiled", 3, lambda: batch.overlaps(means, rtol=case.rtol))


def test_one_by_one(contest: Callable[..., Any], case: Case) -> None:
    few = means_of(case)[: case.size // 100]
    call = getattr(gb, case.name)
    contest(case.title, "1 % of them one by one", 2,
            lambda: [call(gb.Mixture(m), rtol=case.rtol) for m in few])  # fmt: skip
