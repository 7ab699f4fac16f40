"""How errors are measured: small planted ones are caught, honest rounding is not."""

from __future__ import annotations

import json
import types
from typing import Any

import numpy as np
import pytest

from gembounds.conform import run
from gembounds.conform.case import Case
from gembounds.conform.core import as_core
from gembounds.conform.protocol import FUNCTIONS, FloatArray
from gembounds.conform.tolerance import rounding, size
from gembounds.conform.truth import Truth
from tests.conform import plain

DOMAINS = ("ordinary", "generic")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_an_error_of_1e_9_is_caught_in_every_function(function: str) -> None:
    parts = {f: getattr(plain, f) for f in (*FUNCTIONS, "max_rank", "max_norm", "min_weight")}
    right = parts[function]

    def wrong(*arguments: Any) -> Any:
        return right(*arguments) * (1 + 1e-9)

    core = types.SimpleNamespace(**{**parts, function: wrong})
    report = run(core, only=[f"{function}-{d}" for d in DOMAINS])
    assert "failed" in {r.status for r in report.results}
    lenient = types.SimpleNamespace(**{**parts, function: wrong}, rtol={function: 1e-8})
    assert run(lenient, only=[f"{function}-{d}" for d in DOMAINS]).passed


def random_case(rng: np.random.Generator) -> Case:
    n, d = int(rng.integers(2, 6)), int(rng.integers(1, 5))
    means = rng.normal(size=(n, d)) * 10.0 ** rng.integers(-3, 3)
    return Case(means, rng.dirichlet(np.ones(n)), int(rng.integers(100)))


def test_a_gradient_may_round_more_than_the_overlaps_in_it() -> None:
    """By the n products and sums of a row at least."""
    core, rng = as_core(plain), np.random.default_rng(6)
    for _ in range(5):
        case = random_case(rng)
        truth = Truth(case)
        overlaps, unit = rounding(core, truth, "overlaps"), 2.0**-53
        least = (overlaps + unit * case.n * truth.overlaps.lower) @ case.norms
        assert np.all(rounding(core, truth, "gradient") > least[:, None])


def test_rounding_in_float32_stays_within_what_is_allowed_and_near_it() -> None:
    """The plain formula for psi in float32, against the certified value."""

    def single(x: Any, means: Any, weights: Any) -> Any:
        return plain.psi(*(np.asarray(a, dtype=np.float32) for a in (x, means, weights)))

    core = as_core(types.SimpleNamespace(psi=single, dtype="float32"))
    rng, worst = np.random.default_rng(5), 0.0
    for _ in range(60):
        case = random_case(rng)
        truth = Truth(case)
        error = np.abs(core.call("psi", *case.arguments("psi")) - truth.psi.mid)
        room = rounding(core, truth, "psi")
        room = np.where(room > 1, np.inf, room)  # psi is in [0, 1]: nothing is said there
        worst = max(worst, float(np.max(error / room)))
    assert 0.01 < worst < 1


@pytest.mark.parametrize("function", [f for f in FUNCTIONS if f != "psi"])
def test_sizes_bound_the_values(function: str) -> None:
    rng = np.random.default_rng(6)
    for _ in range(20):
        case = random_case(rng)
        if case.rank > 3 or case.norms.max() > 20:
            continue
        truth = Truth(case)
        value: FloatArray = truth.value(function).lower
        assert np.all(np.abs(value) <= size(truth, function) * (1 + 1e-9) + 1e-12)


def test_the_size_of_a_gradient_is_that_of_the_terms_that_are_averaged() -> None:
    """E[psi_i |mu_ij - x_j|] by a fine grid in the plane, and not much more than that."""
    line = np.linspace(-9, 9, 601)
    x = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    shares = np.exp(-0.5 * np.sum(x**2, axis=1)) * (line[1] - line[0]) ** 2 / (2 * np.pi)
    rng, most = np.random.default_rng(8), 0.0
    for scale in (0.0, 1e-6, 0.3, 1.0, 3.0):
        case = Case(scale * rng.normal(size=(3, 2)), rng.dirichlet(np.ones(3)), 0)
        psi = plain.psi(x, case.means, case.weights) * shares[:, None]
        terms = np.stack([psi[:, i] @ np.abs(case.means[i] - x) for i in range(3)])
        found = size(Truth(case), "gradient")
        assert np.all(terms <= found * (1 + 1e-6))
        assert np.all(np.abs(Truth(case).gradient.mid) <= found)
        most = max(most, float(np.max(found / terms)))
    assert most < 4


def test_a_gradient_that_cancels_to_rounding_is_right() -> None:
    """E[psi_i (mu_i - x)] over a rule: 6.9e-18 at means 0, where the value is 0."""

    def pulled(means: Any, weights: Any) -> Any:
        x = plain._nodes(means)
        shares = plain.psi(x, means, weights) * plain.WEIGHTS[:, None]
        return shares.sum(axis=0)[:, None] * means - shares.T @ x + 6.9e-18

    core = types.SimpleNamespace(max_rank=1, max_norm=10.0, min_weight=1e-6, gradient=pulled)
    points = ['{"means": [[0]], "weights": [1]}', '{"means": [[0], [0]], "weights": [0.5, 0.5]}']
    for point in points:
        assert run(core, only="gradient-*", at=json.loads(point)).passed
    domains = ("ordinary", "one-component", "one-dimension", "near-coincident")
    assert run(core, only=[f"gradient-{d}" for d in domains]).passed


@pytest.mark.parametrize("function", ["loss", "gradient", "psi"])
def test_an_absolute_error_that_is_declared_is_allowed_and_no_more(function: str) -> None:
    parts = {f: getattr(plain, f) for f in (*FUNCTIONS, "max_rank", "max_norm", "min_weight")}
    right, only = parts[function], [f"{function}-{d}" for d in ("ordinary", "one-component")]

    def wrong(*arguments: Any) -> Any:
        return right(*arguments) + 1e-6

    def judged(atol: Any) -> bool:
        return run(
            types.SimpleNamespace(**{**parts, function: wrong}, atol=atol), only=only
        ).passed

    assert judged(1.01e-6) and judged({function: 1.01e-6})
    assert not judged(0.99e-6) and not judged({"overlaps": 1.0})


def test_where_logits_lose_all_digits_any_posterior_is_allowed() -> None:
    """Means 1e5 long in float32: a logit is some 5e9, which errs by hundreds."""
    core = as_core(types.SimpleNamespace(psi=plain.psi, dtype="float32"))
    means = [[1e5, 0.0], [1e5, 1.0]]
    case = Case(means, [0.5, 0.5], 0, [[1e5, 30.0], [0.0, 0.0]])
    room = rounding(core, Truth(case), "psi")
    assert room[0, 0] >= 1 and np.all(np.isfinite(room))
    double = as_core(types.SimpleNamespace(psi=plain.psi))
    assert rounding(double, Truth(case), "psi")[0, 0] < 1e-10
