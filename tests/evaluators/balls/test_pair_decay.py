"""The gradient of two opposite far means: H encloses F, and falls as its derivative says."""

from __future__ import annotations

import pytest
from flint import arb

from gembounds.dynamics.pair.decay import PairDecay
from gembounds.dynamics.pair.force import pair_force
from gembounds.dynamics.pair.passage import Passage
from gembounds.values.precision import working_precision

CASES = [(3, 10), (3, 12), (4, 17), (12, 10), (1000, 11), (1000, 40)]


@pytest.mark.parametrize(("n", "a"), CASES)
def test_the_force_is_that_of_the_grid_over_all_logits(n: int, a: int) -> None:
    with working_precision(128):
        found = PairDecay(n).force(arb(a))
        grid = pair_force(arb(a), n, 60, 2**16)
        assert found.overlaps(grid)
        assert found.rad() < found * 1e-12
        assert grid.rad() < grid * 1e-12


def test_one_ball_encloses_all_its_distances() -> None:
    with working_precision(128):
        decay, wide = PairDecay(5), arb(11).union(arb(12))
        values = [decay.force(arb(11) + arb(k) / 8) for k in range(9)]
        assert all(decay.force(wide).contains(value) for value in values)


@pytest.mark.parametrize("n", [3, 1000])
def test_H_and_F_differ_by_less_than_the_shortfall(n: int) -> None:
    with working_precision(400):
        decay, a = PairDecay(n), arb(2)
        most = decay.ceiling(a)
        grid = pair_force(a, n, 200, 2**16)  # at a = 2 the opposite mean's term is seen
        assert grid < most
        assert (1 - grid / most) <= decay.shortfall(a, a)


@pytest.mark.parametrize("n", [3, 30, 1000])
def test_the_bound_of_the_derivative_holds(n: int) -> None:
    with working_precision(256):
        decay, a, h = PairDecay(n), arb(10), arb(1) / 100
        slope = (decay.ceiling(a + h) / decay.ceiling(a)).log() / h
        log = arb(n - 2).log()
        bound = ((log + 2) ** 2 + arb.pi() ** 2 - 4) / a**3 - a / 4
        assert slope < bound < 0
        assert decay.falls_beyond(a)
        assert not decay.falls_beyond(arb(2))


@pytest.mark.parametrize(("n", "low", "high"), [(3, 10, 12), (1000, 10, 12), (5, 100, 120)])
def test_the_passage_is_the_integral_of_one_over_H(n: int, low: int, high: int) -> None:
    with working_precision(128):
        decay = PairDecay(n)
        time = Passage(decay, arb(low), arb(high), 1e-4).time
        assert time.rad() < time * 1e-4
        # Simpson's rule for int exp(-s) (1/H)(high - s) ds shows four digits and more
        steps, width = 400, min(high - low, 200 / high)
        h = arb(width) / steps
        values = [1 / decay.ceiling(high - h * k) for k in range(steps + 1)]
        inner = 4 * sum(values[1:-1:2], arb(0)) + 2 * sum(values[2:-1:2], arb(0))
        simpson = h / 3 * (values[0] + inner + values[-1])
        assert abs(simpson / time - 1) < 2e-4


def test_integrals_from_cells_enclose_those_integrated_anew() -> None:
    with working_precision(128):
        decay = PairDecay(1000)
        passage = Passage(decay, arb(10), arb(12), 1e-3)
        for k in range(41):
            a = arb(10) + arb(k) / 20
            assert passage.integral(a).contains(decay.integral(a))
            wide = a.union(a + arb(1) / 7)
            assert passage.integral(wide).contains(decay.integral(a + arb(1) / 14))
