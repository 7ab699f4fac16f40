"""Lemma 17 and its steps: sides against mpmath, ends of the domain, and constants that matter."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import pytest
from flint import arb

from gembounds.evaluators.balls.radial import norm_moment
from gembounds.papers.xu_fazel_du_2024.arithmetic.radial_integrals import (
    exp_norm_derivative,
    inner_moment,
    mean_norm,
    unit_ball_volume,
)
from gembounds.points.point import Point
from gembounds.statements import library
from gembounds.statements.decide import decide
from gembounds.tools.errors import InputError
from gembounds.values.precision import working_precision

IDS = [c.id for c in library.select(
    ["lemma-17", "eq-9", "eq-10a", "eq-10b", "eq-10c", "eq-10d", "eq-11a", "eq-11b"]
)]  # fmt: skip


def near(value: Any, reference: Any) -> bool:
    with working_precision(80):
        return bool(abs(value - arb(str(reference))) < arb(str(abs(reference))) * 1e-15)


@pytest.mark.parametrize("d", [1, 2, 7, 40])
def test_sides_against_quadrature_of_the_density(d: int) -> None:
    c = Fraction(1, 3 * d)
    with mpmath.workdps(25), working_precision(90):
        rate = mpmath.mpf(1) / (3 * d)
        sphere = 2 * mpmath.pi ** (mpmath.mpf(d) / 2) / mpmath.gamma(mpmath.mpf(d) / 2)
        scale = sphere * (2 * mpmath.pi) ** (-mpmath.mpf(d) / 2)

        def f(r: Any) -> Any:
            return r**d * mpmath.exp(rate * r - r * r / 2)

        top = mpmath.sqrt(d)
        pieces = [0, top / 2, top, top + 3, top + 30]
        assert near(inner_moment(c, d), scale * mpmath.quad(f, [0, 1]))
        assert near(exp_norm_derivative(c, d), scale * mpmath.quad(f, pieces))
        assert near(unit_ball_volume(d), sphere / d)
        gammas = mpmath.gamma(mpmath.mpf(d + 1) / 2) / mpmath.gamma(mpmath.mpf(d) / 2)
        assert near(mean_norm(d), mpmath.sqrt(2) * gammas)


def test_the_quadrature_of_the_mean_norm_in_a_thousand_dimensions() -> None:
    with working_precision(80):
        assert mean_norm(1000).overlaps(norm_moment(1, 1000))
        assert mean_norm(1000).rel_accuracy_bits() > 60


def test_bad_arguments_are_named() -> None:
    with pytest.raises(InputError, match="d is 0"):
        mean_norm(0)
    with pytest.raises(InputError, match="c is -"):
        inner_moment(-1, 2)


def at(d: int, c: Fraction, xi: Fraction, r: Fraction) -> Point:
    return Point(parameters={"d": d, "c": c, "xi": xi, "r": r})


@pytest.mark.parametrize("claim_id", IDS)
@pytest.mark.parametrize("d", [1, 2, 3, 12, 13, 1000])
def test_every_step_is_decided_at_both_ends_of_its_intervals(claim_id: str, d: int) -> None:
    claim = library.get(claim_id)
    ends = [(Fraction(1, 3 * d), Fraction(1)), (Fraction(1, 10**15 * d), Fraction(0))]
    for c, share in ends:
        for r in (Fraction(1), Fraction(10**6)):
            assert decide(claim, at(d, c, share * c, r)).outcome in ("holds", "consistent")


@pytest.mark.parametrize("claim_id", IDS)
def test_outside_is_outside(claim_id: str) -> None:
    point = at(0, Fraction(1), Fraction(2), Fraction(0))
    assert decide(library.get(claim_id), point).outcome == "outside"


def test_volumes_above_one_are_paid_by_slack() -> None:
    with working_precision(64):
        assert [d for d in range(1, 20) if unit_ball_volume(d) > 1] == list(range(1, 13))


@pytest.mark.parametrize(
    ("claim_id", "constants"),
    [
        ("lemma-17", {"factor": Fraction(97, 100)}),
        ("eq-10c.1", {"rate": Fraction(3003, 1000)}),
        ("eq-10c.2", {"rate": Fraction(2664, 1000)}),
        ("eq-10d.3", {"factor": Fraction(3188, 1000)}),
        ("eq-10d.4", {"factor": Fraction(3996, 1000)}),
        ("eq-11b", {"total": Fraction(4556, 1000)}),
    ],
)
def test_a_constant_moved_past_its_sharp_value_is_refuted(
    claim_id: str, constants: dict[str, Fraction]
) -> None:
    claim = library.get(claim_id)
    point = at(1, Fraction(1, 3), Fraction(0), Fraction(1))
    assert decide(claim, point).outcome == "holds"
    assert decide(claim.with_constants(**constants), point).outcome == "refuted"
