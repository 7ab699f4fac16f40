"""Interval sums enclose what the balls enclose, by bounds that are not understated."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from gembounds import Mixture
from gembounds.referee.verify import radial, sums
from gembounds.referee.verify.interval import Interval, exact, interval_precision
from gembounds.referee.verify.operations import IntervalOperations
from gembounds.statements.logic import flat
from gembounds.statements.operations import LADDER, Operations

MIXTURES = {
    "a pair": Mixture([[0], [1]]),
    "close": Mixture([["1/200000001"], [0]]),
    "far": Mixture([[10], [12]]),
    "uneven": Mixture([[3], [-2], ["1/2"]], ["1/1000000", "1/2", "499999/1000000"]),
    "a plane": Mixture([["1/2", 0], [0, "1/3"], ["1/2", 1]], ["1/2", "1/3", "1/6"]),
    "a line in space": Mixture([[1, 2, 2], [2, 4, 4]], ["1/3", "2/3"]),
    "coincident": Mixture([[2, 1], [2, 1]]),
}
QUANTITIES = ("loss", "overlaps", "gradient", "gradient_of_q", "psi_tilde_norm2")


def meet(found: Any, wanted: Any) -> bool:
    """Whether an interval and a ball, or exact numbers, have a number in common."""
    if not isinstance(found, Interval):
        return bool(found == wanted)
    low, high = (Operations.ball(x) for x in found.ends)
    return not (low > wanted or high < wanted)


@pytest.mark.parametrize("name", MIXTURES)
def test_quantities_meet_the_balls(name: str) -> None:
    mix, mine, balls = MIXTURES[name], IntervalOperations(40), Operations(LADDER[1])
    with mine.precision(), balls.precision():
        for quantity in QUANTITIES:
            found = flat(getattr(mine, quantity)(mix))
            wanted = flat(getattr(balls, quantity)(mix))
            assert len(found) == len(wanted)
            assert all(map(meet, found, wanted)), quantity
            for x in found:
                if isinstance(x, Interval):
                    assert x.ends[1] - x.ends[0] < Fraction(1, 2**24), quantity


@pytest.mark.parametrize("name", MIXTURES)
def test_exact_properties_agree(name: str) -> None:
    mix, mine, other = MIXTURES[name], IntervalOperations(40), Operations()
    for method in ("gram", "means", "multiplicities", "norms2", "distances2", "coincident", "U",
                   "mu_max2", "pi_min", "weights", "rank"):  # fmt: skip
        assert getattr(mine, method)(mix) == getattr(other, method)(mix), method
    x = tuple(Fraction(k + 1, 3) for k in range(mix.d))
    with mine.precision(), other.precision():
        assert all(map(meet, mine.psi(mix, x), other.psi(mix, x)))


def deviations(bits: int) -> Iterator[tuple[Fraction, Fraction]]:
    """(observed error of the middle, claimed error) of overlaps and losses at few bits."""
    for name in ("a pair", "far", "uneven"):
        mix, coarse, fine = MIXTURES[name], IntervalOperations(bits), IntervalOperations(60)
        with fine.precision():
            for quantity in ("overlaps", "loss"):
                pairs = zip(
                    flat(getattr(coarse, quantity)(mix)), flat(getattr(fine, quantity)(mix)),
                    strict=True,
                )  # fmt: skip
                for a, b in pairs:
                    (low, high), (c, d) = a.ends, b.ends
                    yield abs((low + high) / 2 - (c + d) / 2), (high - low) / 2


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_bounds_are_honest_and_not_idle(bits: int) -> None:
    found = list(deviations(bits))
    assert all(observed <= claimed for observed, claimed in found)
    assert any(1000 * observed > claimed for observed, claimed in found)


def test_errors_are_the_formula() -> None:
    """2 M / (exp(2 pi a/h) - 1), M = 2^(r-1) exp(a^2/2) (s0 + s1 (2r + a)), and
    2^r ((c0 + 2 r c1) phi(R)/R + c1 phi(R)), over the axes."""
    growth = sums.Growth(*map(Fraction, (3, 5, 7, 11)))
    for r in (1, 2, 3):
        axes = [sums.Axis(Fraction(3, 8), 12 + j, Fraction(5 + j, 4)) for j in range(r)]
        total = 0.0
        for h, half, strip in axes:
            a, radius = float(strip), float(h * half)
            m = 2 ** (r - 1) * math.exp(a * a / 2) * (7 + 11 * (2 * r + a))
            phi = math.exp(-radius * radius / 2) / math.sqrt(2 * math.pi)
            total += 2 * m / math.expm1(2 * math.pi * a / float(h))
            total += 2**r * ((3 + 2 * r * 5) * phi / radius + 5 * phi)
        with interval_precision(80):
            found = float(exact(sums._error(axes, growth)))
        assert found == pytest.approx(total, rel=1e-12)


def test_growths_bound_the_functions() -> None:
    """As the module says of psi_i psi_k, psi_i y_j and log S."""
    assert list(sums.PRODUCT) == [1, 0, 2, 0]
    assert list(sums.MOMENT)[:3] == [0, 1, 0] and 2 <= sums.MOMENT.strip_slope**2 < 3
    for u in (Fraction(0), Fraction(3, 2), Fraction(10)):
        half = u * u / 2
        assert list(sums.logarithm_growth(u)) == [half, u, half + Fraction(6, 5), u]


def all_meet(bits: int) -> bool:
    coarse, balls = IntervalOperations(bits), Operations(LADDER[2])
    mix = MIXTURES["a pair"]
    with coarse.precision(), balls.precision():
        pairs = zip(flat(coarse.overlaps(mix)), flat(balls.overlaps(mix)), strict=True)
        return all(meet(a, b) for a, b in pairs)


def test_a_much_smaller_bound_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sums._error
    assert all_meet(4)
    monkeypatch.setattr(sums, "_error", lambda axes, growth: whole(axes, growth) / 2000)
    assert not all_meet(4)


def test_a_sum_cut_short_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sums._summed
    assert all_meet(40)
    monkeypatch.setattr(
        sums,
        "_summed",
        lambda mixtures, axes, f: whole(mixtures, [a._replace(half=a.half // 2) for a in axes], f),
    )
    assert not all_meet(40)


def test_too_many_nodes_are_out_of_reach() -> None:
    wide = Mixture([[100, 0], [0, 100], [0, 0]])
    ops = IntervalOperations(64)
    with ops.precision(), pytest.raises(sums.OutOfReach, match="nodes"):
        ops.overlaps(wide)


def test_radial_integrals_meet_the_balls() -> None:
    mine, balls = IntervalOperations(60), Operations(LADDER[2])
    with mine.precision(), balls.precision():
        for d in (1, 2, 3, 17, 40):
            for square in (Fraction(1, 7), Fraction(4 * d)):
                assert meet(mine.norm_survival(square, d), balls.norm_survival(square, d))
            for k in (0, 1, 5):
                assert meet(mine.norm_moment(k, d), balls.norm_moment(k, d))
                for c in (Fraction(0), Fraction(1, 3 * d), Fraction(2)):
                    wanted = balls.exp_norm(c, d, k)
                    assert meet(mine.exp_norm(c, d, k), wanted)


def test_gamma_of_halves() -> None:
    with interval_precision(60):
        for m, square in ((1, None), (2, 1), (4, 1), (6, 4), (8, 36)):
            value = radial.gamma_of_half(m)
            if square is None:
                pi = value * value
                assert exact(pi.a) < Fraction(355, 113) < exact(pi.b) + Fraction(1, 10**6)
            else:
                assert exact(value.a) ** 2 == square
