"""Two against two: the step and the runs against quadrature, moved constants, ends of domains."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath as mp
import pytest
from flint import arb

from gembounds import em
from gembounds.evaluators.balls.radial import ball as exact_ball
from gembounds.papers.daskalakis_tzamos_zampetakis_2017 import arithmetic
from gembounds.papers.daskalakis_tzamos_zampetakis_2017.pairs import pair
from gembounds.points.point import Point
from gembounds.statements import library
from gembounds.statements.decide import decide
from gembounds.values.mixture import Mixture
from gembounds.values.precision import working_precision

PAPER = library.collection("daskalakis-tzamos-zampetakis-2017")


def step(start: Any, mu: Any) -> Any:
    """E[x tanh(lambda x)], x ~ N(mu, 1), as it is defined."""
    places = sorted({-11, 11, *range(-10, 11, 2), float(-mu)})
    return mp.quad(lambda z: (z + mu) * mp.tanh(start * (z + mu)) * mp.npdf(z), places)


def outcome(claim_id: str, point: Point, **constants: Any) -> str:
    moved = {name: Fraction(x) for name, x in constants.items()}
    return decide(PAPER[claim_id].with_constants(**moved), point).outcome


@pytest.mark.parametrize("mu", ["1/2", "1", "11/4"])
def test_runs_from_infinity_against_quadrature(mu: str) -> None:
    with mp.workdps(30):
        true = mp.mpf(Fraction(mu).numerator) / Fraction(mu).denominator
        value = mp.quad(lambda z: abs(z + true) * mp.npdf(z), [-12, -6, -true, 6, 12])
        for t in range(1, 3):
            with working_precision(80):
                found = arithmetic.error_after(Fraction(mu), t)
            assert abs(mp.mpf(found.mid().str(25, radius=False)) * true + true - value) < 1e-18
            assert found.rad() < 1e-18
            value = step(value, true)


def test_the_step_is_that_of_em_over_the_data() -> None:
    point = pair("3/4", 2)
    found = em.maximization_step(point.mix, data=point.data)
    wanted = float(step(mp.mpf("0.75"), mp.mpf(2)))
    assert found.lower[0, 0] <= wanted + 1e-12 and wanted - 1e-12 <= found.upper[0, 0]


@pytest.mark.parametrize("m", ["0", "1/3", "2", "9"])
def test_means_of_sech(m: str) -> None:
    x = mp.mpf(Fraction(m).numerator) / Fraction(m).denominator
    with working_precision(80):
        found = arithmetic.sech_means(Fraction(m))
    for k, ball in zip((0, 2), found, strict=True):
        wanted = 2 * mp.quad(lambda z, k=k: z**k * mp.sech(x * z) * mp.npdf(z), [0, 0.2, 1, 4, 13])
        assert float(ball.mid()) == pytest.approx(float(wanted), rel=1e-10)
        assert ball.rad() < 1e-18


def test_a_slope_out_of_reach_has_trivial_bounds() -> None:
    with working_precision(64):
        found = arithmetic.sech_means(Fraction(10**9))
        assert all(x.contains(0) and x.contains(1) and x.rad() < 0.51 for x in found)
        assert -1e-300 < arithmetic.error_after(10**9, 3) < 1e-300


@pytest.mark.parametrize("steps", [1, 3, 10])
def test_thresholds_are_between_their_ends(steps: int) -> None:
    low, high = arithmetic.threshold(steps, Fraction(1, 100), bits=20)
    assert 0 < high - low <= Fraction(1, 2**20)
    with working_precision(64):
        assert arithmetic.error_after(low, steps) > 0.01 > arithmetic.error_after(high, steps)
    if steps == 10:
        assert low < Fraction(48719, 100000) and high > Fraction(48717, 100000)


def test_an_end_that_is_undecided_is_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is 1/3 just above mu = 1, where that is not told from 1/3."""
    crossing, wanted = 1 + Fraction(1, 2**30), Fraction(1, 3)

    def error(mu: Any, _steps: int) -> Any:
        wide = Fraction(1, 2**29) if mu == 1 else 0
        return exact_ball(wanted * crossing / mu) + arb(0, 1) * exact_ball(wide)

    monkeypatch.setattr(arithmetic, "error_after", error)
    low, high = arithmetic.threshold(-1, wanted)
    assert low < crossing < high


BESIDE = pair([8, 0], [8, Fraction(1, 2**20)])
ABOVE = pair(Fraction(8001, 1000), 8)
LESS = pair("1/4", "1/2")

MOVED = [
    ("contraction-line", ABOVE, {"half": "1/2"}, {"half": "7/10"}),
    ("contraction", BESIDE, {"half": "1/2"}, {"half": "6/10"}),
    ("contraction-line-sharpened", pair(6 + Fraction(1, 2**20), 6), {"inner": "47/100"},
     {"inner": "1/2"}),
    ("contraction-sharpened", pair([6, 0], [6, Fraction(1, 2**10)]), {"inner": "63/100"},
     {"inner": "2/3"}),
    ("ten-steps", Point(None, {"mu": Fraction(1, 2)}), {"error": "1/120"}, {"error": "1/121"}),
    ("ten-steps-sharpened", Point(None, {"more": Fraction(0)}), {"least": "48719/100000"},
     {"least": "48717/100000"}),
]  # fmt: skip


@pytest.mark.parametrize(("claim_id", "point", "holds", "fails"), MOVED)
def test_moved_constants(claim_id: str, point: Point, holds: Any, fails: Any) -> None:
    assert outcome(claim_id, point, **holds) == "holds"
    assert outcome(claim_id, point, **fails) == "refuted"


def test_best_factors_are_met() -> None:
    """On a line as lambda tends to mu; in the plane where lambda is mu's projection."""
    close = pair(1 + Fraction(1, 2**25), 1)
    beside = pair([1 + Fraction(1, 2**20), 0], [1, 3])
    for claim_id, point in (("contraction-line-best", close), ("contraction-best", beside)):
        found = decide(PAPER[claim_id], point)
        (left, right) = found.pairs[0]
        assert found.outcome == "holds"
        assert abs(float(left / right) - 1) < 1e-5


def test_fixed_points_and_points_outside() -> None:
    for claim_id in ("contraction", "contraction-line"):
        assert outcome(claim_id, pair("3/2", "3/2")) == "holds"  # 0 <= 0, exactly
    assert outcome("contraction", pair([1, 0], [-1, 1])) == "outside"
    assert outcome("contraction", pair([0, 0], [1, 1])) == "outside"
    assert outcome("contraction-line", pair(1, -1)) == "outside"
    assert outcome("contraction", Point(Mixture([[1], [-1]]))) == "outside"
    uneven = Point(Mixture([[1], [-1]], ["1/3", "2/3"]), {}, LESS.data)
    assert outcome("contraction", uneven) == "outside"
    assert outcome("factor", pair([1, 0], [0, 1])) == "outside"
    assert outcome("factor-line", pair(2, 1)) == "outside"
    assert outcome("ten-steps", Point(None, {"mu": Fraction(49, 100)})) == "outside"
