"""Cores in float32: what they are given, and what they owe."""

from __future__ import annotations

import types
from typing import Any

import numpy as np
import pytest

from gembounds.conform import run
from gembounds.conform.case import Case
from gembounds.conform.domains import cases
from gembounds.conform.single import Single, is_single
from tests.conform import plain

F = np.float32


def joint(x: Any, means: Any, weights: Any) -> Any:
    x, means, weights = (np.asarray(a, F) for a in (x, means, weights))
    squares = np.stack([np.sum((x - mean) ** 2, axis=1) for mean in means], axis=1)
    return np.log(weights) - F(0.5) * squares - F(0.5 * x.shape[1] * np.log(2 * np.pi))


def log_prob(x: Any, means: Any, weights: Any) -> Any:
    logs = joint(x, means, weights)
    top = logs.max(axis=1)
    return top + np.log(np.exp(logs - top[:, None]).sum(axis=1))


def psi(x: Any, means: Any, weights: Any) -> Any:
    logs = joint(x, means, weights)
    parts = np.exp(logs - logs.max(axis=1)[:, None])
    return parts / parts.sum(axis=1)[:, None]


def by_differences(x: Any, means: Any, weights: Any) -> Any:
    """In float64."""
    logs = np.log(weights) - 0.5 * np.sum((x[:, None] - means) ** 2, axis=2)
    parts = np.exp(logs - logs.max(axis=1)[:, None])
    return parts / parts.sum(axis=1)[:, None]


def core(**changed: Any) -> Any:
    return types.SimpleNamespace(
        **{"psi": psi, "log_prob": log_prob, "dtype": "float32", "rtol": 1e-6, **changed}
    )


@pytest.mark.parametrize("name", ["generic", "tiny-weights", "offset", "zero-weights"])
def test_numbers_are_those_of_float32(name: str) -> None:
    for case in cases(name, 12, 2):
        single = Single(case)
        assert is_single(single.means, single.weights, single.x)
        assert abs(single.weights.sum() - 1) < 1e-9
        assert np.array_equal(single.present, case.present)
        assert np.allclose(single.weights, case.weights, atol=1e-6)
        again = Single(Case.from_json(single.to_json()))
        for one, other in ((single.means, again.means), (single.weights, again.weights),
                           (single.x, again.x)):  # fmt: skip
            assert np.array_equal(one, other)


def test_a_right_core_of_float32_conforms() -> None:
    """Rotations and the like give it numbers that are not float32's: allowed for."""
    only = ["*-generic", "*-offset", "rotated-*", "shifted-*", "float32-inputs-*", "psi-places"]
    report = run(core(), quick=True, only=only)
    assert report.passed, report.failures()
    assert {r.id for r in report.ran} >= {"log_prob-offset", "psi-offset", "rotated-log_prob"}


def test_it_is_given_numbers_of_float32() -> None:
    def strict(x: Any, means: Any, weights: Any) -> Any:
        assert is_single(x, means, weights)
        return log_prob(x, means, weights)

    report = run(core(log_prob=strict), quick=True, only="log_prob-[!p]*", points=6)
    assert report.passed, report.failures()


@pytest.mark.parametrize("means, weights, x", [
    ([[1e150], [-1e150]], [0.5, 0.5], 0.5),
    ([[0], [1]], [1e-300, 1], 1e150),
    ([[1e-160], [-1e-160]], [1e-300, 1], 1e-160),
])  # fmt: skip
def test_the_direct_formula_is_right_however_far(means: Any, weights: Any, x: float) -> None:
    """Where all digits may be lost, any posterior is allowed; a log-density has its own."""

    right = types.SimpleNamespace(psi=by_differences, log_prob=plain.log_prob)
    at = {"means": means, "weights": weights, "x": [[x]]}
    report = run(right, only=["psi-offset", "psi-far", "log_prob-far"], at=at)
    assert report.passed and len(report.ran) == 3, report.failures()


def test_less_than_float32_is_caught() -> None:
    """Numbers of 20 bits instead of 24, which float32's unit does not allow."""

    def rounded(values: Any) -> Any:
        mantissa, exponent = np.frexp(values)
        return np.ldexp(np.round(mantissa * 2**20) / 2**20, exponent)

    def coarse(x: Any, means: Any, weights: Any) -> Any:
        return rounded(log_prob(x, means, weights))

    (found,) = run(core(log_prob=coarse, rtol=1e-7), only="log_prob-one-component").results
    assert found.status == "failed"
    assert run(core(rtol=1e-7), only="log_prob-one-component").passed
