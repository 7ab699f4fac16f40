"""Batches of any n on shared grids: never missed, not lazily wide, and what each care is for."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds import batch
from gembounds.evaluators.float64 import batch_grids, batch_groups, batch_kernel
from gembounds.evaluators.float64.batch_groups import Groups, cuts
from gembounds.evaluators.float64.batch_plan import Plan, goal_keys, plan_for, range_keys
from gembounds.evaluators.float64.batch_reduce import Reduced, reduce
from gembounds.values.batch_enclosure import BatchEnclosure

Draw = Callable[..., tuple[Any, Any]]
SIZE = 24


def turned(rng: np.random.Generator, core: Any, d: int) -> Any:
    """Coordinates (B, n, r) as means (B, n, d), turned somehow."""
    return core @ np.linalg.qr(rng.normal(size=(len(core), d, d)))[0][:, : core.shape[2]]


def line(rng: np.random.Generator, size: int = SIZE) -> tuple[Any, Any]:
    return turned(rng, rng.normal(size=(size, 5, 1)), 4), rng.dirichlet(np.full(5, 2.0), size=size)


def plane(rng: np.random.Generator, size: int = SIZE) -> tuple[Any, Any]:
    return turned(rng, rng.normal(size=(size, 4, 2)), 3), None


def space(rng: np.random.Generator, size: int = SIZE) -> tuple[Any, Any]:
    return 0.5 * rng.normal(size=(size, 4, 5)), rng.dirichlet(np.full(4, 2.0), size=size)


def beyond(rng: np.random.Generator) -> tuple[Any, Any]:
    return 0.1 * rng.normal(size=(4, 5, 4)), None


def vanishing(rng: np.random.Generator, size: int = SIZE) -> tuple[Any, Any]:
    shares = 10.0 ** rng.uniform(-300, 0, size=(size, 3))
    shares[:, 0] = 1.0
    return rng.normal(size=(size, 3, 2)), shares / shares.sum(axis=1, keepdims=True)


def coincident(rng: np.random.Generator, size: int = SIZE) -> tuple[Any, Any]:
    means = rng.normal(size=(size, 4, 3))
    means[:, 1] = means[:, 0]
    means[: size // 2, 2] = means[: size // 2, 0]
    means[: size // 4, 3] = means[: size // 4, 0]
    return means, None


def flat(rng: np.random.Generator, size: int = SIZE) -> tuple[Any, Any]:
    """Nearly on a line, by less and less; and tiny ones."""
    core = rng.normal(size=(size, 4, 2))
    core[:, :, 1] *= 10.0 ** rng.uniform(-13, -2, size=(size, 1))
    core[: size // 3] *= 10.0 ** rng.uniform(-12, -1, size=(size // 3, 1, 1))
    return turned(rng, core, 3), None


def far(rng: np.random.Generator, size: int = SIZE) -> tuple[Any, Any]:
    """One far from the others, two apart, and all of them far from the origin."""
    means = rng.normal(size=(size, 3, 2))
    means[::3, 2] *= 10.0 ** rng.uniform(0, 8, size=(size // 3, 1))
    means[1::3, 1:] *= 10.0 ** rng.uniform(0, 1.5, size=(size // 3, 1, 1))
    means[2::3] += 10.0 ** rng.uniform(0, 3, size=(size // 3, 1, 1))
    return means, None


DRAWS = (line, plane, space, beyond, vanishing, coincident, flat, far)


@pytest.mark.parametrize("rtol", [1e-3, 1e-6, 1e-10])
@pytest.mark.parametrize("draw", DRAWS)
def test_never_missed(draw: Draw, rtol: float) -> None:
    """By mixtures one by one, asked for a thousand times more."""
    means, weights = draw(np.random.default_rng(31))
    found = batch.overlaps(means, weights, rtol=rtol, max_nodes=1 << 16)
    for b, points in enumerate(means):
        sure = gb.overlaps(gb.Mixture(points, None if weights is None else weights[b]),
                           rtol=max(1e-13, 1e-3 * rtol), max_nodes=1 << 17)  # fmt: skip
        assert found[b].meets(sure).all(), points.tolist()


@pytest.mark.parametrize("rtol", [1e-3, 1e-6, 1e-10])
@pytest.mark.parametrize("draw", [line, plane, space, coincident])
def test_not_lazily_wide_and_few_alone(draw: Draw, rtol: float) -> None:
    means, weights = draw(np.random.default_rng(32), 400)
    found = batch.overlaps(means, weights, rtol=rtol)
    assert found.relative_width.max() <= 2.5 * rtol
    assert found.single.mean() <= 0.05
    for name in ("gradient", "psi_tilde_norm2"):
        other = getattr(batch, name)(means, weights, rtol=rtol)
        assert np.array_equal(other.single, found.single)


def test_small_overlaps_keep_their_relative_accuracy() -> None:
    means = np.zeros((40, 3, 2))
    means[:, 1, 0] = means[:, 2, 1] = np.linspace(0.1, 9.0, 40)
    weights = np.array([1.0 - 2e-12, 1e-12, 1e-12])
    found = batch.overlaps(means, weights, rtol=1e-6)
    assert found.upper.min() < 1e-20
    assert found.relative_width.max() <= 3e-6


def test_what_goes_one_by_one_is_said() -> None:
    means, _ = far(np.random.default_rng(33))
    means[1::3] = 0.0
    single = batch.overlaps(means, rtol=1e-6, max_nodes=1 << 12).single
    largest = np.abs(means).max(axis=(1, 2))
    assert single.dtype == bool and single[largest > 1e6].all() and not single[1::3].any()
    assert batch.overlaps(means[1:3]).single.all()  # too few for a grid of their own
    four = np.random.default_rng(34).normal(size=(6, 5, 4)) * 0.01
    assert batch.overlaps(four, rtol=1e-3).single.all()
    assert isinstance(batch.overlaps(four[:, :, :2]), BatchEnclosure)


@pytest.mark.parametrize("name", ["overlaps", "loss"])
@pytest.mark.parametrize(("d", "few", "many"), [(1, 60, None), (2, 40, 41), (3, 20, 21)])
def test_many_components_go_one_by_one_but_on_a_line(
    name: str, d: int, few: int, many: int | None
) -> None:
    means = np.random.default_rng(48).normal(size=(6, many or few, d))
    evaluated = getattr(batch, name)
    assert not evaluated(means[:, :few], rtol=1e-3).single.any()
    assert many is None or evaluated(means, rtol=1e-3).single.all()


def outside(plan: Plan, edge: int = 12) -> tuple[float, Any]:
    """What the discrete Gaussian has on the nodes that a grid leaves out, to ``edge``, and |y_j|
    there."""
    grid = plan.grid
    steps = [float(np.diff(np.unique(x)).min()) for x in (grid.columns, *grid.rows[:-1])]
    kept: set[tuple[int, ...]] = set()
    middle = len(grid.columns) // 2
    for a, end in enumerate(grid.ends.tolist()):
        row = [round(y / h) for y, h in zip(grid.rows[:-1, a], steps[1:], strict=True)]
        kept |= {(c, *row) for c in range(-end, end + 1)}
    assert middle == grid.ends[0] and len(kept) == plan.nodes
    axes = [np.arange(-math.ceil(edge / h), math.ceil(edge / h) + 1) for h in steps]
    total, moments = 0.0, np.zeros(len(steps))
    for place in np.stack([x.ravel() for x in np.meshgrid(*axes)], axis=1).tolist():
        if tuple(place) not in kept:
            square = sum((k * h) ** 2 for k, h in zip(place, steps, strict=True))
            w = math.exp(-0.5 * square) * math.prod(h / math.sqrt(2 * math.pi) for h in steps)
            total += w
            moments += w * np.abs(np.multiply(place, steps))
    return total, moments


@pytest.mark.parametrize("ranges", [(0,), (30,), (0, 0), (30, 5), (20, 10, 0)])
@pytest.mark.parametrize(("rtol", "goal"), [(1e-3, 0), (1e-3, 4), (1e-6, 1), (1e-10, 2)])
def test_what_a_ball_leaves_out_is_counted(
    ranges: tuple[int, ...], rtol: float, goal: int
) -> None:
    """All of it, and little more: where few nodes are kept, too."""
    plan = plan_for(ranges, goal, rtol, 1 << 20)
    assert plan is not None
    sure, moments = outside(plan)
    assert sure <= plan.outside <= 1.05 * sure
    assert (moments <= plan.moments).all() and (plan.moments <= 1.4 * moments).all()
    assert plan.outside <= 2 * 0.12 * rtol * 8.0**-goal


def test_ranges_and_goals_share_the_grid_of_the_worse() -> None:
    spreads = np.exp(np.random.default_rng(35).uniform(-30, 6, size=200))
    for rtol in (1e-3, 1e-10):
        for key, spread in zip(range_keys(spreads).tolist(), spreads.tolist(), strict=True):
            plan = plan_for((key,), 1, rtol, 1 << 20)
            assert plan is not None
            from gembounds.values.rule import choose_strip, relative_error

            step = float(np.diff(plan.grid.columns)[0])
            strip = choose_strip(max(spread, 0.25), 0.78 * rtol)[0]
            best = min(relative_error(strip * s, step, spread) for s in np.linspace(0.5, 1.5, 101))
            assert best <= plan.up - 1, spread
    goals = np.exp(np.random.default_rng(36).uniform(-600, 0, size=200))
    assert (8.0 ** -goal_keys(goals).astype(float) <= goals).all()
    assert (8.0 ** -goal_keys(goals).astype(float) >= goals / 64).all()


def without(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    made = plan_for

    def changed(*given: Any) -> Any:
        plan = made(*given)
        return None if plan is None else plan._replace(**changes)

    monkeypatch.setattr(batch_grids, "plan_for", changed)


def missed(means: Any, rtol: float, sharp: float = 1e-12) -> int:
    found = batch.overlaps(means, rtol=rtol)
    some = np.flatnonzero(~found.single).tolist()
    assert len(some) >= SIZE // 2
    return sum(
        not found[b].meets(gb.overlaps(gb.Mixture(means[b]), rtol=sharp)).all() for b in some
    )


@pytest.mark.parametrize("size", [1e-12, 1e-3])
def test_next_to_no_range_the_rule_errs_as_it_may(
    size: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There its bound is attained: without it nearly all would be missed."""
    rng = np.random.default_rng(37)
    means = size * rng.normal(size=(SIZE, 3, 1))
    for rtol in (1e-3, 1e-6):
        assert missed(means, rtol) == 0
    without(monkeypatch, down=1.0, up=1.0)
    assert missed(means, 1e-3) >= SIZE // 2


def test_without_the_tail_of_a_ball_some_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    means, _ = plane(np.random.default_rng(38))
    assert missed(2 * means, 1e-3, 1e-8) == 0
    without(monkeypatch, outside=0.0, up=1.0, rounding=0.0)
    assert missed(2 * means, 1e-3, 1e-8) >= 1


def shifted(reduced: Reduced, error_v: float, error_c: float) -> Reduced:
    size = reduced.v.shape[2]
    return reduced._replace(error_v=np.full(size, error_v), error_c=np.full(size, error_c))


@pytest.mark.parametrize("error", [1e-9, 1e-6])
def test_errors_of_coordinates_are_counted(error: float) -> None:
    """Mixtures with errors contain what those without have that are moved by as much; and no
    more than their number of logits allows."""
    rng = np.random.default_rng(39)
    for draw in (line, plane, space):
        reduced = reduce(*draw(rng), np.full(SIZE, 1e-10), np.zeros(SIZE))
        n, size = reduced.c.shape
        lower, upper, low, high = np.empty((4, size, n, n))
        left = batch_grids.on_grids(shifted(reduced, error, error), 1e-10, 1 << 20, lower, upper)
        assert left.size <= 4
        lower[left], upper[left] = 0.0, 1.0
        sign = rng.choice([-1.0, 1.0], size=(2, *reduced.c.shape))
        v = reduced.v + error * sign[0] * (np.arange(len(reduced.v))[:, None, None] == 0)
        moved = shifted(reduced, 0.0, 0.0)._replace(v=v, c=reduced.c + error * sign[1])
        moved = moved._replace(spreads=moved.spreads + 2 * error)
        others = batch_grids.on_grids(moved, 1e-10, 1 << 20, low, high)
        low[others], high[others] = 0.0, 1.0
        assert (lower <= high).all() and (low <= upper).all()
        lower[left], upper[left] = 1.0, 1.0
        assert (upper <= lower * (1 + 2 * (4 * 12 + 4) * error + 1e-9)).all()


@pytest.mark.parametrize(
    ("field", "size", "least"),
    [
        ("error_v", 1e-6, 4e-6 * 5),  # at a distance of 5 and more
        ("error_c", 1e-6, 4e-6),
        ("error_w", 1e-6, 4e-6),
        ("beyond", 1e-6, 4e-6),
        ("tiny", 1e-8, 4e-6),
    ],
)
def test_each_error_widens_both_ends(field: str, size: float, least: float) -> None:
    """By as much as is proved, and hardly more."""
    reduced = reduce(*plane(np.random.default_rng(43)), np.full(SIZE, 1e-10), np.zeros(SIZE))
    lower, upper, low, high = np.empty((4, SIZE, 4, 4))
    left = batch_grids.on_grids(reduced, 1e-10, 1 << 20, lower, upper)
    wider = reduced._replace(**{field: np.full(SIZE, size)})
    assert np.array_equal(left, batch_grids.on_grids(wider, 1e-10, 1 << 20, low, high))
    some = np.setdiff1d(np.arange(SIZE), left)
    down, up = 1 - low[some] / lower[some], high[some] / upper[some] - 1
    assert min(down.min(), up.min()) >= 0.999 * least and max(down.max(), up.max()) <= 4 * least


@pytest.mark.parametrize(("term", "sides"), [("rounding", (1, 1)), ("outside", (0, 1))])
def test_rounding_and_tail_of_a_grid_are_counted(
    term: str, sides: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    means, _ = plane(np.random.default_rng(44))
    before = batch.overlaps(means, rtol=1e-10)
    without(monkeypatch, **{term: 1e-3})
    after = batch.overlaps(means, rtol=1e-10)
    some = ~before.single & ~after.single
    size = before.upper[some] if term == "rounding" else 1.0
    moves = (before.lower - after.lower)[some] / size, (after.upper - before.upper)[some] / size
    for move, side in zip(moves, sides, strict=True):
        assert move.min() >= 0.99e-3 * side and move.max() <= 1.1e-3 * side + 1e-9


def test_logits_out_of_range_are_lowered_first() -> None:
    """Means so far apart that products of exponentials would overflow, alone and among others."""
    rng = np.random.default_rng(45)
    means = rng.normal(size=(SIZE, 3, 2))
    means[::2, 0, 0] += 50.0
    means[1::2, 0, 0] += 35.0
    found = batch.overlaps(means, rtol=1e-6)
    assert found.single.sum() <= 2
    for b, points in enumerate(means):
        assert found[b].meets(gb.overlaps(gb.Mixture(points), rtol=1e-9)).all()


def test_one_out_of_range_counts_for_its_group() -> None:
    reduced = reduce(*plane(np.random.default_rng(47)), np.full(SIZE, 1e-6), np.zeros(SIZE))
    plan = plan_for((40, 30), 1, 1e-6, 1 << 20)
    assert plan is not None
    groups = Groups(np.arange(4), [(slice(0, 2), plan), (slice(2, 4), plan)], np.arange(0))
    v = reduced.v[:, :, :4] * np.array([1.0, 100.0, 1.0, 1.0])
    near = batch_grids.logits_of(reduced, groups, v, 0 * reduced.c[:, :4]).near
    assert near.tolist() == [False, False, True, True]


@pytest.mark.parametrize("draw", [plane, space])
def test_both_ways_to_sum_agree(draw: Draw, monkeypatch: pytest.MonkeyPatch) -> None:
    """Products of exponentials, and one at each node; in blocks of one and of many."""
    means, weights = draw(np.random.default_rng(40))
    found = batch.overlaps(means, weights, rtol=1e-12)
    monkeypatch.setattr(batch_grids, "PRODUCT_RANGE", -1e9)
    others = [batch.overlaps(means, weights, rtol=1e-12)]
    monkeypatch.setattr(batch_kernel, "BLOCK", 1000)
    others.append(batch.overlaps(means, weights, rtol=1e-12))
    monkeypatch.undo()
    for other in others:
        assert (np.abs(found.mid - other.mid) <= 3e-13 * found.mid).all()


def test_groups_hold_each_once_and_the_largest_of_their_keys() -> None:
    rng = np.random.default_rng(41)
    keys = rng.integers(0, 12, size=(3, 500))
    found = list(cuts(keys, 20))
    assert sorted(np.concatenate([index for index, _ in found]).tolist()) == list(range(500))
    for index, largest in found:
        assert tuple(keys[:, index].max(axis=1)) == largest
        assert np.ptp(keys[:-1, index], axis=1).max() <= batch_groups.SPAN
    assert 10 <= len(found) <= 60
    assert not list(cuts(keys[:, :0], 20))


def test_the_order_does_not_matter_and_memory_is_kept() -> None:
    rng = np.random.default_rng(42)
    means, _ = plane(rng)
    shuffle = rng.permutation(len(means))
    whole = batch.overlaps(means)
    assert whole[shuffle].meets(batch.overlaps(means[shuffle])).all()
    again = batch.overlaps(means)
    assert np.array_equal(whole.lower, again.lower) and np.array_equal(whole.upper, again.upper)
