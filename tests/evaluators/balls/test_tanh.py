"""E tanh and E sech^2 of a normal variable in balls: against mpmath, at points and over radii."""

from __future__ import annotations

import random
from fractions import Fraction

import mpmath as mp
import pytest
from flint import arb

from gembounds.evaluators.balls.tanh import tanh_means
from gembounds.values.precision import working_precision

PLACES = [(0.0, 1.0), (0.5, 3.0), (-2.0, 0.3), (3.0, 8.0), (0.0, 1e-6), (0.25, 0.0), (20.0, 9.0)]


def quadrature(a: float, b: float) -> tuple[mp.mpf, mp.mpf]:
    """Gauss-Legendre between places that narrow around the steep part."""
    with mp.workdps(36):
        steep = -a / b if b else 0.0
        width = min(1.0, 1 / abs(b)) if b else 1.0
        ends = {-14.0, 14.0, *(x for k in range(-8, 9) if abs(x := steep + k * width) < 14)}
        ends |= {float(k) for k in range(-12, 13, 3)}
        path = sorted(ends)
        first = mp.quad(lambda z: mp.tanh(a + b * z) * mp.npdf(z), path)
        second = mp.quad(lambda z: mp.sech(a + b * z) ** 2 * mp.npdf(z), path)
        return first, second


@pytest.mark.parametrize("bits", [53, 128])
@pytest.mark.parametrize(("a", "b"), PLACES)
def test_contains_the_value_and_is_narrow(a: float, b: float, bits: int) -> None:
    with working_precision(bits):
        found = tanh_means(Fraction(a), Fraction(b))
    for ball, value in zip(found, quadrature(a, b), strict=True):
        with working_precision(200):
            wanted = arb(mp.nstr(value, 34)) + arb(0, 1e-30)
            assert ball.overlaps(wanted)
        assert ball.rad() < 2.0 ** (14 - bits)


def test_radii_of_the_arguments_are_in_the_result() -> None:
    rng = random.Random(3)
    for _ in range(20):
        a, b, r, s = rng.uniform(-3, 3), rng.uniform(0, 4), rng.random() / 4, rng.random() / 4
        with working_precision(64):
            wide = tanh_means(arb(a, r), arb(b, s))
            for x in (-1, 1):
                for y in (-1, 1):
                    inner = tanh_means(Fraction(a + x * r), Fraction(b + y * s))
                    for outer, ball in zip(wide, inner, strict=True):
                        assert outer.contains(ball.mid()) or outer.overlaps(ball)


def test_a_slope_out_of_reach_has_trivial_bounds() -> None:
    with working_precision(64):
        mean, square = tanh_means(Fraction(1), Fraction(10**9))
    assert mean.contains(0) and mean.rad() <= 1.001 and square.contains(Fraction(1, 2).numerator)
