"""Radial expectations against closed forms of the chi distribution."""

from __future__ import annotations

from typing import Any, cast

import pytest
from mpmath import mp

from gembounds import InputError
from gembounds.evaluators.reference import exp_norm, norm_moment, norm_survival


def close(a: Any, b: Any, digits: int = 30) -> bool:
    return bool(abs(a - b) <= mp.mpf(10) ** -digits * abs(b))


@pytest.mark.parametrize("d", [1, 2, 7, 1000, 10**6])
def test_second_moment_is_the_dimension(d: int) -> None:
    with mp.workdps(40):
        assert close(norm_moment(2, d).values[()], mp.mpf(d))


@pytest.mark.parametrize(("k", "d"), [(1, 1), (1, 50), (-2, 3), (7, 4)])
def test_moments_by_the_gamma_function(k: int, d: int) -> None:
    with mp.workdps(50):
        half = mp.mpf(d) / 2
        expected = mp.mpf(2) ** (mp.mpf(k) / 2) * mp.gammaprod([half + mp.mpf(k) / 2], [half])
        assert close(norm_moment(k, d).values[()], expected)


@pytest.mark.parametrize("t", ["0", "1/2", 3, 40, 1000])
def test_survival_in_two_dimensions(t: Any) -> None:
    with mp.workdps(60):
        assert close(norm_survival(t, 2).values[()], mp.exp(-(mp.mpf(t) ** 2) / 2))


@pytest.mark.parametrize(("t", "d"), [(3, 1), (14, 50), (1, 50), (40, 1000)])
def test_survival_by_the_incomplete_gamma_function(t: int, d: int) -> None:
    with mp.workdps(60):
        expected = mp.gammainc(mp.mpf(d) / 2, mp.mpf(t) ** 2 / 2, regularized=True)
        assert close(norm_survival(t, d).values[()], expected)


@pytest.mark.parametrize("c", [0, "1/3", -2, 20, -40])
def test_exponential_moment_in_one_dimension(c: Any) -> None:
    with mp.workdps(500):
        x = mp.mpf(c)
        expected = mp.exp(x * x / 2) * (1 + mp.erf(x / mp.sqrt(2)))
        assert close(exp_norm(c, 1).values[()], expected)


@pytest.mark.parametrize(("c", "d"), [("1/150", 50), (3, 50), (-3, 10), ("1/30000", 10**4)])
def test_exponential_moment_by_kummers_function(c: str | int, d: int) -> None:
    with mp.workdps(120):
        x = mp.mpf(c) if isinstance(c, int) else mp.mpf(1) / int(c[2:])
        half = mp.mpf(d) / 2
        odd = mp.gammaprod([half + 0.5], [half]) * mp.hyp1f1(half + 0.5, 1.5, x * x / 2)
        expected = mp.hyp1f1(half, 0.5, x * x / 2) + mp.sqrt(2) * x * odd
        assert close(exp_norm(c, d).values[()], expected)


def test_large_dimension_and_steep_exponentials_converge() -> None:
    # |x| concentrates at sqrt(d): E exp(|x|) is near exp(sqrt(d) + 1/4), to O(1/sqrt(d))
    with mp.workdps(40):
        assert close(exp_norm(1, 10**6).values[()], mp.exp(1000.25), 3)
        # d = 1, c -> -inf: E exp(c|x|) ~ sqrt(2/pi) (1/|c| - 1/|c|^3)
        assert close(exp_norm(-1000, 1).values[()], mp.sqrt(2 / mp.pi) * mp.mpf("0.000999999"), 11)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: exp_norm("x", 3), "c is 'x'"),
        (lambda: exp_norm(1e7, 3), "c is 10000000.0"),
        (lambda: exp_norm(1, 0), "d is 0"),
        (lambda: exp_norm(1, cast(int, 2.5)), "d is 2.5"),
        (lambda: exp_norm(1, 3, digits=2), "digits is 2"),
        (lambda: norm_survival(-1, 3), "t is -1"),
        (lambda: norm_moment(-3, 3), "k is -3"),
    ],
)
def test_bad_input(call: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call()
