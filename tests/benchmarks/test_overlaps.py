"""Overlaps of one mixture, equal weights, standard normal means in five dimensions."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from time import process_time
from typing import Any, NamedTuple

import numpy as np
import pytest

import gembounds as gb
from tests.benchmarks import contenders
from tests.benchmarks.conftest import OURS, note_error

Run = Callable[[Any], Any]

pytestmark = pytest.mark.benchmark(timer=process_time)

DIMENSION = 5


class Entry(NamedTuple):
    """A contender: ``run(means)``, how often a turn calls it, whether only in `make bench`."""

    name: str
    rounds: int
    run: Run
    slow: bool = False


def means_of(n: int) -> Any:
    return np.random.default_rng(n).normal(size=(n, DIMENSION))


def ours(rtol: float) -> Run:
    return lambda means: gb.overlaps(gb.Mixture(means), rtol=rtol)


def cubature(rtol: float, box: bool) -> Run:
    return lambda means: contenders.by_cubature(means, rtol, box)


@lru_cache
def fewest_points(n: int, rtol: float) -> int:
    return contenders.fewest_points(means_of(n), rtol)


def gauss_hermite(n: int, rtol: float) -> Run:
    """The search for the fewest points is remembered, and done while warming up."""
    return lambda means: contenders.by_gauss_hermite(means, fewest_points(n, rtol))


def entries(n: int, rtol: float, slow: bool) -> list[Entry]:
    least = 1 if slow else 3
    out = [
        Entry(OURS, 400, ours(rtol)),
        Entry("cubature over R^r", least, cubature(rtol, False), slow),
        Entry("cubature over a box chosen by hand", least, cubature(rtol, True), slow),
        Entry("Gauss-Hermite, fewest points for the error", 20, gauss_hermite(n, rtol), slow),
        Entry("Monte Carlo, 350,000 samples", 4, contenders.by_monte_carlo),
    ]
    if n == 2:
        out += [
            Entry("mpmath.quad, 15 digits", 1, lambda m: contenders.by_mpmath(m, 15)),
            Entry("acb.integral, 53 bits", 2, lambda m: contenders.by_acb_integral(m, 53)),
        ]
    return out


CONTESTS = {
    f"n = {n}, rtol {rtol:g}": (means_of(n), rtol, entries(n, rtol, slow))
    for n, rtol, slow in ((2, 1e-10, False), (3, 1e-10, False), (4, 1e-6, True))
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "entry" in metafunc.fixturenames:
        timed = metafunc.config.getoption("benchmark_only", False)
        chosen = [
            pytest.param(title, entry, id=f"{title}: {entry.name}")
            for title, (_, _, found) in CONTESTS.items()
            for entry in found
            if timed or not entry.slow
        ]
        metafunc.parametrize(("title", "entry"), chosen)


def test_overlaps(contest: Callable[..., Any], title: str, entry: Entry) -> None:
    means, rtol, _ = CONTESTS[title]
    value = contest(title, entry.name, entry.rounds, lambda: entry.run(means))
    error = note_error(title, entry.name, value, means)
    assert error <= (1e-2 if "Monte Carlo" in entry.name else rtol)


@pytest.mark.parametrize("n", [2, 3])
def test_a_million_times_nearer_than_monte_carlo(n: int) -> None:
    """Half the enclosure's width against the root mean square error over eight seeds."""
    means = means_of(n)
    sure = gb.overlaps(gb.Mixture(means), evaluator="arb").mid
    found = gb.overlaps(gb.Mixture(means), rtol=1e-10)
    squares = [(contenders.by_monte_carlo(means, seed) - sure) ** 2 for seed in range(8)]
    typical = np.sqrt(np.mean(squares, axis=0))
    assert (found.upper - found.lower).max() / 2 * 1e6 <= typical.max()
