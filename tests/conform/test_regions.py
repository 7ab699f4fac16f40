"""Regions where several things come together are reached at every seed, and judged there."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from gembounds.conform import run
from gembounds.conform.attempt import attempt
from gembounds.conform.case import Case
from gembounds.conform.checks import all_checks
from gembounds.conform.combined import cases
from gembounds.conform.core import as_core
from gembounds.conform.design import covering
from gembounds.conform.protocol import AT, FUNCTIONS
from gembounds.conform.room import Room, outside, room_of
from tests.conform.wrong_core import right
from tests.conform.wrong_regions import PLACES, REGIONS, of_places, regional

SEEDS = (0, 1, 2)


def check_of(function: str) -> str:
    return f"{function}-{'places' if function in AT else 'combined'}"


@cache
def drawn(function: str, seed: int) -> list[Case]:
    """What a default run tries."""
    core, check = as_core(right), all_checks()[check_of(function)]
    return cases(room_of(core, check.functions), check.points, seed, function in AT)


IN_ARRAYS = [name for name in REGIONS if name not in ("Threaded", "Backwards")]


@pytest.mark.parametrize("name", IN_ARRAYS)
def test_each_region_is_reached_at_every_seed(name: str) -> None:
    where = REGIONS[name][1]
    for function in ("psi", "loss"):
        for seed in SEEDS:
            assert sum(bool(where(c.means, c.weights)) for c in drawn(function, seed)) >= 2


@pytest.mark.parametrize("name", PLACES)
def test_each_kind_of_x_is_reached_at_every_seed(name: str) -> None:
    for seed in SEEDS:
        assert sum(bool(PLACES[name][1](c.x)) for c in drawn("psi", seed)) >= 2


@pytest.mark.parametrize("k", range(len(REGIONS)), ids=list(REGIONS))
def test_a_core_that_is_wrong_in_a_region_fails_there(k: int) -> None:
    """One function a region; the point goes through its JSON form, as it is pasted."""
    name, function = list(REGIONS)[k], FUNCTIONS[k % len(FUNCTIONS)]
    where = REGIONS[name][1]
    fits = [c for c in drawn(function, 0) if 0.3 < c.norms.max() < 21]
    if name == "Threaded":
        fits = [c for c in fits if c.how.where == "thread"]
    elif name == "Backwards":
        fits = [c for c in fits if c.how.layout == "strided" and c.d > 1]
    else:
        fits = [c for c in fits if where(c.means, c.weights)]
    point = min(fits, key=lambda c: c.n * c.d * len(c.rows)).to_json()
    (found,) = run(regional(function, where), only=check_of(function), at=point).results
    assert found.status == "failed", found
    (found,) = run(
        regional(function, lambda m, w: False), only=check_of(function), at=point
    ).results
    assert found.status == "passed", found.message


@pytest.mark.parametrize("name", PLACES)
def test_a_core_that_is_wrong_at_some_x_fails_there(name: str) -> None:
    where = PLACES[name][1]
    point = min((c for c in drawn("psi", 0) if where(c.x)), key=lambda c: c.x.size).to_json()
    (found,) = run(of_places(where), only="psi-places", at=point).results
    assert found.status == "failed"


def test_all_that_is_drawn_is_inside_what_is_declared() -> None:
    room = Room(max_rank=2, max_n=9, max_d=30, max_norm=3.0, min_weight=1e-4)
    for of_psi in (True, False):
        found = cases(room, 100, 5, of_psi)
        assert [outside(room, c.but(rank=None)) for c in found] == [None] * 100
        assert max(c.n for c in found) == 9 and max(c.d for c in found) == 30


def test_the_bound_of_the_rank_is_the_rank() -> None:
    for case in cases(Room(), 60, 3, False):
        assert case.but(rank=None).rank <= case.rank


def test_first_rows_of_a_design_have_all_pairs() -> None:
    sizes = [8, 7, 5, 9, 6]
    rows = covering(sizes, 250, np.random.default_rng(1))
    for a in range(5):
        for b in range(a):
            pairs = {(i, k) for i, k in rows[:, [a, b]].tolist()}
            assert len(pairs) >= 0.98 * sizes[a] * sizes[b]


def test_a_core_that_is_right_passes_at_some_points_of_each_kind() -> None:
    core = as_core(right)
    for function in ("psi", "gradient"):
        check = all_checks()[check_of(function)]
        for case in drawn(function, 1)[:12]:
            assert attempt(core, check, case).outcome in ("passed", "undecided")
