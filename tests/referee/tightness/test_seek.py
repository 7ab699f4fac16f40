"""The search for the point at which a constant is tightest: what it missed once, it finds."""

from __future__ import annotations

from fractions import Fraction

import pytest

from gembounds.points import moves
from gembounds.points.point import Point
from gembounds.referee.tightness.critical import Constant, with_sense
from gembounds.referee.tightness.seek import FULL, Found, climb, critical_at, drawn_points, seek
from gembounds.statements import library
from gembounds.values.mixture import Mixture


def constant(claim_id: str, name: str) -> Constant:
    claim = library.get(claim_id)
    found = with_sense(claim, name, drawn_points(claim, 24, 0))
    assert found is not None
    return found


def at(means: list[str], weights: list[str] | None = None) -> Point:
    return Point(Mixture([[m] for m in means], weights))


def found(of: Constant, point: Point, name: str = "made") -> Found:
    w = critical_at(of, point)
    assert w is not None
    return Found(w, point, name)


def test_equal_weights_are_parted_where_ties_are_loosened() -> None:
    of = constant("lemma-11-sharpened-exponent", "denominator")
    start = found(of, at(["0", "14"]))
    tied = climb(of, start, 60)
    assert of.value(tied.w) < Fraction(131, 100)
    assert len(set(tied.point.mix.exact_weights)) == 1
    loose = climb(of, tied, 100, ties=False)
    assert of.value(loose.w) > Fraction(165, 100)  # at 0 and 14.2472, e^-0.9971: 1.3437
    assert len(set(loose.point.mix.exact_weights)) == 2


def test_a_start_that_is_a_limit_does_not_shut_out_the_others() -> None:
    # 2 is the limit of tiny means; the best lies beyond a light mean at 1.18, and no limit
    limits = [("limit", at([f"{k}e-6", "0"], ["1e-9", "0.999999999"])) for k in (-1, 1, 2)]
    limits += [(f"limit {k}", at(["0", f"1e-{k}"], ["1e-7", "0.9999999"])) for k in (3, 4, 5)]
    of = constant("lemma-11-sharpened-excess", "factor")
    best = seek(of, [], [*limits, ("light", at(["1", "-0.1"], ["0.1", "0.9"]))], None, FULL)
    assert best is not None and float(of.value(best.w)) < 1.9346


@pytest.mark.parametrize("weights", [None, ["1/2", "1/4", "1/4"]])
def test_single_weights_move_only_where_they_are_tied(weights: list[str] | None) -> None:
    point = at(["0", "1", "2"], weights)
    found = moves.single_weights(point)
    assert [m.name for m in found] == [
        f"weight of {i}" for i in ((0, 1, 2) if weights is None else (1, 2))
    ]
    moved = found[-1].apply(point, 2.0)
    assert moved is not None
    shares = moved.mix.exact_weights
    assert abs(float(shares[2] / shares[1]) - 2) < 1e-4 and sum(shares) == 1
    assert moves.single_weights(Point(parameters={"d": 3})) == []
