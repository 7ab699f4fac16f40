"""What a failing case is made smaller to: inside the check's domain, and with the x that fails."""

from __future__ import annotations

import types
from typing import Any

import numpy as np
import pytest

from gembounds.conform import run
from gembounds.conform.case import Case
from gembounds.conform.domains import DOMAINS, cases
from gembounds.conform.membership import INSIDE, contains
from tests.conform import plain
from tests.conform.wrong_core import right


def changed(**functions: Any) -> types.SimpleNamespace:
    names = ("psi", "loss", "gradient", "em_step", "rtol", "max_rank", "max_norm")
    return types.SimpleNamespace(**{n: getattr(right, n) for n in names} | functions)


@pytest.mark.parametrize("name", [d.name for d in DOMAINS if d.name in INSIDE])
def test_what_is_drawn_is_inside(name: str) -> None:
    for seed in (0, 1):
        assert all(contains(name, case) for case in cases(name, 30, seed))


@pytest.mark.parametrize("domain", ["many", "repeated", "high-d", "tiny-weights", "generic"])
def test_the_smallest_point_is_inside(domain: str) -> None:
    """A core that is wrong everywhere."""
    core = changed(psi=lambda x, m, w: 0.5 * right.psi(x, m, w))
    (found,) = run(core, only=f"psi-{domain}", small=True).results
    assert found.status == "failed" and found.worst_point is not None
    assert contains(domain, Case.from_json(found.worst_point))


def test_the_x_that_fails_is_shown_and_fails_again() -> None:
    def wrong(x: Any, means: Any, weights: Any) -> Any:
        found = right.psi(x, means, weights)
        return np.where(np.linalg.norm(x, axis=1)[:, None] > 2, np.nan, found)

    (found,) = run(changed(psi=wrong), only="psi-generic", small=True).results
    point = found.worst_point
    assert point is not None and len(point["x"]) == 1 and np.linalg.norm(point["x"][0]) > 2
    assert f"at x = {point['x'][0]}" in found.message
    (again,) = run(changed(psi=wrong), only="psi-generic", at=point).results
    assert again.status == "failed" and "is nan" in again.message


def test_the_number_of_rows_that_fails_is_shown() -> None:
    def wrong(x: Any, means: Any, weights: Any) -> Any:
        return right.psi(x, means, weights) * (1.001 if len(x) > 5000 else 1)

    (found,) = run(changed(psi=wrong), only="psi-places", points=60, small=True).results
    point = found.worst_point
    assert point is not None and point["rows"] > 5000 and len(point["x"]) == 1


def test_the_step_that_fails_is_shown() -> None:
    def wrong(means: Any, weights: Any, eta: float) -> Any:
        return plain.em_step(means, weights, eta if eta <= 1 else 1.0)

    core = types.SimpleNamespace(em_step=wrong, max_rank=1, max_norm=10.0, min_weight=1e-6)
    (found,) = run(core, only="em_step-combined", points=60, small=True).results
    point = found.worst_point
    assert point is not None and point["eta"] == 2 and len(point["weights"]) <= 2


def test_failures_of_one_cause_are_one_entry() -> None:
    core = changed(psi=lambda x, m, w: np.full((len(x), len(w)), np.nan))
    report = run(core, only=["psi-*"], quick=True, small=True)
    count = sum(r.status == "failed" for r in report.results)
    assert count > 10
    said = report.failures()
    assert f"{count} checks fail alike: psi[0, 0] is nan: expected a finite number" in said
    assert said.count("reproduce: ") == 1
    assert all(r.id in said for r in report.bad)


def test_failures_of_other_causes_are_other_entries() -> None:
    core = changed(psi=lambda x, m, w: 0.5 * right.psi(x, m, w),
                   loss=lambda m, w: 2 * right.loss(m, w))  # fmt: skip
    report = run(core, only=["psi-generic", "loss-generic"], quick=True)
    assert "alike" not in report.failures() and report.failures().count("reproduce: ") == 2
