"""Balls at the extremes: the trap of Theorem 7, and the gradient by its two formulas."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.evaluators.balls import bounds
from tests.examples import line_mixture, plane_mixture


def trap(d: int) -> gb.Mixture:
    """mu = (12 sqrt d e_1, -12 sqrt d e_1, 0), sqrt d to 40 digits (exact for squares)."""
    with localcontext() as context:
        context.prec = 40
        far = format(12 * Decimal(d).sqrt(), "f")
    rest = ["0"] * (d - 1)
    return gb.Mixture([[far, *rest], [f"-{far}", *rest], ["0", *rest]])


@pytest.mark.parametrize("d", [1, 2, 3, 4, 9, 10, 16, 25, 36, 49, 50])
def test_the_trap_has_ten_certified_digits(d: int) -> None:
    mix = trap(d)
    found = gb.gradient(mix, evaluator="arb")
    first, second, middle = found.balls[0, 0], found.balls[1, 0], found.balls[2, 0]
    assert found[0, 0].relative_width <= 1e-10
    assert found[1, 0].relative_width <= 1e-10
    assert first > 0 and second < 0 and (first + second).contains(0)
    assert middle.contains(0) and middle.rad() < first * 1e-10
    # near exp(-18 d) (|mu|/2 is where the posteriors of 0 and mu_1 meet): never flushed to zero
    exponent = float(first.log().mid())
    assert -18 * d - 5 <= exponent <= -18 * d + 10


@pytest.mark.parametrize("d", [1, 4, 50])
def test_the_trap_by_the_other_formula(d: int) -> None:
    mix = trap(d)
    by_overlaps = gb.gradient(mix, evaluator="arb").balls
    by_moments = gb.gradient_of_q(mix, bits=64, max_nodes=2**18).balls
    for a, b in zip(by_overlaps.ravel(), by_moments.ravel(), strict=True):
        assert a.overlaps(b)


@pytest.mark.parametrize("seed", range(12))
def test_the_gradient_by_two_formulas(seed: int) -> None:
    rng = np.random.default_rng([31, seed])
    mix = line_mixture(rng) if seed % 3 else plane_mixture(rng)
    first = gb.gradient(mix, evaluator="arb", bits=60)
    second = gb.gradient_of_q(mix, bits=60)
    size = 1 + float(np.abs(mix.means).max())
    for a, b in zip(first.balls.ravel(), second.balls.ravel(), strict=True):
        assert a.overlaps(b)
        assert a.rad() < 1e-14 * size and b.rad() < 1e-14 * size


def test_the_two_formulas_would_show_a_wrong_mean() -> None:
    """What the comparison is worth: moving a mean by 1e-12 separates the balls."""
    mix = gb.Mixture([["0", "1"], ["1", "-1/2"], ["1/3", "2"]])
    moved = gb.Mixture([["0", "1"], ["1000000000001/1000000000000", "-1/2"], ["1/3", "2"]])
    first = gb.gradient(mix, evaluator="arb", bits=60).balls.ravel()
    second = gb.gradient_of_q(moved, bits=60).balls.ravel()
    assert not all(a.overlaps(b) for a, b in zip(first, second, strict=True))


def test_first_moments_along_a_tiny_coordinate_have_either_sign() -> None:
    """There the rule has few points, and a bound of the moment takes the place of its sum."""
    t = Fraction(1, 2**52)
    mix = gb.Mixture([[1, 0], [0, t], [Fraction(1, 2), -t]])
    sure = gb.gradient(mix, evaluator="arb").balls.ravel()
    found = gb.gradient_of_q(mix, bits=60).balls.ravel()
    assert all(a.overlaps(b) for a, b in zip(found, sure, strict=True))


def test_a_rule_that_proves_nothing_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "sector_cosine", lambda *_: None)
    mix = gb.Mixture([[1], [0]])
    found = gb.loss(mix, evaluator="arb")
    assert found.lower == 0 and np.isinf(found.upper)


def test_small_budgets_widen_but_never_lie() -> None:
    mix = gb.Mixture([["0", "1"], ["4", "-1/2"], ["1/3", "2"]], ["1/2", "1/4", "1/4"])
    sure = gb.overlaps(mix, evaluator="arb", bits=100)
    widths = []
    for nodes in (1, 30, 300, 3000):
        found = gb.overlaps(mix, evaluator="arb", bits=100, max_nodes=nodes)
        pairs = zip(found.balls.ravel(), sure.balls.ravel(), strict=True)
        assert all(a.overlaps(b) for a, b in pairs)
        widths.append(float((found.upper - found.lower).max()))
    assert widths[0] > 0.5 and widths[-1] < 0.01 * widths[0]
    assert widths == sorted(widths, reverse=True)
    for quantity in (gb.loss, gb.psi_tilde_norm2, gb.gradient):
        exact = quantity(mix, evaluator="arb", bits=100)
        for nodes in (1, 30, 300):
            assert quantity(mix, evaluator="arb", bits=100, max_nodes=nodes).meets(exact).all()
    exact = gb.gradient(mix, evaluator="arb", bits=100)
    for nodes in (1, 30, 300):
        assert gb.gradient_of_q(mix, bits=100, max_nodes=nodes).meets(exact).all()


def test_a_sum_is_not_held_back_by_overlaps_that_add_nothing_to_it() -> None:
    shares = [Fraction(1), Fraction(1, 10**30), Fraction(1, 10**20)]
    mix = gb.Mixture([[1, 0], [-3, "1/2"], [0, 1]], [x / sum(shares) for x in shares])
    budget: dict[str, Any] = {"evaluator": "arb", "bits": 64, "max_nodes": 2**11}
    found, exact = gb.psi_tilde_norm2(mix, **budget), gb.psi_tilde_norm2(mix, evaluator="arb")
    assert found.balls[()].overlaps(exact.balls[()])
    assert exact.relative_width < 1e-15 and found.relative_width < 1e-8
    by_overlaps = sum(gb.overlaps(mix, **budget).balls[i, k] * dot
                      for i, k, dot in ((0, 0, 1), (0, 1, -6)))  # fmt: skip
    assert by_overlaps.rad() > 1e-8  # what a grid that reaches the tiny ones leaves


def test_heavy_rows_by_moments_are_not_held_back_by_light_ones() -> None:
    shares = [Fraction(1), Fraction(1, 10**30), Fraction(1, 10**20)]
    mix = gb.Mixture([[1, 0], [-3, "1/2"], [0, 1]], [x / sum(shares) for x in shares])
    found = gb.gradient_of_q(mix, bits=64, max_nodes=2**11)
    exact = gb.gradient(mix, evaluator="arb")
    assert found.relative_width[0, 0] < 1e-7
    for a, b in zip(found.balls.flat, exact.balls.flat, strict=True):
        assert a.overlaps(b)
