"""The odd part of psi~: balls against integrals by mpmath in other coordinates, and bounds."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import pytest

from gembounds import Mixture
from gembounds.evaluators.balls.rare import rare_mean_square
from gembounds.papers.xu_fazel_du_2024.arithmetic.odd_part import (
    closed_bounds,
    odd_radial,
    odd_square,
)
from gembounds.values.balls import float_ends
from gembounds.values.precision import working_precision

NODES = 2**17


def near(ball: Any, value: Any, width: float = 1e-5) -> bool:
    low, high = float_ends(ball)
    return low <= value <= high and high - low <= width * abs(float(value))


def posterior_mean(mix: Mixture) -> Callable[..., list[Any]]:
    means = [[float(v) for v in row] for row in mix.exact_means]

    def at(*x: Any) -> list[Any]:
        weights = [
            float(w) * mpmath.exp(sum(a * b for a, b in zip(x, m, strict=True))
                                  - sum(a * a for a in m) / 2)
            for w, m in zip(mix.exact_weights, means, strict=True)
        ]  # fmt: skip
        total = sum(weights)
        return [
            sum(w * m[k] for w, m in zip(weights, means, strict=True)) / total
            for k in range(mix.d)
        ]

    return at


def odd(mix: Mixture) -> Callable[..., list[Any]]:
    at = posterior_mean(mix)
    return lambda *x: [a - b for a, b in zip(at(*x), at(*(-v for v in x)), strict=True)]


def test_on_a_line() -> None:
    mix = Mixture([[1], ["-1/2"], [3]], ["1/2", "1/3", "1/6"])
    g = odd(mix)
    value = mpmath.quad(lambda x: g(x)[0] ** 2 * mpmath.npdf(x), [-9, -3, 0, 3, 9])
    assert near(odd_square(mix, 24, NODES), value)
    assert near(odd_radial(mix, 24, NODES), value)


def test_one_direction_in_three_dimensions() -> None:
    """x = R (c, ..): c is uniform on [-1, 1] in R^3, R chi with three degrees."""
    mix = Mixture([[1, 0, 0], [-2, 0, 0]], ["1/4", "3/4"])
    g = odd(mix)

    def inner(r: Any) -> Any:
        return mpmath.quad(lambda c: (g(r * c, 0, 0)[0] * c) ** 2, [0, 1], maxdegree=3)

    density = mpmath.sqrt(2 / mpmath.pi)

    def f(r: Any) -> Any:
        return inner(r) * density * r**2 * mpmath.exp(-(r**2) / 2)

    value = mpmath.quad(f, [0, 2, 4, 8], maxdegree=3)
    assert near(odd_radial(mix, 24, NODES), value)


def test_a_plane_in_polar_coordinates() -> None:
    mix = Mixture([[1, 0], [-1, "1/2"], [0, 2]], ["1/5", "3/10", "1/2"])
    g = odd(mix)

    def along(angle: Any) -> Any:
        c, s = mpmath.cos(angle), mpmath.sin(angle)

        def f(r: Any) -> Any:
            a, b = g(r * c, r * s)
            return (a * c + b * s) ** 2 * r * mpmath.exp(-(r**2) / 2)

        return mpmath.quad(f, [0, 2, 4, 9], maxdegree=3)

    steps = 24  # the integrand is smooth and periodic
    value = sum(along(mpmath.pi * k / steps) for k in range(steps)) / steps
    assert near(odd_radial(mix, 24, NODES), value, 1e-4)


CLOSE = Mixture([["1/1000", 0], [0, "1/1000"], [0, 0]])
UNIT = Mixture([[1, 0, 0, 0], [-1, 0, 1, 0], ["1/2", 0, 0, 0]], ["1/7", "2/7", "4/7"])
RARE = Mixture([[0, 0], [1, 0]], [1 - Fraction(1, 10**300), Fraction(1, 10**300)])
FAR = Mixture([[4], [24], [-24]])


@pytest.mark.parametrize("mix", [CLOSE, UNIT, RARE, FAR])
def test_closed_bounds_meet_the_grids_and_accuracy_rises(mix: Mixture) -> None:
    widths = []
    for bits in (12, 24):
        square, radial = odd_square(mix, bits, NODES), odd_radial(mix, bits, NODES)
        with working_precision(96):
            low, high = closed_bounds(mix)
            assert low <= radial.upper()
            assert high >= radial.lower()
            assert radial.lower() <= square.upper()
            assert square > 0
            assert radial > 0
            widths.append(square.rad() / square)
    assert widths[1] < widths[0]
    assert widths[1] < 1e-6


def test_a_budget_that_is_too_small_gives_wide_and_true_balls() -> None:
    narrow = odd_radial(UNIT, 24, NODES)
    wide = odd_radial(UNIT, 24, 10)
    assert wide.contains(narrow)
    assert odd_square(UNIT, 24, 10).contains(odd_square(UNIT, 24, NODES))


def test_coincident_means_have_no_odd_part() -> None:
    mix = Mixture([[3, 1], [3, 1]])
    assert odd_square(mix, 20, NODES) == 0
    assert odd_radial(mix, 20, NODES) == 0


def test_rare_bounds_contain_what_grids_give_and_reach_beyond() -> None:
    from gembounds import psi_tilde_norm2

    mix = Mixture([[0], [12], [-6]], ["1/2", "1/3", "1/6"])
    with working_precision(96):
        rare = rare_mean_square(mix)
        assert rare is not None
        assert rare.contains(psi_tilde_norm2(mix, evaluator="arb", bits=64).balls[()])
        far = rare_mean_square(Mixture([[0], [1000]]))
        assert far is not None
        assert far > 0
        assert abs(float((-far.log()).mid()) - 1000**2 / 8) < 50
        assert rare_mean_square(Mixture([[1], [2]])) is None
