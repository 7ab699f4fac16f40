"""Cores that sample: right ones pass at every seed, wrong ones fail, and digits are honest."""

from __future__ import annotations

import types
from typing import Any

import numpy as np
import pytest

from gembounds.conform import combined, run
from gembounds.conform.case import Case
from gembounds.conform.chance import COMPARISONS, chance
from gembounds.conform.checks import all_checks
from gembounds.conform.core import as_core
from gembounds.conform.domains import LARGE_D
from gembounds.conform.protocol import EXPECTATIONS
from gembounds.conform.room import Room
from gembounds.conform.truth import Truth
from tests.conform import plain, sampled

IDENTITIES = ["*-generic", "gradient-against-*", "merged-*", "paper-theorem-14.1"]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_right_core_passes(seed: int) -> None:
    report = run(sampled, quick=True, seed=seed, only=IDENTITIES)
    assert report.passed, report.failures()
    digits = [r.digits_worst for r in report.results if r.id == "gradient-generic"]
    assert digits[0] is None or digits[0] < 4


@pytest.mark.parametrize("function", EXPECTATIONS)
def test_a_wrong_factor_is_caught(function: str) -> None:
    parts = {
        f: getattr(sampled, f) for f in (*EXPECTATIONS, "psi", "samples", "max_d", "max_norm")
    }
    right = parts[function]

    def wrong(*arguments: Any) -> Any:
        return right(*arguments) * 2.0

    core = types.SimpleNamespace(**{**parts, function: wrong})
    (result,) = run(core, only=f"{function}-generic").results
    assert result.status == "failed"


@pytest.mark.parametrize("check", ["overlaps-one-component", "overlaps-generic"])
def test_a_bias_is_seen_where_the_posteriors_vary_little(check: str) -> None:
    """5 %, with 20,000 samples: several standard deviations, or a variance of nothing."""

    def wrong(means: Any, weights: Any) -> Any:
        return 1.05 * sampled.overlaps(means, weights)

    core = types.SimpleNamespace(samples=sampled.samples, max_d=6, max_norm=10.0, overlaps=wrong)
    (result,) = run(core, only=check).results
    assert result.status == "failed"


def test_the_deviation_covers_averages_of_overlaps() -> None:
    """300 averages of 400 samples each: none is outside what is allowed."""
    case = Case([[-1.0, 0.5], [0.25, 1.0], [2.0, 0.0]], [0.2, 0.3, 0.5], 0)
    core = types.SimpleNamespace(samples=400, overlaps=sampled.overlaps)
    truth = Truth(case)
    allowed = chance(as_core(core), truth, "overlaps")
    for seed in range(300):
        x = np.random.default_rng(seed).normal(size=(400, 2))
        found = sampled.psi(x, case.means, case.weights)
        assert np.all(np.abs(found.T @ found / 400 - truth.overlaps.mid) <= allowed)


def test_the_deviation_covers_both_estimators_of_the_gradient() -> None:
    """400 averages of 2,000 samples each: none is outside what is allowed, both estimators are
    far from the bound and not lazily far."""
    case = Case([[1.0, -0.5], [0.0, 2.0], [-1.0, 0.0]], [0.5, 0.3, 0.2], 0)
    truth, rng = Truth(case), np.random.default_rng(3)
    core = types.SimpleNamespace(gradient=sampled.gradient, samples=2000)
    room = chance(as_core(core), truth, "gradient")
    worst = 0.0
    for _ in range(400):
        x = rng.normal(size=(2000, case.d))
        psi = sampled.psi(x, case.means, case.weights)
        pulled = psi.mean(axis=0)[:, None] * case.means - psi.T @ x / 2000
        direct = psi.T @ (psi @ case.means) / 2000
        for found in (pulled, direct):
            worst = max(worst, float(np.max(np.abs(found - truth.gradient.mid) / room)))
    assert 0.1 < worst < 1


def test_fewer_numbers_are_compared_than_the_bound_counts_on() -> None:
    total = 0
    for check in all_checks().values():
        d, n = LARGE_D + 3 if check.domain == "high-d" else 12, 12
        entries = n * d if {"gradient", "em_step"} & {*check.functions} else n * n
        if check.domain == "combined":  # psi is not random
            drawn = combined.cases(Room(), check.points, 0, False)
            total += sum(c.n * max(c.n, c.d) * c.how.calls for c in drawn)
        else:
            total += check.points * entries
    assert total < COMPARISONS / 2


def test_psi_by_chance_beside_a_log_density() -> None:
    """Frequencies of components, among as many as are declared."""
    rng, samples = np.random.default_rng(0), 10_000

    def psi(*arguments: Any) -> Any:
        return rng.multinomial(samples, plain.psi(*arguments)) / samples

    core = types.SimpleNamespace(psi=psi, log_prob=plain.log_prob, samples={"psi": samples})
    report = run(core, only="psi-offset", seed=0, quick=True)
    assert report.passed, report.failures()
