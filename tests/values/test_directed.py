"""Float64 interval arithmetic: never missed, not lazily wide, what an end at infinity says."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import mpmath
import numpy as np
import pytest

from gembounds import InputError
from gembounds.values import directed


def pair(found: directed.Ends) -> tuple[float, float]:
    return float(found[0]), float(found[1])


COUNT = 2_000

HARD = [
    np.finfo(float).max,
    2.0**1023,
    2.0**512,
    np.nextafter(2.0**512, 0),
    5e-324,
    1.5e-323,
    2.0**-1022,
    np.nextafter(1, 2),
    np.nextafter(1, 0),
    2.0**-537,
    1 + 2.0**-26,
    2.0**969,
]
"""Where sums, halves, products and errors overflow or underflow, and ties."""
INF = np.inf
LARGEST = float(np.finfo(float).max)


def drawn(seed: int, count: int = COUNT) -> directed.Ends:
    """Intervals of every size, place and width, some of them points, some around 0."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 5, count)
    size = np.where(kind == 4, rng.uniform(-1070, 1020, count), rng.uniform(-30, 30, count))
    middle = rng.choice([-1.0, 1.0], count) * np.exp2(size) * rng.uniform(1, 2, count)
    middle = np.where(kind == 0, rng.integers(-20, 20, count), middle)
    middle = np.where(kind == 1, rng.choice(HARD, count) * rng.choice([-1.0, 1.0], count), middle)
    with np.errstate(over="ignore"):
        wide = rng.choice([0.0, 1e-16, 1e-8, 0.1, 3.0], count) * abs(middle)
        return np.maximum(middle - wide, -LARGEST), np.minimum(middle + wide, LARGEST)


def ulps(found: Any, best: Any) -> float:
    """How many float64 numbers lie between, in the middle of the cases."""
    found, best = found[np.isfinite(best)], best[np.isfinite(best)]
    return float(np.median(abs(found - best) / np.spacing(np.maximum(abs(best), 1e-300))))


RATIONAL: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul,
    "divide": operator.truediv,
}  # fmt: skip


@pytest.mark.parametrize("name", RATIONAL)
def test_rational_operations_are_the_narrowest_intervals(name: str) -> None:
    """Against exact corners; exactly the nearest floats outside, save where errors underflow."""
    a, b = drawn(1), drawn(2)
    if name == "divide":
        keep = (b[0] > 0) | (b[1] < 0)
        a, b = (a[0][keep], a[1][keep]), (b[0][keep], b[1][keep])
    low, high = getattr(directed, name)(a, b)
    least, most = [], []
    for ends in zip(*a, *b, strict=True):
        w, x, y, z = map(Fraction, ends)
        corners = [RATIONAL[name](p, q) for p, q in product((w, x), (y, z))]
        least.append(min(corners))
        most.append(max(corners))
    outside = zip(low, high, least, most, strict=True)
    assert all((p == -INF or Fraction(p) <= x) and (q == INF or y <= Fraction(q))
               for p, q, x, y in outside)  # fmt: skip
    best = directed.point(np.array(least, dtype=object))[0]
    top = directed.point(np.array(most, dtype=object))[1]
    assert np.mean((low == best) & (high == top)) > 0.8
    finite = np.isfinite(best) & np.isfinite(top)
    with np.errstate(over="ignore"):
        assert np.all(low[finite] >= np.nextafter(best[finite], -INF))
        assert np.all(high[finite] <= np.nextafter(top[finite], INF))


def precise(name: str, *corners: tuple[float, ...]) -> tuple[Any, Any]:
    with mpmath.workprec(400):
        at: Callable[..., Any] = getattr(mpmath, name)
        values = [at(*[mpmath.mpf(x) for x in corner]) for corner in corners]
        return min(values), max(values)


@pytest.mark.parametrize("name", ["sqrt", "exp", "log"])
def test_functions_contain_and_are_narrow(name: str) -> None:
    low, high = drawn(3, 500)
    a = (
        (low, high)
        if name == "exp"
        else (np.minimum(abs(low), abs(high)), np.maximum(abs(low), abs(high)))
    )
    a = (np.clip(a[0], -700, 700), np.clip(a[1], -700, 700)) if name == "exp" else a
    found = getattr(directed, name)(a)
    for x, y, p, q in zip(*a, *found, strict=True):
        least, most = precise(name, (x,), (y,)) if x or name != "log" else (-INF, INF)
        assert (p <= least and most <= q) or x == 0
    with np.errstate(divide="ignore"):
        rough = getattr(np, name)(a[0]), getattr(np, name)(a[1])
    assert ulps(found[0], rough[0]) <= 1 and ulps(found[1], rough[1]) <= 1


@pytest.mark.parametrize("k", [0, 1, 2, 3, 10, -1, -2, 201])
def test_whole_powers(k: int) -> None:
    a = tuple(np.array(x) for x in ([-2.0, -3.0, 0.5, 1.1, -1e-3], [3.0, -1.5, 0.7, 1.1, 2e-3]))
    low, high = directed.power((a[0], a[1]), ends(float(k), float(k)))
    for x, y, p, q in zip(*a, low, high, strict=True):
        if k < 0 and x <= 0 <= y:
            assert np.isnan(p) and np.isnan(q)
            continue
        values = [Fraction(t) ** k for t in (x, y)] + ([Fraction(0)] if x < 0 < y and k else [])
        assert Fraction(p) <= min(values) and max(values) <= Fraction(q)
        assert Fraction(q) - max(values) <= abs(max(values)) / 2**50 + Fraction(2.0**-1074)
        assert min(values) - Fraction(p) <= max(map(abs, values)) / 2**50 + Fraction(2.0**-1074)


def test_powers_keep_their_sign_at_the_ends_of_the_range() -> None:
    """The inverse of what underflows is large, and a large power is above 0."""
    powers = {
        (1e-200, -2.0): (LARGEST, INF), (-1e-200, -3.0): (-INF, -LARGEST),
        (2.0, 1e300): (0.0, INF), (0.5, 1e300): (0.0, 5e-324), (-1.0, 2.0**53): (1.0, 1.0),
    }  # fmt: skip
    for (x, y), expected in powers.items():
        assert pair(directed.power(ends(x, x), ends(y, y))) == expected
    assert pair(directed.power(ends(-INF, -2.0), ends(-3.0, -3.0))) == (-0.125, 0.0)
    several = np.array([2.0, 3.0, 0.0, 0.5])
    low, high = directed.power((np.array([-2.0, -2.0, 0.0, 4.0]),) * 2, (several, several))
    assert low.tolist() == high.tolist() == [4.0, -8.0, 1.0, 2.0]
    perhaps = directed.power(ends(-2.0, -2.0), ends(2.0**53, 2.0**53 + 2))
    assert np.isnan(perhaps[0])  # a whole exponent beyond float64's: there is a value


def test_real_powers_contain_the_corners() -> None:
    rng = np.random.default_rng(5)
    base, exponent = rng.uniform(0.01, 30, 200), rng.uniform(-40, 40, 200)
    a, b = (base, base * 1.01), (exponent, exponent + 0.1)
    low, high = directed.power(a, b)
    for *ends, p, q in zip(*a, *b, low, high, strict=True):
        least, most = precise("power", *product(ends[:2], ends[2:]))
        assert p <= least and most <= q and p >= least * (1 - 1e-15) and q <= most * (1 + 1e-15)
    assert directed.power((np.zeros(1), np.ones(1)), (np.ones(1), np.ones(1)))[0] == 0


def test_a_sum_is_rounded_once() -> None:
    values = np.array([[1e300, 1.0, -1e300, 2.0**-80], [1.0, 2.0**-53, 2.0**-53, 0.0]])
    low, high = directed.total((values, values), 1)
    for row, p, q in zip(values.tolist(), low, high, strict=True):
        exact = sum(map(Fraction, row))
        assert Fraction(p) <= exact <= Fraction(q) and q <= np.nextafter(p, INF)
    assert pair(directed.total((np.full(3, -1e308), np.full(3, 1e308)), 0)) == (-INF, INF)
    assert directed.total((np.full(3, 1e308), np.full(3, 1e308)), 0)[0] == np.finfo(float).max
    assert pair(directed.total((np.array([-INF, 1.0]), np.array([2.0, 1.0])), 0)) == (-INF, 3.0)


def ends(low: float, high: float) -> directed.Ends:
    return np.array(low), np.array(high)


def test_ends_at_infinity_bound_nothing_more() -> None:
    free, far = ends(-INF, INF), ends(2.0, INF)
    assert pair(directed.add(free, far)) == (-INF, INF)
    assert pair(directed.multiply(free, ends(0.0, 0.0))) == (0.0, 0.0)
    assert pair(directed.multiply(far, ends(-1.0, 3.0))) == (-INF, INF)
    assert pair(directed.divide(ends(1.0, 1.0), far)) == (0.0, 0.5)
    assert pair(directed.divide(far, far)) == (0.0, INF)
    assert pair(directed.exp(free)) == (0.0, INF)
    assert pair(directed.log(ends(0.0, INF))) == (-INF, INF)
    assert directed.exp(ends(1e308, 1e308))[1] == INF
    assert pair(directed.multiply(ends(1e200, 1e200), ends(1e200, 1e200))) == (
        np.finfo(float).max, INF)  # fmt: skip


def test_the_halves_of_a_product_near_the_end_of_the_range_may_overflow() -> None:
    """The first half of sqrt(largest) is 2^512, whose square is infinite."""
    largest = float(np.finfo(float).max)
    low, high = directed.sqrt(ends(largest, largest))
    assert Fraction(float(low)) ** 2 <= Fraction(largest) <= Fraction(float(high)) ** 2
    near = float(np.nextafter(2.0**512, 0))
    for share in (0.27, 0.3, 0.42):  # the parts of TwoSum overflow, the sum does not
        low, high = directed.add(ends(-share * largest, -share * largest), ends(largest, largest))
        exact = Fraction(-share * largest) + Fraction(largest)
        assert Fraction(float(low)) <= exact <= Fraction(float(high))
    low, high = directed.multiply(ends(near, near), ends(near, near))
    assert Fraction(float(low)) <= Fraction(near) ** 2 <= Fraction(float(high))


def test_what_may_have_no_value_is_nan_and_stays_so() -> None:
    around = ends(-1.0, 1.0)
    for found in (directed.divide(around, around), directed.sqrt(around), directed.log(around),
                  directed.power(around, around)):  # fmt: skip
        assert np.isnan(found[0]) and np.isnan(found[1])
        for more in (directed.add(found, around), directed.multiply(ends(0.0, 0.0), found),
                     directed.minimum(found, around), directed.absolute(found),
                     directed.power(found, ends(0.0, 0.0)),
                     directed.divide(ends(0, 0), found)):  # fmt: skip
            assert np.isnan(more[0]) and np.isnan(more[1])


def test_what_certainly_has_no_value_is_refused_in_one_line() -> None:
    minus, zero = (np.array([1.0, -2.0]), np.array([1.0, -1.0])), ends(0.0, 0.0)
    calls: list[Callable[[], Any]] = [
        lambda: directed.sqrt(minus), lambda: directed.log(minus),
        lambda: directed.power(minus, ends(0.5, 0.5)),
    ]  # fmt: skip
    for call in calls:
        with pytest.raises(InputError, match=r"certainly negative at \[1\]: there is no value"):
            call()
    with pytest.raises(InputError, match="the divisor is certainly 0: there is no value"):
        directed.divide(minus, zero)
