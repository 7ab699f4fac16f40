"""L of batches: never missed, as wide as one by one, and what each term of the bound is for."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds import batch
from gembounds.evaluators.float64 import batch_loss, batch_tiny, centred, loss
from gembounds.evaluators.float64.batch_groups import Groups
from gembounds.evaluators.float64.batch_plan import plan_for
from gembounds.evaluators.float64.batch_reduce import reduce
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
@pytest.mark.parametrize("draw", [pair, line, plane, space, coincident])
def test_not_lazily_wide_and_few_alone(draw: Draw, rtol: float) -> None:
    means, weights = draw(np.random.default_rng(52), 400)
    found = batch.loss(means, weights, rtol=rtol)
    wide = (found.upper - found.lower) / halves(means, weights)
    assert wide.max() <= 2 * rtol and np.median(wide) <= rtol
    assert found.single.mean() <= 0.06


def test_what_is_left_to_the_single_way() -> None:
    """Far components."""
    rng = np.random.default_rng(53)
    distant = rng.normal(size=(8, 3, 2))
    distant[:, 0] += 40.0
    found = batch.loss(np.concatenate((distant, rng.normal(size=(8, 3, 2)))))
    assert found.single[:8].all() and not found.single[8:].all()


def tiny(rng: np.random.Generator, size: int = SIZE) -> tuple[Any, Any]:
    """Means that range over 1e-6 to 1/8, near the origin or not; some symmetric about it."""
    n, d = int(rng.integers(2, 5)), int(rng.integers(1, 4))
    means = (
        rng.uniform(-1, 1, size=(size, n, d)) * 0.0625 * 10.0 ** rng.uniform(-5, 0, (size, 1, 1))
    )
    means[: size // 2] += rng.normal(size=(size // 2, 1, d)) * 10.0 ** rng.uniform(-6, 0.3)
    means[-size // 4 :] -= means[-size // 4 :].mean(axis=1, keepdims=True)
    return means, None if rng.random() < 0.5 else rng.dirichlet(np.full(n, 2.0), size=size)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("rtol", [1e-3, 1e-6, 1e-10])
def test_tiny_ones_are_as_accurate_as_their_loss(rtol: float, seed: int) -> None:
    """And not missed, by balls."""
    means, weights = tiny(np.random.default_rng(seed), 60)
    found = batch.loss(means, weights, rtol=rtol)
    some = ~found.single
    assert some.mean() >= 0.5
    assert (found.relative_width[some] <= 1.1 * rtol).all()
    for b in np.flatnonzero(some)[::6].tolist():
        mix = gb.Mixture(means[b], None if weights is None else weights[b])
        sure = gb.loss(mix, evaluator="arb", rtol=1e-16)
        assert found[b].meets(sure).all(), (means[b].tolist(), mix.exact_weights)


@pytest.mark.parametrize("term", ["rule", "rounding"])
def test_tiny_ones_have_both_errors(term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the rule's, or without that of the mean and the others, some are missed."""
    means, weights = tiny(np.random.default_rng(2), 80)
    if term == "rule":
        made = batch_tiny._points
        monkeypatch.setattr(batch_tiny, "_points", lambda *a: (made(*a)[0], 0 * made(*a)[1]))
        rtol = 1e-3
    else:
        monkeypatch.setattr(batch_tiny, "ENOUGH", 1e9)
        means *= 1e-5 / np.abs(means).max(axis=(1, 2), keepdims=True)
        means -= means.mean(axis=1, keepdims=True) - 1e-10  # the mean is lost in what it is of
        sums = batch_tiny._sums
        monkeypatch.setattr(batch_tiny, "_sums", lambda *a: (sums(*a)[0], 0 * sums(*a)[1]))
        rtol = 1e-12
    found = batch.loss(means, weights, rtol=rtol)
    missed = 0
    for b in np.flatnonzero(~found.single).tolist():
        mix = gb.Mixture(means[b], None if weights is None else weights[b])
        missed += not found[b].meets(gb.loss(mix, evaluator="arb", rtol=1e-18)).all()
    assert missed >= 1


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


def test_tiny_ones_have_the_points_and_the_rule_of_one_mixture() -> None:
    rng = np.random.default_rng(57)
    spreads = 0.125 * 10.0 ** rng.uniform(-6, 0, size=(2, 100))
    error = 10.0 ** rng.uniform(-40, -2, size=100)
    counts, errors = batch_tiny._points(spreads, error)
    for b in range(100):
        one = centred.points_for(spreads[:, b].tolist(), error[b], centred._rule_error)
        if one is None:
            assert counts[:, b].max() > 30
        else:
            sure = sum(centred._rule_error(d, p) for d, p in zip(spreads[:, b], one, strict=True))
            assert counts[:, b].tolist() == one and errors[b] == pytest.approx(sure, rel=1e-12)


def test_tiny_ones_count_each_error() -> None:
    """What each adds, by the formulas of one mixture."""
    means, _ = tiny(np.random.default_rng(3), 40)
    pi = np.full(means.shape[:2], 1.0 / means.shape[1])
    parts, _, fits = batch_tiny._parts(means, None, pi, 1e-6)
    points, d = [4] * len(parts.v), means.shape[2]
    _, before = batch_tiny._sums(parts, points, d)
    fits &= before < np.inf
    step = 1e-7
    for field, least in {
        "mean_error": 2 * np.sqrt(parts.square) * step + step**2,
        "tilt_error": 1.72 * parts.tilted * step,
        "away_error": 0.5 * (parts.longest * step) ** 2,
        "across": 0.5 * (0.7 * parts.longest * step) ** 2,
        "beyond": 2 * step**2 + 0.0 * parts.tilted,
    }.items():
        more = parts._replace(**{field: getattr(parts, field) + step})
        _, after = batch_tiny._sums(more, points, d)
        assert ((after - before)[fits] >= 0.99 * least[fits]).all(), field


def balanced() -> tuple[batch_tiny.Parts, list[int], int, Any]:
    """Parts of tiny mixtures whose mean is 0, points an axis, d, and which fit."""
    means = np.random.default_rng(59).uniform(-0.05, 0.05, size=(40, 4, 2))
    means -= means.mean(axis=1, keepdims=True)
    pi = np.full(means.shape[:2], 1.0 / means.shape[1])
    parts, _, fits = batch_tiny._parts(means, None, pi, 1e-6)
    return parts, [5] * len(parts.v), means.shape[2], fits


def test_tiny_ones_whose_logits_err_contain_those_that_are_moved() -> None:
    """Where <m, v_i> is 0 its error counts by what it makes of h at the nodes."""
    parts, points, d, fits = balanced()
    step = 1e-8
    value, error = batch_tiny._sums(
        parts._replace(tilt_error=parts.tilt_error + step, tilted=parts.tilted + step), points, d
    )
    moved, _ = batch_tiny._sums(parts._replace(tilt=parts.tilt + step), points, d)
    away = np.abs(moved - value)[fits]
    assert fits.sum() >= 30 and (away <= error[fits]).all()
    assert np.median(away) >= 10 * 1.72 * step**2  # what it adds to E w


def test_tiny_ones_whose_logits_may_be_above_1_have_no_bound() -> None:
    """The series and the slopes are those for logits to 1, all of them."""
    parts, points, d, fits = balanced()
    for size, bounded in ((0.2, True), (1.0 - 1e-9, False)):
        _, error = batch_tiny._sums(parts._replace(tilted=np.full(len(fits), size)), points, d)
        assert (error[fits] < np.inf).all() if bounded else (error == np.inf).all()


@pytest.mark.parametrize(
    ("field", "least"),
    [("error_v", 8e-9), ("error_c", 2e-9), ("error_w", 1e-9), ("beyond", 2e-9), ("tiny", 4.4e-9)],
)
def test_each_error_widens_both_ends(
    field: str, least: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    means, weights = plane(np.random.default_rng(56))
    before = batch.loss(means, weights, rtol=1e-6)
    made = reduce
    wrong = np.full(SIZE, 1e-9)
    monkeypatch.setattr(
        batch_loss, "reduce", lambda *given: made(*given)._replace(**{field: wrong})
    )
    after = batch.loss(means, weights, rtol=1e-6)
    some = ~before.single & ~after.single
    for move in (before.lower - after.lower, after.upper - before.upper):
        assert move[some].min() >= 0.99 * least and move[some].max() <= 5 * least


def test_the_rule_errs_as_for_one_mixture() -> None:
    """The same bound, for ranges that are a little wider."""
    spreads, ceiling = np.array([[2.0, 1.3, 0.3], [0.9, 0.2, 0.1]]), np.array([0.0, 3.0, 1.0])
    plan = plan_for((40, 30), 0, 1e-6, 1 << 20)
    assert plan is not None
    groups = Groups(np.arange(3), [(slice(0, 3), plan)], np.arange(0))
    error, _ = batch_loss._discretisation(groups, spreads, ceiling)
    for b in range(3):
        alone = loss.discretisation(plan.axes, list(plan.edges), ceiling[b])[0]
        least = loss.discretisation(plan.axes, spreads[:, b].tolist(), ceiling[b])[0]
        assert least <= error[b] <= alone * 1.0001


def test_both_ways_to_sum_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    means, weights = plane(np.random.default_rng(55))
    found = batch.loss(means, weights, rtol=1e-11)
    monkeypatch.setattr("gembounds.evaluators.float64.batch_grids.PRODUCT_RANGE", -1e9)
    other = batch.loss(means, weights, rtol=1e-11)
    assert found.meets(other).all()
    assert (np.abs(found.mid - other.mid) <= 1e-13 * halves(means, weights)).all()


def test_the_mean_of_the_constants_errs_by_twice_its_terms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Weights whose sum is rounded up at each addition, and means whose constants' mean is rounded
    towards 0: their errors add up, and the ceiling of the logits is above the exact one."""
    rng = np.random.default_rng(58)
    n, ulp = 200, 2.0**-52
    weights, means = np.full(n, 1e-12), np.zeros(n)
    weights[1], means[1] = 1.0, 1.001
    weights[2:] = (rng.integers(1000, 2000, size=n - 2) + 0.5) * ulp * (1 + 1e-9)
    pi = weights / sum(weights.tolist())
    total = -0.5 * means[1] ** 2 * pi[1]
    for i in range(2, n):
        tried = rng.uniform(0.3, 1.0, size=200)
        terms = -0.5 * tried**2 * pi[i]
        best = int((total + terms - total - terms).argmax())  # the second difference is exact
        means[i], total = tried[best], total + terms[best]
    ceilings = []
    made = batch_loss._excess

    def seen(*given: Any) -> Any:
        ceilings.append(given[5])
        return made(*given)

    monkeypatch.setattr(batch_loss, "_excess", seen)
    # by columns: the sum over the components then goes one by one
    shares = np.asfortranarray(np.broadcast_to(weights, (4, n)))
    assert not batch.loss(
        np.broadcast_to(means[:, None], (4, n, 1)), shares, rtol=1e-6
    ).single.any()
    w, c = map(Fraction, weights.tolist()), [-(Fraction(x) ** 2) / 2 for x in means.tolist()]
    exact = max(c) - sum((x * y for x, y in zip(w, c, strict=True)), Fraction(0)) / sum(
        map(Fraction, weights.tolist()), Fraction(0)
    )
    assert all(exact <= Fraction(x) for x in np.concatenate(ceilings).tolist())
