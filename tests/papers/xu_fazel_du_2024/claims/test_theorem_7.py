"""Theorem 7: the trajectory against steps that are run, bounds shaved past the witness."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import mpmath as mp
import pytest
from flint import arb

from gembounds.dynamics.pair.force import pair_force, pair_force_bound
from gembounds.papers.xu_fazel_du_2024.arithmetic.trapped import trajectory
from gembounds.points.point import Point, repeated
from gembounds.referee.search import draw, search
from gembounds.statements import SEVERAL, library
from gembounds.statements.decide import decide
from gembounds.statements.operations import LADDER, Operations
from gembounds.values.precision import working_precision


def at(d: int = 1, n: int = 3, eta: Any = 1, t: int = 0) -> Point:
    return Point(parameters={"d": d, "n": n, "eta": Fraction(eta), "t": t})


def outcome(claim_id: str, point: Point, **constants: Fraction) -> str:
    return decide(library.get(claim_id).with_constants(**constants), point).outcome


def literal_force(a: Any, n: int) -> Any:
    """a E[psi_1 (psi_1 - psi_2)] by quadrature, on panels shorter than the distance pi/a of the
    poles (mpmath.quad is wrong in the fifth digit on long ones)."""

    def integrand(y: Any) -> Any:
        one, two = mp.exp(a * y - a * a / 2), mp.exp(-a * y - a * a / 2)
        total = one + two + (n - 2)
        return one * (one - two) / total**2 * mp.npdf(y)

    top = 10 + a + mp.log(n - 1) / a
    panels = mp.linspace(-2, top, int(a * top))
    return a * mp.quad(integrand, panels, maxdegree=4, method="gauss-legendre")


CASES = [(10, 3), (12, 3), (12, 4), (11, 1000), (24, 7), (12, 10**40)]


@pytest.mark.parametrize(("a", "n"), CASES)
def test_the_force_agrees_with_quadrature(a: int, n: int) -> None:
    with mp.workdps(25), working_precision(96):
        expected = literal_force(mp.mpf(a), n)
        found = pair_force(arb(a), n, 64, 2**17)
        assert found.rel_accuracy_bits() > 40
        low, high = (mp.mpf(x.mid().str(40, radius=False)) for x in (found.lower(), found.upper()))
        assert low * (1 - mp.mpf(10) ** -12) <= expected <= high * (1 + mp.mpf(10) ** -12)
        assert found <= pair_force_bound(arb(a), arb(a))


def test_the_force_over_an_interval_contains_it_at_every_point() -> None:
    with working_precision(96):
        whole = pair_force(arb("11.999 +/- 0.001"), 3, 64, 2**17)
        for a in ("11.9981", "11.999", "12"):
            assert whole.contains(pair_force(arb(a), 3, 64, 2**17))


def test_the_trajectory_contains_three_steps_that_are_run() -> None:
    with mp.workdps(30):
        eta = mp.mpf(3) / 100
        a = mp.mpf(12)
        for _ in range(3):
            a -= eta * literal_force(a, 3)
        ops = Operations(LADDER[1])
        with ops.precision():
            found, _ = trajectory(ops, at(eta=Fraction(3, 100), t=3), Fraction(9, 100))
            fallen = mp.mpf(((12 - found).mid()).str(25, radius=False))
            assert abs(fallen / (12 - a) - 1) < 1e-6
            assert found.rad() < 1e-12


def test_the_last_step_of_all_is_inside_and_the_next_outside() -> None:
    eta, last = Fraction(1, 1000), 90  # exp(1)/30 = 0.0906
    for claim_id in ("theorem-7", "eq-41", "eq-41prime"):
        assert outcome(claim_id, at(eta=eta, t=last)) == "holds"
        assert outcome(claim_id, at(eta=eta, t=last + 1)) == "outside"
    assert outcome("theorem-7", at(n=2)) == "outside"
    assert outcome("theorem-7", at(d=100, n=10**300, eta=10**30, t=10**10)) == "holds"


def test_bounds_past_the_witness_are_refuted() -> None:
    point = at(eta=Fraction(9, 100), t=1)
    with mp.workdps(30):
        ratio = literal_force(mp.mpf(12), 3) * mp.e
        close = Fraction(str(ratio))
    for claim_id in ("eq-41", "eq-41prime"):
        assert outcome(claim_id, point, factor=close * Fraction(1001, 1000)) == "holds"
        assert outcome(claim_id, point, factor=close * Fraction(999, 1000)) == "refuted"
    assert outcome("theorem-7", point, kept=Fraction(11999, 1000)) == "holds"
    assert outcome("theorem-7", point, kept=Fraction(12001, 1000)) == "refuted"


def test_eq_40_notices_a_state_that_is_not_symmetric() -> None:
    claim = library.get("eq-40")
    good = Point(repeated([[12, -12, 0, 0]], [4]))
    assert decide(claim, good).outcome == "consistent"
    for wrong in (Point(repeated([[12, -11, 0, 0]], [4])), Point(repeated([[9, -9, 0]], [1]))):
        assert decide(claim, wrong).outcome == "outside"
    anywhere = replace(claim, over=SEVERAL)
    assert decide(anywhere, Point(repeated([[12, -11, 0, 0]], [1]))).outcome == "refuted"


def test_the_generator_reaches_the_ends() -> None:
    seen: list[Point] = []
    draw(library.get("theorem-7"), 150, 5, seen.append)
    ends = 0
    with Operations(LADDER[1]).precision():
        for p in seen:
            done = 30 * p["eta"] * p["t"]
            ends += bool(arb(done.numerator) / done.denominator > arb(p["d"]).exp() * 0.99)
    assert ends > 10
    assert any(p["t"] == 0 for p in seen)
    assert max(p["d"] for p in seen) >= 90
    assert min(p["n"] for p in seen) == 3
    found = search(library.get("theorem-7"), 30, 5)
    assert found.outcomes == {"holds": 30}
