"""Compiled sums: within their rounding of the same sums in balls, and enclosures as NumPy's."""

from __future__ import annotations

import inspect
import sys
from importlib import metadata
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from flint import arb

from gembounds import InputError, batch
from gembounds.evaluators.float64 import compiled
from gembounds.evaluators.float64.grid import pair_places
from gembounds.papers.xu_fazel_du_2024.figures import units
from gembounds.referee import origin
from gembounds.referee.sweep import store
from gembounds.values.precision import working_precision
from gembounds.values.rounding import gamma

with_numba = pytest.mark.skipif(
    find_spec("numba") is None,
    reason="the extra 'compiled' is not installed",
)


@pytest.fixture
def by_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(compiled.VARIABLE, "numba")


def near(found: float, exact: Any, roundings: int) -> bool:
    return bool(abs(arb(found) - exact) <= gamma(roundings) * exact)


@with_numba
@pytest.mark.parametrize("n", [3, 4])
def test_sums_are_those_of_balls(n: int) -> None:
    rng = np.random.default_rng(n)
    height, width, size = 5, 7, compiled.LANES
    rows = np.exp(8 * rng.normal(size=(height, n, size)))
    columns = np.exp(8 * rng.normal(size=(width, n, size)))
    across, along = rng.random(height), rng.random(width)
    ends = np.array([3, 3, 2, 1, 0])
    total = np.zeros((n * (n + 1) // 2, size))
    compiled._compiled(n)(rows, across, columns, along, ends, total)
    first, second, _ = pair_places(n)
    with working_precision(120):
        for m in (0, 1, size - 1):
            exact = [arb(0)] * len(first)
            for a, end in enumerate(ends.tolist()):
                for c in range(3 - end, 4 + end):
                    e = [
                        arb(x) * arb(y)
                        for x, y in zip(rows[a, :, m], columns[c, :, m], strict=True)
                    ]
                    w = arb(across[a]) * arb(along[c]) / sum(e, arb(0)) ** 2
                    exact = [s + w * e[i] * e[k]
                             for s, i, k in zip(exact, first, second, strict=True)]  # fmt: skip
            for found, sure in zip(total[:, m].tolist(), exact, strict=True):
                assert near(found, sure, height + width + 2 * (n + 1) + 12)


@with_numba
def test_sums_of_two_components_are_those_of_balls() -> None:
    rng = np.random.default_rng(2)
    size = compiled.LANES + 3
    coarse, fine = np.exp(8 * rng.normal(size=(4, size))), np.exp(rng.normal(size=(3, size)))
    weights, total = rng.random(12), np.empty((3, size))
    compiled.pair_sums(coarse, fine, weights, total)
    with working_precision(120):
        for m in (0, compiled.LANES - 1, size - 1):
            e = [arb(x) * arb(y) for x in coarse[:, m] for y in fine[:, m]]
            for power in range(2):
                parts = [arb(w) * x**power / (1 + x) ** 2 for w, x in zip(weights, e, strict=True)]
                assert near(float(total[power, m]), sum(parts, arb(0)), 12 + 12)


@with_numba
@pytest.mark.parametrize(("n", "d"), [(2, 3), (3, 1), (3, 2), (4, 3), (7, 2)])
def test_enclosures_are_numpys(n: int, d: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng([n, d])
    means = rng.normal(size=(n, d)) + 0.02 * rng.normal(size=(150, n, d))  # few grids
    weights = rng.dirichlet(np.full(n, 30.0), size=150)
    found = batch.overlaps(means, weights, rtol=1e-8)
    calls: list[str] = []

    def noted(name: str) -> None:
        true = getattr(compiled, name)

        def seen(*given: Any) -> Any:
            calls.append(name)
            return true(*given)

        monkeypatch.setattr(compiled, name, seen)

    noted("overlap_sums")
    noted("pair_sums")
    monkeypatch.setenv(compiled.VARIABLE, "numba")
    other = batch.overlaps(means, weights, rtol=1e-8)
    assert bool(calls) == (n <= compiled.MOST)
    assert found.meets(other).all()
    assert (np.abs(found.mid - other.mid) <= 1e-12 * found.mid).all()
    assert (found.single == other.single).all()
    widths = found.upper - found.lower, other.upper - other.lower
    assert np.allclose(*widths, rtol=1e-3, atol=1e-300)


@with_numba
def test_where_nothing_can_be_kept_it_is_compiled_anew(
    by_numba: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from numba.core.caching import CacheImpl

    monkeypatch.setattr(CacheImpl, "_locator_classes", [])
    compiled._compiled.cache_clear()
    means = np.random.default_rng(0).normal(size=(100, 2, 1))
    found = batch.overlaps(means)
    compiled._compiled.cache_clear()
    monkeypatch.undo()
    assert found.meets(batch.overlaps(means)).all()


def test_a_kernel_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(compiled.VARIABLE, "fortran")
    with pytest.raises(InputError, match="GEMBOUNDS_KERNEL is 'fortran': choose numpy or numba"):
        batch.overlaps(np.random.default_rng(0).normal(size=(300, 3, 1)))


def test_a_kernel_that_is_not_installed(by_numba: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    compiled._compiled.cache_clear()
    with pytest.raises(InputError, match="pip install 'gembounds\\[compiled\\]'"):
        batch.overlaps(np.random.default_rng(0).normal(size=(300, 3, 1)))


@with_numba
@pytest.mark.parametrize("version", [origin.version, store.version, units.version])
def test_what_one_kernel_made_is_not_taken_by_another(
    version: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = inspect.unwrap(version)  # as another process
    monkeypatch.setenv(compiled.VARIABLE, "numpy")
    assert now()["kernel"] == "numpy"
    monkeypatch.setenv(compiled.VARIABLE, "numba")
    assert now()["kernel"] == f"numba {metadata.version('numba')}"
