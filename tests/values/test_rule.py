"""The trapezoidal rule's bound: never below the error, and not far above it."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import Any

import mpmath
import pytest
from flint import acb, arb, ctx

from gembounds.values import rule

RADIUS = 16.0
"""Where the integrals below are cut: Pr[|Z| > 16] < 1e-56."""


@pytest.fixture(autouse=True)
def precision() -> Iterator[None]:
    before = ctx.prec
    ctx.prec = 160
    with mpmath.workdps(50):
        yield
    ctx.prec = before


def integrand(weights: list[float], u: list[float], i: int, k: int, z: Any) -> Any:
    """psi_i psi_k phi at z."""
    powers = [w * (z * x).exp() for w, x in zip(weights, u, strict=True)]
    total = sum(powers[1:], powers[0])
    phi = (-z * z / 2).exp() / (2 * arb.pi()).sqrt()
    return powers[i] * powers[k] / total**2 * phi


def observed_error(weights: list[float], u: list[float], i: int, k: int, step: float) -> float:
    """abs(T - I) / I, I by acb.integral (an enclosure, of an analytic function)."""
    exact = acb.integral(lambda z, _: integrand(weights, u, i, k, z), -RADIUS, RADIUS).real
    assert exact.rad() < exact.mid() * arb("1e-30")
    count = math.ceil(RADIUS / step)
    nodes = (arb(step) * j for j in range(-count, count + 1))
    total = sum((integrand(weights, u, i, k, y) for y in nodes), arb(0)) * step
    return float((abs(total - exact) / exact).mid())


def random_line(seed: int) -> tuple[list[float], list[float]]:
    rng = random.Random(seed)
    n = rng.randint(2, 4)
    scale = 10.0 ** rng.uniform(-2, 0.8)
    return [10.0 ** rng.uniform(-6, 0) for _ in range(n)], [rng.gauss(0, scale) for _ in range(n)]


@pytest.mark.parametrize("seed", range(24))
def test_the_bound_is_never_below_the_observed_error(seed: int) -> None:
    """At the step that the rule chooses for a random error, for every pair of components."""
    weights, u = random_line(seed)
    spread = max(u) - min(u)
    axis = rule.axis_rule(spread, 10.0 ** -random.Random(seed).uniform(0.5, 12), RADIUS)
    for i in range(len(u)):
        for k in range(i + 1):
            assert observed_error(weights, u, i, k, axis.step) <= axis.error


def test_the_bound_is_attained_within_a_few_per_cent() -> None:
    """Where the components nearly coincide the integrand is nearly phi, whose rule errs by
    2 exp(-2 pi^2/h^2): the bound with its best strip is that, too."""
    for error in (1e-3, 1e-8):
        axis = rule.axis_rule(0.02, error, RADIUS)
        found = observed_error([0.5, 0.5], [0.0, 0.02], 0, 1, axis.step)
        assert 0.95 * axis.error <= found <= axis.error


def test_the_bound_is_within_a_factor_where_components_differ() -> None:
    """Two components two apart: a hundredth of the bound is passed by the error."""
    axis = rule.axis_rule(2.0, 1e-6, RADIUS)
    worst = max(observed_error([1.0, w], [-1.0, 1.0], 0, 0, axis.step) for w in (0.3, 1.0, 3.0))
    assert axis.error / 100 < worst <= axis.error


@pytest.mark.parametrize("spread", [1e-8, 0.1, 1.0, 7.0, 1e3, 1e150])
@pytest.mark.parametrize("error", [1.0, 1e-3, 1e-10, 1e-15, 1e-200])
def test_axis_rule_keeps_its_promise_with_a_long_step(spread: float, error: float) -> None:
    axis = rule.axis_rule(spread, error, 8.0)
    assert axis.error <= error
    assert axis.error == rule.relative_error(axis.halfwidth, axis.step, spread)
    assert axis.radius >= 8.0 or axis.count == rule.MAX_COUNT
    assert (axis.step * 2**rule.STEP_BITS / 2.0 ** math.frexp(axis.step)[1]).is_integer()
    # no strip on a fine grid would allow a step longer by 1 % (an error of 1 is of no use)
    if error < 1.0 and axis.step < 0.98 * rule.MAX_STEP:
        limit = min(math.pi / spread, 37.0)
        errors = (
            rule.relative_error(limit * j / 400, axis.step * 1.01, spread) for j in range(1, 400)
        )
        assert min(errors) > error


@pytest.mark.parametrize("spread", [0.05, 1.0, 20.0])
def test_relative_error_is_the_formula(spread: float) -> None:
    for a in (0.01 / spread, 1.0 / spread, min(3.0 / spread, 6.0)):
        for step in (0.02 / spread, 1.0, 5.0):
            x = 2 * mpmath.pi * a / step
            cosine = mpmath.cos(mpmath.mpf(a) * spread / 2)
            exact = 2 * mpmath.exp(mpmath.mpf(a) ** 2 / 2) / (cosine**2 * mpmath.expm1(x))
            found = rule.relative_error(a, step, spread)
            assert exact <= found
            if exact > 1e-290:
                assert found <= exact * (1 + mpmath.mpf("1e-9"))


@pytest.mark.parametrize(
    ("halfwidth", "spread"), [(3.1, 1.0), (1.0, 4.0), (0.0, 1.0), (-1.0, 1.0), (70.0, 1e-3),
                              (math.nan, 1.0), (1.0, math.inf)]
)  # fmt: skip
def test_relative_error_outside_its_domain_is_infinite(halfwidth: float, spread: float) -> None:
    assert rule.relative_error(halfwidth, 0.1, spread) == math.inf


def test_normal_tail() -> None:
    for radius in (0.01, 0.5, 1.0, 3.0, 8.0, 20.0, 37.4, 37.6, 38.2, 40.0, 1e5):
        exact = mpmath.erfc(mpmath.mpf(radius) / mpmath.sqrt(2)) / 2
        bound = rule.normal_tail(radius)
        assert exact <= bound
        assert bound <= 0.5 and (bound == 1e-305) == (radius > 37.5)
        if 1.0 <= radius <= 37.4:  # Mills: at most 1 + 1/R^2 too large
            assert bound <= exact * (1 + 1 / mpmath.mpf(radius) ** 2) * (1 + mpmath.mpf("1e-9"))


@pytest.mark.parametrize("tail", [1e-2, 1e-3, 1e-12, 1e-100, 1e-290])
def test_tail_radius_is_near(tail: float) -> None:
    radius = rule.tail_radius(tail)
    assert rule.normal_tail(radius) <= 1.01 * tail
    assert rule.normal_tail(radius * 0.95) > tail


@pytest.mark.parametrize("step", [0.01, 0.3, 1.0, 2.0, 3.0, 4.5, 6.0])
def test_discrete_sums(step: float) -> None:
    """Against direct sums in balls; the tail beyond 40 is below 1e-340."""
    h = arb(step)
    nodes = [h * k for k in range(1, math.ceil(40.0 / step))]
    phi = [(-y * y / 2).exp() / (2 * arb.pi()).sqrt() for y in nodes]
    total = h * (2 * sum(phi, arb(0)) + 1 / (2 * arb.pi()).sqrt())
    first = 2 * h * sum((y * p for y, p in zip(nodes, phi, strict=True)), arb(0))
    bound = rule.discrete_total(step)
    assert total <= bound
    assert arb(bound) <= total * arb("1.001" if step <= 2.0 else "1.6")
    assert first <= rule.discrete_first_moment(step)
    assert rule.discrete_first_moment(step) <= 3.0


def test_short_step_is_short_and_just_below() -> None:
    for step in (1e-300, 0.1, 0.7, 5.9):
        short = rule.short_step(step)
        assert step * (1 - 2.0 ** (1 - rule.STEP_BITS)) <= short <= step
    assert rule.short_step(100.0) == rule.MAX_STEP
