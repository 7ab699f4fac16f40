"""The over-specified pair: values, ends of domains, moved constants, and runs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath as mp
import pytest

import gembounds as gb
from gembounds import em
from gembounds.papers.dwivedi_et_al_2020 import arithmetic
from gembounds.points.point import Point
from gembounds.statements import library
from gembounds.statements.decide import decide
from gembounds.statements.operations import LADDER, Operations
from gembounds.tools.errors import InputError
from gembounds.values.mixture import Mixture

PAPER = library.collection("dwivedi-et-al-2020")


def pair(theta: Any, share: Any = "1/2") -> Point:
    return Point(Mixture([[theta], [-Fraction(theta)]], [share, 1 - Fraction(share)]))


def outcome(claim_id: str, point: Point, **constants: Any) -> str:
    moved = {name: Fraction(x) for name, x in constants.items()}
    return decide(PAPER[claim_id].with_constants(**moved), point).outcome


@pytest.mark.parametrize(("theta", "share"), [("1", "1/2"), ("1/3", "9/10"), ("5/2", "1/50")])
def test_the_step_against_its_definition(theta: str, share: str) -> None:
    """E[x (2 w(x) - 1)] by quadrature, w the posterior as it is defined."""
    t, p = mp.mpf(Fraction(theta).numerator) / Fraction(theta).denominator, float(Fraction(share))

    def summand(x: Any) -> Any:
        up, down = p * mp.npdf(x, t), (1 - p) * mp.npdf(x, -t)
        return x * (2 * up / (up + down) - 1) * mp.npdf(x)

    wanted = mp.quad(summand, mp.linspace(-12, 12, 25))
    ops = Operations(LADDER[2])
    with ops.precision():
        for name in ("tied_step", "first_moment"):
            symbol = PAPER["step"].symbols[name]
            found = symbol.of(ops, pair(theta, share))
            assert float(found.mid()) == pytest.approx(abs(float(wanted)), rel=1e-9)


def test_it_is_em_for_equal_weights_and_no_others() -> None:
    for share, same in (("1/2", True), ("4/5", False)):
        point = pair("3/4", share)
        ops = Operations(LADDER[2])
        with ops.precision():
            tied = PAPER["step"].symbols["tied_step"].of(ops, point)
        free = em.maximization_step(point.mix)
        assert (free.lower[0, 0] - 1e-12 <= float(tied.mid()) <= free.upper[0, 0] + 1e-12) == same


MOVED = [
    ("unbalanced", pair("167/100", "391/400"), {"share": "4/5"}, {"share": "5/6"}),
    ("unbalanced-sharpened", pair("1/100", "3/4"), {"share": "1"}, {"share": "1001/1000"}),
    ("balanced-upper", pair("103/50"), {"inner": "77/100"}, {"inner": "78/100"}),
    ("balanced-upper-sharpened", pair("200"), {"growth": "157/100"}, {"growth": "8/5"}),
    ("balanced-lower", pair("1/100"), {"growth": "1"}, {"growth": "99/100"}),
    ("balanced-lower-sharpened", pair("1/100"), {"growth": "2"}, {"growth": "199/100"}),
    ("balanced-share", pair("19/5"), {"share": "9/10"}, {"share": "91/100"}),
]  # fmt: skip


@pytest.mark.parametrize(("claim_id", "point", "holds", "fails"), MOVED)
def test_moved_constants(claim_id: str, point: Point, holds: Any, fails: Any) -> None:
    assert outcome(claim_id, point, **holds) == "holds"
    assert outcome(claim_id, point, **fails) == "refuted"


def test_means_at_0_and_other_mixtures() -> None:
    for claim in PAPER.values():
        if claim.domain.name == "opposite":
            assert decide(claim, pair(0)).outcome in ("holds", "consistent"), claim.id
    assert outcome("unbalanced", Point(Mixture([[1], [-2]]))) == "outside"
    assert outcome("unbalanced", Point(Mixture([[1, 0], [-1, 0], [0, 0]]))) == "outside"
    assert outcome("balanced-upper", pair(1, "1/3")) == "outside"
    assert outcome("unbalanced-sharpened", pair(1, "9/10")) == "outside"


def test_a_run_is_that_of_em() -> None:
    run = em.trajectory(Mixture([[3], [-3]]), steps=6, kind="em")
    ops = Operations(LADDER[2])
    with ops.precision():
        found = PAPER["rate-upper"].symbols["state"].of(ops, Point(), Fraction(3), 6)
    assert float(found.mid()) == pytest.approx(run.means[6][0][0], rel=1e-8)


def test_the_limit_of_the_rate() -> None:
    """t theta_t^2 tends to 1/2: both bounds' ratio stays away from 1, and the lower one is met."""
    ops = Operations(LADDER[1])
    with ops.precision():
        found = PAPER["rate-lower"].symbols["state"].of(ops, Point(), Fraction(1), 60)
        share = float((found * found * (1 + 2 * 60)).mid())
    assert 1 < share < 1.05
    assert outcome("rate-lower", Point(None, {"theta": Fraction(1), "t": 60})) == "holds"


# -- best constants for unequal weights ----------------------------------------------------------
def test_the_cover_shows_what_is_on_record_and_no_more() -> None:
    recorded = PAPER["unbalanced"].best["share"].proof
    assert recorded is not None and recorded.best == Fraction(81, 100)
    assert arithmetic.covered(Fraction(81, 100), Fraction(1, 10))
    assert not arithmetic.covered(Fraction(82, 100), Fraction(1, 10))


def test_best_constants_by_the_weight() -> None:
    for rho in (Fraction(1, 2), Fraction(19, 20)):
        low, high = arithmetic.best_share(rho, Fraction(1, 10))
        a = mp.atanh(float(rho))
        least = min(
            1 - mp.quad(lambda z, x=x, a=a: mp.sech(x * z + a) ** 2 * mp.npdf(z),
                        [-8, -3, -1, 1, 8])
            for x in (0, 1.4, 1.6, 1.8)
        )  # fmt: skip
        assert float(low) <= float(least) / float(rho) ** 2 < float(high) + 0.001
        assert 0 <= float(high) - float(low) < 0.02
        assert float(high) <= 1 + 1e-9


def test_a_box_of_independent_means_is_refused() -> None:
    box = {"means": [[["1/2", "2"]], [["-2", "-1/2"]]], "weights": [["1/4", "3/4"], None]}
    with pytest.raises(InputError, match="the means of a box are independent"):
        gb.prove(PAPER["unbalanced"], box)
