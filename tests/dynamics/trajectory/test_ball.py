"""Trajectories in balls: bits asked for are had, and raised where they run out."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import gembounds as gb
from gembounds import em
from gembounds.dynamics.trajectory import ball_engine
from gembounds.dynamics.trajectory.ball_step import nearest_fraction, quotient
from gembounds.dynamics.trajectory.settings import Settings

MIX = gb.Mixture([[1.0, "1/3"], [-0.5, 1.0], [0.25, -1.5]], ["1/2", "1/3", "1/6"])


def test_one_step_is_the_step() -> None:
    run = em.trajectory(MIX, "7/10", 1, evaluator="arb", bits=60)
    one = em.step(MIX, "7/10", evaluator="arb", bits=200)
    assert one.balls is not None
    for ball, exact in zip(run.balls[1].ravel(), one.balls.ravel(), strict=True):
        assert ball.contains(exact) and ball.rad() < 2.0**-60


@pytest.mark.parametrize("kind", ["gradient", "em"])
def test_fewer_bits_contain_more(kind: str) -> None:
    coarse, fine = (
        em.trajectory(MIX, steps=6, evaluator="arb", bits=b, kind=kind) for b in (30, 90)
    )
    for a, b in zip(coarse.balls.ravel(), fine.balls.ravel(), strict=True):
        assert a.contains(b) and a.rad() <= 2.0**-29
    for name in ("loss", "U", "mu_max", "gradient_norm", "parametric_distance"):
        wide, narrow = getattr(coarse, name), getattr(fine, name)
        assert np.all((wide.lower <= narrow.lower) & (narrow.upper <= wide.upper))


def test_bits_are_raised_where_the_radius_widens(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no guard bits the bits asked for run out at the first steps."""
    monkeypatch.setattr(ball_engine, "GUARD", 1)
    run = em.trajectory(MIX, "7/10", 5, evaluator="arb", bits=40)
    assert max(b.rad() for b in run.balls.ravel()) < 2.0**-39
    more = em.trajectory(MIX, "7/10", 5, evaluator="arb", bits=100)
    for a, b in zip(run.balls.ravel(), more.balls.ravel(), strict=True):
        assert a.contains(b)


def test_rounding_is_odd_and_to_nearest() -> None:
    for a in range(-30, 31):
        for b in (1, 2, 3, 4, 7):
            assert quotient(a, b) == -quotient(-a, b)
            assert abs(Fraction(a, b) - quotient(a, b)) <= Fraction(1, 2)
    assert nearest_fraction(Fraction(-1, 3), 4) == -5


def test_no_bits_are_added_where_the_growth_is_not_bounded_at_all() -> None:
    """The float64 Hessian of a component of weight 1e-11 has no bound however near the state."""
    shares = [10**6, 10**6, 10**9, 1, 10**11, 10**6]
    third = Fraction("1/10")  # rounded at the start
    rows: list[list[object]] = [
        ["3/2", 4],
        [0, 0],
        ["-3/2", -4],
        ["-2/3", -2],
        ["-3/2", -4],
        [0, "-2/3"],
    ]
    mix = gb.Mixture([[*row, third] for row in rows], [Fraction(x, sum(shares)) for x in shares])
    settings = Settings.of(mix, None, 1, evaluator="arb", kind="em", bits=64, rtol=None,
                           gradient_rtol=None, stop=None)  # fmt: skip
    engine = ball_engine.BallEngine(settings)
    engine.begin()
    engine.advance(settings.sizes[0])
    assert engine.distance == np.inf and engine.guard == ball_engine.GUARD
