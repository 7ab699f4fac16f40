"""EM on a sample: right steps of every kind pass, and what is no step of EM is refuted."""

from __future__ import annotations

import math
import types
from functools import partial
from typing import Any

import numpy as np
import pytest

from gembounds.conform import run
from gembounds.conform.case import Case
from gembounds.conform.core import as_core
from gembounds.conform.likelihood import BITS, State, allowed, likelihood, target
from gembounds.tools.errors import InputError
from gembounds.values.precision import working_precision

CHECK = "monotone-em_sample_step"


def posteriors(x: Any, means: Any, weights: Any, variances: Any) -> Any:
    squares = np.sum((x[:, None] - means) ** 2, axis=2)
    logs = np.log(weights) - squares / (2 * variances) - x.shape[1] / 2 * np.log(variances)
    parts = np.exp(logs - logs.max(axis=1, keepdims=True))
    return parts / parts.sum(axis=1, keepdims=True)


def step(x: Any, means: Any, weights: Any, variances: Any, kind: str = "free") -> Any:
    psi = posteriors(x, means, weights, variances)
    masses = psi.mean(axis=0)
    new = psi.T @ x / (len(x) * masses[:, None])
    squares = np.sum((x[:, None] - new) ** 2, axis=2)
    spread = np.mean(psi * squares, axis=0) / x.shape[1]
    found = {
        "held": variances,
        "tied": np.full(len(masses), spread.sum()),
        "of all": spread,
        "unbiased": spread / masses * len(x) / (len(x) - 1),
        "floored": spread / masses + 1e-6,
    }.get(kind, spread / masses)
    if kind == "old weights":
        masses = weights
    if kind == "flattened":
        masses = 0.99 * masses + 0.01 / len(masses)
    return np.column_stack([new, masses, found])


def core(kind: str, **declared: Any) -> Any:
    return types.SimpleNamespace(em_sample_step=partial(step, kind=kind), **declared)


@pytest.mark.parametrize("kind", ["free", "held", "tied",
                                  "old weights"])  # fmt: skip
def test_what_does_not_lower_the_likelihood_passes(kind: str) -> None:
    report = run(core(kind), quick=True, only="*em_sample_step", seed=2)
    assert report.passed and len(report.ran) == 2, report.failures()


@pytest.mark.parametrize("kind", ["of all", "unbiased", "floored", "flattened"])
def test_what_is_no_step_of_em_is_refuted(kind: str) -> None:
    (found,) = run(core(kind), quick=True, only=CHECK, small=kind == "unbiased").results
    assert found.status == "failed" and "lowers the likelihood" in found.message
    point = found.worst_point
    assert run(core(kind), only=CHECK, at=point).results[0].status == "failed"
    assert run(core("free"), only=CHECK, at=point).passed
    if kind == "unbiased":
        assert point is not None and len(point["x"]) < 40


@pytest.mark.parametrize("column, value", [(0, 1e12), (0, 1e100), (-1, 0.0), (-1, 1e-14)])
def test_what_is_far_off_is_not_excused_by_that(column: int, value: float) -> None:
    """One entry of one component; and it is never taken for a component that collapses."""

    def wrong(*arguments: Any) -> Any:
        with np.errstate(all="ignore"):
            found = np.nan_to_num(step(*arguments), nan=1.0)
        found[0, column] = value
        return found

    (found,) = run(types.SimpleNamespace(em_sample_step=wrong), quick=True, only=CHECK).results
    assert found.status == "failed" and f"{value!r}" in found.message


def test_what_is_declared_is_allowed() -> None:
    """A floor of 1e-6 costs the likelihood some 1e-12; and float32 more."""
    assert run(core("floored", atol=2e-6), quick=True, only=CHECK).passed
    heavier = types.SimpleNamespace(em_sample_step=lambda *a: step(*a) + 1e-6, atol=2e-6)
    assert run(heavier, quick=True, only=CHECK).passed

    def single(*arguments: Any) -> Any:
        x, means, weights, variances = (np.asarray(a, dtype=np.float32) for a in arguments)
        return step(x, means, weights, variances)

    assert run(types.SimpleNamespace(em_sample_step=single, dtype="float32"), quick=True,
               only=CHECK).passed  # fmt: skip


def test_what_is_no_mixture_is_wrong() -> None:
    for column, what in ((-2, "sum is"), (-1, "variance of -")):

        def wrong(*arguments: Any, column: int = column) -> Any:
            found = step(*arguments)
            found[:, column] *= -1 if column == -1 else 1.5
            return found

        (found,) = run(types.SimpleNamespace(em_sample_step=wrong), quick=True, only=CHECK).results
        assert found.status == "failed" and what in found.message


def test_the_likelihood_is_that_of_the_formula() -> None:
    sample = np.array([[0.5, -1.0], [2.0, 0.25], [-3.0, 1.0]])
    state = State(np.array([[0.0, 1.0], [1.5, -0.5]]), np.array([0.25, 0.75]), np.array([0.5, 2]))
    logs = 0.0
    for x in sample:
        parts = [w * math.exp(-float(np.sum((x - m) ** 2)) / (2 * v)) / (2 * math.pi * v)
                 for m, w, v in zip(state.means, state.weights, state.variances, strict=True)
                 ]  # fmt: skip
        logs += math.log(sum(parts))
    with working_precision(BITS):
        found = likelihood(state, sample)
        assert float(found.rad()) < 1e-50
    assert float(found.mid()) == pytest.approx(logs / 3, rel=1e-15)


@pytest.mark.parametrize("seed", range(2))
def test_what_is_allowed_covers_errors_of_what_is_declared(seed: int) -> None:
    """The exact step, from balls in all but name, with every number off by a share of itself."""
    rng = np.random.default_rng(seed)
    case = Case(rng.normal(size=(3, 2)), rng.dirichlet(np.ones(3)), seed)
    share, sample = 1e-3, case.sample
    here = State(case.means, case.weights, case.variances)
    for _ in range(300):
        right = step(sample, here.means, here.weights, here.variances)
        here = State(right[:, :-2], right[:, -2], right[:, -1])
    far = np.linalg.norm(sample, axis=1).max()
    means = here.means + share * far * rng.choice([-1, 1], size=here.means.shape) / math.sqrt(2)
    off = 1 + share * rng.choice([-1, 1], size=(2, 3))
    there = State(means, here.weights * off[0], here.variances * off[1])
    with working_precision(BITS):
        lost = float((likelihood(here, sample) - likelihood(there, sample)).mid())
    promised = as_core(core("free", rtol=share))
    assert 0 < lost < allowed(promised, here, target(here, sample), sample) < 1e4 * lost


def test_variances_that_are_none() -> None:
    for given in ([1.0], [1.0, 0.0], [1.0, "a"], 3.0):
        with pytest.raises(InputError, match="variances"):
            Case.from_json({"means": [[0], [1]], "variances": given})
