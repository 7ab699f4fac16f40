"""Logarithms over batches: what floats say where they reach, and what enclosures say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gembounds.points.batch import Batch
from gembounds.statements.evaluate import Undefined, entries, evaluate
from gembounds.statements.logs import BatchOperations, LogArray, Unestimated
from gembounds.statements.operations import LADDER, Operations
from gembounds.statements.tree import Expr, Symbol, call
from gembounds.statements.vocabulary import U, mu_max, norms
from gembounds.statements.words import exp
from gembounds.values.exact import root
from tests import trees

NUMBERS = np.array([-3.0, -1.0, -0.25, 0.0, 1e-9, 0.5, 1.0, 2.5, 1e5])
OPS = BatchOperations()


def log_array(values: Any) -> LogArray:
    return LogArray.of(np.asarray(values, dtype=float))


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """As where batches are evaluated: what is not a number is missing."""
    with np.errstate(all="ignore"):
        yield


BINARY: dict[str, tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]] = {
    "+": (lambda x, y: x + y, np.add),
    "-": (lambda x, y: x - y, np.subtract),
    "*": (lambda x, y: x * y, np.multiply),
    "/": (lambda x, y: x / y, np.divide),
    "max": (lambda x, y: OPS.maximum([x, y]), np.maximum),
}


@pytest.mark.parametrize("name", BINARY)
def test_operations_are_those_of_floats(name: str) -> None:
    ours, theirs = BINARY[name]
    x, y = (a.ravel() for a in np.meshgrid(NUMBERS, NUMBERS))
    if name == "/":
        x, y = x[y != 0], y[y != 0]
    found = ours(log_array(x), log_array(y)).value
    assert np.allclose(found, theirs(x, y), rtol=1e-9, atol=1e-13)


def test_functions_are_those_of_floats() -> None:
    x = log_array(NUMBERS)
    positive = NUMBERS > 0
    assert np.allclose(OPS.exp(log_array(NUMBERS[:-1])).value, np.exp(NUMBERS[:-1]))
    assert np.allclose(OPS.log(x).value[positive], np.log(NUMBERS[positive]))
    assert np.isnan(OPS.log(x).value[~positive]).all()
    assert np.allclose(OPS.sqrt(x).value[NUMBERS >= 0], np.sqrt(NUMBERS[NUMBERS >= 0]))
    assert np.isnan(OPS.sqrt(x).value[NUMBERS < 0]).all()
    assert np.allclose((-x).value, -NUMBERS)
    for k in (1, 2, 3):
        assert np.allclose((x**k).value, NUMBERS**k)
    assert np.allclose((x**-1).value[NUMBERS != 0], 1 / NUMBERS[NUMBERS != 0])


def test_ratios_beyond_floats_are_kept() -> None:
    far = LogArray(np.ones(2), np.array([-1e6, 1e6]))
    assert np.allclose((far * far).log, [-2e6, 2e6])
    assert np.allclose((far / LogArray.of(2)).log, np.array([-1e6, 1e6]) - np.log(2))
    assert np.allclose((far + far).log, np.array([-1e6, 1e6]) + np.log(2))
    assert ((far - far).sign == 0).all()
    for other in (-far, LogArray.of(0), far * far * -far):
        assert OPS.maximum([far, other]).sign.tolist() == [1, 1]
        assert OPS.maximum([other, far]).log.tolist() == [-1e6, 1e6]
    assert np.allclose(OPS.exp(log_array([-1e6])).log, -1e6)


def test_what_is_missing_stays_missing() -> None:
    x, y = log_array([np.nan, 1.0, np.nan]), log_array([1.0, np.nan, -1.0])
    for found in (x + y, x * y, OPS.maximum([x, y]), OPS.maximum([y, x]), OPS.sqrt(x) * y):
        assert np.isnan(found.value).all() and np.isnan(found.sign).all()
    zero = log_array([0.0])
    for found in (zero / zero, zero**-2, OPS.exp(OPS.log(zero)), OPS.sqrt(zero - 1)):
        assert np.isnan(found.sign).all()
    rows = LogArray(np.stack([x.sign, y.sign]), np.stack([x.log, y.log]))
    for op in ("total", "largest", "smallest"):
        assert np.isnan(OPS.reduced(op, rows, (1,)).value).all()


def test_exact_numbers_and_roots_are_read() -> None:
    assert float(LogArray.of(Fraction(-3, 2)).value) == pytest.approx(-1.5)
    assert float(LogArray.of(root(2)).value) == pytest.approx(2**0.5)
    assert float(LogArray.of(-root(2)).value) == pytest.approx(-(2**0.5))
    assert float(LogArray.of(0).value) == 0 and float(LogArray.of(0).sign) == 0
    assert float(LogArray.of(Fraction(1, 10**1000)).log) == pytest.approx(-1000 * np.log(10))


@pytest.mark.parametrize("op", ["total", "largest", "smallest"])
@pytest.mark.parametrize("axes", [(1,), (2,), (1, 2)])
def test_reductions_are_those_of_floats(op: str, axes: tuple[int, ...]) -> None:
    x = np.random.default_rng(1).normal(size=(5, 3, 4))
    x[0] = 0
    x[1, 0] = -np.abs(x[1, 0])
    found = OPS.reduced(op, log_array(x), axes).value
    reduce: Any = {"total": np.sum, "largest": np.max, "smallest": np.min}[op]
    assert np.allclose(found, reduce(x, axis=axes))


def test_reductions_keep_what_is_beyond_floats() -> None:
    x = LogArray(np.ones((2, 3)), np.array([[-1e6, -1e6 + 1, -2e6], [1e6, 1e6 - 1, 5e5]]))
    more = np.log1p(np.exp([1.0, -1.0]))
    assert np.allclose(OPS.reduced("total", x, (1,)).log, [-1e6 + more[0], 1e6 + more[1]])
    assert np.allclose(OPS.reduced("largest", x, (1,)).log, [-1e6 + 1, 1e6])
    assert np.allclose(OPS.reduced("smallest", x, (1,)).log, [-2e6, 5e5])
    mixed = LogArray(np.array([[1.0, -1.0]]), np.array([[-1e6, 1e6]]))
    assert OPS.reduced("smallest", mixed, (1,)).sign.tolist() == [-1.0]
    assert np.allclose(OPS.reduced("smallest", mixed, (1,)).log, 1e6)


def test_a_symbol_without_an_estimate_is_named() -> None:
    lone = call(Symbol("lone", "f({0})", "f", lambda ops, p, x: x), U)
    with pytest.raises(Unestimated, match=r"f\(\.\.\.\) has no estimate over batches"):
        evaluate(1 + lone, OPS, batches()[0], {})


# --- whole trees ------------------------------------------------------------------------------


@cache
def batches() -> tuple[Batch, ...]:
    """A few mixtures of three shapes, with the parameters that random trees may have."""
    rng = np.random.default_rng(7)
    out = []
    for n, d in ((1, 2), (2, 1), (3, 2)):
        size = 6
        means = rng.normal(size=(size, n, d))
        means[0] = 0
        means[1] = means[1, :1]
        out.append(Batch(means, rng.dirichlet(np.ones(n), size), {
            "x": rng.normal(size=(size, d)), "c": rng.uniform(-2, 3, size),
            "k": rng.integers(-2, 6, size), "delta": rng.normal(size=(size, n, d)) / 2,
        }))  # fmt: skip
    return tuple(out)


LEAVES = [*trees.SCALARS, *trees.COMPONENTS, *trees.PAIRS]


def certified(e: Expr, batch: Batch, b: int) -> list[tuple[float, float]]:
    ops = Operations(LADDER[1])
    with ops.precision():
        balls = [ops.ball(x) for x in entries(evaluate(e, ops, batch.point(b), {}))]
        return [(float(x.mid()), float(x.rad())) for x in balls]


def estimated(e: Expr, batch: Batch) -> np.ndarray[Any, Any]:
    value = OPS.ball(evaluate(e, OPS, batch, {})).value
    return np.broadcast_to(value, (len(batch), *(batch.n for _ in e.axes))).reshape(len(batch), -1)


@pytest.mark.parametrize("k", range(3))
@pytest.mark.parametrize("e", LEAVES, ids=repr)
def test_every_symbol_is_estimated_as_it_is_enclosed(e: Expr, k: int) -> None:
    batch = batches()[k]
    found = estimated(e, batch)
    for b in range(len(batch)):
        for (mid, rad), value in zip(certified(e, batch, b), found[b], strict=True):
            if np.isnan(value):  # not resolved, relatively: nothing but 0
                assert (mid, rad) == (0, 0)
                continue
            assert abs(value - mid) <= rad + 1e-8 * (1e-3 + abs(mid)), batch.point(b)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(trees.trees(3), st.integers(1, 2), st.integers(0, 5))
def test_random_trees_are_estimated_as_they_are_enclosed(e: Expr, k: int, b: int) -> None:
    batch = batches()[k]
    try:
        balls = certified(e, batch, b)
        values = estimated(e, batch)[b]
    except (Undefined, OverflowError):
        assume(False)
    assert len(balls) == len(values)
    for (mid, rad), value in zip(balls, values, strict=True):
        if not rad < 1e-6 * max(1e-6, abs(mid)) or not 1e-6 < abs(mid) < 1e6:
            continue  # nothing is known, or what cancels is lost in float64
        assert np.isnan(value) or abs(value - mid) <= 1e-4 * abs(mid), f"{e}: {value}, {mid}"


def test_estimates_at_moved_mixtures_are_kept_for_the_batch() -> None:
    from gembounds.statements import displacement, moved

    batch = batches()[1]
    e = moved(norms, displacement("delta"))
    wanted = np.sqrt(((batch.means + batch["delta"]) ** 2).sum(axis=2))
    assert np.allclose(estimated(e, batch), wanted)
    assert batch.moved_by("delta") is batch.moved_by("delta")


def test_sides_beyond_floats_have_a_ratio() -> None:
    batch = Batch(np.array([[[1000.0], [0.0]]]), np.full((1, 2), 0.5))
    left = evaluate(exp(-(mu_max**2)), OPS, batch, {})
    right = evaluate(exp(-U) * 2, OPS, batch, {})
    assert float((right / left).log[0]) == pytest.approx(np.log(2))
