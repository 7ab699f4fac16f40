"""Gauss-Hermite rules of a few points: exact moments, and a bound that the error never passes."""

from __future__ import annotations

import math
from typing import Any

import pytest
from flint import arb

from gembounds.evaluators.balls import hermite
from gembounds.values.precision import working_precision

SPREADS = [10.0**-k for k in range(1, 7)]
BITS = 1000
POINTS = [1, 2, 3, 4, 5, 6, 9, 16]
STEP, COUNT = 0.125, 320
"""A trapezoidal sum to 40 standard deviations: for integrands of the kind used here, analytic for
abs(Im) < pi/D, both its errors are below 1e-300."""


@pytest.mark.parametrize("points", [*POINTS, hermite.MAX_POINTS])
def test_moments_up_to_degree_2m_minus_1_are_exact(points: int) -> None:
    with working_precision(200):
        nodes, weights = hermite.nodes_and_weights(points)
        assert len(nodes) == len(weights) == points
        for degree in range(2 * points):
            moment = sum((w * y**degree for y, w in zip(nodes, weights, strict=True)), arb(0))
            exact = 0 if degree % 2 else math.prod(range(1, degree, 2))
            size = math.prod(range(1, degree + 1, 2))
            assert moment.contains(exact) and moment.rad() < 1e-50 * size
        moment = sum((w * y ** (2 * points) for y, w in zip(nodes, weights, strict=True)), arb(0))
        assert moment < math.prod(range(1, 2 * points, 2))  # the next one is too small
        assert all(w > 0 for w in weights)
        assert all(abs(y) <= 2 * arb(points).sqrt() for y in nodes)


def posteriors(y: Any, pulls: list[Any], shifts: list[Any]) -> tuple[list[Any], Any]:
    terms = [(y * v + c).exp() for v, c in zip(pulls, shifts, strict=True)]
    total = sum(terms, arb(0))
    return [t / total for t in terms], total.log()


def values(y: Any, pulls: list[Any], shifts: list[Any]) -> list[Any]:
    """All psi_i psi_k, then log S."""
    psi, log = posteriors(y, pulls, shifts)
    return [*(psi[i] * psi[k] for i in range(len(psi)) for k in range(i, len(psi))), log]


def weighted(nodes: list[Any], weights: list[Any], pulls: list[Any], shifts: list[Any]) -> Any:
    found = [values(y, pulls, shifts) for y in nodes]
    return [
        sum((w * v for w, v in zip(weights, column, strict=True)), arb(0))
        for column in zip(*found, strict=True)
    ]


def trapezoidal(pulls: list[Any], shifts: list[Any]) -> Any:
    nodes = [arb(STEP) * k for k in range(-COUNT, COUNT + 1)]
    scale = STEP / (2 * arb.pi()).sqrt()
    return weighted(nodes, [scale * (-y * y / 2).exp() for y in nodes], pulls, shifts)


def proved(points: int, spread: Any) -> Any:
    bound = hermite.relative_error(points, spread)
    assert bound is not None
    return bound


SHAPES: dict[str, tuple[list[float], list[float]]] = {
    "two": ([0, 1], [0, 0]),
    "lopsided": ([0, 1], [0, -30]),
    "three": ([0, 0.5, 1], [0, 2, -1]),
    "four": ([-1, -0.25, -0.75, 0], [1, 0, 3, -200]),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("spread", SPREADS)
def test_the_bounds_are_never_below_the_error(spread: float, shape: str) -> None:
    with working_precision(BITS):
        relative_pulls, shifts = SHAPES[shape]
        pulls, constants = [arb(spread) * x for x in relative_pulls], [arb(c) for c in shifts]
        exact = trapezoidal(pulls, constants)
        decided = 0
        for points in POINTS:
            nodes, weights = hermite.nodes_and_weights(points)
            found = weighted(nodes, weights, pulls, constants)
            bound = proved(points, arb(spread))
            for value, true in zip(found[:-1], exact[:-1], strict=True):
                assert abs(value / true - 1) <= bound
                decided += 1
            assert abs(found[-1] - exact[-1]) <= hermite.log_error(points, arb(spread))
        assert decided >= 3 * len(POINTS)


def test_the_bounds_are_not_lazily_wide() -> None:
    """The constant is lost, the power of D is not."""
    with working_precision(BITS):
        for points in POINTS:
            coarse, fine = (proved(points, arb(d)) for d in (1e-2, 1e-4))
            assert fine < coarse * arb("1e-4") ** points * 4
            pulls, shifts = [arb(0), arb(0.01)], [arb(0), arb(0)]
            nodes, weights = hermite.nodes_and_weights(points)
            found = weighted(nodes, weights, pulls, shifts)[1]
            error = abs(found / trapezoidal(pulls, shifts)[1] - 1)
            assert error * 10 ** (5 + 2 * points) > proved(points, arb(0.01))


def test_wide_coordinates_are_refused() -> None:
    with working_precision(80):
        assert hermite.relative_error(3, arb(0.125)) is not None
        assert hermite.relative_error(3, arb(0.1251)) is None
        assert hermite.relative_error(3, arb(0.125, 1e-9)) is None
    assert hermite.points_for(0.2, 1e-3) is None
    assert hermite.points_for(0.1, 1e-300) is None


@pytest.mark.parametrize("spread", SPREADS)
@pytest.mark.parametrize("error", [1e-6, 1e-12, 1e-25])
def test_the_guess_of_points_is_near_what_is_proved(spread: float, error: float) -> None:
    points = hermite.points_for(spread, error)
    with working_precision(80):
        if points is not None:
            assert proved(points, arb(spread)) <= 2 * error
        fewer = hermite.MAX_POINTS if points is None else points - 1
        if fewer:
            assert proved(fewer, arb(spread)) >= error / 10
