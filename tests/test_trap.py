"""Theorem 7's trap: the steps that are run fall inside the bounds, which are within 1 %."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb

import gembounds as gb
from gembounds import trap
from gembounds.dynamics.pair.decay import PairDecay
from gembounds.dynamics.pair.force import pair_force
from gembounds.tools.errors import InputError
from gembounds.trap import trapped_steps
from gembounds.values.precision import working_precision


def steps_of_the_mixture(d: int, n: int, eta: float) -> int:
    """Gradient EM itself, from (12, ..., 12), whose norm is 12 sqrt(d)."""
    a, t = 12.0, 0
    while abs(a) >= 10 and t < 100:
        means = np.zeros((n, d))
        means[0], means[1] = a, -a
        a -= eta * float(gb.gradient(gb.Mixture(means), evaluator="arb", bits=40).mid[0, 0])
        t += 1
    return t


@pytest.mark.parametrize(
    ("d", "n", "eta"),
    [(1, 3, "1e6"), (1, 3, "1e7"), (1, 3, "1e8"), (1, 7, "5e6"), (2, 4, "3e14"), (3, 3, "1e22")],
)
def test_the_trajectory_confirms_the_count(d: int, n: int, eta: str) -> None:
    found = trapped_steps(d, n, eta)
    count = steps_of_the_mixture(d, n, float(eta))
    assert found.steps == count
    assert found.log10_steps_upper is not None
    assert found.log10_steps_lower <= math.log10(count) <= found.log10_steps_upper


@pytest.mark.parametrize(("d", "n", "eta"), [(1, 3, "2e3"), (1, 1000, "1e5"), (2, 5, "2e11")])
def test_long_runs_fall_inside_the_envelopes(
    d: int, n: int, eta: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds = trapped_steps(d, n, eta)
    assert bounds.method == trap.ENVELOPES and bounds.log10_steps_upper is not None
    monkeypatch.setattr(trap, "SLACK_SHARE", 10**9)
    run = trapped_steps(d, n, eta)
    assert run.method == trap.STEPS and run.log10_steps_upper is not None
    assert bounds.log10_steps_lower <= run.log10_steps_lower
    assert run.log10_steps_upper <= bounds.log10_steps_upper


@pytest.mark.parametrize("d", [1, 2, 3, 7, 20, 55, 100])
@pytest.mark.parametrize("n", [3, 4, 31, 1000])
@pytest.mark.parametrize("eta", ["0.7", "1e-9", "123"])
def test_the_bounds_are_within_one_per_cent_and_far_above_the_paper(
    d: int, n: int, eta: str
) -> None:
    found = trapped_steps(d, n, eta)
    assert found.log10_steps_upper is not None
    assert 0 <= found.log10_steps_upper - found.log10_steps_lower < math.log10(1.01)
    paper = (d - math.log(30 * float(Fraction(eta)))) / math.log(10)
    assert found.log10_paper == pytest.approx(paper, rel=1e-12, abs=1e-12)
    assert found.log10_steps_lower > found.log10_paper + 7 * d


@pytest.mark.parametrize("eta", ["1e3", "3e4", "1e5", "1e6", "1e7", "1e8", "1e9"])
def test_the_bounds_are_within_one_per_cent_where_steps_are_few(eta: str) -> None:
    found = trapped_steps(1, 3, eta)
    assert found.log10_steps_upper is not None
    assert found.log10_steps_upper - found.log10_steps_lower < math.log10(1.01)


def test_an_integral_by_another_evaluator_lies_between() -> None:
    with working_precision(96):
        h = arb(1) / 100
        values = [1 / pair_force(10 + h * k, 6, 40, 2**15) for k in range(201)]
        inner = 4 * sum(values[1:-1:2], arb(0)) + 2 * sum(values[2:-1:2], arb(0))
        simpson = float((h / 3 * (values[0] + inner + values[-1])).mid())
    found = trapped_steps(1, 6, "1/8")
    assert found.log10_steps_upper is not None
    assert found.log10_steps_lower - 1e-6 < math.log10(8 * simpson)
    assert math.log10(8 * simpson) < found.log10_steps_upper + 1e-6


@pytest.mark.parametrize("n", [3, 50])
def test_the_exponent_is_18(n: int) -> None:
    dims = np.arange(60, 101)
    logs = [trapped_steps(int(d), n, 1).log10_steps_lower * math.log(10) for d in dims]
    slope = float(np.polyfit(dims, np.array(logs) + 0.5 * np.log(dims), 1)[0])
    assert slope == pytest.approx(float(trap.EXPONENT), abs=1e-4)
    leading = 18 * 100 + math.log(math.sqrt(8 * (n - 2) / math.pi) / 30)
    assert logs[-1] == pytest.approx(leading, abs=0.02)


def test_eta_is_read_exactly() -> None:
    tenths, third = trapped_steps(4, 3, "0.7"), trapped_steps(4, 3, "1e-400")
    assert tenths.eta == Fraction(7, 10)
    assert third.log10_steps_lower - tenths.log10_steps_lower == pytest.approx(
        400 + math.log10(0.7), abs=1e-4
    )


def test_a_step_across_leaves_no_upper_bound() -> None:
    across = trapped_steps(1, 3, "1e10")  # 12 - 1e10 F(12) is near -80
    assert across.log10_steps_upper is None and across.log10_steps_lower > 0
    beyond = trapped_steps(50, 3, "1e350")
    assert beyond.log10_steps_upper is None and beyond.log10_steps_lower > 30


def test_a_run_says_where_the_balls_do_not_tell() -> None:
    with working_precision(64):
        decay = PairDecay(3)
        start = arb(12, 1e-3)
        first, last = trap.run(decay, arb(10), start, arb(10**7), 20)
        assert last is not None and first <= last
        exact = [trap.run(decay, arb(10), arb(12) + arb(k) / 1000, arb(10**7), 20)
                 for k in (-1, 0, 1)]  # fmt: skip
        assert all(a == b and first <= a <= last for a, b in exact)
        assert trap.run(decay, arb(10), start, arb(10**7), 2) == (2, None)


@pytest.mark.parametrize(
    ("d", "n", "eta", "word"),
    [(0, 3, 1, "d is 0"), (1, 2, 1, "n is 2"), (1, 3, 0, "eta is 0"), (1, 3, "abc", "'abc'"),
     (1, 3, "-1/2", "eta is -1/2"), (1.5, 3, 1, "1.5"), (True, 3, 1, "True"),
     (1, 3, float("nan"), "nan")],
)  # fmt: skip
def test_bad_input(d: Any, n: Any, eta: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        trapped_steps(d, n, eta)
