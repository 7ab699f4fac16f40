"""Batches agree with the balls and are about as sharp as mixtures taken one by one."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb

import gembounds as gb
from gembounds import batch
from gembounds.evaluators.float64 import batch as core
from gembounds.evaluators.float64 import batch_two, batch_two_plan, memory
from gembounds.evaluators.float64.two import Pair
from gembounds.tools.errors import InputError
from gembounds.values.precision import working_precision
from gembounds.values.rounding import U

QUANTITIES = ("overlaps", "gradient", "psi_tilde_norm2", "loss")
Draw = Callable[[np.random.Generator], tuple[Any, Any]]


def unit(rng: np.random.Generator) -> tuple[Any, Any]:
    return rng.normal(size=(20, 2, 3)), None


def weighted(rng: np.random.Generator) -> tuple[Any, Any]:
    return rng.normal(size=(20, 2, 1)), rng.dirichlet([1, 1], size=20)


def extreme(rng: np.random.Generator) -> tuple[Any, Any]:
    """Coincident, tiny, far, offset and overlapping little, with weights near 1e-300."""
    means = rng.normal(size=(24, 2, 2)) * 10.0 ** rng.uniform(-8, 2.5, size=(24, 1, 1))
    means[:3, 1] = means[:3, 0]
    means[3:5] *= 1e100
    means[5:9] += 1e3
    small = 10.0 ** rng.uniform(-300, -1, size=24)
    return means, np.stack((small, 1.0 - small), axis=1)


def three(rng: np.random.Generator) -> tuple[Any, Any]:
    return rng.normal(size=(6, 3, 4)), [0.5, 0.25, 0.25]


@pytest.mark.parametrize("name", QUANTITIES)
@pytest.mark.parametrize("draw", [unit, weighted, extreme, three])
def test_a_batch_meets_the_balls(draw: Draw, name: str) -> None:
    means, weights = draw(np.random.default_rng(17))
    found = getattr(batch, name)(means, weights, rtol=1e-9)
    assert not np.isnan(found.lower).any() and (found.lower <= found.upper).all()
    for b, points in enumerate(means):
        shares = weights if weights is None or np.ndim(weights) == 1 else weights[b]
        mix = gb.Mixture(points, shares)
        sure = getattr(gb, name)(mix, evaluator="arb", rtol=1e-13, max_nodes=2**14)
        assert found[b].meets(sure).all(), (points.tolist(), shares)


@pytest.mark.parametrize("draw", [unit, weighted, three])
def test_a_batch_is_about_as_sharp_as_its_mixtures(draw: Draw) -> None:
    means, weights = draw(np.random.default_rng(18))
    assert batch.overlaps(means, weights, rtol=1e-10).relative_width.max() <= 4e-10
    largest = np.linalg.norm(means, axis=2).max(axis=1)
    wide = batch.gradient(means, weights, rtol=1e-10)
    assert ((wide.upper - wide.lower).max(axis=(1, 2)) <= 4e-10 * largest).all()
    square = batch.psi_tilde_norm2(means, weights, rtol=1e-10)
    assert (square.upper - square.lower <= 4e-10 * largest**2).all()


def test_small_overlaps_keep_their_relative_accuracy() -> None:
    means = np.zeros((40, 2, 1))
    means[:, 1, 0] = np.linspace(0.1, 14.0, 40)
    found = batch.overlaps(means, rtol=1e-9)
    assert found.lower.min() < 1e-5
    assert found.relative_width.max() <= 4e-9


def test_the_order_and_the_chunks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(19)
    means = rng.normal(size=(3000, 2, 1)) * 3
    whole = batch.overlaps(means)
    shuffle = rng.permutation(len(means))
    assert whole[shuffle].meets(batch.overlaps(means[shuffle])).all()
    monkeypatch.setattr(core, "CHUNK", 100)
    monkeypatch.setattr(batch_two_plan, "LEAST_GROUP", 10)
    assert whole.meets(batch.overlaps(means)).all()


@pytest.mark.parametrize("key", [0, 9, 20])
def test_the_sum_that_others_give_is_within_its_error(key: int) -> None:
    """That of the heavier component, from exact products of the exponentials as computed."""
    plan = batch_two_plan.plan_for(key, 1e-12, 1e-6)
    assert plan is not None
    given = np.array([np.full(5, 0.2 * 2 ** (key / 4)), [0.0, 0.1, 2.0, 9.0, 60.0]])
    total = np.empty((3, 5))
    batch_two._block_sums(plan, given, total, False)
    factors = np.exp(np.dot(plan.rows, given))
    with working_precision(160):
        whole = sum(map(arb, plan.weights.tolist()), arb(0))
        assert abs(whole - plan.mass) <= U * whole
        for m in range(5):
            sure = [arb(0)] * 3
            nodes = ((x, y) for x in factors[: plan.split, m] for y in factors[plan.split :, m])
            for w, (x, y) in zip(plan.weights.tolist(), nodes, strict=True):
                e = arb(x) * arb(y)
                sure = [s + w * e**power / (1 + e) ** 2 for power, s in enumerate(sure)]
            assert all(
                abs(arb(float(total[i, m])) - sure[i]) <= plan.chain * sure[i] for i in (0, 1)
            )
            away = abs(arb(float(total[2, m])) - sure[2])
            assert away <= plan.chain * (whole - sure[2]) + 4 * U * whole
            assert sure[2] > whole / 5  # so that it is accurate relatively too


def test_the_sum_that_others_give_is_as_wide_as_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A larger error widens the heavier component's alone, whichever of the two it is."""
    chain = 1e-4

    def plan_for(*given: Any) -> Any:
        plan = batch_two_plan.plan_for(*given)
        assert plan is not None
        return plan._replace(chain=chain)

    monkeypatch.setattr(batch_two, "plan_for", plan_for)
    means = np.array([[[0.5], [1.0]], [[1.0], [0.5]], [[-3.0], [1.0]], [[1.0], [-3.0]]])
    found = batch.overlaps(means, rtol=1e-9)
    wide = found.upper - found.lower
    for b in range(4):
        heavy = b % 2 if b < 2 else 1 - b % 2
        other = 1 - found.mid[b, heavy, heavy]
        assert wide[b, heavy, heavy] == pytest.approx(2 * chain * other, rel=1e-3)
        assert wide[b, 1 - heavy, 1 - heavy] < 1e-8 and wide[b, 0, 1] < 1e-8


@pytest.mark.parametrize("name", ["overlaps", "loss"])
@pytest.mark.parametrize(("n", "d"), [(2, 1), (3, 1), (3, 2)])
def test_what_was_in_memory_before_does_not_matter(
    name: str, n: int, d: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The memory that sums are formed in is kept from call to call."""
    means = np.random.default_rng(21).normal(size=(20, n, d))
    found, asked = [], []
    for fill in (0.0, 0.5, np.nan):

        def space(use: str, size: int, fill: float = fill) -> Any:
            asked.append(use)
            return np.full(size, fill)

        monkeypatch.setattr(memory, "space", space)
        found.append(getattr(batch, name)(means))
        b = int(np.argmin(found[-1].single))
        sure = getattr(gb, name)(gb.Mixture(means[b]), evaluator="arb")
        assert not found[-1].single[b] and found[-1][b].meets(sure).all()
    assert len(asked) >= 3
    assert all(np.array_equal(x.lower, found[0].lower) for x in found)
    assert all(np.array_equal(x.upper, found[0].upper) for x in found)


@pytest.mark.parametrize("error", [1e-8, 1e-4, 1e-3, 0.02, 0.3, 3.0, 30.0, 300.0])
def test_errors_of_distances_and_constants_are_counted(error: float) -> None:
    """Pairs with errors contain what those without have that are moved by as much; where an error
    is too large for the bounds, the pair is left to the general way."""
    d, c = (x.ravel() for x in np.meshgrid([0.01, 0.3, 1.0, 4.0, 20.0], np.linspace(-40, 40, 21)))
    moved = 1e-2 * min(error, 2e-8)

    def ends(d: Any, c: Any, error_v: float, error_c: float) -> tuple[Any, Any]:
        pairs = Pair(d, c, np.full(d.shape, error_v), np.full(d.shape, error_c))
        lower, upper = np.empty((2, len(d), 2, 2))
        left = batch_two.enclose_pairs(pairs, 1e-12, lower, upper)
        lower[left], upper[left] = 0.0, 1.0
        return lower, upper

    lower, upper = ends(d, c, moved, error)
    assert (lower <= upper).all() and (error > 1e-3) == ((lower == 0) & (upper == 1)).all()
    for sign in (-1, 1):
        low, high = ends(d + sign * moved, c + sign * error, 0.0, 0.0)
        assert (lower <= high).all() and (low <= upper).all()
    if error <= 1e-4:  # and not lazily: psi_1 psi_2 changes by the error where it is rare
        assert (upper <= np.exp(30 * error + 1e-10) * lower + 1e-280).all()


def test_what_the_rules_of_groups_are_not_made_for_is_left() -> None:
    """Distances known too little to know their group, 0, and logits out of range."""
    one = np.ones(1)
    for d, c, error_v, left in (
        (1.0, 0.0, 2.0**-33, 0),
        (1.0, 0.0, 2.0**-31, 1),
        (0.0, 0.0, 0.0, 1),
        (70.0, 0.0, 0.0, 1),
        (1.0, 310.0, 0.0, 1),
    ):
        pairs = Pair(d * one, c * one, error_v * one, 0.0 * one)
        assert batch_two.enclose_pairs(pairs, 1e-9, *np.empty((2, 1, 2, 2))).size == left, d


@pytest.mark.parametrize(
    ("means", "weights", "rtol", "message"),
    [
        ([[1.0, 2.0]], None, 1e-9, r"shape \(1, 2\)"),
        (np.zeros((0, 2, 1)), None, 1e-9, "shape"),
        ("abc", None, 1e-9, "floats"),
        ([[["1/3"], ["1"]]], None, 1e-9, "means is not an array of floats"),
        ([[[Fraction(1, 3)], [1]]], None, 1e-9, r"Fraction\(1, 3\), which is no float64"),
        ([[[2**53 + 1], [0.5]]], None, 1e-9, "9007199254740993, which is no float64"),
        (np.array([[[2**53 + 1], [0]]]), None, 1e-9, "9007199254740993, which is no float64"),
        (np.full((1, 2, 1), np.longdouble(1) / 3), None, 1e-9, "no float64"),
        ([[[10**400], [0]]], None, 1e-9, "floats"),
        ([[[0.0], [1.0]]], [Fraction(1, 3), Fraction(2, 3)], 1e-9, "weights has the entry"),
        ([[[0.0], [1.0]]], None, "1e-9", "rtol is '1e-9'"),
        ([[[np.nan], [1.0]]], None, 1e-9, r"means\[0\]"),
        ([[[0.0], [1.0]]], [0.5, 0.4], 1e-9, "sum to 0.9"),
        ([[[0.0], [1.0]]], [1.5, -0.5], 1e-9, "positive"),
        ([[[0.0], [1.0]]], [1.0], 1e-9, "weights has shape"),
        ([[[0.0], [1.0]]], None, 1e-14, "rtol is 1e-14"),
    ],
)
@pytest.mark.parametrize("name", QUANTITIES)
def test_bad_input(name: str, means: Any, weights: Any, rtol: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        getattr(batch, name)(means, weights, rtol=rtol)


@pytest.mark.parametrize("name", ["overlaps", "loss"])
@pytest.mark.parametrize("nodes", [0, -1, 2.5, True])
def test_a_budget_that_is_none(name: str, nodes: Any) -> None:
    with pytest.raises(InputError, match="max_nodes is"):
        getattr(batch, name)([[[0.0], [1.0]]], max_nodes=nodes)
